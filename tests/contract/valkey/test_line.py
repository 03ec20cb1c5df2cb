"""A server may not be there, not be fit, or break off in the middle of an answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schemas.base import Model
from schemas.topic import Topic
from streams.runtimes.base import Commit, Count, RuntimeRefused, Unavailable, Verdict
from streams.runtimes.valkey import ValkeyRuntime
from streams.state.binary import find_server
from streams.state.keys import Keys
from workers.ports import Cell, Table

if TYPE_CHECKING:
    from tests.contract.valkey.conftest import Breaker, Emitter, Fake, Handle, Publish, ReadCommand

ROOM = "dedupe"


class Tally(Model):
    number: int


CELL = Cell(Table("contract.tally", Tally), "a")


async def test_two_versions_of_the_layout_are_not_mixed(
    runtime: ValkeyRuntime, private_socket: Path, prefix: str
) -> None:
    await runtime.server.call("SET", Keys(prefix).format, "99")
    other = ValkeyRuntime(private_socket, prefix)
    with pytest.raises(RuntimeRefused, match="has layout 99, we read 2; use the version that wrote it"):
        await other.open()
    await other.close()


async def test_nobody_is_there(tmp_path: Path) -> None:
    runtime = ValkeyRuntime(tmp_path / "none.sock")
    with pytest.raises(Unavailable, match="cannot be reached"):
        await runtime.open()
    await runtime.close()


@pytest.mark.parametrize("address", ["localhost:6379", "http://host", "redis://", "redis://host:port"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(RuntimeRefused, match="address is not understood"):
        ValkeyRuntime(address)


@pytest.fixture
async def port(private_socket: Path, tmp_path: Path) -> AsyncIterator[int]:
    """A server on TCP with a password, as others run it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    words = [
        "--port",
        str(number),
        "--requirepass",
        "s3cret",
        "--dir",
        str(tmp_path),
        "--save",
        "",
        "--loglevel",
        "warning",
    ]
    server = await asyncio.create_subprocess_exec(find_server().path, *words, stdout=asyncio.subprocess.DEVNULL)
    yield number
    server.kill()
    await server.wait()


async def opened(url: str) -> ValkeyRuntime:
    runtime = ValkeyRuntime(url)
    async with asyncio.timeout(60):
        while True:
            try:
                await runtime.open()
            except Unavailable:
                await asyncio.sleep(0.01)
            else:
                return runtime


async def test_a_server_at_a_url(
    port: int, at: datetime, caplog: pytest.LogCaptureFixture, publish: Publish, handle: Handle
) -> None:
    runtime = await opened(f"redis://:s3cret@127.0.0.1:{port}/1")
    await publish(runtime, at)
    assert await runtime.commit(await handle(runtime, at)) is Verdict.COMMITTED
    assert "keeps no append-only file" in caplog.text
    await runtime.close()
    with pytest.raises(RuntimeRefused, match="check the user and password"):
        await opened(f"valkey://127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        (b"$22\r\nredis_version:6.2.14\r\n\r\n", RuntimeRefused, "Redis 6.2.14, too old"),
        (b"$11\r\nloading:1\r\n\r\n", Unavailable, "is loading its data"),
        (b"-LOADING the dataset is being loaded\r\n", Unavailable, "loaded"),
        (b"-NOAUTH Authentication required.\r\n", RuntimeRefused, "check the user and password"),
        (b"-NOPERM this user may not\r\n", RuntimeRefused, "check the user and password"),
        (b"-MOVED 1 other:6379\r\n", RuntimeRefused, "use a single server"),
        (b"-MISCONF disk trouble\r\n", Unavailable, "refuses for now"),
        (b"-MASTERDOWN link is down\r\n", Unavailable, "refuses for now"),
        (b"", Unavailable, "cannot be reached"),
    ],
    ids=lambda value: value[1:12].decode() if isinstance(value, bytes) else None,
)
async def test_what_a_server_may_answer(
    fake: Fake, reply: bytes, error: type[Exception], message: str, read_command: ReadCommand
) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (await read_command(reader))[0] != b"INFO":
                writer.write(b"+OK\r\n")
            writer.write(reply)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    runtime = ValkeyRuntime(await fake(handler))
    with pytest.raises(error, match=message):
        await runtime.open()
    await runtime.close()


@pytest.mark.parametrize(("cut", "left"), [("before", 1), ("behind", 0)])
async def test_a_commit_whose_answer_is_lost_is_neither_lost_nor_done_twice(
    breaker: Breaker, prefix: str, at: datetime, cut: str, left: int, publish: Publish, handle: Handle
) -> None:
    runtime = ValkeyRuntime(breaker.socket, prefix)
    await runtime.open()
    await publish(runtime, at)
    commit = await handle(runtime, at)
    breaker.cut = cut
    with pytest.raises(Unavailable):
        await runtime.commit(commit)
    batch = await runtime.receive(ROOM, Topic.ARTICLES)
    assert len(batch) == left
    repeated = await runtime.commit(commit)
    assert repeated is (Verdict.COMMITTED if left else Verdict.GONE)
    assert await runtime.counts() == {Count(ROOM, "in", ""): 1}
    await runtime.close()


@pytest.mark.parametrize("cut", ["before", "behind"])
async def test_a_producer_without_inputs_is_guarded_by_the_cell_it_writes(
    breaker: Breaker, prefix: str, at: datetime, cut: str, emit: Emitter
) -> None:
    runtime = ValkeyRuntime(breaker.socket, prefix)
    await runtime.open()

    async def poll() -> Verdict:
        """Publish one record unless the cell says that it was published."""
        value, version = (await runtime.load([CELL]))[CELL]
        if value is not None:
            return Verdict.CONFLICT
        commit = Commit("fetch", at, expected={CELL: version}, writes={CELL: Tally(number=1)}, emits=[emit(at)])
        return await runtime.commit(commit)

    breaker.cut = cut
    with pytest.raises(Unavailable):
        await poll()
    await poll()
    assert len(await runtime.tail(Topic.ARTICLES)) == 1
    await runtime.close()


@pytest.mark.parametrize("cut", ["before", "behind"])
async def test_a_read_whose_answer_is_lost_loses_nothing(
    breaker: Breaker, prefix: str, at: datetime, cut: str, publish: Publish
) -> None:
    runtime = ValkeyRuntime(breaker.socket, prefix)
    await runtime.open()
    assert await runtime.receive(ROOM, Topic.ARTICLES) == []
    await publish(runtime, at)
    breaker.command, breaker.cut = b"XREADGROUP", cut
    with pytest.raises(Unavailable):
        await runtime.receive(ROOM, Topic.ARTICLES)
    assert len(await runtime.receive(ROOM, Topic.ARTICLES)) == 1
    await runtime.close()


async def test_a_cancelled_read_loses_nothing(runtime: ValkeyRuntime, at: datetime, publish: Publish) -> None:
    reading = asyncio.create_task(runtime.receive(ROOM, Topic.ARTICLES, wait=60.0))
    while not reading.done() and b"blocked_clients:0" in await runtime.server.call("INFO", "clients"):
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await publish(runtime, at)
    assert len(await runtime.receive(ROOM, Topic.ARTICLES, wait=60.0)) == 1
