"""The connection to a Valkey or Redis server: raw replies, no hidden repetition, and three kinds of trouble.

The client's own retries are off, because a repeated append is a duplicate; replies are taken as the
protocol gives them (RESP2, no callbacks), because their shapes differ between versions of the client.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import hiredis
from redis import exceptions as trouble
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import Connection, SSLConnection, UnixDomainSocketConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from streams.runtimes.base import RuntimeRefused, Unavailable

PATIENCE: Final = 30.0
"""Seconds that a command may take: a server that syncs a slow disk or rewrites its log answers late, not never."""
LONGEST_BLOCK: Final = 5.0
"""Seconds that a read may wait for news; its connection waits that much longer than others."""
READ_SIZE: Final = 256 * 1024
"""Bytes that are taken from the socket at once: a batch of articles comes in two reads, not in ten."""
CONNECTIONS: Final = 32
"""Commands in flight at once; who comes later waits for a connection."""

NOT_NOW: Final = (
    "OOM",
    "MISCONF",
    "BUSY",
    "LOADING",
    "READONLY",
    "NOREPLICAS",
    "MASTERDOWN",
    "CLUSTERDOWN",
    "TRYAGAIN",
)
"""Codes of errors that pass: the server refuses for now, and has done nothing."""

Reply = Any
"""A reply as the protocol has it: bytes, int, None, or a list of replies."""


class _Packed:
    """Writes a command with hiredis: the client's own writer is pure Python, and dear for commands of 1,000 words."""

    def pack_command(self, *args: Any) -> list[bytes]:
        return [hiredis.pack_command(args)]


class _Tcp(_Packed, Connection):
    pass


class _Tls(_Packed, SSLConnection):
    pass


class _Unix(_Packed, UnixDomainSocketConnection):
    pass


SCHEMES: Final = {
    "redis": ("redis", _Tcp),
    "valkey": ("redis", _Tcp),
    "rediss": ("rediss", _Tls),
    "valkeys": ("rediss", _Tls),
    "unix": ("unix", _Unix),
}


class Server:
    """A server at a URL or behind a socket file; errors come as Unavailable, RuntimeRefused or ResponseError."""

    def __init__(self, address: str | Path) -> None:
        self.address = address
        self._quick = _client(address, PATIENCE)
        self._patient = _client(address, LONGEST_BLOCK + PATIENCE)

    async def call(self, *words: bytes | str | int) -> Reply:
        """Send one command and return its reply."""
        return await self._send(self._quick, words)

    async def wait(self, *words: bytes | str | int) -> Reply:
        """Send one command that may block for up to LONGEST_BLOCK; never cancel one that delivers something."""
        return await self._send(self._patient, words)

    async def _send(self, client: Redis, words: tuple[bytes | str | int, ...]) -> Reply:
        try:
            return await client.execute_command(*words)  # type: ignore[no-untyped-call]
        except (trouble.AuthenticationError, trouble.NoPermissionError, trouble.AuthorizationError) as error:
            raise RuntimeRefused(f"the server does not let us in: {error}; check the user and password") from error
        except (trouble.MovedError, trouble.AskError) as error:
            raise RuntimeRefused("that server is a node of a cluster; use a single server") from error
        except (trouble.ConnectionError, trouble.TimeoutError, OSError) as error:
            raise Unavailable(f"the server cannot be reached: {error}") from error
        except trouble.ResponseError as error:
            if _code(error) in NOT_NOW:
                raise Unavailable(f"the server refuses for now: {error}") from error
            raise

    async def close(self) -> None:
        """Close all connections."""
        await self._quick.aclose()
        await self._patient.aclose()
        for client in (self._quick, self._patient):
            await client.connection_pool.aclose()


def _code(error: trouble.ResponseError) -> str:
    """The first word of the server's error; the client takes it off those that it knows."""
    return str(getattr(error, "status_code", None) or str(error).split(" ", 1)[0])


def _client(address: str | Path, patience: float) -> Redis:
    settings: dict[str, Any] = {
        "max_connections": CONNECTIONS,
        "timeout": PATIENCE,
        "socket_timeout": patience,
        "socket_connect_timeout": 5.0,
        "socket_read_size": READ_SIZE,
        "retry": Retry(NoBackoff(), 0),
        "protocol": 2,
    }
    client = Redis(connection_pool=_pool(address, settings))
    client.response_callbacks.clear()
    return client


def _pool(address: str | Path, settings: dict[str, Any]) -> BlockingConnectionPool:
    if isinstance(address, Path):
        return BlockingConnectionPool(connection_class=_Unix, path=str(address), **settings)
    scheme, _, rest = address.partition("://")
    if scheme not in SCHEMES or not rest:
        raise RuntimeRefused("the server's address is not understood; write redis://host:6379/0 or unix:///path")
    known, kind = SCHEMES[scheme]
    try:
        pool = BlockingConnectionPool.from_url(f"{known}://{rest}", **settings)
    except ValueError as error:
        raise RuntimeRefused(f"the server's address is not understood: {error}") from error
    pool.connection_class = kind
    return pool
