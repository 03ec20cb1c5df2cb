"""Live operation: polls the feeds, runs every room, delivers, serves the page, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib

from streams.app import House
from streams.reload import Reload, shifts
from streams.runtimes.base import Unavailable
from streams.runtimes.driver import drain
from streams.sources.rounds import Rounds
from streams.sources.websub.subscriber import Subscriber

LAST_WORK = 8.0
"""Seconds that a stop may take to let the rooms finish what they hold; the rest waits in the stream."""


async def work(
    house: House,
    rounds: Rounds | None,
    stop: asyncio.Event,
    deliver: bool = True,
    reload: Reload | None = None,
    subscriber: Subscriber | None = None,
) -> None:
    """Run until `stop` is set; then fetch nothing new, finish what is under way, and flush the outbox.

    Without `rounds` nothing is fetched, without `subscriber` no hub is asked, and without `deliver` nothing
    is sent: other processes do that.
    """
    async with asyncio.TaskGroup() as tasks:
        for loop in (rounds, subscriber):
            if loop is not None:
                tasks.create_task(loop.run(stop))
        working = tasks.create_task(shifts(house, stop, deliver, reload))
    house = working.result()
    with contextlib.suppress(TimeoutError, Unavailable):  # what is not finished waits for the next start
        async with asyncio.timeout(LAST_WORK):
            await drain(house.runtime, house.rooms, house.clock)
            if deliver:
                await house.outbox.flush()
