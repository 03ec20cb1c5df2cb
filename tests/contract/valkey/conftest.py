"""One runtime on the private server, and the few things that all tests of it do."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.base import Model
from schemas.topic import Topic
from streams.runtimes.base import Commit, Count, Verdict
from streams.runtimes.valkey import ValkeyRuntime
from workers.ports import Cell, Emit, Table

ROOM = "dedupe"
Emitter = Callable[..., tuple[Emit, datetime]]
Publish = Callable[[ValkeyRuntime, datetime], Awaitable[None]]
Handle = Callable[[ValkeyRuntime, datetime], Awaitable[Commit]]
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Fake = Callable[[Handler], Awaitable[Path]]
ReadCommand = Callable[[asyncio.StreamReader], Awaitable[tuple[bytes, bytes]]]


class Tally(Model):
    number: int


CELL = Cell(Table("contract.tally", Tally), "a")


@pytest.fixture
def prefix() -> str:
    return f"server-{uuid.uuid4().hex}"


@pytest.fixture
async def runtime(private_socket: Path, prefix: str) -> AsyncIterator[ValkeyRuntime]:
    runtime = ValkeyRuntime(private_socket, prefix)
    await runtime.open()
    yield runtime
    await runtime.close()


def _emit(at: datetime, name: str = "a") -> tuple[Emit, datetime]:
    return Emit(Topic.ARTICLES, name, Article(id=name, revision="r", fetched=at), name), at


async def _publish(runtime: ValkeyRuntime, at: datetime) -> None:
    assert await runtime.commit(Commit("fetch", at, emits=[_emit(at)])) is Verdict.COMMITTED


async def _handle(runtime: ValkeyRuntime, at: datetime) -> Commit:
    """A commit that takes the next record and counts it."""
    batch = await runtime.receive(ROOM, Topic.ARTICLES)
    commit = Commit(ROOM, at, acks=[delivery.token for delivery in batch])
    commit.writes, commit.counts = {CELL: Tally(number=1)}, {Count(ROOM, "in", ""): len(batch)}
    return commit


@pytest.fixture
def emit() -> Emitter:
    """Makes an article to publish."""
    return _emit


@pytest.fixture
def publish() -> Publish:
    """Publishes one article."""
    return _publish


@pytest.fixture
def handle() -> Handle:
    """Makes the commit of what is there to do."""
    return _handle


@pytest.fixture
async def fake(tmp_path: Path) -> AsyncIterator[Fake]:
    """Starts a server that does what a test says."""
    servers: list[asyncio.Server] = []

    async def start(handler: Handler) -> Path:
        servers.append(await asyncio.start_unix_server(handler, tmp_path / "fake.sock"))
        return tmp_path / "fake.sock"

    yield start
    for server in servers:
        server.close()


async def _read_command(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The name of one command and all its bytes."""
    raw = await reader.readuntil(b"\r\n")
    words = []
    for _ in range(int(raw[1:])):
        size = await reader.readuntil(b"\r\n")
        word = await reader.readexactly(int(size[1:]) + 2)
        raw += size + word
        words.append(word[:-2])
    return words[0].upper(), raw


@pytest.fixture
def read_command() -> ReadCommand:
    return _read_command


class Breaker:
    """Stands between a runtime and its server, and cuts the line once, before or behind a command."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.socket = target
        self.command = b"FCALL"
        self.cut: str | None = None

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream, downstream = await asyncio.open_unix_connection(str(self.target))
        back = asyncio.create_task(self._copy(upstream, writer))
        try:
            while True:
                name, raw = await _read_command(reader)
                if self.cut and name == self.command:
                    where, self.cut = self.cut, None
                    if where == "behind":
                        back.cancel()
                        downstream.write(raw)
                        await upstream.readuntil(b"\r\n")
                    return
                downstream.write(raw)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            back.cancel()
            downstream.close()
            writer.close()

    @staticmethod
    async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)


@pytest.fixture
async def breaker(fake: Fake, private_socket: Path) -> Breaker:
    """A line to the private server that a test may cut."""
    breaker = Breaker(private_socket)
    breaker.socket = await fake(breaker)
    return breaker
