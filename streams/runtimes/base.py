"""The contract of a runtime: receive a batch, load state, commit all effects in one atomic step.

Every carrier passes `tests/contract`. The promise that everything else rests on: a commit applies
the acknowledgement of its inputs, its writes, its timers, its records and its counts together or
not at all, and only while every input is still this consumer's and every cell it was decided on is
unchanged.

A commit whose answer is lost (the connection broke) is in doubt: it was applied, it was not, or it
will be in a moment. The runtime raises Unavailable and never sends it again by itself; nobody has
to know which it was. Whoever decided it starts over from the carrier's state: `receive` gives the
inputs again only if they were not acknowledged, `due` the timers only if they were not unset, `load`
the cells as they are now. A late or repeated commit finds its inputs acknowledged (GONE), its
timers unset (GONE) or its cells at another version (CONFLICT), so it is applied once at most, and
because the unapplied one is decided again, once at least. This holds for every commit that has an
acknowledgement, a fired timer, or a cell that it both expects and writes: a producer without inputs
(the poller) must therefore write the cell that remembers what it has published, in the same commit.
A commit of records and counts alone has no such guard and may come twice.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final, NamedTuple

from schemas.base import Model
from schemas.topic import Topic
from workers.ports import Cell, Emit, Timer

BATCH = 100
"""Records in one commit at the most: the knee of the measured throughput, and a bounded stall of the server."""

PAGE = 1000
"""Records that are looked through, or cells that are loaded, at once."""

SUSPECT: Final = 3
"""Workers that ended with records in hand, from which on these go out one at a time: the next end names one."""
POISON: Final = 10
"""Workers that ended with a record in hand, from which on it is put aside, because it is what ends them."""


class Record(NamedTuple):
    """One record on a topic: its place there, its key, its id, its time (of the clock at its commit), its model."""

    offset: str
    topic: Topic
    key: str
    id: str
    time: datetime
    model: Model


class Broken(NamedTuple):
    """A record that could not be decoded: the raw bytes and why."""

    offset: str
    topic: Topic
    key: str
    raw: bytes
    why: str


class Delivery(NamedTuple):
    """An input in the hands of one consumer; `token` is what the carrier needs to acknowledge it."""

    token: str
    record: Record | Broken


class Due(NamedTuple):
    """A timer whose time has come."""

    timer: Timer
    due: datetime


class Versioned:
    """The value of a cell and its version; version 0 is a cell that does not exist.

    A value that comes off a wire is read when it is asked for: rooms have more at hand than they look at.
    """

    __slots__ = ("_read", "_value", "version")

    def __init__(self, value: Model | None, version: int, read: Callable[[], Model] | None = None) -> None:
        self.version = version
        self._value, self._read = value, read

    @property
    def value(self) -> Model | None:
        """The value, or None; Damaged for one that cannot be read."""
        if self._read is not None:
            self._value, self._read = self._read(), None
        return self._value

    def __iter__(self) -> Iterator[Any]:
        return iter((self.value, self.version))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Versioned) and (self.version, self.value) == (other.version, other.value)

    def __hash__(self) -> int:
        return hash(self.version)

    def __repr__(self) -> str:
        return f"Versioned({self.value!r}, {self.version})"


ABSENT: Final = Versioned(None, 0)
"""A cell that does not exist."""


class Damaged(Model):
    """Stands for the value of a cell that cannot be read.

    A record whose room asks for it is put aside, unless its table is forgettable: then there is no value.
    """

    cell: str
    why: str


class Count(NamedTuple):
    """One line of the accounting: kind is `in`, `out`, `dropped`, `quarantined` or `emitted`, all of records.

    And `forgotten`: values of state that could not be read and that the room could do without.
    """

    room: str
    kind: str
    reason: str


@dataclass(slots=True)
class Commit:
    """All effects of one batch.

    `expected` holds the version of every cell that the decision rests on; `writes` a subset of new
    values (None deletes). `fired` timers are unset by the commit and must still be due at that time.
    """

    room: str
    at: datetime
    acks: list[str] = field(default_factory=list)
    fired: list[Due] = field(default_factory=list)
    expected: dict[Cell, int] = field(default_factory=dict)
    writes: dict[Cell, Model | None] = field(default_factory=dict)
    timers: dict[Timer, datetime | None] = field(default_factory=dict)
    emits: list[tuple[Emit, datetime]] = field(default_factory=list)
    counts: dict[Count, int] = field(default_factory=dict)


class Verdict(Enum):
    """How a commit ended; only COMMITTED left any trace."""

    COMMITTED = "committed"
    CONFLICT = "conflict"
    """A cell was changed by another consumer: load again, decide again."""
    GONE = "gone"
    """An input was taken over or acknowledged by another consumer, or a timer was moved: let go of the batch."""


class Unavailable(Exception):
    """The carrier cannot be reached now; nothing was decided, the caller waits and tries again."""


class Unwritable(Exception):
    """A commit holds a value that has no form on the wire, for example half a character; nothing was applied."""


class TooOld(Exception):
    """The records behind a position are no longer kept, or are too many; the message says which."""


def blamed(ends: int) -> str:
    """Why a record is put aside that was in hand whenever a worker ended."""
    return f"{ends} workers ended with this record in hand"


def place(offset: str | None) -> tuple[int, ...]:
    """An offset as numbers that sort by age: `12`, or `1700000000000-3` of a stream; None is before all others."""
    return tuple(int(number) for number in re.findall(r"\d+", offset or ""))


class Runtime(ABC):
    """One carrier of the pipeline, with its state."""

    name: str
    in_process: bool = False
    """Whether every cell is at hand, so that loading some ahead saves nothing."""

    @abstractmethod
    async def open(self) -> None:
        """Connect, and create what is missing; raises Unavailable or RuntimeRefused with a remedy."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of everything; what was committed stays."""

    @abstractmethod
    async def receive(self, room: str, topic: Topic, limit: int = BATCH, wait: float = 0.0) -> list[Delivery]:
        """Up to `limit` inputs of a room, oldest first; waits at most `wait` seconds for the first.

        What this consumer has not acknowledged comes first, and may come without what is new behind it;
        what a crashed consumer of the room left unacknowledged comes again after a while.
        """

    @abstractmethod
    async def due(self, room: str, now: datetime, limit: int = BATCH) -> list[Due]:
        """Timers of a room that are due at `now`, earliest first."""

    @abstractmethod
    async def next_due(self, room: str) -> datetime | None:
        """The earliest due time of a room's timers, or None."""

    @abstractmethod
    async def load(self, cells: Iterable[Cell]) -> dict[Cell, Versioned]:
        """The present values of cells with their versions; one that cannot be read comes as Damaged."""

    def at_hand(self, cell: Cell) -> Versioned | None:
        """The present value of a cell that needs no waiting for; None where the carrier has to be asked."""
        return None

    def idle(self, room: str, topic: Topic, now: datetime) -> bool:
        """Whether a room surely has nothing to take and no timer to fire; False where the carrier has to be asked."""
        return False

    @abstractmethod
    async def commit(self, commit: Commit) -> Verdict:
        """Apply all of a commit or nothing.

        Raises Unavailable when it is not known which of both (see above), Unwritable when nothing was applied.
        """

    @abstractmethod
    async def tail(self, topic: Topic, after: str | None = None, limit: int = BATCH) -> list[Record]:
        """Records of a topic behind an offset (None: from the oldest kept), without consuming them."""

    async def between(self, topic: Topic, after: str | None, until: str | None, limit: int) -> list[Record]:
        """All records behind one offset up to another, oldest first; raises TooOld when they are not all there.

        More than `limit` are too many. On carriers whose offsets sort by age this is enough.
        """
        if place(after) > place(until):
            raise TooOld("the stream was started anew")
        oldest = await self.tail(topic, None, 1)
        if after is not None and (not oldest or place(after) < place(oldest[0].offset)):
            raise TooOld("older records are no longer kept")
        found: list[Record] = []
        while place(after) < place(until):
            page = [record for record in await self.tail(topic, after) if place(record.offset) <= place(until)]
            if not page:
                break
            found += page
            after = page[-1].offset
            if len(found) > limit:
                raise TooOld(f"more than {limit} records were missed")
        return found

    async def mentioning(self, topic: Topic, *texts: str) -> AsyncIterator[Record]:
        """Every record of a topic whose JSON holds one of the texts, oldest first, and maybe others.

        A carrier that can look at a document before it reads it leaves out those that hold none of them.
        """
        after: str | None = None
        while records := await self.tail(topic, after, PAGE):
            after = records[-1].offset
            for record in records:
                yield record

    @abstractmethod
    async def last(self, topic: Topic, limit: int) -> list[Record]:
        """The newest `limit` records of a topic, oldest first."""

    @abstractmethod
    async def lag(self, room: str, topic: Topic) -> int:
        """How many records a room has yet to acknowledge."""

    @abstractmethod
    async def counts(self) -> Mapping[Count, int]:
        """The record accounting since the state was created."""

    @abstractmethod
    async def tidy(self) -> None:
        """Let go of what is kept too long; whoever serves the rooms calls it now and then."""


class RuntimeRefused(Exception):
    """The carrier cannot be used as configured; the message says what to do."""
