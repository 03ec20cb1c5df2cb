"""The receivers' configuration: what is read, and what each error says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.receiver import Receiver, ReceiverFile, lane_names

HOOK = {"webhook": {"url": "https://example.com/h", "secret_env": "S"}}


def test_short_forms_are_read() -> None:
    receiver = Receiver.model_validate(
        {
            "to": ["console", {"console": None}, HOOK],
            "rate": "20/m",
            "accept": {"severity": ">= high", "mode": "replay"},
        }
    )
    assert lane_names("ops", receiver) == ["ops", "ops.2", "ops.3"]
    assert receiver.pace() == (20, timedelta(minutes=1))
    assert (receiver.accept.severity, receiver.accept.mode) == ("high", ("replay",))
    assert receiver.to[0] == receiver.to[1]


@pytest.mark.parametrize(
    ("receivers", "says"),
    [
        ({"ops": {"to": []}}, "at least 1"),
        ({"ops": {"to": [{}]}}, "exactly one of console, jsonl, webhook"),
        ({"ops": {"to": [{"console": {}, **HOOK}]}}, "exactly one of"),
        ({"ops": {"to": [{"webhook": {"secret_env": "S"}}]}}, "either url or url_env"),
        ({"ops": {"to": [{"webhook": {"url": "https://example.com"}}]}}, "one of secret_env, secret_file or secret"),
        ({"ops": {"to": ["console"], "rate": "fast"}}, "pattern"),
        ({"ops": {"to": ["console"], "accept": {"severity": "loud"}}}, "warning"),
        ({"ops": {"to": ["console"], "fallback": "mail"}}, "there is no receiver mail to fall back on"),
        (
            {"a": {"to": ["console"], "fallback": "b"}, "b": {"to": ["console"], "fallback": "a"}},
            "in a circle: a > b > a",
        ),
        ({"Ops Room": {"to": ["console"]}}, "pattern"),
        ({"ops": {"to": ["pigeon"]}}, "Extra inputs"),
    ],
)
def test_what_is_wrong_is_said(receivers: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ReceiverFile.model_validate({"receivers": receivers})


def test_a_secret_is_never_shown() -> None:
    receiver = Receiver.model_validate({"to": [{"webhook": {"url": "https://e.com", "secret": "whsec_hidden"}}]})
    assert "hidden" not in f"{receiver!r} {receiver.model_dump_json()}"
