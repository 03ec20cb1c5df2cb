"""One worker of the room `dedupe` on a server: `dedupe_worker.py SOCKET SLOT`; ends when nothing is left."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

from schemas.topic import Topic
from streams.clock import WallClock
from streams.runtimes.driver import step
from streams.runtimes.valkey import ValkeyRuntime
from workers.dedupe.stage import Dedupe


async def work(socket: str, slot: str) -> None:
    runtime, room, chance = ValkeyRuntime(Path(socket), prefix="race", slot=slot), Dedupe(), random.Random(slot)
    await runtime.open()
    while await runtime.lag(room.name, Topic.ARTICLES):
        await step(runtime, room, WallClock(), limit=chance.randint(1, 3))
    await runtime.close()


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:]))
