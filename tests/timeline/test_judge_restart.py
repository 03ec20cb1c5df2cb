"""The judge is started anew in the middle of things: what holds, cools down, repeats or is silent goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schemas.alert import Notice
from schemas.feed import FeedHealth
from schemas.incident import Figure, Incident
from schemas.rule import Rule
from schemas.silence import AckRequest
from schemas.topic import Topic
from streams import operate
from streams.clock import ManualClock
from streams.runtimes.base import Commit
from streams.runtimes.driver import drain
from streams.runtimes.memory import MemoryRuntime
from streams.steps import advance
from workers.judge.inputs import FeedJudge
from workers.judge.stage import Judge
from workers.ports import Emit
from workers.stage import Stage

EVENING = datetime(2026, 9, 3, 18, tzinfo=UTC)


def rule(**changes: Any) -> Rule:
    base: dict[str, Any] = {
        "id": "drones", "title": "Drones", "where": {"measure": "involved", "is_total": True}, "value": "max(value)",
        "window": {"night": "18:00-09:00", "tz": "Europe/Kyiv"},
        "levels": [{"severity": "warning", "at": "> 50"}, {"severity": "high", "at": "> 100"}],
    }  # fmt: skip
    return Rule.model_validate(base | changes)


SILENT = {
    "id": "silent", "title": "{{ by.feed }} silent", "from": "feeds", "where": {"status": "ok"}, "by": ["feed"],
    "absent": {"severity": "warning", "after": "1h", "startup": "30m"},
}  # fmt: skip


class House:
    """The judge of some rules on one runtime, which outlives it."""

    def __init__(self, *rules: Rule) -> None:
        self.runtime, self.clock = MemoryRuntime(), ManualClock(EVENING)
        self.rules, self._told, self._revision = rules, 0, 0
        self.rooms: list[Stage[Any]] = []

    async def start(self) -> None:
        judge = Judge(self.rules, started=self.clock.now())
        self.rooms = [judge, FeedJudge(judge.engine)]
        await operate.begin(self.runtime, judge, self.clock.now(), "live")

    async def figure(self, value: int) -> None:
        self._revision += 1
        now = self.clock.now()
        figure = Figure(value=value, low=value, high=value)
        incident = Incident(
            id="incident", object="drone", period="night", night_of=date(2026, 9, 4), figures={"involved": figure},
            independent=1, revision=self._revision, first_seen=EVENING, updated=now,
        )  # fmt: skip
        await self._put(Topic.INCIDENTS, incident)

    async def check(self, feed: str) -> None:
        now = self.clock.now()
        await self._put(
            Topic.HEALTH, FeedHealth(feed=feed, url="https://f.example/rss", at=now, outcome="ok", reason="ok")
        )

    async def _put(self, topic: Topic, model: Any) -> None:
        now = self.clock.now()
        emit = Emit(topic, "k", model, f"{topic}-{now.isoformat()}")
        await self.runtime.commit(Commit(room="test", at=now, emits=[(emit, now)]))
        await drain(self.runtime, self.rooms, self.clock)

    async def at(self, minutes: int) -> list[tuple[str, float | None, int]]:
        """What was told since the last look: kind, value, and minutes after the evening."""
        await advance(self.runtime, self.rooms, self.clock, EVENING + timedelta(minutes=minutes))
        records = await self.runtime.tail(Topic.ALERTS, limit=1000)
        notices = [record.model for record in records if isinstance(record.model, Notice)]
        fresh, self._told = notices[self._told :], len(notices)
        return [(n.notice, n.value, int((n.at - EVENING).total_seconds() // 60)) for n in fresh]


async def test_a_hold_goes_on_from_when_it_began() -> None:
    house = House(rule(hold="30m"))
    await house.start()
    await house.figure(60)
    assert await house.at(10) == []
    await house.start()
    assert await house.at(60) == [("open", 60, 30)]


async def test_a_hold_that_ended_while_the_judge_was_away_opens_when_it_is_back() -> None:
    house = House(rule(hold="30m"))
    await house.start()
    await house.figure(60)
    house.rooms = []
    assert await house.at(45) == []
    await house.start()
    assert [(kind, value) for kind, value, _ in await house.at(60)] == [("open", 60)]


async def test_a_correction_that_waits_for_the_cooldown_is_told_after_it() -> None:
    house = House(rule(notify={"cooldown": "20m"}))
    await house.start()
    await house.figure(150)
    assert await house.at(5) == [("open", 150, 0)]
    await house.figure(70)
    await house.start()
    assert await house.at(60) == [("correct", 70, 20)]


@pytest.mark.parametrize("taken", [False, True])
async def test_repeats_go_on_unless_somebody_took_the_alert(taken: bool) -> None:
    house = House(rule(notify={"repeat": "1h"}))
    await house.start()
    await house.figure(60)
    assert await house.at(1) == [("open", 60, 0)]
    if taken:
        (record,) = await house.runtime.tail(Topic.ALERTS, limit=1)
        await operate.acknowledge(house.runtime, record.key, AckRequest(author="duty", note="on it"), house.clock.now())
    await house.start()
    assert await house.at(130) == ([] if taken else [("repeat", 60, 60), ("repeat", 60, 120)])


async def test_a_feed_that_was_heard_before_the_restart_is_given_the_startup() -> None:
    house = House(Rule.model_validate(SILENT))
    await house.start()
    await house.check("alpha")
    house.rooms = []
    assert await house.at(50) == []
    await house.start()
    assert await house.at(70) == []
    assert await house.at(120) == [("open", None, 80)]


async def test_a_feed_that_comes_back_within_the_startup_is_not_missed() -> None:
    house = House(Rule.model_validate(SILENT))
    await house.start()
    await house.check("alpha")
    house.rooms = []
    assert await house.at(300) == []
    await house.start()
    assert await house.at(310) == []
    await house.check("alpha")
    assert await house.at(360) == []
