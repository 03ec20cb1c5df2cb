"""Drives a room on any runtime: receive, load, decide, commit; and again when somebody was faster."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from schemas.base import Model
from schemas.deadletter import DeadLetter
from schemas.topic import Topic
from streams.clock import Clock
from streams.runtimes.base import (
    ABSENT,
    BATCH,
    Broken,
    Commit,
    Count,
    Damaged,
    Delivery,
    Due,
    Record,
    Runtime,
    Unwritable,
    Verdict,
    Versioned,
)
from workers.errors import Drop, Quarantine
from workers.ports import Cell, Emit, NotLoaded, Outcome, View
from workers.reasons import Reason
from workers.stage import Stage

log = logging.getLogger("nightwire.driver")

T = TypeVar("T")

MAX_LOADS = 50
"""Loads that one record may ask for one after another; a room that needs more has lost its way."""

DEFECTS = (ArithmeticError, LookupError, AttributeError, TypeError, ValueError, RecursionError, AssertionError)
"""What a room must not raise; the record is kept as a dead letter and the room goes on."""


class Session:
    """The decisions of one batch: state as loaded, what was written on top, and the effects so far."""

    def __init__(self, runtime: Runtime, stage: Stage[Any], commit: Commit) -> None:
        self._runtime = runtime
        self._stage = stage
        self._held: dict[Cell, Versioned] = {}
        self._loaded: dict[Cell, Model | None] = {}
        self._versions: dict[Cell, int] = {}
        self._damaged: dict[Cell, str] = {}
        self.commit = commit
        self._counts: Counter[Count] = Counter()

    async def prepare(self, cells: Iterable[Cell]) -> None:
        """Load cells that are not loaded yet, in one round trip."""
        missing = [cell for cell in dict.fromkeys(cells) if cell not in self._versions]
        if missing:
            for cell, found in (await self._runtime.load(missing)).items():
                self._versions[cell] = found.version
                if found is ABSENT:
                    self._loaded[cell] = None
                else:
                    self._held[cell] = found

    async def decide(self, call: Callable[[View], T]) -> T:
        """Call a room until all it asks for is loaded."""
        for _ in range(MAX_LOADS):
            view = View(self._loaded, self.commit.writes, self._supplied)
            try:
                return call(view)
            except NotLoaded as missing:
                await self._supply(missing.cells)
            finally:
                for cell in view.read:
                    if cell in self._versions:
                        self.commit.expected[cell] = self._versions[cell]
        raise Quarantine(Reason.DEFECT, f"asked for more than {MAX_LOADS} cells one after another")

    def _supplied(self, cell: Cell) -> bool:
        """Read a cell that is held, or needs no waiting for."""
        found = self._held.pop(cell, None)
        if found is None and cell not in self._versions:
            found = self._runtime.at_hand(cell)
        if found is None:
            return False
        self._versions[cell], value = found.version, found.value
        if isinstance(value, Damaged):
            if not cell.table.forgettable:
                self._damaged[cell] = value.why
                return False
            self._forget(value)
            value = None
        self._loaded[cell] = value
        return True

    def _forget(self, damaged: Damaged) -> None:
        """A value that may be forgotten counts as absent, and the next write takes its place."""
        log.warning("room %s: forgets %s, which cannot be read: %s", self._stage.name, damaged.cell, damaged.why)
        self.count("forgotten", Reason.STATE_DAMAGED)

    async def _supply(self, cells: Iterable[Cell]) -> None:
        await self.prepare(cells)
        for cell in cells:
            if cell in self._damaged:
                raise Quarantine(Reason.STATE_DAMAGED, f"{cell.table.name}/{cell.key}: {self._damaged[cell]}")

    async def apply(self, outcome: Outcome, at: datetime) -> None:
        """Add an outcome's effects to the commit; a cell that is written unread is expected as it stands."""
        await self.prepare(outcome.writes)
        for cell in outcome.writes:
            self.commit.expected.setdefault(cell, self._versions[cell])
        self.commit.writes.update(outcome.writes)
        self.commit.timers.update(outcome.timers)
        for emit in outcome.emits:
            self.commit.emits.append((emit, at))
            self._counts[Count(self._stage.name, "emitted", emit.topic.value)] += 1

    def count(self, kind: str, reason: str = "") -> None:
        """Count one record."""
        self._counts[Count(self._stage.name, kind, reason)] += 1

    def finish(self) -> Commit:
        """The commit with its counts."""
        self.commit.counts = dict(self._counts)
        return self.commit


async def step(runtime: Runtime, stage: Stage[Any], clock: Clock, wait: float = 0.0, limit: int = BATCH) -> int:
    """Take one batch of a room through decide and commit; returns how many records left the queue."""
    deliveries = await runtime.receive(stage.name, stage.reads, limit, wait)
    if not deliveries:
        return 0
    return await _settle(runtime, stage, clock, deliveries)


async def _settle(runtime: Runtime, stage: Stage[Any], clock: Clock, deliveries: list[Delivery]) -> int:
    while True:
        try:
            verdict = await runtime.commit(await _decide_all(runtime, stage, clock, deliveries))
        except Unwritable as bad:
            return await _settle_apart(runtime, stage, clock, deliveries, bad)
        if verdict is Verdict.COMMITTED:
            return len(deliveries)
        if verdict is Verdict.GONE:
            log.info("room %s: a batch of %d was taken over by another consumer", stage.name, len(deliveries))
            return 0


