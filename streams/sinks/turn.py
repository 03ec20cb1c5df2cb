"""Whose turn it is to send: of all processes that share an outbox, one at a time."""

from __future__ import annotations

import contextlib
import logging

from streams.runtimes.base import Runtime, Unavailable
from streams.runtimes.seat import Seat, SeatTaken, Taken

log = logging.getLogger("nightwire.outbox")


class Turn:
    """The right to send from the outbox of a state, as one process sees it."""

    def __init__(self, runtime: Runtime) -> None:
        self._seat = Seat("deliver", "outbox", runtime.load, runtime.commit, _told)
        self._ours = False
        self._said = False

    async def ours(self) -> bool:
        """Whether this process may send now; raises Unavailable while the state is away."""
        try:
            await (self._seat.renew() if self._ours else self._seat.take())
        except SeatTaken as taken:
            if not self._said:
                log.info("%s", taken)
            self._ours, self._said = False, True
        else:
            self._ours, self._said = True, False
        return self._ours

    async def over(self) -> None:
        """Let another process send, if it was our turn."""
        if self._ours:
            self._ours = False
            with contextlib.suppress(Unavailable):  # without a word of ours it is free after a while
                await self._seat.leave()


def _told(other: Taken) -> str:
    return f"process {other.pid} on {other.host} sends the notices; this one stands by"
