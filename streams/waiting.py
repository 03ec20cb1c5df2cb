"""Waits for whatever comes first, and gives up the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any


async def first_of(*calls: Coroutine[Any, Any, Any]) -> list[asyncio.Task[Any]]:
    """Return the tasks of the calls once one of them is done; the others are cancelled then."""
    tasks = [asyncio.create_task(call) for call in calls]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await give_up(tasks)
    return tasks


async def give_up(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait until they have ended, however they end."""
    ending = list(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)


async def set_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, so many seconds at the most; whether it is set."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return event.is_set()
