"""What one room holds of one topic: first what it already has, then what a dead consumer left, then what is new."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from typing import Final

from redis.exceptions import ResponseError

from schemas.topic import Topic
from streams.codec import decode, unread
from streams.runtimes.base import POISON, SUSPECT, Delivery, Unavailable, blamed
from streams.runtimes.valkey.wire import to_text, token
from streams.state.connection import LONGEST_BLOCK, Reply, Server
from streams.state.functions import CLAIM, HELD, LEAVE, call
from streams.state.keys import Keys

log = logging.getLogger("nightwire.valkey")

FAREWELL: Final = 2.0
"""Seconds of one attempt to say that this worker leaves in order."""


class Inbox:
    """The consumer of one room and topic.

    Delivered and not yet committed records stay in the server's list of pending entries; that list
    is read again after everything that may have gone wrong, and is the only memory of what is held.
    The server counts how many workers had a record in hand; one that ends its worker every time (a
    crash in a library, memory) would otherwise end it for ever.
    """

    def __init__(self, server: Server, keys: Keys, room: str, topic: Topic, consumer: str, claim_after: float) -> None:
        self._server, self._room, self._topic = server, room, topic
        self._names = (to_text(room), to_text(consumer))
        self._stream = keys.topic(topic)
        self._claim_after = claim_after
        self._claim_at = 0.0
        self._held: set[str] = set()
        self._back = True  # whether what is held was left by a worker before this one
        self._clean = False  # whether the server's list is known to hold nothing but what is in _held

    async def receive(self, limit: int, wait: float) -> list[Delivery]:
        """Up to `limit` records; waits at most `wait` seconds for new ones."""
        try:
            return await self._receive(limit, wait)
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
        await self.create()
        return await self._receive(limit, wait)

    async def _receive(self, limit: int, wait: float) -> list[Delivery]:
        if (self._held or not self._clean) and (own := await self._own(limit)):
            return self._hold(own)
        if time.monotonic() >= self._claim_at and await self._claim():
            return self._hold(await self._own(limit))
        self._clean = False  # a read that is cut off may have delivered all the same
        new = await self._new(limit, wait)
        self._clean = True
        return self._hold([self._delivery(offset, words) for offset, words in new])

    async def _own(self, limit: int) -> list[Delivery]:
        back = "1" if self._back else "0"
        rows = await call(self._server, HELD, [self._stream], [*self._names, limit, back, SUSPECT])
        self._back, self._clean = False, not rows
        if not rows:
            self._held.clear()
        ahead = list(itertools.takewhile(lambda row: row[1] <= SUSPECT, rows))
        return [self._delivery(offset, words, times) for offset, times, words in ahead or rows[:1]]

    async def _new(self, limit: int, wait: float) -> Reply:
        milliseconds = int(min(wait, LONGEST_BLOCK) * 1000)
        block = ("BLOCK", milliseconds) if milliseconds else ()  # BLOCK 0 would wait for ever
        send = self._server.wait if block else self._server.call
        reply = await send(
            "XREADGROUP", "GROUP", *self._names, "COUNT", limit, *block, "STREAMS", self._stream, ">"
        )  # fmt: skip
        return reply[0][1] if reply else []

    async def _claim(self) -> int:
        """Take over what other consumers have left; returns how many records are held since."""
        self._clean = False
        idle = int(self._claim_after * 1000)
        taken, deleted = await call(self._server, CLAIM, [self._stream], [*self._names, idle, SUSPECT])
        self._clean = not taken
        self._claim_at = time.monotonic() + self._claim_after / 2
        if taken:
            log.info("room %s: took over %d records of %s", self._room, taken, self._topic.value)
        if deleted:
            log.error("room %s: %d records of %s were deleted unread", self._room, deleted, self._topic.value)
        return int(taken)

    def _hold(self, deliveries: list[Delivery]) -> list[Delivery]:
        self._held = {delivery.token for delivery in deliveries}
        return deliveries

    def _delivery(self, raw: bytes, words: Reply, times: int = 1) -> Delivery:
        offset, fields = raw.decode(), dict(zip(words[::2], words[1::2], strict=True)) if words else {}
        name = token(self._topic, offset)
        if words is None:
            why = "the record was deleted from its topic before it was read"
            return Delivery(name, unread(self._topic, offset, fields, why))
        if times > POISON:
            return Delivery(name, unread(self._topic, offset, fields, blamed(times - 1)))
        return Delivery(name, decode(self._topic, offset, fields))

    def release(self, tokens: list[str]) -> None:
        """These are acknowledged."""
        self._held.difference_update(tokens)

    def doubt(self) -> None:
        """Something else may have happened to what is held: ask the server."""
        self._clean = False

    async def leave(self) -> None:
        """Say that this worker has not ended with anything in hand; while the server is away there is no waiting."""
        if self._back or (self._clean and not self._held):
            return
        try:
            async with asyncio.timeout(FAREWELL):
                await call(self._server, LEAVE, [self._stream], [*self._names, SUSPECT])
        except (Unavailable, ResponseError, TimeoutError) as error:
            log.info("room %s: its records were not given back: %s", self._room, error)

    async def create(self) -> None:
        """Create the room's group, from the oldest record on, where it is missing."""
        self._clean = False
        try:
            await self._server.call("XGROUP", "CREATE", self._stream, self._names[0], "0", "MKSTREAM")
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise
