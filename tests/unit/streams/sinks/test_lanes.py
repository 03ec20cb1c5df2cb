"""Lanes out of configured receivers, with secrets from the environment and from files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.receiver import Receiver
from streams.clock import ManualClock
from streams.sinks.console import ConsoleSink
from streams.sinks.jsonl import JsonlSink
from streams.sinks.lanes import ReceiverError, build_lanes
from streams.sinks.rate import TokenBucket
from streams.sinks.webhook import WebhookSink

SECRET = "whsec_" + "QUJD" * 10
CLOCK = ManualClock(datetime(2026, 9, 4, tzinfo=UTC))


def build(environ: dict[str, str] | None = None, **receivers: Any) -> Any:
    return build_lanes({k: Receiver.model_validate(v) for k, v in receivers.items()}, environ or {}, CLOCK)


def test_each_way_out_is_a_lane(tmp_path: Path) -> None:
    hook = {"webhook": {"url_env": "HOOK", "secret_env": "KEY"}}
    lanes = build(
        {"HOOK": "https://example.com/h", "KEY": SECRET},
        ops={"to": ["console", {"jsonl": {"path": str(tmp_path / "x")}}, hook], "rate": "2/s", "fallback": "rest"},
        rest={"to": ["console", "console"]},
    )
    assert [type(lane.sink) for lane in lanes.values()] == [
        ConsoleSink, JsonlSink, WebhookSink, ConsoleSink, ConsoleSink,
    ]  # fmt: skip
    assert lanes["ops.2"].fallback == ("rest", "rest.2")
    assert lanes["ops"].bucket is not lanes["ops.2"].bucket
    assert lanes["rest"].bucket is None


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n{SECRET}\n")
    lanes = build(ops={"to": [{"webhook": {"url": "https://e.com/", "secret_file": str(tmp_path / "secret")}}]})
    assert isinstance(lanes["ops"].sink, WebhookSink)


@pytest.mark.parametrize(
    ("hook", "environ", "says"),
    [
        ({"url_env": "HOOK", "secret": SECRET}, {}, "receiver ops: url_env names the variable HOOK, which is not set"),
        ({"url": "https://e.com", "secret_env": "KEY"}, {}, "secret_env names the variable KEY, which is not set"),
        ({"url": "https://e.com", "secret_env": "KEY"}, {"KEY": "whsec_x"}, "the webhook's secret"),
        ({"url": "https://e.com", "secret_file": "/nowhere"}, {}, "secret_file /nowhere cannot be read"),
    ],
)
def test_what_is_missing_is_named(hook: dict[str, str], environ: dict[str, str], says: str) -> None:
    with pytest.raises(ReceiverError, match=says):
        build(environ, ops={"to": [{"webhook": hook}]})


def test_a_token_bucket_refills_evenly_and_never_goes_back() -> None:
    start = datetime(2026, 9, 4, tzinfo=UTC)
    bucket = TokenBucket(2, timedelta(minutes=1))
    assert [bucket.take(start), bucket.take(start)] == [timedelta(), timedelta()]
    assert bucket.take(start) == timedelta(seconds=30)
    assert bucket.take(start + timedelta(seconds=15)) == timedelta(seconds=15)
    assert bucket.take(start + timedelta(seconds=30)) == timedelta()
    assert bucket.take(start) == timedelta(seconds=30)
