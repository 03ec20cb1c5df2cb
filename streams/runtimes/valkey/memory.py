"""How full the server is, and what follows: old records go sooner, and producers wait before rooms have to.

A server that is full refuses every commit, also those that would acknowledge what fills it. So what
brings records in from outside stops while there is still room for the rooms to work off what is there.
"""

from __future__ import annotations

import logging
import time
from typing import Final

from streams.runtimes.base import Unavailable
from streams.state.connection import Server
from workers.pipeline import PIPELINE

log = logging.getLogger("nightwire.valkey")

PRODUCERS: Final = frozenset(room.name for room in PIPELINE if room.reads is None)
PRODUCERS_WAIT: Final = 0.85
"""Share of the memory limit from which on nothing is taken in: room for the outputs of what is on its way."""
KEEP: Final = ((0.6, 1), (0.7, 4), (0.8, 16))
"""Up to a share of the limit topics keep their time divided by a number; above the last, by SHORTEST."""
SHORTEST: Final = 64
GLANCE: Final = 1.0
"""Seconds for which one look at the server's memory is good."""


class Memory:
    """The server's memory as last looked at."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._share = 0.0
        self._until = 0.0

    async def share(self) -> float:
        """Used memory as a share of the limit; 0 where there is no limit."""
        if time.monotonic() >= self._until:
            facts = dict(
                line.split(b":", 1)
                for line in (await self._server.call("INFO", "memory")).splitlines()
                if line.startswith((b"used_memory:", b"maxmemory:"))
            )
            limit = int(facts.get(b"maxmemory", 0))
            self._share = int(facts[b"used_memory"]) / limit if limit else 0.0
            self._until = time.monotonic() + GLANCE
        return self._share

    async def admit(self, room: str) -> None:
        """Raise Unavailable for a producer while the server is nearly full."""
        if room in PRODUCERS and (share := await self.share()) > PRODUCERS_WAIT:
            raise Unavailable(f"the server's memory is {share:.0%} full; raise maxmemory, or wait until rooms catch up")

    async def divisor(self) -> int:
        """By how much the time that topics keep records is to be divided."""
        share = await self.share()
        number = next((number for limit, number in KEEP if share <= limit), SHORTEST)
        if number > 1:
            log.warning("the server's memory is %.0f %% full; topics keep 1/%d of their time", share * 100, number)
        return number
