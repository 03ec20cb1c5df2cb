"""What one room holds of one topic: first what it already has, then what a dead consumer left, then what is new."""

from __future__ import annotations

import logging
import time
from typing import Final

from redis.exceptions import ResponseError

from schemas.topic import Topic
from streams.codec import decode
from streams.runtimes.base import Broken, Delivery, Record
from streams.runtimes.valkey.wire import to_text, token
from streams.state.connection import LONGEST_BLOCK, Reply, Server
from streams.state.keys import Keys

log = logging.getLogger("nightwire.valkey")

OWN: Final = "0"
NEW: Final = ">"


class Inbox:
    """The consumer of one room and topic.

    Delivered and not yet committed records stay in the server's list of pending entries; that list
    is read again after everything that may have gone wrong, and is the only memory of what is held.
    """

    def __init__(self, server: Server, keys: Keys, room: str, topic: Topic, consumer: str, claim_after: float) -> None:
        self._server, self._room, self._topic, self._consumer = server, room, topic, consumer
        self._stream = keys.topic(topic)
        self._claim_after = claim_after
        self._claim_at = 0.0
        self._held: set[str] = set()
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
        if self._held or not self._clean:
            own = await self._read(OWN, limit, 0.0)
            self._clean = not own
            if own:
                return self._hold(own)
            self._held.clear()
        if time.monotonic() >= self._claim_at and (left := await self._claim(limit)):
            return self._hold(left)
        self._clean = False  # a read that is cut off may have delivered all the same
        new = await self._read(NEW, limit, wait)
        self._clean = True
        return self._hold(new)

    async def _read(self, start: str, limit: int, wait: float) -> Reply:
        milliseconds = int(min(wait, LONGEST_BLOCK) * 1000)
        block = ("BLOCK", milliseconds) if milliseconds else ()  # BLOCK 0 would wait for ever
        send = self._server.wait if block else self._server.call
        reply = await send(
            "XREADGROUP", "GROUP", to_text(self._room), to_text(self._consumer),
            "COUNT", limit, *block, "STREAMS", self._stream, start,
        )  # fmt: skip
        return reply[0][1] if reply else []

    async def _claim(self, limit: int) -> Reply:
        self._clean = False
        idle = int(self._claim_after * 1000)
        _, entries, *deleted = await self._server.call(
            "XAUTOCLAIM", self._stream, to_text(self._room), to_text(self._consumer), idle, "0-0", "COUNT", limit
        )
        self._clean = True
        if not entries:
            self._claim_at = time.monotonic() + self._claim_after / 2
        if deleted and deleted[0]:
            log.error("room %s: %d records of %s were deleted unread", self._room, len(deleted[0]), self._topic.value)
        return entries

    def _hold(self, entries: Reply) -> list[Delivery]:
        deliveries = [self._delivery(offset.decode(), fields) for offset, fields in entries]
        self._held = {delivery.token for delivery in deliveries}
        return deliveries

    def _delivery(self, offset: str, words: Reply) -> Delivery:
        record: Record | Broken
        if words is None:
            record = Broken(offset, self._topic, "", b"", "the record was deleted from its topic before it was read")
        else:
            record = decode(self._topic, offset, dict(zip(words[::2], words[1::2], strict=True)))
        return Delivery(token(self._topic, offset), record)

    def release(self, tokens: list[str]) -> None:
        """These are acknowledged."""
        self._held.difference_update(tokens)

    def doubt(self) -> None:
        """Something else may have happened to what is held: ask the server."""
        self._clean = False

    async def create(self) -> None:
        """Create the room's group, from the oldest record on, where it is missing."""
        self._clean = False
        try:
            await self._server.call("XGROUP", "CREATE", self._stream, to_text(self._room), "0", "MKSTREAM")
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise
