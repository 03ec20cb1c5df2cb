"""Waits for a carrier that is away for a while, and tells what it was if it stays away."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from streams.runtimes.base import Unavailable

log = logging.getLogger("nightwire.patience")

T = TypeVar("T")

PATIENCE: Final = 60.0
"""Wall seconds: a private server that reads a large log back is there after a few, at the worst after half a minute."""


async def patiently(work: Callable[[], Awaitable[T]], seconds: float = PATIENCE) -> T:
    """Do `work`, again and again while the carrier is away; raises Unavailable when it stays away.

    The work must be safe to begin anew, as every step of the pipeline is.
    """
    deadline, pause = time.monotonic() + seconds, 0.05
    while True:
        try:
            return await work()
        except Unavailable as away:
            if time.monotonic() > deadline:
                raise
            log.warning("waiting for the carrier: %s", away)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)
