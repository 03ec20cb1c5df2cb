"""A receiver that was down: what died is listed, tried again, and arrives under its old id; on the private server."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("valkey_binary")

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def test_what_a_receiver_refused_arrives_when_it_is_tried_again(
    nightwire: Callable[..., Any], webhook: Any, tmp_path: Path
) -> None:
    way = f"webhook: {{url: '{webhook.url}', secret: {SECRET}}}"
    config = tmp_path / "config.yaml"
    config.write_text(f"version: 1\nreceivers: {{ops: {{to: [{{{way}}}], accept: {{mode: replay}}}}}}\n", "utf-8")
    where = ("--config", config, "--data-dir", tmp_path / "left")
    replay = ("replay", "--deliver", "--quiet", *where)

    webhook.status = 410
    assert nightwire(*replay).status == 0
    refused = [headers["webhook-id"] for headers, _ in webhook.got]
    listed = nightwire("deliveries", "ls", "--dead", "--json", "--replay", *where).lines
    assert sorted(row["id"] for row in listed) == sorted(refused)
    assert {(row["receiver"], row["error"]) for row in listed} == {("ops", "HTTP 410")}

    webhook.status, webhook.got[:] = 204, []
    again = nightwire("deliveries", "retry", "--receiver", "ops", "--replay", *where)
    assert (again.status, again.out) == (0, "")
    assert f"tried again: {len(refused)} notifications" in again.err
    assert webhook.got == [], "nothing is sent where no nightwire runs"
    assert nightwire(*replay).status == 0
    assert sorted(headers["webhook-id"] for headers, _ in webhook.got) == sorted(refused)
    assert nightwire("deliveries", "ls", "--dead", "--replay", *where).out == ""