async def _settle_apart(
    runtime: Runtime, stage: Stage[Any], clock: Clock, deliveries: list[Delivery], bad: Unwritable
) -> int:
    """One of these leads to what cannot be written: each alone, so that only that one is put aside."""
    if len(deliveries) > 1:
        return sum([await _settle(runtime, stage, clock, [delivery]) for delivery in deliveries])
    token, record = deliveries[0]
    session = Session(runtime, stage, Commit(room=stage.name, at=clock.now(), acks=[token]))
    session.count("in")
    await _quarantine(session, stage, record, Quarantine(Reason.DEFECT, str(bad)[:500]), clock.now())
    return int(await runtime.commit(session.finish()) is Verdict.COMMITTED)


async def _decide_all(runtime: Runtime, stage: Stage[Any], clock: Clock, deliveries: list[Delivery]) -> Commit:
    session = Session(runtime, stage, Commit(room=stage.name, at=clock.now()))
    if not runtime.in_process:
        await session.prepare(_asked_for(stage, deliveries))
    for token, record in deliveries:
        session.commit.acks.append(token)
        session.count("in")
        if isinstance(record, Broken):
            await _quarantine(session, stage, record, Quarantine(Reason.UNREADABLE, record.why), clock.now())
        else:
            clock.observe(record.time)
            await _decide_one(session, stage, record, clock.now())
    return session.finish()


def _asked_for(stage: Stage[Any], deliveries: Iterable[Delivery]) -> Iterator[Cell]:
    """The cells that a room will surely ask for to decide about a batch."""
    for _, record in deliveries:
        if isinstance(record, Record) and isinstance(record.model, stage.model):
            yield from stage.prefetch(record.model)


async def _decide_one(session: Session, stage: Stage[Any], record: Record, now: datetime) -> None:
    try:
        if not isinstance(record.model, stage.model):
            raise Quarantine(Reason.INVALID, f"room {stage.name} does not read {type(record.model).__name__}")
        outcome = await session.decide(lambda view: stage.decide(record.model, view, now))
    except Drop as drop:
        session.count("dropped", drop.reason)
    except Quarantine as bad:
        await _quarantine(session, stage, record, bad, now)
    except DEFECTS as defect:
        log.exception("room %s: a defect on record %s; the record is kept as a dead letter", stage.name, record.id)
        await _quarantine(session, stage, record, Quarantine(Reason.DEFECT, repr(defect)[:500]), now)
    else:
        await session.apply(outcome, now)
        session.count("out" if outcome.passed else "dropped", outcome.reason)


async def _quarantine(
    session: Session, stage: Stage[Any], record: Record | Broken, bad: Quarantine, now: datetime
) -> None:
    letter = DeadLetter.of(
        room=stage.name,
        topic=record.topic,
        key=record.key,
        offset=record.offset,
        body=record.raw if isinstance(record, Broken) else _document(record.model),
        reason=bad.reason,
        detail=bad.detail,
        at=now,
    )
    emit = Emit(Topic.DEAD_LETTERS, record.key, letter, letter.id)
    await session.apply(Outcome(bad.reason, emits=(emit,)), now)
    session.count("quarantined", bad.reason)


def _document(model: Model) -> bytes:
    try:
        return model.model_dump_json().encode()
    except ValueError:  # half a character, which JSON in UTF-8 cannot hold
        return repr(model).encode("utf-8", "backslashreplace")


async def fire(runtime: Runtime, stage: Stage[Any], clock: Clock, limit: int = BATCH) -> int:
    """Fire the timers of a room that are due, each in a commit of its own; returns how many fired."""
    fired = 0
    for due in await runtime.due(stage.name, clock.now(), limit):
        fired += await _fire_one(runtime, stage, clock, due)
    return fired


async def _fire_one(runtime: Runtime, stage: Stage[Any], clock: Clock, due: Due) -> int:
    failure: Quarantine | None = None
    while True:
        session = Session(runtime, stage, Commit(room=stage.name, at=clock.now(), fired=[due]))
        try:
            await (_give_up(session, stage, due, failure) if failure else _fire_in(session, stage, due))
            verdict = await runtime.commit(session.finish())
        except Unwritable as bad:
            if failure is not None:
                raise
            failure = Quarantine(Reason.DEFECT, str(bad)[:500])
        else:
            if verdict is not Verdict.CONFLICT:
                return int(verdict is Verdict.COMMITTED)


async def _fire_in(session: Session, stage: Stage[Any], due: Due) -> None:
    now = session.commit.at
    try:
        outcome = await session.decide(lambda view: stage.fire(due.timer, view, now))
    except Drop:
        return
    except Quarantine as bad:
        await _give_up(session, stage, due, bad)
    except DEFECTS as defect:
        log.exception("room %s: a defect on timer %s; it is kept as a dead letter", stage.name, due.timer.key)
        await _give_up(session, stage, due, Quarantine(Reason.DEFECT, repr(defect)[:500]))
    else:
        await session.apply(outcome, now)


async def _give_up(session: Session, stage: Stage[Any], due: Due, bad: Quarantine) -> None:
    """A timer that cannot fire is unset, and told of as a record that came in and was put aside."""
    session.count("in")
    what = Broken(f"timer@{due.due.isoformat()}", stage.reads, due.timer.key, repr(due).encode(), bad.reason)
    await _quarantine(session, stage, what, bad, session.commit.at)


async def drain(runtime: Runtime, stages: Iterable[Stage[Any]], clock: Clock) -> int:
    """Run all rooms until none has anything left to do now; returns how many records and timers moved."""
    rooms, moved = list(stages), 0
    while True:
        round_moved = 0
        for stage in rooms:
            if runtime.idle(stage.name, stage.reads, clock.now()):
                continue
            while count := await step(runtime, stage, clock):
                round_moved += count
            while count := await fire(runtime, stage, clock):
                round_moved += count
        if not round_moved:
            return moved
        moved += round_moved
