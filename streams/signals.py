"""Ends the program as an operator expects: SIGTERM and the first Ctrl-C stop cleanly, the second one at once."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any


class Interrupted(Exception):
    """Ctrl-C was pressed; the work was stopped cleanly."""


async def until_signal(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end; SIGTERM cancels it and returns, SIGINT cancels it and raises Interrupted."""
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)
    caught: list[signal.Signals] = []

    def stop(number: signal.Signals) -> None:
        if caught:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.raise_signal(signal.SIGINT)
        caught.append(number)
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    if signal.SIGINT in caught:
        raise Interrupted
