"""The outbox over time against a real HTTP receiver on loopback: nothing lost, in order, one id, no sleeps."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks.webhooks import Webhook

from schemas.alert import Notice, Window
from schemas.notification import Notification
from schemas.receiver import Receiver
from schemas.topic import Topic
from streams.clock import ManualClock, WallClock
from streams.explain.deliveries import standing
from streams.runtimes.base import Commit, Count, Unavailable, Verdict
from streams.runtimes.driver import drain
from streams.runtimes.memory import MemoryRuntime
from streams.sinks.base import SendResult, Sent
from streams.sinks.lanes import Lane, build_lanes
from streams.sinks.ledger import Ledger
from streams.sinks.outbox import Outbox
from workers.deliver.queue import SEND, outbox_cell
from workers.deliver.retry import WEBHOOK
from workers.deliver.stage import Deliver
from workers.ports import Emit

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
SIM = datetime(2026, 9, 4, 2, tzinfo=UTC)
Answer = Callable[[web.Request], Any] | int


def notice(revision: int = 1, alert: str = "a1", **changes: Any) -> Notice:
    base: dict[str, Any] = {
        "id": f"{alert}-{revision}", "alert": alert, "revision": revision, "rule": "drones-night",
        "title": "Mass drone attack", "group": {"attacker": "UA"}, "window": Window(key="night/2026-09-04"),
        "notice": "open" if revision == 1 else "escalate", "severity": "high", "peak": "high", "value": 60 + revision,
        "first_seen": SIM, "at": SIM,
    }  # fmt: skip
    return Notice.model_validate(base | changes)


class Hook:
    """A receiver whose answers are scripted; when the script is over it answers 204."""

    def __init__(self) -> None:
        self.script: list[Answer] = []
        self.got: list[tuple[dict[str, str], bytes]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.got.append(({k.lower(): v for k, v in request.headers.items()}, await request.read()))
        step = self.script.pop(0) if self.script else 204
        if isinstance(step, int):
            return web.Response(status=step)
        response = step(request)
        return await response if asyncio.iscoroutine(response) else response

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]

    @property
    def values(self) -> list[int]:
        return [json.loads(body)["data"]["value"] for _, body in self.got]


def to_hook(url: str, **more: Any) -> dict[str, Any]:
    """A webhook that is given more time than even a loaded machine needs."""
    return {"webhook": {"url": url, "secret": SECRET, "timeout": 60, **more}}


class Desk:
    """The room `deliver`, the outbox behind it, and the clock of the world."""

    def __init__(self, url: str, **more: Any) -> None:
        self.url = url
        receivers = {"ops": {"to": [to_hook(url)], **more.pop("ops", {})}} | more
        self.receivers = {name: Receiver.model_validate(given) for name, given in receivers.items()}
        self.runtime = MemoryRuntime()
        self.clock = ManualClock(WallClock().now())
        self.outbox = self.new_outbox()

    def new_outbox(self) -> Outbox:
        self.lanes = build_lanes(self.receivers, {}, self.clock)
        return Outbox(self.runtime, self.lanes, self.clock, rng=lambda: 1.0)

    async def tell(self, *notices: Notice) -> None:
        emits = [(Emit(Topic.ALERTS, n.alert, n, n.id), SIM) for n in notices]
        await self.runtime.commit(Commit(room="judge", at=SIM, emits=emits))
        await drain(self.runtime, [Deliver(self.receivers)], ManualClock(SIM))

    async def later(self, **delta: float) -> int:
        self.clock.advance(self.clock.now() + timedelta(**delta))
        return await self.outbox.flush()

    async def dead(self) -> list[Notification]:
        found = (await standing(self.runtime, self.clock.now())).values()
        return [each.notification for each in found if each.notification.status == "dead"]

    async def again(self, notification: Notification) -> None:
        await Ledger(self.runtime, self.clock).try_again(notification)

    async def ended(self) -> list[tuple[str, str, int]]:
        records = await self.runtime.tail(Topic.NOTIFICATIONS)
        ends = [r.model for r in records if isinstance(r.model, Notification)]
        return [(n.notice.id, n.status, n.attempts) for n in ends]


@pytest.fixture
def hook() -> Hook:
    return Hook()


@pytest.fixture
async def desk(hook: Hook) -> AsyncIterator[Desk]:
    app = web.Application()
    app.router.add_post("/hook", hook.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        desk = Desk(str(server.make_url("/hook")))
        yield desk
        await desk.outbox.close()


async def test_a_notice_arrives_signed_once(desk: Desk, hook: Hook) -> None:
    await desk.tell(notice())
    assert await desk.outbox.flush() == 1
    ((headers, body),) = hook.got
    payload = Webhook(SECRET).verify(body, headers)
    assert (payload["type"], payload["data"]["value"], payload["data"]["receiver"]) == ("alert.opened", 61, "ops")
    assert payload["data"]["text"].startswith("HIGH · ALERT")
    assert await desk.ended() == [("a1-1", "delivered", 1)]
    assert await desk.outbox.flush() == 0
    assert await desk.runtime.next_due(SEND) is None


async def test_a_body_that_was_changed_on_the_way_does_not_verify(desk: Desk, hook: Hook) -> None:
    await desk.tell(notice())
    await desk.outbox.flush()
    headers, body = hook.got[0]
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(SECRET).verify(body.replace(b"61", b"62"), headers)


@pytest.mark.parametrize("status", [500, 502, 503, 408, 425, 429])
async def test_not_now_is_tried_again_under_the_same_id(desk: Desk, hook: Hook, status: int) -> None:
    hook.script = [status]
    await desk.tell(notice())
    assert await desk.outbox.flush() == 0
    assert await desk.later(seconds=4) == 0
    assert len(hook.got) == 1
    assert await desk.later(seconds=1) == 1
    assert len(set(hook.ids)) == 1
    assert hook.got[0][1] == hook.got[1][1]
    assert hook.got[0][0]["webhook-timestamp"] != hook.got[1][0]["webhook-timestamp"]
    assert await desk.ended() == [("a1-1", "delivered", 2)]


async def test_the_wait_that_the_receiver_asks_for_is_kept(desk: Desk, hook: Hook) -> None:
    hook.script = [lambda _: web.Response(status=429, headers={"Retry-After": "120"})]
    await desk.tell(notice())
    await desk.outbox.flush()
    assert await desk.later(seconds=119) == 0
    assert await desk.later(seconds=1) == 1
    assert len(hook.got) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 410, 413, 301, 302, 307])
async def test_never_is_a_dead_letter_at_once(desk: Desk, hook: Hook, status: int) -> None:
    hook.script = [status]
    await desk.tell(notice())
    assert await desk.outbox.flush() == 1
    assert await desk.ended() == [("a1-1", "dead", 1)]
    assert await desk.later(days=30) == 0
    assert len(hook.got) == 1
    (dead,) = await desk.dead()
    assert str(status) in (dead.error or "")


async def test_a_redirect_is_not_followed(desk: Desk, hook: Hook) -> None:
    hook.script = [lambda request: web.Response(status=307, headers={"Location": str(request.url)})]
    await desk.tell(notice())
    await desk.outbox.flush()
    assert len(hook.got) == 1


async def test_a_receiver_that_never_answers_is_tried_again(desk: Desk, hook: Hook) -> None:
    async def hang(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    hook.script = [hang]
    hasty = Desk(desk.url, ops={"to": [to_hook(desk.url, timeout=0.2)]})
    await hasty.tell(notice())
    assert await hasty.outbox.flush() == 0
    cell = outbox_cell("ops", "a1")
    queue: Any = (await hasty.runtime.load([cell]))[cell].value
    assert queue.items[0].error == "no answer within 0.2 s"
    await hasty.outbox.close()
    hook.script.clear()  # if the attempt ended before it arrived
    hasty.receivers = desk.receivers
    hasty.outbox = hasty.new_outbox()
    assert await hasty.later(seconds=5) == 1
    await hasty.outbox.close()
    assert len(set(hook.ids)) == 1


async def test_a_receiver_that_is_down_and_comes_back_gets_everything_in_order(deaf: socket.socket, hook: Hook) -> None:
    desk = Desk(f"http://127.0.0.1:{deaf.getsockname()[1]}/hook")
    await desk.tell(notice(1), notice(2))
    for hours in (0, 1, 1):
        assert await desk.later(hours=hours) == 0
    await desk.tell(notice(3))
    app = web.Application()
    app.router.add_post("/hook", hook.answer)
    async with TestServer(app, socket_factory=lambda *_: deaf):
        assert await desk.later(hours=3) == 3
    await desk.outbox.close()
    assert hook.values == [61, 62, 63]
    assert [attempts for _, _, attempts in await desk.ended()] == [4, 1, 1]


@pytest.fixture
def deaf() -> Iterator[socket.socket]:
    """A port that is ours, and refuses connections until somebody listens on it."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound


async def test_a_restart_between_attempts_goes_on_where_it_was(desk: Desk, hook: Hook) -> None:
    hook.script = [503]
    await desk.tell(notice(1), notice(2))
    await desk.outbox.flush()
    await desk.outbox.close()
    desk.outbox = desk.new_outbox()
    assert await desk.later(seconds=5) == 2
    assert hook.values == [61, 61, 62]
    assert hook.ids[0] == hook.ids[1] != hook.ids[2]


async def test_a_store_that_goes_away_between_send_and_commit_costs_no_second_send(
    desk: Desk, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: Commit) -> Verdict:
        raise Unavailable("the server is being started again")

    await desk.tell(notice())
    with monkeypatch.context() as patch:
        patch.setattr(desk.runtime, "commit", away)
        for _ in range(3):
            with pytest.raises(Unavailable):
                await desk.outbox.flush()
    assert await desk.outbox.flush() == 1
    assert len(hook.ids) == 1
    assert await desk.ended() == [("a1-1", "delivered", 1)]


async def test_a_crash_between_send_and_commit_sends_again_under_the_same_id(
    desk: Desk, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(_: Commit) -> Verdict:
        raise ConnectionError("the process is gone")

    await desk.tell(notice())
    with monkeypatch.context() as patch:
        patch.setattr(desk.runtime, "commit", crash)
        with pytest.raises(ConnectionError):
            await desk.outbox.flush()
    await desk.outbox.close()
    desk.outbox = desk.new_outbox()
    assert await desk.outbox.flush() == 1
    assert len(hook.ids) == 2
    assert len(set(hook.ids)) == 1
    assert await desk.ended() == [("a1-1", "delivered", 1)]


async def test_a_notice_that_is_queued_during_a_send_is_neither_lost_nor_sent_first(desk: Desk, hook: Hook) -> None:
    async def meanwhile(_: web.Request) -> web.Response:
        await desk.tell(notice(2))
        return web.Response()

    hook.script = [meanwhile]
    await desk.tell(notice(1))
    assert await desk.outbox.flush() == 2
    assert hook.values == [61, 62]


async def test_a_head_that_fails_holds_up_its_own_alert_only(desk: Desk, hook: Hook) -> None:
    hook.script = [500]
    await desk.tell(notice(1), notice(2), notice(1, alert="b2", value=7))
    await desk.outbox.flush()
    assert hook.values == [61, 7]
    assert await desk.later(seconds=5) == 2
    assert hook.values == [61, 7, 61, 62]


async def test_after_the_last_attempt_it_is_dead_and_can_be_revived(desk: Desk, hook: Hook) -> None:
    hook.script = [lambda _: web.Response(status=500, text="out of\n paper")] * (len(WEBHOOK) + 1)
    await desk.tell(notice(1))
    await desk.outbox.flush()
    for _ in range(len(WEBHOOK)):
        await desk.later(hours=24)
    assert await desk.ended() == [("a1-1", "dead", len(WEBHOOK) + 1)]
    (dead,) = await desk.dead()
    assert dead.error == "given up: HTTP 500: out of paper"
    await desk.again(dead)
    await desk.again(dead)
    assert await desk.dead() == [], "it waits"
    assert await desk.outbox.flush() == 1
    assert len(set(hook.ids)) == 1
    assert await desk.dead() == []


async def test_what_waits_for_its_next_attempt_need_not_wait_any_longer(desk: Desk, hook: Hook) -> None:
    hook.script = [503]
    await desk.tell(notice(1), notice(2))
    assert await desk.outbox.flush() == 0
    first, second = (await standing(desk.runtime, desk.clock.now())).values()
    assert (first.notification.attempts, first.notification.error) == (1, "HTTP 503")
    assert (first.due, second.due) == (desk.clock.now() + WEBHOOK[0], None)
    await desk.again(second.notification)
    assert await desk.outbox.flush() == 2
    assert await desk.ended() == [("a1-1", "delivered", 2), ("a1-2", "delivered", 1)]


async def test_what_dies_goes_to_the_fallback_once(hook: Hook) -> None:
    app = web.Application()
    app.router.add_post("/hook", hook.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        url = str(server.make_url("/hook"))
        rest = {"accept": {"rules": ["other"]}, "to": [{"webhook": {"url": url, "secret": SECRET}}]}
        desk = Desk(url, ops={"fallback": "rest"}, rest=rest)
        hook.script = [410]
        await desk.tell(notice(1))
        assert await desk.outbox.flush() == 2
        await desk.tell(notice(2, notice="close"))
        await desk.outbox.flush()
        await desk.outbox.close()
    told = [json.loads(body)["data"] for _, body in hook.got]
    receivers = [data["receiver"] for data in told]
    assert receivers[:2] == ["ops", "rest"]
    stepped_in = "You are told because ops could not be reached."
    assert [stepped_in in data["text"] for data in told] == [False, True, False, False]
    assert sorted(receivers[2:]) == ["ops", "rest"]
    assert [end[1] for end in await desk.ended()] == ["dead", "delivered", "delivered", "delivered"]


async def test_the_rate_of_a_receiver_is_kept_and_nothing_is_dropped(hook: Hook) -> None:
    app = web.Application()
    app.router.add_post("/hook", hook.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        desk = Desk(str(server.make_url("/hook")), ops={"rate": "2/m"})
        await desk.tell(*[notice(1, alert=f"a{n}") for n in range(4)])
        assert await desk.outbox.flush() == 2
        assert await desk.later(seconds=29) == 0
        assert [await desk.later(seconds=1), await desk.later(seconds=30)] == [1, 1]
        await desk.outbox.close()
    assert len(set(hook.ids)) == 4


async def test_a_receiver_that_was_taken_out_of_the_configuration_is_told_as_dead(desk: Desk) -> None:
    await desk.tell(notice())
    outbox = Outbox(desk.runtime, {}, desk.clock)
    assert await outbox.flush() == 1
    (dead,) = await desk.dead()
    assert dead.error == "receiver ops is not configured any more"


async def test_of_two_who_share_an_outbox_one_sends_and_the_other_takes_over(desk: Desk, hook: Hook) -> None:
    lanes = [build_lanes(desk.receivers, {}, desk.clock) for _ in range(2)]
    first, second = (Outbox(desk.runtime, mine, desk.clock, alone=False) for mine in lanes)
    await desk.tell(notice(1))
    assert [await first.flush(), await second.flush()] == [1, 0]
    await desk.tell(notice(2))
    assert await second.flush() == 0, "it stands by"
    await first.close()
    assert await second.flush() == 1
    assert len(hook.ids) == 2
    await second.close()


async def test_the_accounting_of_the_outbox_adds_up(desk: Desk, hook: Hook) -> None:
    hook.script = [410, 500]
    await desk.tell(notice(1), notice(2), notice(3))
    await desk.outbox.flush()
    await desk.later(seconds=5)
    counts = await desk.runtime.counts()
    assert counts[Count(SEND, "in", "")] == 3
    assert counts[Count(SEND, "out", "delivered")] == 2
    assert counts[Count(SEND, "quarantined", "dead")] == 1


class Slow:
    """A sink that never comes to an end."""

    async def send(self, notification: Notification) -> SendResult:
        await asyncio.Event().wait()
        return Sent()

    async def close(self) -> None: ...


class Quick:
    """A sink that takes everything at once."""

    async def send(self, notification: Notification) -> SendResult:
        return Sent()

    async def close(self) -> None: ...


class Broken:
    """A sink with a defect."""

    async def send(self, notification: Notification) -> SendResult:
        raise ZeroDivisionError("defect")

    async def close(self) -> None: ...


async def test_a_slow_lane_holds_up_no_other_and_the_run_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.sinks.outbox.GRACE", 0.01)
    desk = Desk("http://127.0.0.1:1/", quick={"to": ["console"]})
    outbox = Outbox(desk.runtime, {"ops": Lane(Slow()), "quick": Lane(Quick())}, desk.clock)
    await desk.tell(notice())
    stop = asyncio.Event()
    running = asyncio.create_task(outbox.run(stop))
    async with asyncio.timeout(60):
        while not await desk.ended():
            await asyncio.sleep(0)
        stop.set()
        await running
    assert (await desk.ended())[0][1] == "delivered"
    assert await desk.runtime.next_due(SEND) is not None


async def test_a_flush_with_a_limit_gives_up_waiting_and_keeps_the_rest() -> None:
    desk = Desk("http://127.0.0.1:1/")
    await desk.tell(notice())
    outbox = Outbox(desk.runtime, {"ops": Lane(Slow())}, desk.clock)
    assert await asyncio.wait_for(outbox.flush(until_empty_within=0.01), 60) == 0
    assert await desk.runtime.next_due(SEND) is not None


async def test_a_defect_of_a_sink_is_a_reason_to_try_later(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk("http://127.0.0.1:1/")
    await desk.tell(notice())
    outbox = Outbox(desk.runtime, {"ops": Lane(Broken())}, desk.clock, rng=lambda: 1.0)
    assert await outbox.flush() == 0
    assert "ZeroDivisionError" in caplog.text
    due = await desk.runtime.next_due(SEND)
    assert due == desk.clock.now() + WEBHOOK[0]
