"""Moves simulated time: lets every timer fire at its own time, and every record settle, before time goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from streams.clock import SimulatedClock
from streams.runtimes.base import Runtime
from streams.runtimes.driver import drain
from workers.stage import Stage


async def next_timer(runtime: Runtime, stages: Sequence[Stage[Any]]) -> datetime | None:
    """The earliest due time of all rooms, or None."""
    times = [await runtime.next_due(stage.name) for stage in stages]
    return min((at for at in times if at is not None), default=None)


async def advance(runtime: Runtime, stages: Sequence[Stage[Any]], clock: SimulatedClock, to: datetime) -> None:
    """Let time pass until `to`; what is due on the way happens in its order and at its time."""
    await drain(runtime, stages, clock)
    while (due := await next_timer(runtime, stages)) is not None and due <= to:
        await clock.reach(due)
        if not await drain(runtime, stages, clock):
            break  # a timer that is due and does not fire belongs to another process
    await clock.reach(to)
