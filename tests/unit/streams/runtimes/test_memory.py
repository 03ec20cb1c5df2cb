"""What the memory runtime has of its own beside the contract: it forgets, and it finds its timers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from schemas.base import Model
from schemas.topic import Topic
from streams.runtimes.base import Commit, Due
from streams.runtimes.memory import MemoryRuntime
from workers.ports import Cell, Emit, Table, Timer

AT = datetime(2026, 9, 4, tzinfo=UTC)


class Note(Model):
    text: str


async def publish(runtime: MemoryRuntime, topic: Topic, count: int) -> None:
    for number in range(count):
        emit = Emit(topic, "k", Note(text=str(number)), str(number))
        await runtime.commit(Commit(room="fetch", at=AT, emits=[(emit, AT)]))


async def test_taken_records_are_forgotten_and_waiting_ones_are_not() -> None:
    runtime = MemoryRuntime(keep=5)
    await publish(runtime, Topic.ARTICLES, 20)
    waiting = await runtime.receive("dedupe", Topic.ARTICLES, 100)
    assert [d.record.offset for d in waiting] == [str(n) for n in range(20)]
    await runtime.commit(Commit(room="dedupe", at=AT, acks=[d.token for d in waiting]))
    await publish(runtime, Topic.ARTICLES, 1)
    assert [r.offset for r in await runtime.tail(Topic.ARTICLES)] == [str(n) for n in range(16, 21)]
    assert await runtime.lag("dedupe", Topic.ARTICLES) == 1
    (last,) = await runtime.receive("dedupe", Topic.ARTICLES)
    assert last.record.offset == "20"


async def test_nothing_waits_for_rooms_that_do_not_work_here() -> None:
    runtime = MemoryRuntime(keep=5, rooms=["dedupe"])
    await publish(runtime, Topic.INCIDENTS, 50)
    assert len(await runtime.tail(Topic.INCIDENTS)) <= 11
    await publish(runtime, Topic.ARTICLES, 50)
    assert len(await runtime.receive("dedupe", Topic.ARTICLES, 100)) == 50


async def test_without_a_bound_all_is_kept() -> None:
    runtime = MemoryRuntime()
    await publish(runtime, Topic.ALERTS, 50)
    assert len(await runtime.tail(Topic.ALERTS)) == 50


async def test_timers_that_were_moved_or_unset_are_not_found() -> None:
    runtime = MemoryRuntime()
    timers = [Timer("judge", key) for key in "abc"]
    await runtime.commit(Commit(room="judge", at=AT, timers=dict.fromkeys(timers, AT)))
    later = AT + timedelta(hours=1)
    await runtime.commit(Commit(room="judge", at=AT, timers={timers[0]: later, timers[1]: None}))
    assert await runtime.next_due("judge") == AT
    assert await runtime.due("judge", AT) == [Due(timers[2], AT)]
    await runtime.commit(Commit(room="judge", at=AT, fired=[Due(timers[2], AT)]))
    assert await runtime.next_due("judge") == later
    assert await runtime.due("judge", AT) == []


async def test_a_room_is_idle_until_a_record_or_a_timer_is_there_for_it() -> None:
    runtime = MemoryRuntime()
    assert runtime.idle("dedupe", Topic.ARTICLES, AT)
    await publish(runtime, Topic.ARTICLES, 1)
    assert not runtime.idle("dedupe", Topic.ARTICLES, AT)
    (delivery,) = await runtime.receive("dedupe", Topic.ARTICLES)
    await runtime.commit(Commit(room="dedupe", at=AT, acks=[delivery.token], timers={Timer("dedupe", "t"): AT}))
    assert runtime.idle("dedupe", Topic.ARTICLES, AT - timedelta(seconds=1))
    assert not runtime.idle("dedupe", Topic.ARTICLES, AT)


async def test_a_bounded_run_forgets_values_that_were_not_written_for_as_long_as_they_are_kept() -> None:
    table, runtime = Table("t", Note, keep=timedelta(days=8)), MemoryRuntime(keep=0)
    kept, old, new = (Cell(table, name) for name in ("kept", "old", "new"))
    for day, cells in ((0, (kept, old)), (5, (kept,)), (8, (new,))):
        await write(runtime, cells, day)
    assert {cell for cell, found in (await runtime.load((kept, old, new))).items() if found.version} == {kept, old, new}
    await write(runtime, (new,), 9)
    assert {cell for cell, found in (await runtime.load((kept, old, new))).items() if found.version} == {kept, new}


@pytest.mark.parametrize(("keep", "bound"), [(timedelta(days=8), None), (None, 0)])
async def test_values_stay_in_an_unbounded_run_and_in_tables_without_a_term(
    keep: timedelta | None, bound: int | None
) -> None:
    table, runtime = Table("t", Note, keep=keep), MemoryRuntime(keep=bound)
    old, new = Cell(table, "old"), Cell(table, "new")
    await write(runtime, (old,), 0)
    await write(runtime, (new,), 400)
    assert all(found.version for found in (await runtime.load((old, new))).values())


async def write(runtime: MemoryRuntime, cells: Iterable[Cell], day: int) -> None:
    at = AT + timedelta(days=day)
    await runtime.commit(Commit(room="dedupe", at=at, writes={cell: Note(text=str(day)) for cell in cells}))
