"""The one clock of the program: the wall's, or a simulated one that a replay moves."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits for a time; everything that asks for the time takes one of these."""

    def now(self) -> datetime:
        """The present, aware and in UTC."""
        ...

    async def sleep_until(self, when: datetime) -> None:
        """Return once `now()` has reached `when`."""
        ...

    def observe(self, moment: datetime) -> None:
        """Take notice that `moment` has been: a simulated clock never stands before a record it carries."""
        ...


class WallClock:
    """The machine's clock; sleeps in short naps so that a suspended machine wakes up at the right time."""

    NAP = 30.0

    def now(self) -> datetime:
        """The present in UTC."""
        return datetime.now(UTC)

    async def sleep_until(self, when: datetime) -> None:
        """Sleep until the wall clock shows `when`."""
        while (left := (when - self.now()).total_seconds()) > 0:
            await asyncio.sleep(min(left, self.NAP))

    def observe(self, moment: datetime) -> None:
        """The wall clock follows nobody."""


class SimulatedClock(Clock, Protocol):
    """A clock that a replay moves along the corpus."""

    async def reach(self, when: datetime) -> None:
        """Let time pass until `when`, at this clock's speed."""
        ...


class ManualClock:
    """A clock that stands still until it is moved, and never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Where the clock was moved to last."""
        return self._now

    def advance(self, to: datetime) -> None:
        """Move forward to a time; an earlier one leaves the clock where it is."""
        if to > self._now:
            self._now = to
            self._moved.set()
            self._moved = asyncio.Event()

    async def reach(self, when: datetime) -> None:
        """Be there at once."""
        self.advance(when)

    async def sleep_until(self, when: datetime) -> None:
        """Wait until somebody has moved the clock to `when`."""
        while self._now < when:
            await self._moved.wait()

    def observe(self, moment: datetime) -> None:
        """Move forward to a record's time."""
        self.advance(moment)


class PacedClock:
    """A simulated clock that runs `speed` times as fast as the wall's, and jumps over long stretches of nothing."""

    PATIENCE = timedelta(seconds=10)
    """Wall time of silence that a person who watches is asked to wait for."""

    def __init__(self, start: datetime, speed: float) -> None:
        if speed <= 0:
            raise ValueError("speed must be above 0")
        self._start, self._speed, self._origin = start, speed, time.monotonic()

    def now(self) -> datetime:
        """The start plus the elapsed wall time, sped up."""
        return self._start + timedelta(seconds=(time.monotonic() - self._origin) * self._speed)

    def advance(self, to: datetime) -> None:
        """Jump to a later time, skipping a stretch in which nothing happens."""
        if to > self.now():
            self._start, self._origin = to, time.monotonic()

    async def reach(self, when: datetime) -> None:
        """Run to `when`, but begin no further away from it than the patience of who watches."""
        self.advance(when - self.PATIENCE * self._speed)
        await self.sleep_until(when)

    async def sleep_until(self, when: datetime) -> None:
        """Sleep the wall time that it takes this clock to reach `when`."""
        while (left := (when - self.now()).total_seconds()) > 0:
            await asyncio.sleep(min(left / self._speed, 1.0))

    def observe(self, moment: datetime) -> None:
        """Never stand before a record's time."""
        self.advance(moment)
