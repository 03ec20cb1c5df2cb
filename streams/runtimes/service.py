"""Serves rooms for as long as a worker lives: none ends before it is told to, and all end when they are."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Coroutine, Iterable
from typing import Any, Final

from streams.clock import Clock
from streams.runtimes.base import Runtime, RuntimeRefused, Unavailable
from streams.runtimes.driver import fire, step
from streams.waiting import set_within
from workers.errors import Retry
from workers.stage import Stage

log = logging.getLogger("nightwire.driver")

LONGEST_WAIT = 1.0
"""Seconds that a room waits for news before it looks at its timers and at whether it should stop."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 5.0
"""Seconds between two attempts while the carrier is away: doubled each time, with jitter."""
TIDY_EVERY: Final = 60.0
GRACE: Final = 15.0
"""Seconds that a stop leaves to the batch under way: a carrier that hangs must not keep a worker alive."""


async def serve(
    runtime: Runtime, stages: Iterable[Stage[Any]], clock: Clock, stop: asyncio.Event, grace: float = GRACE
) -> None:
    """Run every room, one task each, until `stop` is set; whatever happens, no room ends before that.

    While the carrier is away a room tries again, ever more slowly; what it had in hand comes again.
    A batch that is under way when `stop` is set is finished, unless that takes more than `grace` seconds:
    it is given up then, which is the same to the carrier as a worker that was killed.
    """
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_serve_room(runtime, stage, clock, stop), name=f"room {stage.name}") for stage in stages
        ]
        tasks.append(group.create_task(_serve_tidy(runtime, stop), name="tidying"))
        await stop.wait()
        _, late = await asyncio.wait(tasks, timeout=grace)
        for task in late:
            log.warning("%s is not done %.0f s after the stop; what it holds comes again", task.get_name(), grace)
            task.cancel()


async def _serve_room(runtime: Runtime, stage: Stage[Any], clock: Clock, stop: asyncio.Event) -> None:
    pause = 0.0
    while not stop.is_set():
        try:
            await uncancelled(_turn(runtime, stage, clock))
        except (Unavailable, Retry, RuntimeRefused) as trouble:
            if not pause:
                log.warning("room %s waits: %s", stage.name, trouble)
        except Exception:
            log.exception("room %s: a defect of the carrier; the room tries again", stage.name)
        else:
            if pause:
                log.info("room %s goes on", stage.name)
            pause = 0.0
            continue
        pause = min(max(FIRST_PAUSE, pause * 2), LONGEST_PAUSE)
        await set_within(stop, pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load, hides nothing


async def uncancelled(work: Coroutine[Any, Any, None]) -> None:
    """Do `work`; a client library that cancels what we wait for raises Unavailable, and does not end the task.

    A task group takes a cancelled task for one that was meant to end: the worker would live on without the room.
    """
    try:
        await work
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise Unavailable("the client library has cancelled a request of ours") from None


async def _turn(runtime: Runtime, stage: Stage[Any], clock: Clock) -> None:
    wait, due = LONGEST_WAIT, await runtime.next_due(stage.name)
    if due is not None:
        if due <= clock.now():
            await fire(runtime, stage, clock)
        wait = min(wait, max(0.0, (due - clock.now()).total_seconds()))
    await step(runtime, stage, clock, wait)


async def _serve_tidy(runtime: Runtime, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await uncancelled(runtime.tidy())
        except (Unavailable, RuntimeRefused) as trouble:
            log.info("nothing was trimmed: %s", trouble)
        except Exception:
            log.exception("a defect in trimming; it is tried again")
        await set_within(stop, TIDY_EVERY)
