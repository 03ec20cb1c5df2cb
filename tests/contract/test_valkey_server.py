"""What only a server can do to us: lose its functions and groups, refuse, break off in the middle of an answer."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from schemas.article import Article
from schemas.base import Model
from schemas.topic import Topic
from streams.codec import encode
from streams.runtimes.base import Broken, Commit, Count, Delivery, Record, RuntimeRefused, Unavailable, Verdict
from streams.runtimes.valkey import ValkeyRuntime, janitor, memory
from streams.runtimes.valkey.inbox import POISON, SUSPECT
from streams.state.binary import find_server
from streams.state.functions import LIBRARY
from streams.state.keys import LAYOUT, Keys
from workers.ports import Cell, Emit, Table, Timer

ROOM = "dedupe"


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


def emit(at: datetime, name: str = "a") -> tuple[Emit, datetime]:
    return Emit(Topic.ARTICLES, name, Article(id=name, revision="r", fetched=at), name), at


async def publish(runtime: ValkeyRuntime, at: datetime) -> None:
    assert await runtime.commit(Commit("fetch", at, emits=[emit(at)])) is Verdict.COMMITTED


async def handle(runtime: ValkeyRuntime, at: datetime) -> Commit:
    """A commit that takes the next record and counts it."""
    batch = await runtime.receive(ROOM, Topic.ARTICLES)
    commit = Commit(ROOM, at, acks=[delivery.token for delivery in batch])
    commit.writes, commit.counts = {CELL: Tally(number=1)}, {Count(ROOM, "in", ""): len(batch)}
    return commit


async def test_a_lost_function_is_put_back(runtime: ValkeyRuntime, at: datetime) -> None:
    await publish(runtime, at)
    commit = await handle(runtime, at)
    await runtime.server.call("FUNCTION", "DELETE", LIBRARY)
    assert await runtime.commit(commit) is Verdict.COMMITTED


async def test_a_lost_group_is_made_again_and_nothing_is_passed_over(
    runtime: ValkeyRuntime, at: datetime, prefix: str
) -> None:
    await publish(runtime, at)
    commit = await handle(runtime, at)
    await runtime.server.call("XGROUP", "DESTROY", Keys(prefix).topic(Topic.ARTICLES), ROOM)
    assert await runtime.commit(commit) is Verdict.GONE
    assert (await runtime.load([CELL]))[CELL].value is None
    assert await runtime.commit(await handle(runtime, at)) is Verdict.COMMITTED
    assert await runtime.counts() == {Count(ROOM, "in", ""): 1}


async def test_a_lost_everything_is_made_again(runtime: ValkeyRuntime, at: datetime, prefix: str) -> None:
    await runtime.server.call("DEL", Keys(prefix).topic(Topic.ARTICLES))
    assert await runtime.receive(ROOM, Topic.ARTICLES) == []
    await publish(runtime, at)
    assert await runtime.commit(await handle(runtime, at)) is Verdict.COMMITTED


@pytest.mark.parametrize("kind", ["stamp", "counts", "timers", "topic"])
async def test_a_key_of_another_type_stops_the_commit_before_it_writes(
    runtime: ValkeyRuntime, at: datetime, prefix: str, kind: str
) -> None:
    await publish(runtime, at)
    keys = Keys(prefix)
    commit = await handle(runtime, at)
    commit.emits, commit.timers = [(Emit(Topic.UNIQUE, "k", Tally(number=1), "i"), at)], {Timer(ROOM, "t"): at}
    key = {"stamp": keys.stamp, "counts": keys.counts, "timers": keys.timers(ROOM), "topic": keys.topic(Topic.UNIQUE)}[
        kind
    ]
    await runtime.server.call("DEL", key)
    await runtime.server.call("SADD", key, "x")
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await runtime.commit(commit)
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 1
    assert (await runtime.load([CELL]))[CELL].value is None
    await runtime.server.call("DEL", key)
    assert await runtime.commit(commit) is Verdict.COMMITTED


async def test_every_key_is_of_the_table(runtime: ValkeyRuntime, at: datetime, prefix: str) -> None:
    await publish(runtime, at)
    commit = await handle(runtime, at)
    commit.timers = {Timer(ROOM, "t"): at}
    await runtime.commit(commit)
    tag = f"{{{prefix}}}:"
    found = {key.decode() for key in await runtime.server.call("KEYS", tag.replace("{", "[{]") + "*")}
    assert {name.removeprefix(tag).split(":")[0] for name in found} == set(LAYOUT)
    for name in found:
        kind = (await runtime.server.call("TYPE", name)).decode()
        assert kind == LAYOUT[name.removeprefix(tag).split(":")[0]].type


async def test_a_version_is_never_given_twice_even_when_the_last_ones_are_lost(
    runtime: ValkeyRuntime, at: datetime, prefix: str
) -> None:
    first = Commit(ROOM, at, writes={CELL: Tally(number=1)})
    await runtime.commit(first)
    old = (await runtime.load([CELL]))[CELL].version
    await runtime.server.call("DEL", Keys(prefix).stamp)
    await runtime.commit(first)
    assert (await runtime.load([CELL]))[CELL].version > old
    await runtime.server.call("SET", Keys(prefix).stamp, 2**52)
    await runtime.commit(first)
    assert (await runtime.load([CELL]))[CELL].version == 2**52 + 1


async def test_a_full_server_refuses_whole_commits_and_goes_on_when_there_is_room(
    runtime: ValkeyRuntime, at: datetime
) -> None:
    await publish(runtime, at)
    commit = await handle(runtime, at)
    await runtime.server.call("CONFIG", "SET", "maxmemory", "1mb")
    try:
        with pytest.raises(Unavailable, match="refuses for now"):
            await runtime.commit(commit)
    finally:
        await runtime.server.call("CONFIG", "SET", "maxmemory", "1gb")
    assert await runtime.commit(commit) is Verdict.COMMITTED


async def test_a_nearly_full_server_takes_nothing_in_and_lets_rooms_work(
    private_socket: Path, prefix: str, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "GLANCE", 0.0)
    runtime = ValkeyRuntime(private_socket, prefix)
    await runtime.open()
    await publish(runtime, at)
    commit = await handle(runtime, at)
    used = (await runtime.server.call("INFO", "memory")).split(b"used_memory:")[1].split()[0]
    await runtime.server.call("CONFIG", "SET", "maxmemory", int(int(used) / 0.9))
    try:
        with pytest.raises(Unavailable, match=r"memory is .* full; raise maxmemory"):
            await publish(runtime, at)
        assert await runtime.commit(commit) is Verdict.COMMITTED
    finally:
        await runtime.server.call("CONFIG", "SET", "maxmemory", "1gb")
    await publish(runtime, at)
    await runtime.close()


@pytest.mark.parametrize(("full", "left"), [(0.5, 1), (0.65, 1), (0.9, 0)])
async def test_a_full_server_keeps_less_and_never_what_is_needed(
    runtime: ValkeyRuntime, prefix: str, at: datetime, full: float, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def share(_: object) -> float:
        return full

    monkeypatch.setattr(memory.Memory, "share", share)
    hour_ago = int((await runtime.server.call("TIME"))[0]) * 1000 - 3_600_000
    await put_old(runtime, prefix, at, hour_ago, 150)
    await runtime.tidy()
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 150
    batch = await runtime.receive(ROOM, Topic.ARTICLES, limit=150)
    await runtime.commit(Commit(ROOM, at, acks=[delivery.token for delivery in batch]))
    await runtime.tidy()
    assert (len(await runtime.tail(Topic.ARTICLES, limit=150)) == 150) is bool(left)


async def test_consumers_that_will_not_come_back_are_forgotten(
    runtime: ValkeyRuntime, prefix: str, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(janitor, "FORGOTTEN_AFTER", -1)
    stream = Keys(prefix).topic(Topic.ARTICLES)
    await publish(runtime, at)
    await runtime.receive(ROOM, Topic.ARTICLES)
    await runtime.server.call("XGROUP", "CREATECONSUMER", stream, ROOM, "idle")
    await runtime.tidy()
    (left,) = await runtime.server.call("XINFO", "CONSUMERS", stream, ROOM)
    assert janitor.pairs(left)["pending"] == 1, "who holds a record stays"


async def test_a_record_that_was_deleted_unread_is_told_of(runtime: ValkeyRuntime, at: datetime, prefix: str) -> None:
    await publish(runtime, at)
    await runtime.receive(ROOM, Topic.ARTICLES)
    await runtime.server.call("XTRIM", Keys(prefix).topic(Topic.ARTICLES), "MAXLEN", 0)
    (delivery,) = await runtime.receive(ROOM, Topic.ARTICLES)
    assert isinstance(delivery.record, Broken)
    assert "deleted" in delivery.record.why
    assert await runtime.commit(Commit(ROOM, at, acks=[delivery.token])) is Verdict.COMMITTED
    assert await runtime.receive(ROOM, Topic.ARTICLES) == []


async def start_again(private_socket: Path, prefix: str, slot: str = "0", claim_after: float = 60.0) -> list[Delivery]:
    """What a worker that starts gets to do, before it ends without a word."""
    worker = ValkeyRuntime(private_socket, prefix, slot=slot, claim_after=claim_after)
    await worker.open()
    batch = await worker.receive(ROOM, Topic.ARTICLES)
    await worker.close()
    return batch


@pytest.mark.parametrize("slots", ["0", "012"], ids=["one slot", "taken over"])
async def test_a_record_that_ends_every_worker_is_put_aside_and_costs_no_other(
    runtime: ValkeyRuntime, private_socket: Path, prefix: str, at: datetime, slots: str
) -> None:
    for _ in range(3):
        await publish(runtime, at)
    sizes, batch = [], []
    for attempt in range(POISON + 1):
        batch = await start_again(private_socket, prefix, slots[attempt % len(slots)], claim_after=0.0)
        sizes.append(len(batch))
    assert sizes == [3] * SUSPECT + [1] * (POISON + 1 - SUSPECT)
    (delivery,) = batch
    assert isinstance(delivery.record, Broken)
    assert delivery.record.why == f"{POISON} workers ended with this record in hand"
    assert delivery.record.raw == emit(at)[0].model.model_dump_json().encode()
    last = ValkeyRuntime(private_socket, prefix, slot=slots[POISON % len(slots)])
    assert await last.commit(Commit(ROOM, at, acks=[delivery.token])) is Verdict.COMMITTED
    await last.close()


async def test_a_worker_that_only_tries_again_makes_no_record_suspect(
    runtime: ValkeyRuntime, private_socket: Path, prefix: str, at: datetime
) -> None:
    patient = ValkeyRuntime(private_socket, prefix, claim_after=0.0)
    await publish(runtime, at)
    await publish(runtime, at)
    for _ in range(3 * POISON):
        batch = await patient.receive(ROOM, Topic.ARTICLES)
        assert len([d for d in batch if isinstance(d.record, Record)]) == 2
    await patient.close()


async def test_lag_is_right_where_the_server_has_lost_count(runtime: ValkeyRuntime, at: datetime, prefix: str) -> None:
    for _ in range(5):
        await publish(runtime, at)
    await runtime.commit(await handle(runtime, at))
    for _ in range(5):
        await publish(runtime, at)
    middle = (await runtime.tail(Topic.ARTICLES))[7].offset
    await runtime.server.call("XDEL", Keys(prefix).topic(Topic.ARTICLES), middle)
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 4


async def put_old(runtime: ValkeyRuntime, prefix: str, at: datetime, first: int, number: int) -> None:
    """Records that the server took in when its clock began."""
    words = [word for field in encode(*emit(at)).items() for word in field]
    for n in range(first, first + number):
        await runtime.server.call("XADD", Keys(prefix).topic(Topic.ARTICLES), f"{n}-1", *words)


async def test_the_janitor_trims_what_is_old_and_done(runtime: ValkeyRuntime, at: datetime, prefix: str) -> None:
    await put_old(runtime, prefix, at, 1, 300)
    await publish(runtime, at)
    assert await janitor.trim(runtime.server, Keys(prefix)) == 0, "nobody has read it"
    batch = await runtime.receive(ROOM, Topic.ARTICLES, limit=250)
    await runtime.commit(Commit(ROOM, at, acks=[d.token for d in batch if d is not batch[120]]))
    before_pending = await janitor.trim(runtime.server, Keys(prefix))
    assert 60 < before_pending <= 120, "whole nodes before the oldest pending record"
    await runtime.commit(Commit(ROOM, at, acks=[batch[120].token]))
    assert 180 < before_pending + await janitor.trim(runtime.server, Keys(prefix)) <= 250
    await runtime.commit(await handle(runtime, at))
    await janitor.trim(runtime.server, Keys(prefix))
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 0
    assert [record.time for record in await runtime.last(Topic.ARTICLES, 1)] == [at], "what is young is kept"


async def test_two_versions_of_the_layout_are_not_mixed(
    runtime: ValkeyRuntime, private_socket: Path, prefix: str
) -> None:
    await runtime.server.call("SET", Keys(prefix).format, "99")
    other = ValkeyRuntime(private_socket, prefix)
    with pytest.raises(RuntimeRefused, match="has layout 99, we read 1; use the version that wrote it"):
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
    async with asyncio.timeout(10):
        while True:
            try:
                await runtime.open()
            except Unavailable:
                await asyncio.sleep(0.01)
            else:
                return runtime


async def test_a_server_at_a_url(port: int, at: datetime, caplog: pytest.LogCaptureFixture) -> None:
    runtime = await opened(f"redis://:s3cret@127.0.0.1:{port}/1")
    await publish(runtime, at)
    assert await runtime.commit(await handle(runtime, at)) is Verdict.COMMITTED
    assert "keeps no append-only file" in caplog.text
    await runtime.close()
    with pytest.raises(RuntimeRefused, match="check the user and password"):
        await opened(f"valkey://127.0.0.1:{port}")


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def fake(tmp_path: Path) -> AsyncIterator[Callable[[Handler], Awaitable[Path]]]:
    """Starts a server that does what a test says."""
    servers: list[asyncio.Server] = []

    async def start(handler: Handler) -> Path:
        servers.append(await asyncio.start_unix_server(handler, tmp_path / "fake.sock"))
        return tmp_path / "fake.sock"

    yield start
    for server in servers:
        server.close()


async def read_command(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The name of one command and all its bytes."""
    raw = await reader.readuntil(b"\r\n")
    words = []
    for _ in range(int(raw[1:])):
        size = await reader.readuntil(b"\r\n")
        word = await reader.readexactly(int(size[1:]) + 2)
        raw += size + word
        words.append(word[:-2])
    return words[0].upper(), raw


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
    fake: Callable[[Handler], Awaitable[Path]], reply: bytes, error: type[Exception], message: str
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


