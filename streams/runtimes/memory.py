"""The memory runtime: plain calls, in order; serves backtests, the filters of the command line and the tests."""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from schemas.topic import Topic
from streams.codec import decode
from streams.runtimes.base import (
    ABSENT,
    BATCH,
    Broken,
    Commit,
    Count,
    Delivery,
    Due,
    Record,
    Runtime,
    Verdict,
    Versioned,
)
from workers.pipeline import PIPELINE
from workers.ports import Cell, Table, Timer


class _Log:
    """The records of one topic by their offset; the oldest may have been forgotten."""

    def __init__(self) -> None:
        self.first = 0
        self.records: list[Record | Broken] = []

    @property
    def end(self) -> int:
        """The offset that the next record gets."""
        return self.first + len(self.records)

    def since(self, offset: int, limit: int | None = None) -> Iterator[Record | Broken]:
        """Records from an offset on."""
        start = max(0, offset - self.first)
        return islice(self.records, start, None if limit is None else start + limit)

    def forget(self, before: int) -> None:
        """Let go of the records before an offset."""
        gone = before - self.first
        if gone > 0:
            del self.records[:gone]
            self.first = before


class _Alarms:
    """The timers of one room, the next one at hand."""

    def __init__(self) -> None:
        self.times: dict[str, datetime] = {}
        self._heap: list[tuple[datetime, str]] = []

    def set(self, key: str, at: datetime | None) -> None:
        """Set, move or unset a timer."""
        if at is None:
            self.times.pop(key, None)
        elif self.times.get(key) != at:
            self.times[key] = at
            heapq.heappush(self._heap, (at, key))

    def next(self) -> datetime | None:
        """The earliest due time; what was moved or unset falls out of the heap here."""
        while self._heap and self.times.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None


class MemoryRuntime(Runtime):
    """All state in this process; models are frozen, so they are kept as they are.

    `keep` bounds a long run: records that every room has taken are forgotten, but for the newest `keep`, and so are
    values that were not written for as long as their table keeps them. `rooms` are those that will ever take any; all
    of the pipeline where none are named.
    """

    name = "memory"
    in_process = True

    def __init__(self, keep: int | None = None, rooms: Iterable[str] | None = None) -> None:
        self._topics: dict[Topic, _Log] = defaultdict(_Log)
        self._acked: dict[tuple[str, Topic], int] = defaultdict(int)
        self._cells: dict[Cell, Versioned] = {}
        self._written: dict[Table, dict[Cell, datetime]] = defaultdict(dict)
        self._alarms: dict[str, _Alarms] = defaultdict(_Alarms)
        self._keep = keep
        self._rooms = frozenset(room.name for room in PIPELINE) if rooms is None else frozenset(rooms)
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
        if wait and start >= self._topics[topic].end:
            await self._wait(wait)
        records = self._topics[topic].since(start, limit)
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
        alarms = self._alarms[room]
        if (first := alarms.next()) is None or first > now:
            return []
        ripe = [Due(Timer(room, key), at) for key, at in alarms.times.items() if at <= now]
        return sorted(ripe, key=lambda due: (due.due, due.timer.key))[:limit]

    async def next_due(self, room: str) -> datetime | None:
        """The earliest due time of a room's timers."""
        return self._alarms[room].next()

    async def load(self, cells: Iterable[Cell]) -> dict[Cell, Versioned]:
        """Present values and versions."""
        return {cell: self._cells.get(cell, ABSENT) for cell in cells}

    def at_hand(self, cell: Cell) -> Versioned:
        """Every cell is."""
        return self._cells.get(cell, ABSENT)

    def idle(self, room: str, topic: Topic, now: datetime) -> bool:
        """Everything is known here."""
        due = self._alarms[room].next()
        return self._acked[room, topic] >= self._topics[topic].end and (due is None or due > now)

    async def commit(self, commit: Commit) -> Verdict:
        """Check, then apply; nothing awaits in between, so it is atomic."""
        positions = [self._position(commit.room, token) for token in commit.acks]
        if None in positions or any(map(self._is_moved, commit.fired)):
            return Verdict.GONE
        if any(self._cells.get(cell, ABSENT).version != v for cell, v in commit.expected.items()):
            return Verdict.CONFLICT
        for topic, count in Counter(position for position in positions if position is not None).items():
            self._acked[commit.room, topic] += count
        self._write(commit)
        self._emit(commit)
        return Verdict.COMMITTED

    def _is_moved(self, due: Due) -> bool:
        return self._alarms[due.timer.room].times.get(due.timer.key) != due.due

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
                if self._keep is not None and cell.table.keep is not None:
                    self._forget(cell, commit.at, cell.table.keep)
        for due in commit.fired:
            self._alarms[due.timer.room].set(due.timer.key, None)
        for timer, at in commit.timers.items():
            self._alarms[timer.room].set(timer.key, at)
        self._counts.update(commit.counts)

    def _forget(self, cell: Cell, now: datetime, keep: timedelta) -> None:
        """Let go of the value of a table that was written longest ago, if that is longer than it is kept.

        One for each that is written: so many are never kept too long, and no write takes long.
        """
        written = self._written[cell.table]
        written.pop(cell, None)
        written[cell] = now
        oldest, at = next(iter(written.items()))
        if at < now - keep:
            del written[oldest]
            self._cells.pop(oldest, None)

    def _emit(self, commit: Commit) -> None:
        for emit, at in commit.emits:
            log = self._topics[emit.topic]
            log.records.append(Record(str(log.end), emit.topic, emit.key, emit.id, at, emit.model))
            if self._keep is not None and len(log.records) > 2 * self._keep:
                log.forget(min(log.end - self._keep, self._needed(emit.topic)))
        if commit.emits:
            self._news.set()
            self._news = asyncio.Event()

    def _needed(self, topic: Topic) -> int:
        """The offset of the oldest record that some room has yet to take."""
        readers = [room.name for room in PIPELINE if room.reads is topic and room.name in self._rooms]
        return min((self._acked[name, topic] for name in readers), default=self._topics[topic].end)

    def append(self, topic: Topic, fields: Mapping[bytes, bytes]) -> None:
        """Take a record as it comes off a wire, readable or not; for tests of what rooms do with it."""
        log = self._topics[topic]
        log.records.append(decode(topic, str(log.end), fields))

    async def tail(self, topic: Topic, after: str | None = None, limit: int = BATCH) -> list[Record]:
        """Records behind an offset."""
        start = 0 if after is None else int(after) + 1
        return list(islice(_readable(self._topics[topic].since(start)), limit))

    async def last(self, topic: Topic, limit: int) -> list[Record]:
        """The newest records."""
        return list(_readable(self._topics[topic].records[-limit:])) if limit else []

    async def lag(self, room: str, topic: Topic) -> int:
        """Records that a room has yet to acknowledge."""
        return self._topics[topic].end - self._acked[room, topic]

    async def counts(self) -> Mapping[Count, int]:
        """The accounting so far."""
        return dict(self._counts)

    async def tidy(self) -> None:
        """Nothing to do: what `keep` allows to go is forgotten with each commit."""


def _readable(records: Iterable[Record | Broken]) -> Iterator[Record]:
    return (record for record in records if isinstance(record, Record))
