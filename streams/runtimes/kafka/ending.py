"""Ends clients of the library within a bounded time, and keeps what happens in them apart from us.

aiokafka's `stop` raises CancelledError when it cancels a fetch that waits between two attempts, although
nobody has cancelled the caller, and it swallows a cancellation of the caller while it waits for its own
tasks. The first ends a room that nobody wanted to end, the second keeps one alive that should end. So a
client stops in a task of its own, and nobody awaits that task itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import operator
from collections.abc import Coroutine
from typing import Any, Final

log = logging.getLogger("nightwire.kafka")

_TASKS: Final = (
    "_fetcher._fetch_task",
    "_coordinator._coordination_task",
    "_coordinator._heartbeat_task",
    "_coordinator._commit_refresh_task",
    "_sender.sender_task",
)
"""What runs inside of a client; a task that has ended, or is not there, is passed over."""

FAREWELL: Final = 5.0
"""Seconds that a client may take to stop; its connections are closed in any case."""


async def end(client: Any) -> None:
    """Stop a consumer, producer or admin client; returns within FAREWELL seconds, and never raises for its sake."""
    await bounded([_stop(client)], FAREWELL)


async def _stop(client: Any) -> None:
    try:
        await (client.close() if hasattr(client, "close") else client.stop())
    finally:  # a stop that failed half-way has left alive what reads, sends and beats
        for path in _TASKS:
            with contextlib.suppress(AttributeError):
                operator.attrgetter(path)(client).cancel()
        await (client.client if hasattr(client, "client") else client._client).close()


async def bounded(works: list[Coroutine[Any, Any, None]], seconds: float) -> None:
    """Do all of these at once, each in a task of its own; what is not done in time is cancelled and let go of."""
    if not works:
        return
    done, late = await asyncio.wait([asyncio.create_task(work) for work in works], timeout=seconds)
    for task in late:
        task.cancel()
    if late:
        log.info("%d of %d were not ended within %.0f s; they are let go of", len(late), len(works), seconds)
    for task in done:
        if not task.cancelled() and (trouble := task.exception()) is not None:
            log.info("a client has ended badly: %r", trouble)
