"""Puts our server-side functions on a server, and puts them back when the server has lost them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from redis.exceptions import ResponseError

from schemas.base import digest
from streams.runtimes.base import RuntimeRefused
from streams.state.connection import Reply, Server

SOURCE: Final = (files("streams.state") / "functions.lua").read_text(encoding="utf-8")
LIBRARY: Final = f"nightwire_{digest(SOURCE, size=6)}"
"""Named after its content: two versions of the program on one server each have their own."""
COMMIT: Final = f"{LIBRARY}_commit"
CLAIM: Final = f"{LIBRARY}_claim"
HELD: Final = f"{LIBRARY}_held"
LEAVE: Final = f"{LIBRARY}_leave"
FORGET: Final = f"{LIBRARY}_forget"

Words = Sequence[bytes | str | int]


async def install(server: Server) -> None:
    """Load the library if it is missing; raises RuntimeRefused on a server without functions."""
    try:
        await server.call("FUNCTION", "LOAD", SOURCE.replace("@LIBRARY@", LIBRARY))
    except ResponseError as error:
        text = str(error).lower()
        if "already exists" in text:
            return
        if "unknown command" in text:
            raise RuntimeRefused(
                "the server has no functions; use Redis 7.0 or newer, any Valkey, or leave out --redis-url"
            ) from error
        raise


async def call(server: Server, function: str, keys: Words, args: Words) -> Reply:
    """Call one of our functions, loading the library first where the server does not know it (any more)."""
    try:
        return await server.call("FCALL", function, len(keys), *keys, *args)
    except ResponseError as error:
        if "function not found" not in str(error).lower():
            raise
    await install(server)
    return await server.call("FCALL", function, len(keys), *keys, *args)
