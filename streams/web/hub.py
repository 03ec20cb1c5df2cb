"""Hands new records to the open event streams; a reader that does not keep up is cut off, not waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from streams.runtimes.base import Record

BACKLOG: Final = 256
"""Messages that may wait for one reader: about a minute of a busy night."""

MAX_SUBSCRIBERS: Final = 100
"""Open streams at the same time; each one costs a socket and a backlog."""


class Message(NamedTuple):
    """One record with the cursor behind it; without a record it says that somebody took or silenced an alert."""

    cursor: str
    record: Record | None


class Subscriber:
    """One open stream; `next` gives None when it must end."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Message | None] = asyncio.Queue(BACKLOG)
        self.cut = False

    def put(self, message: Message) -> None:
        """Queue a message; a full queue ends the stream, and its reader resumes with its last id."""
        if self.cut:
            return
        if self._queue.qsize() >= BACKLOG - 1:
            self.end()
        else:
            self._queue.put_nowait(message)

    def end(self) -> None:
        """Let the stream end after what is queued already."""
        if not self.cut:
            self.cut = True
            self._queue.put_nowait(None)

    async def next(self) -> Message | None:
        """The next message, or None at the end."""
        return await self._queue.get()


class Hub:
    """All open streams."""

    def __init__(self) -> None:
        self._subscribers: set[Subscriber] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._subscribers)

    @property
    def full(self) -> bool:
        """Whether no further stream may be opened."""
        return self._closed or len(self._subscribers) >= MAX_SUBSCRIBERS

    @contextmanager
    def subscription(self) -> Iterator[Subscriber]:
        """A subscriber for as long as the block runs."""
        subscriber = Subscriber()
        self._subscribers.add(subscriber)
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)

    def publish(self, message: Message) -> None:
        """Hand a message to every stream; never waits."""
        for subscriber in self._subscribers:
            subscriber.put(message)

    def close(self) -> None:
        """End every stream and take no new ones: the server stops."""
        self._closed = True
        for subscriber in self._subscribers:
            subscriber.end()
