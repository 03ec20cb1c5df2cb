"""A seat for one: of all processes that share a state, one at a time does what the seat stands for.

Two members of one name would throw each other out of a Kafka group for ever, and two processes that empty one
outbox would tell a notice twice. So whoever begins takes the seat in the state first, renews it while it works,
and gives it back at the end. A seat that is not renewed, or whose process is dead, is free; nobody compares clocks.
"""

from __future__ import annotations

import os
import platform
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from schemas.base import Model
from streams.runtimes.base import Commit, Unavailable, Verdict, Versioned
from workers.ports import Cell, Table

RENEW: Final = 3.0
"""Seconds between two signs of life."""
LEFT: Final = 12.0
"""Seconds without one after which a seat is free: above any pause of a worker that is well."""
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of commits that tell nobody a time."""

Load = Callable[[Iterable[Cell]], Awaitable[Mapping[Cell, Versioned]]]
Apply = Callable[[Commit], Awaitable[Verdict]]


THIS_PROCESS: Final = uuid.uuid4().hex
"""Tells this process from an earlier one of the same number, as the first of every container is."""


class SeatTaken(Unavailable):
    """Somebody else has the seat; the message says who."""


class Taken(Model):
    """Who has a seat: an id that no other holder has, and which process it is in."""

    holder: str
    host: str
    pid: int
    process: str = ""


SEATS: Final = Table("seat", Taken)


class Seat:
    """One seat, as one who wants it sees it; `told` puts into words that somebody else has it."""

    def __init__(self, room: str, name: str, load: Load, apply: Apply, told: Callable[[Taken], str]) -> None:
        self._room, self._cell, self._load, self._apply, self._told = room, Cell(SEATS, name), load, apply, told
        self._mine = Taken(holder=uuid.uuid4().hex, host=platform.node(), pid=os.getpid(), process=THIS_PROCESS)
        self._seen: tuple[int, float] = (0, 0.0)
        self._renewed = 0.0

    async def take(self) -> None:
        """Sit down; raises SeatTaken while somebody else has the seat."""
        found = await self._found()
        if isinstance(found.value, Taken) and not self._free(found.value, found.version):
            raise SeatTaken(self._told(found.value))
        if await self._write(found.version, self._mine) is not Verdict.COMMITTED:
            raise SeatTaken(f"room {self._room}: somebody else has just taken the seat {self._cell.key}")
        self._renewed = time.monotonic()

    async def renew(self) -> None:
        """Give a sign of life now and then; raises SeatTaken when the seat is somebody else's by now."""
        if time.monotonic() < self._renewed + RENEW:
            return
        found = await self._found()
        holder = found.value if isinstance(found.value, Taken) else self._mine
        if holder.holder != self._mine.holder:
            raise SeatTaken(self._told(holder))
        await self._write(found.version, self._mine)
        self._renewed = time.monotonic()

    async def leave(self) -> None:
        """Give the seat back, if it is ours."""
        found = await self._found()
        if isinstance(found.value, Taken) and found.value.holder == self._mine.holder:
            await self._write(found.version, None)

    async def _found(self) -> Versioned:
        return (await self._load([self._cell]))[self._cell]

    async def _write(self, version: int, value: Taken | None) -> Verdict:
        return await self._apply(Commit(self._room, NEVER, expected={self._cell: version}, writes={self._cell: value}))

    def _free(self, other: Taken, version: int) -> bool:
        if other.holder == self._mine.holder or (other.host == self._mine.host and not _lives(other)):
            return True
        now = time.monotonic()
        if self._seen[0] != version:
            self._seen = (version, now)
        return now - self._seen[1] > LEFT


def _lives(other: Taken) -> bool:
    """Whether a process of this host is still there."""
    if other.pid == os.getpid():
        return other.process == THIS_PROCESS
    try:
        os.kill(other.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
