"""The driver: one bad record, cell or timer is put aside and nothing else; and a room that is served never ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.article import Article
from schemas.base import Model
from schemas.deadletter import DeadLetter
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes import driver, service
from streams.runtimes.base import (
    Commit,
    Count,
    Damaged,
    Delivery,
    Due,
    Unavailable,
    Unwritable,
    Verdict,
    Versioned,
)
from streams.runtimes.driver import drain
from streams.runtimes.memory import MemoryRuntime
from streams.runtimes.service import serve
from workers.errors import Drop, Quarantine, Retry
from workers.ports import Cell, Emit, Outcome, Table, Timer, View
from workers.stage import Stage

NOON = datetime(2024, 9, 10, 12, 0, tzinfo=UTC)


class Tally(Model):
    number: int


CELL = Cell(Table("unit.tally", Tally), "all")


class Counting(Stage[Article]):
    """Counts articles, passes each on, and does to some what their title says."""

    name, reads, model = "dedupe", Topic.ARTICLES, Article

    def __init__(self) -> None:
        self.does: dict[str, Callable[[], Any]] = {}
        self.asked_ahead: list[str] = []

    def prefetch(self, record: Article) -> Iterable[Cell]:
        self.asked_ahead.append(record.title)
        return (CELL,)

    def decide(self, record: Article, view: View, now: datetime) -> Outcome:
        if record.title in self.does:
            self.does[record.title]()
        tally = view.get(CELL, Tally) or Tally(number=0)
        return Outcome(
            "unique",
            emits=(Emit(Topic.UNIQUE, record.id, record, record.id),),
            writes={CELL: Tally(number=tally.number + 1)},
            timers={Timer(self.name, record.title): now} if record.title.startswith("timer") else {},
        )

    def fire(self, timer: Timer, view: View, now: datetime) -> Outcome:
        if timer.key in self.does:
            self.does[timer.key]()
        tally = view.get(CELL, Tally) or Tally(number=0)
        return Outcome("fired", writes={CELL: Tally(number=tally.number + 100)})


def raises(error: Exception) -> Callable[[], None]:
    def throw() -> None:
        raise error

    return throw


class Fragile(MemoryRuntime):
    """Memory that refuses what a test names: titles that cannot be written, and calls that fail.

    It is asked for cells as a carrier elsewhere is.
    """

    in_process = False

    def __init__(self) -> None:
        super().__init__()
        self.unwritable: set[str] = set()
        self.damaged: set[Cell] = set()
        self.failures: list[BaseException] = []
        self.lost_answers = 0
        self.tidied = 0

    async def receive(self, room: str, topic: Topic, limit: int = 100, wait: float = 0.0) -> list[Delivery]:
        if self.failures:
            raise self.failures.pop()
        return await super().receive(room, topic, limit, wait)

    async def load(self, cells: Iterable[Cell]) -> dict[Cell, Versioned]:
        found = await super().load(cells)
        bad = {
            cell: Versioned(Damaged(cell="x", why="half"), found[cell].version)
            for cell in found
            if cell in self.damaged
        }
        return {**found, **bad}

    def at_hand(self, cell: Cell) -> None:
        return None

    async def commit(self, commit: Commit) -> Verdict:
        models = [emit.model for emit, _ in commit.emits]
        if any(isinstance(model, Article) and model.title in self.unwritable for model in models):
            raise Unwritable("half a character")
        verdict = await super().commit(commit)
        if self.lost_answers:
            self.lost_answers -= 1
            raise Unavailable("the line broke behind the commit")
        return verdict

    async def tidy(self) -> None:
        self.tidied += 1
        raise Unavailable("nobody is there")


@pytest.fixture
def runtime() -> Fragile:
    return Fragile()


@pytest.fixture
def stage() -> Counting:
    return Counting()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


async def publish(runtime: MemoryRuntime, *titles: str) -> None:
    articles = [Article(id=f"a{n}", revision="r", title=title, fetched=NOON) for n, title in enumerate(titles)]
    emits = [(Emit(Topic.ARTICLES, a.id, a, a.id), NOON) for a in articles]
    await runtime.commit(Commit("fetch", NOON, emits=emits))


async def total(runtime: MemoryRuntime) -> int:
    value = (await MemoryRuntime.load(runtime, [CELL]))[CELL].value
    return value.number if isinstance(value, Tally) else 0


async def test_cells_are_asked_for_ahead_only_where_that_saves_a_round_trip(clock: ManualClock) -> None:
    for runtime, ahead in ((Fragile(), ["one", "two"]), (MemoryRuntime(), [])):
        stage = Counting()
        await publish(runtime, "one", "two")
        await drain(runtime, [stage], clock)
        assert (stage.asked_ahead, await total(runtime)) == (ahead, 2)


async def letters(runtime: MemoryRuntime) -> list[DeadLetter]:
    return [r.model for r in await runtime.tail(Topic.DEAD_LETTERS) if isinstance(r.model, DeadLetter)]


def balance(counts: Mapping[Count, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for count, number in counts.items():
        found[count.kind] = found.get(count.kind, 0) + number
    assert found["in"] == sum(found.get(kind, 0) for kind in ("out", "dropped", "quarantined"))
    return found


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (Drop("empty"), "dropped", "empty"),
        (Quarantine("invalid", "why"), "quarantined", "invalid"),
        (ZeroDivisionError("oops"), "quarantined", "defect"),
        (RecursionError(), "quarantined", "defect"),
    ],
    ids=repr,
)
async def test_one_bad_record_costs_only_itself(
    runtime: Fragile, stage: Counting, clock: ManualClock, error: Exception, kind: str, reason: str
) -> None:
    stage.does["bad"] = raises(error)
    await publish(runtime, "a", "bad", "c")
    assert await drain(runtime, [stage], clock) == 3
    assert await total(runtime) == 2
    assert (await runtime.counts())[Count("dedupe", kind, reason)] == 1
    assert [letter.reason for letter in await letters(runtime)] == ([reason] if kind == "quarantined" else [])
    balance(await runtime.counts())


async def test_a_record_that_leads_to_the_unwritable_costs_only_itself(
    runtime: Fragile, stage: Counting, clock: ManualClock
) -> None:
    await publish(runtime, "a", "bad", "c")
    runtime.unwritable = {"bad"}
    assert await drain(runtime, [stage], clock) == 3
    assert await total(runtime) == 2
    (letter,) = await letters(runtime)
    assert (letter.key, letter.reason, letter.detail) == ("a1", "defect", "half a character")
    assert balance(await runtime.counts())["out"] == 2


async def test_a_dead_letter_of_half_a_character_is_written_all_the_same(
    runtime: Fragile, stage: Counting, clock: ManualClock
) -> None:
    stage.does["\ud800"] = raises(Quarantine("invalid"))
    await publish(runtime, "\ud800")
    await drain(runtime, [stage], clock)
    (letter,) = await letters(runtime)
    assert "\\ud800" in letter.body


async def test_a_damaged_cell_puts_its_records_aside_and_not_the_room(
    runtime: Fragile, stage: Counting, clock: ManualClock
) -> None:
    runtime.damaged = {CELL}
    await publish(runtime, "a")
    await drain(runtime, [stage], clock)
    (letter,) = await letters(runtime)
    assert (letter.reason, letter.detail) == ("state-damaged", "unit.tally/all: half")
    runtime.damaged.clear()
    await publish(runtime, "b")
    await drain(runtime, [stage], clock)
    assert balance(await runtime.counts()) == {"in": 2, "quarantined": 1, "out": 1, "emitted": 2}


async def test_a_damaged_cell_of_a_forgettable_table_is_absent_counted_and_overwritten(
    runtime: Fragile,
    stage: Counting,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    cell = Cell(Table("unit.memory", Tally, forgettable=True), "all")
    monkeypatch.setitem(globals(), "CELL", cell)
    await publish(runtime, "a")
    await drain(runtime, [stage], clock)
    runtime.damaged = {cell}
    await publish(runtime, "b", "c")
    await drain(runtime, [stage], clock)
    assert await letters(runtime) == []
    assert await total(runtime) == 2  # the damaged one is not counted on, its successors are
    counts = await runtime.counts()
    assert counts[Count("dedupe", "forgotten", "state-damaged")] == 1
    assert balance(counts) == {"in": 3, "out": 3, "emitted": 3, "forgotten": 1}
    assert "forgets x, which cannot be read: half" in caplog.text


@pytest.mark.parametrize("error", [ValueError("oops"), Quarantine("invalid")], ids=repr)
async def test_a_timer_that_cannot_fire_is_put_aside(
    runtime: Fragile, stage: Counting, clock: ManualClock, error: Exception
) -> None:
    await publish(runtime, "timer-bad", "timer-good")
    await driver.step(runtime, stage, clock)
    stage.does["timer-bad"] = raises(error)
    await drain(runtime, [stage], clock)
    assert await total(runtime) == 102
    assert [letter.key for letter in await letters(runtime)] == ["timer-bad"]
    assert await runtime.next_due("dedupe") is None
    balance(await runtime.counts())


async def test_an_answer_that_is_lost_is_not_done_twice(runtime: Fragile, stage: Counting, clock: ManualClock) -> None:
    await publish(runtime, "a", "b")
    runtime.lost_answers = 1
    with pytest.raises(Unavailable):
        await drain(runtime, [stage], clock)
    await drain(runtime, [stage], clock)
    assert await total(runtime) == 2


async def until(runtime: MemoryRuntime, number: int) -> None:
    async with asyncio.timeout(60):
        while await total(runtime) != number:
            await asyncio.sleep(0)


async def test_served_rooms_outlive_everything(
    runtime: Fragile, stage: Counting, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FIRST_PAUSE", 0.0001)
    monkeypatch.setattr(service, "LONGEST_PAUSE", 0.001)
    runtime.failures = [Unavailable("away"), Retry("later"), RuntimeError("a defect of the carrier"), OSError()]
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(runtime, [stage], clock, stop))
    await publish(runtime, "a", "b")
    await until(runtime, 2)
    runtime.lost_answers = 1
    with pytest.raises(Unavailable):
        await publish(runtime, "timer-x")
    await until(runtime, 103)
    stop.set()
    async with asyncio.timeout(60):
        await serving
    assert runtime.tidied
    balance(await runtime.counts())


async def test_a_served_room_wakes_for_its_timer(runtime: Fragile, stage: Counting, clock: ManualClock) -> None:
    await runtime.commit(Commit("dedupe", NOON, timers={Timer("dedupe", "t"): NOON + timedelta(hours=1)}))
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(runtime, [stage], clock, stop))
    await asyncio.sleep(0)
    assert await total(runtime) == 0
    clock.advance(NOON + timedelta(hours=1))
    await publish(runtime, "a")
    await until(runtime, 101)
    assert await runtime.due("dedupe", clock.now()) == []
    stop.set()
    await serving


async def test_a_library_that_cancels_our_request_does_not_end_a_room(
    runtime: Fragile, stage: Counting, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FIRST_PAUSE", 0.0001)
    runtime.failures = [asyncio.CancelledError()]
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(runtime, [stage], clock, stop))
    await publish(runtime, "a")
    await until(runtime, 1)
    stop.set()
    await serving


async def test_a_carrier_that_hangs_does_not_keep_a_worker_alive(
    runtime: Fragile, stage: Counting, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    asked = asyncio.Event()

    async def hang(*_: object) -> list[Delivery]:
        asked.set()
        await asyncio.Event().wait()
        return []

    runtime.receive = hang  # type: ignore[method-assign,assignment]
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(runtime, [stage], clock, stop, grace=0.0))
    await asked.wait()
    stop.set()
    async with asyncio.timeout(60):
        await serving
    assert "room dedupe is not done" in caplog.text


def meanwhile(runtime: Fragile, commit: Commit) -> None:
    """Let another consumer's commit go through between the next decision and its commit."""
    real, others = runtime.commit, [commit]

    async def somebody_was_faster(ours: Commit) -> Verdict:
        while others:
            assert await real(others.pop()) is Verdict.COMMITTED
        return await real(ours)

    runtime.commit = somebody_was_faster  # type: ignore[method-assign]


