"""The memory runtime: plain calls, in order; serves backtests, the filters of the command line and the tests."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice

from schemas.topic import Topic
from streams.codec import decode
from streams.runtimes.base import BATCH, Broken, Commit, Count, Delivery, Due, Record, Runtime, Verdict, Versioned
from workers.ports import Cell, Timer


class MemoryRuntime(Runtime):
    """All state in this process; models are frozen, so they are kept as they are."""

    name = "memory"

    def __init__(self) -> None:
        self._topics: dict[Topic, list[Record | Broken]] = defaultdict(list)
        self._acked: dict[tuple[str, Topic], int] = defaultdict(int)
        self._cells: dict[Cell, Versioned] = {}
        self._timers: dict[Timer, datetime] = {}
        self._counts: Counter[Count] = Counter()
        self._news = asyncio.Event()
        self._version = 0  # one sequence for all cells: a cell that was deleted never gets an old version back

    async def open(self) -> None:
        """Nothing to connect to."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def receive(self, room: str, topic: Topic, limit: int = BATCH, wait: float = 0.0) -> list[Delivery]:
        """The next unacknowledged records of a room."""
        start = self._acked[room, topic]
        if wait and start >= len(self._topics[topic]):
            await self._wait(wait)
        records = self._topics[topic][start : start + limit]
        return [Delivery(f"{topic.value}@{record.offset}", record) for record in records]

    async def _wait(self, seconds: float) -> None:
        news = self._news
        try:
            async with asyncio.timeout(seconds):
                await news.wait()
        except TimeoutError:
            pass

    async def due(self, room: str, now: datetime, limit: int = BATCH) -> list[Due]:
        """Timers of a room that are due."""
        ripe = [Due(timer, at) for timer, at in self._timers.items() if timer.room == room and at <= now]
        return sorted(ripe, key=lambda due: (due.due, due.timer.key))[:limit]

    async def next_due(self, room: str) -> datetime | None:
        """The earliest due time of a room's timers."""
        return min((at for timer, at in self._timers.items() if timer.room == room), default=None)

    async def load(self, cells: Iterable[Cell]) -> dict[Cell, Versioned]:
        """Present values and versions."""
        return {cell: self._cells.get(cell, Versioned(None, 0)) for cell in cells}

    async def commit(self, commit: Commit) -> Verdict:
        """Check, then apply; nothing awaits in between, so it is atomic."""
        positions = [self._position(commit.room, token) for token in commit.acks]
        if None in positions or any(self._timers.get(due.timer) != due.due for due in commit.fired):
            return Verdict.GONE
        if any(self._cells.get(cell, Versioned(None, 0)).version != v for cell, v in commit.expected.items()):
            return Verdict.CONFLICT
        for topic, count in Counter(position for position in positions if position is not None).items():
            self._acked[commit.room, topic] += count
        self._write(commit)
        self._emit(commit)
        return Verdict.COMMITTED

    def _position(self, room: str, token: str) -> Topic | None:
        name, _, offset = token.rpartition("@")
        topic = Topic(name)
        return topic if int(offset) >= self._acked[room, topic] else None

    def _write(self, commit: Commit) -> None:
        for cell, value in commit.writes.items():
            if value is None:
                self._cells.pop(cell, None)
            else:
                self._version += 1
                self._cells[cell] = Versioned(value, self._version)
        for due in commit.fired:
            del self._timers[due.timer]
        for timer, at in commit.timers.items():
            if at is None:
                self._timers.pop(timer, None)
            else:
                self._timers[timer] = at
        self._counts.update(commit.counts)

    def _emit(self, commit: Commit) -> None:
        for emit, at in commit.emits:
            log = self._topics[emit.topic]
            log.append(Record(str(len(log)), emit.topic, emit.key, emit.id, at, emit.model))
        if commit.emits:
            self._news.set()
            self._news = asyncio.Event()

    def append(self, topic: Topic, fields: Mapping[bytes, bytes]) -> None:
        """Take a record as it comes off a wire, readable or not; for tests of what rooms do with it."""
        log = self._topics[topic]
        log.append(decode(topic, str(len(log)), fields))

    async def tail(self, topic: Topic, after: str | None = None, limit: int = BATCH) -> list[Record]:
        """Records behind an offset."""
        start = 0 if after is None else int(after) + 1
        return list(islice(_readable(islice(self._topics[topic], start, None)), limit))

    async def last(self, topic: Topic, limit: int) -> list[Record]:
        """The newest records."""
        return list(_readable(self._topics[topic][-limit:])) if limit else []

    async def lag(self, room: str, topic: Topic) -> int:
        """Records that a room has yet to acknowledge."""
        return len(self._topics[topic]) - self._acked[room, topic]

    async def counts(self) -> Mapping[Count, int]:
        """The accounting so far."""
        return dict(self._counts)

    async def tidy(self) -> None:
        """All is kept as long as the process lives."""


def _readable(records: Iterable[Record | Broken]) -> Iterator[Record]:
    return (record for record in records if isinstance(record, Record))
