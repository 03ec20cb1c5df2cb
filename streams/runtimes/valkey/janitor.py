"""Trims topics: what every room has behind it and what is older than its topic keeps. Never by length.

Also forgets consumers that hold nothing and have not been seen for days: hosts and slots come and go.
"""

from __future__ import annotations

from typing import Final

from redis.exceptions import ResponseError

from streams.runtimes.valkey.wire import MICROSECOND
from streams.state.connection import Reply, Server
from streams.state.functions import FORGET, call
from streams.state.keys import Keys
from streams.topics import TOPICS

Offset = tuple[int, int]
FORGOTTEN_AFTER: Final = 7 * 86_400_000
"""Milliseconds without a sign of a consumer."""


async def trim(server: Server, keys: Keys, divisor: int = 1) -> int:
    """Trim all topics to their time divided by `divisor`; returns how many records went."""
    seconds, _ = await server.call("TIME")
    trimmed = 0
    for spec in TOPICS.values():
        kept = spec.keep // (1000 * MICROSECOND) // divisor
        trimmed += await _trim(server, keys.topic(spec.topic), (max(0, int(seconds) * 1000 - kept), 0))
    return trimmed


async def _trim(server: Server, stream: bytes, oldest_kept: Offset) -> int:
    floor = oldest_kept
    for group in await groups(server, stream):
        floor = min(floor, await _done(server, stream, group))
        await call(server, FORGET, [stream], [group["name"], FORGOTTEN_AFTER])
    trimmed = 0
    # one call takes away a bounded number, so that nobody waits long for the server
    while count := await server.call("XTRIM", stream, "MINID", "~", "{}-{}".format(*floor)):
        trimmed += count
    return trimmed


async def groups(server: Server, stream: bytes) -> list[dict[str, Reply]]:
    """The consumer groups of a stream, each by the names of what the server tells of it; none where it is missing."""
    try:
        return [pairs(group) for group in await server.call("XINFO", "GROUPS", stream)]
    except ResponseError as error:
        if "no such key" not in str(error):
            raise
        return []


async def _done(server: Server, stream: bytes, group: dict[str, Reply]) -> Offset:
    """The offset before which a group has acknowledged everything."""
    if group["pending"]:
        _, oldest, *_ = await server.call("XPENDING", stream, group["name"])
        if oldest is not None:
            return offset(oldest)
    return offset(group["last-delivered-id"])


def offset(raw: bytes) -> Offset:
    """A stream id as two numbers."""
    first, _, second = raw.partition(b"-")
    return int(first), int(second)


def pairs(words: Reply) -> dict[str, Reply]:
    """A flat list of names and values as a dictionary."""
    return {name.decode(): value for name, value in zip(words[::2], words[1::2], strict=True)}