class Breaker:
    """Stands between a runtime and its server, and cuts the line once, before or behind a command."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.command = b"FCALL"
        self.cut: str | None = None

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream, downstream = await asyncio.open_unix_connection(str(self.target))
        back = asyncio.create_task(self._copy(upstream, writer))
        try:
            while True:
                name, raw = await read_command(reader)
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


@pytest.mark.parametrize(("cut", "left"), [("before", 1), ("behind", 0)])
async def test_a_commit_whose_answer_is_lost_is_neither_lost_nor_done_twice(
    fake: Callable[[Handler], Awaitable[Path]], private_socket: Path, prefix: str, at: datetime, cut: str, left: int
) -> None:
    breaker = Breaker(private_socket)
    runtime = ValkeyRuntime(await fake(breaker), prefix)
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
    fake: Callable[[Handler], Awaitable[Path]], private_socket: Path, prefix: str, at: datetime, cut: str
) -> None:
    breaker = Breaker(private_socket)
    runtime = ValkeyRuntime(await fake(breaker), prefix)
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
    fake: Callable[[Handler], Awaitable[Path]], private_socket: Path, prefix: str, at: datetime, cut: str
) -> None:
    breaker = Breaker(private_socket)
    runtime = ValkeyRuntime(await fake(breaker), prefix)
    await runtime.open()
    assert await runtime.receive(ROOM, Topic.ARTICLES) == []
    await publish(runtime, at)
    breaker.command, breaker.cut = b"XREADGROUP", cut
    with pytest.raises(Unavailable):
        await runtime.receive(ROOM, Topic.ARTICLES)
    assert len(await runtime.receive(ROOM, Topic.ARTICLES)) == 1
    await runtime.close()


async def test_a_cancelled_read_loses_nothing(runtime: ValkeyRuntime, at: datetime) -> None:
    reading = asyncio.create_task(runtime.receive(ROOM, Topic.ARTICLES, wait=5.0))
    while b"blocked_clients:0" in await runtime.server.call("INFO", "clients"):
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await publish(runtime, at)
    assert len(await runtime.receive(ROOM, Topic.ARTICLES, wait=2.0)) == 1