async def test_a_batch_of_another_consumer_is_let_go(runtime: Fragile, stage: Counting, clock: ManualClock) -> None:
    await publish(runtime, "a")
    (delivery,) = await runtime.receive("dedupe", Topic.ARTICLES)
    meanwhile(runtime, Commit("dedupe", NOON, acks=[delivery.token]))
    assert await drain(runtime, [stage], clock) == 0
    assert await total(runtime) == 0


async def test_a_conflict_is_decided_again(runtime: Fragile, stage: Counting, clock: ManualClock) -> None:
    await publish(runtime, "a")
    meanwhile(runtime, Commit("judge", NOON, writes={CELL: Tally(number=10)}))
    assert await drain(runtime, [stage], clock) == 1
    assert await total(runtime) == 11


async def test_a_due_timer_that_was_moved_is_let_go(runtime: Fragile, stage: Counting, clock: ManualClock) -> None:
    timer, later = Timer("dedupe", "t"), NOON + timedelta(hours=1)
    await runtime.commit(Commit("dedupe", NOON, timers={timer: NOON}))
    meanwhile(runtime, Commit("dedupe", NOON, timers={timer: later}))
    assert await drain(runtime, [stage], clock) == 0
    assert await runtime.due("dedupe", later) == [Due(timer, later)]
    assert await total(runtime) == 0
