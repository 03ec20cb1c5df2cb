"""What an operator sees of deliveries and does about them, on records in memory and a receiver on loopback."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from standardwebhooks.webhooks import Webhook
from typer.testing import CliRunner

from schemas.alert import Notice
from schemas.config import Config
from schemas.receiver import Receiver
from schemas.topic import Topic
from streams.cli import deliveries, look
from streams.clock import ManualClock, WallClock
from streams.runtimes.base import Commit, Runtime
from streams.runtimes.driver import drain
from streams.runtimes.memory import MemoryRuntime
from streams.sinks.base import Refused, RetryLater, SendResult, Sent
from streams.sinks.lanes import Lane
from streams.sinks.outbox import Outbox
from workers.deliver.stage import Deliver
from workers.ports import Emit

Make = Callable[..., Notice]
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
CONFIG = """
receivers:
  ops:
    to: [{jsonl: {path: ops.jsonl}}, {jsonl: {path: second.jsonl}}]
    fallback: desk
  desk:
    to: [{jsonl: {path: desk.jsonl}}]
"""


class Answers:
    """A sink that answers as it is told."""

    def __init__(self, answer: SendResult) -> None:
        self.answer = answer

    async def send(self, _notification: object) -> SendResult:
        return self.answer

    async def close(self) -> None: ...


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text(f"version: 1\ndata_dir: {tmp_path}\n{CONFIG}", encoding="utf-8")
    return file


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch, make_notice: Make) -> MemoryRuntime:
    """Three notices of one alert: `ops` refused the first and is down now, `ops.2` has all, `desk` stepped in."""

    @contextlib.asynccontextmanager
    async def opened(_config: Config) -> AsyncIterator[Runtime]:
        yield runtime

    runtime = MemoryRuntime()
    monkeypatch.setattr(look, "open_to_look", opened)
    asyncio.run(tell(runtime, make_notice))
    return runtime


async def tell(runtime: MemoryRuntime, make_notice: Make) -> None:
    clock = ManualClock(WallClock().now())
    receivers = {
        "ops": Receiver.model_validate({"to": ["console", "console"], "fallback": "desk"}),
        "desk": Receiver.model_validate({"to": ["console"], "accept": {"rules": ["other"]}}),
    }
    broken = Answers(Refused("HTTP 410"))
    lanes = {"ops": Lane(broken, fallback=("desk",)), "ops.2": Lane(Answers(Sent())), "desk": Lane(Answers(Sent()))}
    outbox = Outbox(runtime, lanes, clock, rng=lambda: 1.0)
    for revision in (1, 2, 3):
        notice = make_notice(revision=revision)
        emit = Emit(Topic.ALERTS, notice.alert, notice, notice.id)
        await runtime.commit(Commit("judge", clock.now(), emits=[(emit, clock.now())]))
        await drain(runtime, [Deliver(receivers)], clock)
        await outbox.flush()
        broken.answer = RetryLater("HTTP 503")


@pytest.fixture
def run(config: Path) -> Callable[..., Result]:
    return lambda *words: CliRunner().invoke(deliveries.app, [*words, "--config", str(config)])


def rows(ran: Result) -> list[dict[str, Any]]:
    assert ran.exit_code == 0, ran.output
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.mark.usefixtures("state")
def test_ls_tells_first_what_waits_and_then_how_the_others_ended(run: Callable[..., Result]) -> None:
    listed = rows(run("ls", "--json"))
    assert [(row["receiver"], row["revision"], row["status"], row["attempts"]) for row in listed] == [
        ("ops", 2, "queued", 1),
        ("ops", 3, "queued", 0),
        ("ops.2", 3, "delivered", 1),
        ("ops.2", 2, "delivered", 1),
        ("desk", 1, "delivered", 1),
        ("ops.2", 1, "delivered", 1),
        ("ops", 1, "dead", 1),
    ]
    assert [row["next"] is None for row in listed] == [False, True, True, True, True, True, True]
    assert {row["schema"] for row in listed} == {1}
    text = run("ls", "--queued").stdout
    assert "1 attempt   next 20" in text
    assert "high open of drones-night, night/2026-09-04" in text
    assert text.splitlines()[0].endswith(": HTTP 503")
    assert "behind another" in text


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--dead",), [("ops", 1)]),
        (("--dead", "--queued"), [("ops", 2), ("ops", 3), ("ops", 1)]),
        (("--receiver", "ops.2"), [("ops.2", 3), ("ops.2", 2), ("ops.2", 1)]),
        (("--receiver", "ops", "--dead"), [("ops", 1)]),
        (("--receiver", "console"), []),
    ],
)
def test_ls_leaves_out_what_is_not_asked_for(
    run: Callable[..., Result], words: tuple[str, ...], found: list[tuple[str, int]]
) -> None:
    assert [(row["receiver"], row["revision"]) for row in rows(run("ls", "--json", *words))] == found


def test_retry_sends_what_is_dead_and_what_waits_in_the_order_of_the_alert(
    run: Callable[..., Result], state: MemoryRuntime
) -> None:
    again = run("retry", "--receiver", "ops", "--json")
    assert [(row["receiver"], row["was"]) for row in rows(again)] == [
        ("ops", "queued"),
        ("ops", "queued"),
        ("ops", "dead"),
    ]
    assert "tried again: 3 notifications" in again.stderr
    assert [row["revision"] for row in rows(run("ls", "--queued", "--json"))] == [2, 3, 1]
    asyncio.run(sent(state))
    ended = rows(run("ls", "--receiver", "ops", "--json"))
    assert [(row["receiver"], row["revision"], row["status"]) for row in ended[:3]] == [
        ("ops", 3, "delivered"),
        ("ops", 2, "delivered"),
        ("ops", 1, "delivered"),
    ]


async def sent(state: MemoryRuntime) -> None:
    await Outbox(state, {name: Lane(Answers(Sent())) for name in ("ops", "ops.2", "desk")}).flush()


@pytest.mark.usefixtures("state")
def test_retry_of_one_that_is_dead(run: Callable[..., Result]) -> None:
    (dead,) = rows(run("ls", "--dead", "--json"))
    assert run("retry", dead["id"]).exit_code == 0
    assert rows(run("ls", "--dead", "--json")) == []
    assert dead["id"] in [row["id"] for row in rows(run("ls", "--queued", "--json"))]


@pytest.mark.usefixtures("state")
def test_retry_of_what_has_arrived_or_is_unknown_changes_nothing(run: Callable[..., Result]) -> None:
    (dead,) = rows(run("ls", "--dead", "--json"))
    delivered = rows(run("ls", "--receiver", "desk", "--json"))[0]["id"]
    for wrong, said in ((delivered, "was delivered to desk at"), ("n0", "there is no notification 'n0'")):
        ran = run("retry", dead["id"], wrong)
        assert ran.exit_code == 1
        assert said in ran.stderr
    assert rows(run("ls", "--dead", "--json")) == [dead]


@pytest.mark.usefixtures("state")
def test_retry_of_a_receiver_that_is_gone(run: Callable[..., Result], config: Path) -> None:
    config.write_text("version: 1\n", encoding="utf-8")
    ran = run("retry", "--receiver", "ops")
    assert ran.exit_code == 1
    assert "receiver ops of" in ran.stderr
    assert "is not configured; put it back, or name its --config" in ran.stderr


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("retry",), "say what is tried again"),
        (("retry", "a", "--receiver", "ops"), "say what is tried again"),
        (("retry", "--receiver", "opss"), "there is no receiver 'opss'; did you mean ops?"),
        (("ls", "--receiver", "zzz"), "there is no receiver 'zzz'; there are console, ops, ops.2, desk"),
        (("test", "zzz"), "there is no receiver 'zzz'"),
        (("test", "ops.3"), "there is no receiver 'ops.3'; did you mean ops.2?"),
        (("test",), "RECEIVER"),
    ],
)
def test_what_is_missing_or_misspelled(run: Callable[..., Result], words: tuple[str, ...], said: str) -> None:
    ran = run(*words)
    assert ran.exit_code == 2
    assert said in ran.stderr


@pytest.fixture
def hook(config: Path, webhook: Any) -> Any:
    way = f"{{webhook: {{url: '{webhook.url}', secret: {SECRET}}}}}"
    with config.open("a", encoding="utf-8") as file:
        file.write(f"  partner: {{to: [{way}, {{jsonl: {{path: partner.jsonl}}}}], accept: {{severity: critical}}}}\n")
    return webhook


def test_a_test_arrives_signed_and_says_that_it_is_one(run: Callable[..., Result], hook: Any, tmp_path: Path) -> None:
    ran = run("test", "partner")
    assert (ran.exit_code, ran.stdout) == (0, "partner: delivered\npartner.2: delivered\n"), ran.stderr
    ((headers, body),) = hook.got
    data = Webhook(SECRET).verify(body, headers)["data"]
    assert (data["rule"], data["labels"], data["severity"]) == ("nightwire-test", {"test": "true"}, "info")
    assert data["text"].startswith("TEST - NO NEWS IS BEHIND THIS\n")
    (line,) = (tmp_path / "partner.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["reason"] == "test"


def test_a_test_of_one_way_out_that_is_refused(run: Callable[..., Result], hook: Any, tmp_path: Path) -> None:
    hook.status = 410
    ran = run("test", "partner", "--json")
    assert ran.exit_code == 1
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(row["receiver"], row["outcome"], row["why"]) for row in told] == [
        ("partner", "refused", "HTTP 410"),
        ("partner.2", "delivered", None),
    ]
    hook.status = 503
    assert run("test", "partner").stdout.startswith("partner: not reached: HTTP 503\n")
    assert run("test", "partner.2").exit_code == 0
    assert len(hook.got) == 2


def test_a_receiver_that_cannot_be_set_up(run: Callable[..., Result], config: Path) -> None:
    with config.open("a", encoding="utf-8") as file:
        file.write("  far: {to: [{webhook: {url_env: NO_SUCH_URL, secret_env: NO_SUCH_SECRET}}]}\n")
    ran = run("test", "far")
    assert ran.exit_code == 3
    assert "receiver far: url_env names the variable NO_SUCH_URL, which is not set" in ran.stderr
