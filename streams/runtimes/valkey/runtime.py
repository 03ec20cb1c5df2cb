"""The runtime itself: every promise of the contract in terms of one server."""

from __future__ import annotations

import asyncio
import platform
import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Final

from redis.exceptions import ResponseError

from schemas.topic import Topic
from streams.codec import DATA, decode
from streams.runtimes.base import BATCH, PAGE, Commit, Delivery, Record, Verdict
from streams.runtimes.valkey import janitor
from streams.runtimes.valkey.checks import check
from streams.runtimes.valkey.inbox import Inbox
from streams.runtimes.valkey.state import ServerState
from streams.runtimes.valkey.wire import CommitWords, from_token, to_text
from streams.state.connection import Reply
from streams.state.functions import COMMIT, call, install
from workers.pipeline import PIPELINE

CLAIM_AFTER: Final = 60.0
"""Seconds after which another consumer takes over what one has left: far above the time that any batch takes."""


class ValkeyRuntime(ServerState):
    """All topics and all state on one Valkey or Redis server, at a URL or behind the socket of a private one.

    `slot` names this worker among those that run the same room on this host; a worker that comes
    back under its name at once gets back what it had left. Two workers under one name are safe
    and wasteful: only one of them can commit.
    """

    name = "valkey"

    def __init__(
        self, address: str | Path, prefix: str = "nightwire", slot: str = "0", claim_after: float = CLAIM_AFTER
    ) -> None:
        super().__init__(address, prefix)
        # a private server has one user, whatever the host is called today
        self._consumer = slot if isinstance(address, Path) else f"{platform.node()}:{slot}"
        self._claim_after = claim_after
        self._inboxes: dict[tuple[str, Topic], Inbox] = {}

    async def open(self) -> None:
        """Check the server, load the function, create the groups of all rooms."""
        await check(self.server, self._keys)
        await install(self.server)
        for room in PIPELINE:
            if room.reads is not None:
                await self._inbox(room.name, room.reads).create()

    async def close(self) -> None:
        """Give back what is in hand, and close the connections."""
        await asyncio.gather(*(inbox.leave() for inbox in self._inboxes.values()))
        await self.server.close()

    def _inbox(self, room: str, topic: Topic) -> Inbox:
        if (room, topic) not in self._inboxes:
            self._inboxes[room, topic] = Inbox(self.server, self._keys, room, topic, self._consumer, self._claim_after)
        return self._inboxes[room, topic]

    async def receive(self, room: str, topic: Topic, limit: int = BATCH, wait: float = 0.0) -> list[Delivery]:
        """Own unfinished records first, then those of dead consumers, then new ones."""
        return await self._inbox(room, topic).receive(limit, wait)

    async def commit(self, commit: Commit) -> Verdict:
        """One call of one function, which checks everything and then applies everything."""
        await self._memory.admit(commit.room)
        words = CommitWords(self._keys, commit, self._consumer)
        inboxes = {self._inbox(commit.room, topic) for topic in {from_token(token)[0] for token in commit.acks}}
        try:
            verdict = Verdict((await call(self.server, COMMIT, words.keys, words.args)).decode())
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            verdict = Verdict.GONE  # the group was taken away and with it the claim on its records
        for inbox in inboxes:
            if verdict is Verdict.COMMITTED:
                inbox.release(commit.acks)
            else:
                inbox.doubt()
        return verdict

    async def tail(self, topic: Topic, after: str | None = None, limit: int = BATCH) -> list[Record]:
        """Records behind an offset; those that cannot be read are passed over."""
        found: list[Record] = []
        start = "-" if after is None else f"({after}"
        while len(found) < limit:
            entries = await self.server.call("XRANGE", self._keys.topic(topic), start, "+", "COUNT", limit)
            found += _readable(topic, entries)
            if len(entries) < limit:
                break
            start = f"({entries[-1][0].decode()}"
        return found[:limit]

    async def mentioning(self, topic: Topic, *texts: str) -> AsyncIterator[Record]:
        """Records whose JSON holds one of the texts; reading costs fifteen times what looking does."""
        wanted = re.compile(b"|".join(re.escape(text.encode()) for text in texts))
        start = "-"
        while True:
            entries = await self.server.call("XRANGE", self._keys.topic(topic), start, "+", "COUNT", PAGE)
            near = [entry for entry in entries if _mentions(entry[1], wanted)]
            for record in _readable(topic, near):
                yield record
            if len(entries) < PAGE:
                return
            start = f"({entries[-1][0].decode()}"

    async def last(self, topic: Topic, limit: int) -> list[Record]:
        """The newest records, oldest first."""
        if not limit:
            return []
        entries = await self.server.call("XREVRANGE", self._keys.topic(topic), "+", "-", "COUNT", limit)
        return _readable(topic, reversed(entries))

    async def lag(self, room: str, topic: Topic) -> int:
        """Delivered and unacknowledged records, and those not yet delivered."""
        stream = self._keys.topic(topic)
        for group in await janitor.groups(self.server, stream):
            if group["name"] == to_text(room):
                behind = group["lag"]
                if behind is None:  # the server lost count, because records in the middle were deleted
                    behind = await self._behind(stream, group["last-delivered-id"])
                return int(group["pending"]) + int(behind)
        return int(await self.server.call("XLEN", stream))

    async def _behind(self, stream: bytes, offset: bytes) -> int:
        number = 0
        while entries := await self.server.call("XRANGE", stream, b"(" + offset, "+", "COUNT", PAGE):
            number += len(entries)
            offset = entries[-1][0]
        return number

    async def tidy(self) -> None:
        """Trim the topics, the sooner the fuller the server is, and forget consumers that will not come back."""
        await janitor.trim(self.server, self._keys, await self._memory.divisor())


def _mentions(words: Reply, texts: re.Pattern[bytes]) -> bool:
    return DATA in words and texts.search(words[words.index(DATA) + 1]) is not None


def _readable(topic: Topic, entries: Iterable[Reply]) -> list[Record]:
    decoded = (
        decode(topic, offset.decode(), dict(zip(words[::2], words[1::2], strict=True))) for offset, words in entries
    )
    return [record for record in decoded if isinstance(record, Record)]
