"""Acknowledgements and silences over time, on both runtimes: what is held back, and what comes when it ends."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.alert import Notice, Window
from schemas.notification import Notification
from schemas.receiver import Receiver
from schemas.silence import AckRequest, SilenceRequest
from schemas.topic import Topic
from streams import operate
from streams.clock import ManualClock
from streams.runtimes.base import Commit, Count, Runtime
from streams.runtimes.driver import drain
from streams.runtimes.memory import MemoryRuntime
from streams.runtimes.valkey import ValkeyRuntime
from streams.sinks.base import Sent
from streams.sinks.lanes import Lane
from streams.sinks.outbox import Outbox
from streams.steps import advance
from workers.deliver.stage import Deliver
from workers.errors import Drop
from workers.judge.cells import AlertState
from workers.judge.seats import alert_cell
from workers.ports import Emit

EIGHT = datetime(2026, 9, 3, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Ear:
    """A sink that remembers what it was told."""

    def __init__(self) -> None:
        self.got: list[Notice] = []

    async def send(self, notification: Notification) -> Sent:
        self.got.append(notification.notice)
        return Sent()

    async def close(self) -> None:
        pass


class Night:
    """The room `deliver`, an outbox with two receivers, and one clock for all."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.clock = runtime, ManualClock(EIGHT)
        receivers: dict[str, Any] = {
            "ops": {"to": ["console"]},
            "chief": {"to": ["console"], "accept": {"severity": "critical"}},
        }
        self.room = Deliver({name: Receiver.model_validate(given) for name, given in receivers.items()})
        self.ears = {name: Ear() for name in receivers}
        self.outbox = Outbox(runtime, {name: Lane(ear) for name, ear in self.ears.items()}, self.clock)
        self.revisions: dict[str, int] = {}

    async def notice(self, kind: str, alert: str = "a1", **changes: Any) -> Notice:
        self.revisions[alert] = revision = changes.pop("revision", self.revisions.get(alert, 0) + 1)
        base: dict[str, Any] = {
            "id": f"{alert}-{revision}", "alert": alert, "revision": revision, "rule": "drones-night",
            "title": "Mass drone attack", "group": {"attacker": "RU", "target_country": "UA"},
            "window": Window(key="night/2026-09-04"), "notice": kind, "severity": "warning", "peak": "warning",
            "value": 50 + revision, "first_seen": EIGHT, "at": self.clock.now(),
        }  # fmt: skip
        made = Notice.model_validate(base | changes)
        emit = Emit(Topic.ALERTS, alert, made, made.id)
        await self.runtime.commit(Commit(room="judge", at=self.clock.now(), emits=[(emit, self.clock.now())]))
        await self.settle()
        return made

    async def settle(self) -> None:
        await drain(self.runtime, [self.room], self.clock)
        await self.outbox.flush()

    async def at(self, hours: float) -> None:
        await advance(self.runtime, [self.room], self.clock, EIGHT + HOUR * hours)
        await self.outbox.flush()

    async def silence(self, hours: float, **match: str) -> str:
        request = SilenceRequest(match=match, hours=hours, author="duty officer", reason="known exercise")
        return (await operate.silence(self.runtime, request, self.clock.now())).id

    def told(self, name: str = "ops") -> list[tuple[str, int]]:
        return [(notice.notice, int(notice.value or 0)) for notice in self.ears[name].got]

    async def count(self, reason: str) -> int:
        return (await self.runtime.counts()).get(Count("deliver", "dropped", reason), 0)


@pytest.fixture(params=["memory", "valkey"])
def make_runtime(request: pytest.FixtureRequest) -> Runtime:
    if request.param == "memory":
        return MemoryRuntime()
    return ValkeyRuntime(request.getfixturevalue("private_socket"), uuid.uuid4().hex)


@pytest.fixture
async def night(make_runtime: Runtime) -> AsyncIterator[Night]:
    await make_runtime.open()
    yield Night(make_runtime)
    await make_runtime.close()


async def test_an_open_alert_is_told_once_when_the_silence_ends(night: Night) -> None:
    await night.silence(4, rule="drones-*", target_country="UA")
    await night.at(1)
    await night.notice("open")
    await night.notice("escalate", severity="high")
    await night.notice("correct", value=55)
    assert night.told() == []
    assert await night.count("silenced") == 3
    await night.at(3.99)
    assert night.told() == []
    await night.at(4)
    assert night.told() == [("open", 55)]
    assert night.ears["ops"].got[0].reason == "silence-ended"
    await night.notice("resolve", value=40)
    assert night.told() == [("open", 55), ("resolve", 40)]
    assert (await operate.silence_book(night.runtime)).holding == ()


async def test_what_ended_under_the_silence_is_told_to_nobody_who_never_heard_of_it(night: Night) -> None:
    await night.silence(4, rule="drones-night")
    await night.notice("open")
    await night.notice("resolve")
    await night.at(5)
    assert night.told() == []


async def test_who_was_told_before_the_silence_hears_of_the_end_after_it(night: Night) -> None:
    await night.notice("open")
    await night.silence(4, rule="drones-night")
    await night.notice("escalate")
    await night.notice("withdraw", value=None)
    assert night.told() == [("open", 51)]
    await night.at(4)
    assert night.told() == [("open", 51), ("withdraw", 0)]


async def test_other_alerts_go_through(night: Night) -> None:
    await night.silence(4, target_country="RU")
    await night.silence(4, rule="missiles-*")
    await night.silence(4, place="Odesa")
    await night.notice("open")
    assert night.told() == [("open", 51)]


async def test_a_longer_silence_takes_over(night: Night) -> None:
    await night.silence(2, rule="drones-night")
    await night.notice("open")
    await night.at(1)
    await night.silence(4, attacker="RU")
    await night.at(3)
    assert night.told() == []
    await night.at(5)
    assert night.told() == [("open", 51)]


async def test_a_silence_that_is_ended_early_lets_go_at_once(night: Night) -> None:
    name = await night.silence(8, rule="drones-night")
    await night.notice("open")
    await night.notice("open", alert="b2", value=77)
    await operate.unsilence(night.runtime, name, night.clock.now())
    await night.settle()
    assert sorted(night.told()) == [("open", 51), ("open", 77)]
    with pytest.raises(Drop, match="no silence"):
        await operate.unsilence(night.runtime, name, night.clock.now())


async def test_a_notice_that_is_not_silenced_any_more_brings_what_was_held(night: Night) -> None:
    await night.silence(8, severity="warning")
    await night.notice("open")
    await night.notice("escalate", severity="critical", peak="critical", value=301)
    assert night.told("ops") == night.told("chief") == [("open", 301)]
    await night.at(8)
    assert len(night.told()) == 1


async def test_a_held_notice_that_comes_again_is_known(night: Night) -> None:
    await night.silence(1, rule="drones-night")
    await night.notice("open")
    await night.notice("open", revision=1)
    await night.at(2)
    await night.notice("open", revision=1)
    assert night.told() == [("open", 51)]
    assert await night.count("already-seen") == 2


async def test_a_silence_that_has_not_begun_or_is_over_holds_nothing(night: Night) -> None:
    await night.silence(1, rule="drones-night")
    await night.at(1)
    await night.notice("open")
    assert night.told() == [("open", 51)]


async def test_an_alert_is_taken_by_name_and_only_while_it_is_open(night: Night) -> None:
    cell = alert_cell("a1")
    state = AlertState(rule="drones-night", cell="c", window="night/2026-09-04", status="open", seq=1)
    await night.runtime.commit(Commit(room="judge", at=EIGHT, writes={cell: state}, expected={cell: 0}))
    request = AckRequest(author="duty officer", note="calling the region")
    taken = await operate.acknowledge(night.runtime, "a1", request, EIGHT + HOUR)
    assert (taken.acked_by, taken.ack_note, taken.acked_at) == ("duty officer", "calling the region", EIGHT + HOUR)
    with pytest.raises(Drop, match="not open"):
        await operate.acknowledge(night.runtime, "nothing", request, EIGHT)
