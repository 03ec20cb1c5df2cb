"""Cells, timers and the accounting on one Valkey or Redis server: what carriers with their state there share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from streams.runtimes.base import BATCH, PAGE, Count, Due, Runtime, Versioned
from streams.runtimes.valkey.memory import Memory
from streams.runtimes.valkey.wire import from_count, from_score, from_text, read_cell, to_score
from streams.state.connection import Server
from streams.state.keys import Keys
from workers.ports import Cell, Timer


class ServerState(Runtime):
    """The half of a runtime that reads state; how records are carried, and how a commit is made, is its heirs'."""

    def __init__(self, address: str | Path, prefix: str) -> None:
        self.server = Server(address)
        self._keys = Keys(prefix)
        self._memory = Memory(self.server)

    async def due(self, room: str, now: datetime, limit: int = BATCH) -> list[Due]:
        """Timers of a room that are due."""
        return await self._timers(room, to_score(now), limit)

    async def next_due(self, room: str) -> datetime | None:
        """The earliest due time of a room's timers."""
        return next((due.due for due in await self._timers(room, b"+inf", 1)), None)

    async def _timers(self, room: str, until: bytes, limit: int) -> list[Due]:
        reply = await self.server.call(
            "ZRANGE", self._keys.timers(room), "-inf", until, "BYSCORE", "LIMIT", 0, limit, "WITHSCORES"
        )
        return [
            Due(Timer(room, from_text(key)), from_score(score))
            for key, score in zip(reply[::2], reply[1::2], strict=True)
        ]

    async def load(self, cells: Iterable[Cell]) -> dict[Cell, Versioned]:
        """Present values and versions."""
        wanted = list(cells)
        found: dict[Cell, Versioned] = {}
        for start in range(0, len(wanted), PAGE):
            page = wanted[start : start + PAGE]
            values = await self.server.call("MGET", *map(self._keys.cell, page))
            found.update((cell, read_cell(cell, raw)) for cell, raw in zip(page, values, strict=True))
        return found

    async def counts(self) -> Mapping[Count, int]:
        """The accounting so far."""
        reply = await self.server.call("HGETALL", self._keys.counts)
        return {from_count(name): int(number) for name, number in zip(reply[::2], reply[1::2], strict=True)}
