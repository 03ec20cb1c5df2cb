"""What a server must be before it is trusted with state: new enough, laid out as this program reads it, and durable."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from streams.runtimes.base import RuntimeRefused, Unavailable
from streams.state.binary import OLDEST
from streams.state.connection import Server
from streams.state.keys import FORMAT, Keys

log = logging.getLogger("nightwire.valkey")


async def check(server: Server, keys: Keys) -> None:
    """Raise RuntimeRefused for a server that will not do, Unavailable for one that is not ready; log what to change."""
    facts = _facts(await server.call("INFO", "everything"))
    if facts.get("loading", "0") != "0":
        raise Unavailable("the server is loading its data")
    version = facts.get("valkey_version") or facts.get("redis_version", "0")
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        raise RuntimeRefused(
            f"the server is Redis {version}, too old; use Redis 7.0 or newer, any Valkey, or leave out --redis-url"
        )
    for warning in _warnings(facts):
        log.warning("%s", warning)
    found = await server.call("SET", keys.format, FORMAT, "NX", "GET")
    if found is not None and found != FORMAT.encode():
        raise RuntimeRefused(
            f"the data under {keys.prefix!r} has layout {found.decode('ascii', 'replace')}, we read {FORMAT}; "
            "use the version that wrote it, or an empty data directory"
        )


def _facts(info: bytes) -> Mapping[str, str]:
    lines = info.decode("utf-8", "replace").splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line and not line.startswith("#"))


def _warnings(facts: Mapping[str, str]) -> list[str]:
    found = []
    if facts.get("aof_enabled") == "0":
        found.append(
            "the server keeps no append-only file: a restart of it loses records and state; set appendonly yes"
        )
    if facts.get("maxmemory", "0") != "0" and facts.get("maxmemory_policy", "noeviction") != "noeviction":
        found.append("the server evicts keys when it is full: state would be lost; set maxmemory-policy noeviction")
    return found
