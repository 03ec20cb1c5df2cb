"""Trims topics: what every room has behind it and what is older than its topic keeps. Never by length."""

from __future__ import annotations

from typing import Final

from redis.exceptions import ResponseError

from streams.runtimes.valkey.wire import MICROSECOND
from streams.state.connection import Reply, Server
from streams.state.keys import Keys
from streams.topics import TOPICS, TopicSpec

Offset = tuple[int, int]
NEWEST: Final[Offset] = (2**64 - 1, 2**64 - 1)


async def trim(server: Server, keys: Keys) -> int:
    """Trim all topics; returns how many records went."""
    seconds, _ = await server.call("TIME")
    trimmed = 0
    for spec in TOPICS.values():
        trimmed += await _trim(server, keys.topic(spec.topic), spec, int(seconds) * 1000)
    return trimmed


async def _trim(server: Server, stream: bytes, spec: TopicSpec, now: int) -> int:
    try:
        groups = await server.call("XINFO", "GROUPS", stream)
    except ResponseError as error:
        if "no such key" not in str(error):
            raise
        return 0
    oldest_kept = (max(0, now - spec.keep // (1000 * MICROSECOND)), 0)
    floor = min([oldest_kept, *[await _done(server, stream, pairs(group)) for group in groups]])
    trimmed = 0
    # one call takes away a bounded number, so that nobody waits long for the server
    while count := await server.call("XTRIM", stream, "MINID", "~", "{}-{}".format(*floor)):
        trimmed += count
    return trimmed


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
