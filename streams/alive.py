"""A sign of life for whoever supervises a process that serves no page: a file that is touched as long as it turns."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from streams.refusal import Refusal
from streams.waiting import give_up

EVERY: Final = 10.0
"""Seconds between two signs; a supervisor gives up after several."""


@contextlib.asynccontextmanager
async def sign_of_life(file: Path, every: float = EVERY) -> AsyncIterator[None]:
    """Touch the file now and every so many seconds while the block lasts; raises Refusal when it cannot be written.

    It says that the event loop turns, and no more: a room that waits for its broker is alive.
    """
    try:
        _give(file)
    except OSError as error:
        raise Refusal(f"--alive {file} cannot be written: {error.strerror or error}; name another file") from error
    task = asyncio.create_task(_go_on(file, every), name="alive")
    try:
        yield
    finally:
        await give_up([task])


async def _go_on(file: Path, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        with contextlib.suppress(OSError):  # a full disk is no reason to stop; it will look dead, and be restarted
            _give(file)


def _give(file: Path) -> None:
    """One sign: the file's time is now. It is one system call, so it need not leave the event loop."""
    file.touch()
