"""Laws of the judge: order of arrival, repetition and interruption do not change what comes out in the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.alert import Notice
from schemas.rule import Rule
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit
from streams.runtimes.driver import Session
from streams.runtimes.memory import MemoryRuntime
from streams.steps import advance
from workers.errors import Drop
from workers.judge.cells import AlertState, WindowState
from workers.judge.items import Item, Report
from workers.judge.stage import Judge
from workers.ports import Outcome, View
from workers.tables import JUDGE_ALERT, JUDGE_WINDOW

START = datetime(2026, 9, 3, 18, tzinfo=UTC)
NIGHT = {"night": "18:00-09:00", "tz": "Europe/Kyiv"}
LEVELS = [
    {"severity": "warning", "at": "> 50"},
    {"severity": "high", "at": "> 100"},
    {"severity": "critical", "at": "> 150"},
]


def rule(name: str, value: str, **more: Any) -> Rule:
    base = {"id": name, "title": "t", "where": {"measure": "hit"}, "value": value, "window": NIGHT, "levels": LEVELS}
    return Rule.model_validate(base | more)


RULES = (
    rule("most", "max(value)", by=["attacker"]),
    rule("least", "min(value)"),
    rule("together", "sum(value)", by=["attacker"], window={"calendar": "day", "tz": "Europe/Kyiv"}),
    rule("spread", "distinct(place.name)", levels=[{"severity": "info", "at": ">= 3"}]),
    rule("sure", "max(value)", levels=[LEVELS[0], {"severity": "high", "at": "> 50", "sources": 2}]),
    rule("many", "count()", window={"tumbling": "3h"}, levels=[{"severity": "info", "at": ">= 3"}]),
)


@st.composite
def reports(draw: st.DrawFn) -> list[Report]:
    """Some sources, each with a few revisions of one figure; some end retracted."""
    made = []
    for number in range(draw(st.integers(1, 5))):
        last = draw(st.integers(1, 4))
        for revision in range(1, last + 1):
            retracted = revision == last and draw(st.integers(0, 4)) == 0
            made.append(
                Report(
                    stream="incidents",
                    id=f"s{number}",
                    revision=revision,
                    retracted=retracted,
                    items=() if retracted else (draw(items(number)),),
                )
            )
    return made


@st.composite
def items(draw: st.DrawFn, number: int) -> Item:
    attacker = draw(st.sampled_from(["RU", "UA", None]))
    place = draw(st.sampled_from(["Sumy", "Odesa", "Lviv", None]))
    value = draw(st.sampled_from([1, 49, 50, 51, 75, 100, 101, 150, 200]))
    return Item(
        id=f"s{number}/hit",
        fields={"measure": "hit", "value": value, "attacker": attacker, "place.name": place},
        qualifier=draw(st.sampled_from(["exact", "over", "at_least"])),
        time=START + timedelta(minutes=draw(st.integers(0, 9)) * 40),
        ingested=START,
        independent=draw(st.integers(1, 2)),
    )


class Run:
    """A judge on the memory runtime that takes reports a minute apart."""

    def __init__(self, rules: Iterable[Rule] = RULES) -> None:
        self.runtime = MemoryRuntime()
        self.clock = ManualClock(START)
        self.judge = Judge(rules)

    async def take(self, report: Report) -> None:
        await self.act(lambda view: self.judge.engine.judge(report, view, self.clock.now()))

    async def act(self, call: Callable[[View], Outcome]) -> None:
        session = Session(self.runtime, self.judge, Commit(room="judge", at=self.clock.now()))
        try:
            outcome = await session.decide(call)
        except Drop:
            return
        await session.apply(outcome, self.clock.now())
        await self.runtime.commit(session.finish())

    async def wait(self, span: timedelta) -> None:
        await advance(self.runtime, [self.judge], self.clock, self.clock.now() + span)

    async def notices(self) -> list[Notice]:
        records = await self.runtime.tail(Topic.ALERTS, limit=10_000)
        return [record.model for record in records if isinstance(record.model, Notice)]

    def state(self, table: Any) -> dict[str, Any]:
        return {cell.key: kept.value for cell, kept in self.runtime._cells.items() if cell.table is table}


async def run(sequence: list[Report], restart_at: int = -1) -> Run:
    going = Run()
    for index, report in enumerate(sequence):
        if index == restart_at:
            going.judge = Judge(RULES)
        await going.wait(timedelta(minutes=1))
        await going.take(report)
    await going.wait(timedelta(minutes=30))
    return going


def final(going: Run) -> dict[str, Any]:
    """What the judge holds in the end: the items and value of every window, and every live alert with its level."""
    windows = {
        key: (state.members, state.judgement.value, state.judgement.outcome)
        for key, state in going.state(JUDGE_WINDOW).items()
        if isinstance(state, WindowState) and state.members and state.judgement
    }
    alerts = {
        key: (state.status, state.level)
        for key, state in going.state(JUDGE_ALERT).items()
        if isinstance(state, AlertState) and state.status in ("open", "closed")
    }
    return {"windows": windows, "alerts": alerts}


@settings(max_examples=20)
@given(reports(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_change_the_end(sequence: list[Report], chance: Any) -> None:
    shuffled = list(sequence)
    chance.shuffle(shuffled)
    straight, mixed = asyncio.run(run(sequence)), asyncio.run(run(shuffled))
    assert final(straight) == final(mixed)


SPIKE = rule(
    "spike",
    "max(value)",
    window={**NIGHT, "grace": "10d"},
    baseline={"windows": 3, "min_history": 1, "floor": 20},
    levels=[{"severity": "warning", "at": ">= 2x"}, {"severity": "high", "at": ">= 4x"}],
)


@st.composite
def nightly(draw: st.DrawFn) -> list[Report]:
    """A few figures over four nights, one revision each."""
    made = []
    for number in range(draw(st.integers(2, 6))):
        item = draw(items(number))
        night = START + timedelta(days=draw(st.integers(0, 3)), hours=2)
        item = item.model_copy(update={"time": night})
        made.append(Report(stream="incidents", id=f"s{number}", revision=1, items=(item,)))
    return made


async def over_nights(sequence: list[Report]) -> Run:
    going = Run([SPIKE])
    await going.act(lambda view: going.judge.engine.begin(view, going.clock.now()))
    await going.wait(timedelta(days=4))
    for report in sequence:
        await going.wait(timedelta(minutes=1))
        await going.take(report)
    await going.wait(timedelta(minutes=30))
    return going


@settings(max_examples=20)
@given(nightly(), st.randoms(use_true_random=False))
def test_with_a_baseline_the_order_does_not_change_the_end(sequence: list[Report], chance: Any) -> None:
    shuffled = list(sequence)
    chance.shuffle(shuffled)
    straight, mixed = asyncio.run(over_nights(sequence)), asyncio.run(over_nights(shuffled))
    assert final(straight) == final(mixed)


@settings(max_examples=20)
@given(reports(), st.data())
def test_a_repeated_record_changes_no_notice(sequence: list[Report], data: st.DataObject) -> None:
    async def both() -> tuple[list[Notice], list[Notice]]:
        again = data.draw(st.sets(st.integers(0, len(sequence) - 1)))
        once, twice = Run(), Run()
        for index, report in enumerate(sequence):
            for going in (once, twice):
                await going.wait(timedelta(minutes=1))
                await going.take(report)
            if index in again:
                await twice.take(report)
            await twice.take(sequence[0])
        for going in (once, twice):
            await going.wait(timedelta(minutes=30))
        return await once.notices(), await twice.notices()

    once, twice = asyncio.run(both())
    assert once == twice


@settings(max_examples=10)
@given(reports(), st.data())
def test_a_restart_anywhere_changes_no_notice(sequence: list[Report], data: st.DataObject) -> None:
    point = data.draw(st.integers(0, len(sequence) - 1))

    async def told(restart_at: int) -> list[Notice]:
        return await (await run(sequence, restart_at)).notices()

    assert asyncio.run(told(-1)) == asyncio.run(told(point))


@settings(max_examples=10)
@given(reports())
def test_notices_of_an_alert_are_numbered_without_gaps_and_each_id_is_used_once(sequence: list[Report]) -> None:
    notices = asyncio.run(_told(sequence))
    assert len({notice.id for notice in notices}) == len(notices)
    for alert in {notice.alert for notice in notices}:
        numbers = [notice.revision for notice in notices if notice.alert == alert]
        assert numbers == list(range(1, len(numbers) + 1))


@settings(max_examples=10)
@given(reports())
def test_every_alert_begins_with_an_opening_and_nothing_follows_an_end_but_an_opening(sequence: list[Report]) -> None:
    last: dict[str, str] = {}
    for notice in asyncio.run(_told(sequence)):
        closed = last.get(notice.alert) in (None, "resolve", "withdraw")
        assert closed == (notice.notice == "open")
        last[notice.alert] = notice.notice


async def _told(sequence: list[Report]) -> list[Notice]:
    return await (await run(sequence)).notices()
