"""What a runtime costs: records a second and CPU per record through one room, beside the bare calls beneath it.

One run measures all rows on one machine in one state, so the ratios mean something where the figures do not:

    python bench/runtimes.py [--records 5000] [--bytes 3000] [--fsync always]

The room reads one cell, writes one cell and emits one record for each record, as dedupe does.
`bare append`: XADD, 100 in flight. `bare step`: one read of 100 and one call of the commit
function with arguments made beforehand: the server's part and the client's, without any of ours.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemas.article import Article
from schemas.base import Model
from schemas.story import UniqueArticle
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.codec import encode
from streams.runtimes.base import BATCH, Commit, Runtime, Verdict
from streams.runtimes.driver import drain
from streams.runtimes.memory import MemoryRuntime
from streams.runtimes.valkey import ValkeyRuntime
from streams.runtimes.valkey.wire import CommitWords, token
from streams.state.functions import COMMIT, call
from streams.state.keys import Keys
from streams.state.server import PrivateServer
from workers.ports import Cell, Emit, Outcome, Table, View
from workers.stage import Stage

NOW = datetime(2024, 9, 10, tzinfo=UTC)


class Seen(Model):
    at: datetime


SEEN = Table("bench.seen", Seen)


class Room(Stage[Article]):
    """As little deciding as a room can do."""

    name, reads, model = "dedupe", Topic.ARTICLES, Article

    def prefetch(self, record: Article) -> list[Cell]:
        return [Cell(SEEN, record.id)]

    def decide(self, record: Article, view: View, now: datetime) -> Outcome:
        cell = Cell(SEEN, record.id)
        if view.get(cell, Seen) is not None:
            return Outcome("already-seen", passed=False)
        unique = UniqueArticle(article=record, story=record.id)
        return Outcome("unique", emits=(Emit(Topic.UNIQUE, record.id, unique, record.id),), writes={cell: Seen(at=now)})


@dataclass
class Row:
    """One measured row: times in seconds for `records` records."""

    name: str
    records: int
    wall: float
    client: float
    server: float

    def line(self, ceiling: Row | None) -> str:
        rate = self.records / self.wall
        micro = [f"{value / self.records * 1e6:9.1f}" for value in (self.client, self.server)]
        share = f"{rate / (ceiling.records / ceiling.wall):8.2f}" if ceiling else " " * 8
        return f"{self.name:<34}{rate:>11,.0f}{micro[0]}{micro[1]}{share}"


def articles(records: int, size: int) -> list[tuple[Emit, datetime]]:
    models = [Article(id=f"a{n:08}", revision="r", text="drone " * (size // 6), fetched=NOW) for n in range(records)]
    return [(Emit(Topic.ARTICLES, model.id, model, model.id), NOW) for model in models]


async def server_cpu(runtime: Runtime) -> float:
    if not isinstance(runtime, ValkeyRuntime):
        return 0.0
    lines = (await runtime.server.call("INFO", "cpu")).decode().splitlines()
    return sum(float(line.split(":")[1]) for line in lines if line.startswith(("used_cpu_sys:", "used_cpu_user:")))


async def measure(name: str, runtime: Runtime, records: int, work: Callable[[], Awaitable[object]]) -> Row:
    wall, client, server = time.perf_counter(), time.process_time(), await server_cpu(runtime)
    await work()
    return Row(
        name,
        records,
        time.perf_counter() - wall,
        time.process_time() - client,
        await server_cpu(runtime) - server,
    )


async def publish(runtime: Runtime, emits: list[tuple[Emit, datetime]]) -> None:
    for start in range(0, len(emits), BATCH):
        await runtime.commit(Commit("fetch", NOW, emits=emits[start : start + BATCH]))


async def through_a_room(runtime: Runtime, records: int) -> None:
    assert await drain(runtime, [Room()], ManualClock(NOW)) == records


async def bare_append(runtime: ValkeyRuntime, stream: bytes, emits: list[tuple[Emit, datetime]]) -> None:
    words = [[word for field in encode(*emit).items() for word in field] for emit in emits]
    for start in range(0, len(words), BATCH):
        page = words[start : start + BATCH]
        await asyncio.gather(*(runtime.server.call("XADD", stream, "*", *fields) for fields in page))


async def bare_steps(runtime: ValkeyRuntime, keys: Keys, records: int) -> Callable[[], Awaitable[object]]:
    """The calls that a room leads to, with everything that is ours done beforehand."""
    prepared = []
    entries = await runtime.tail(Topic.ARTICLES, limit=records)
    for start in range(0, records, BATCH):
        commit = Commit("dedupe", NOW)
        for record in entries[start : start + BATCH]:
            assert isinstance(record.model, Article)
            cell = Cell(SEEN, f"bare-{record.id}")
            unique = UniqueArticle(article=record.model, story=record.id)
            commit.acks.append(token(Topic.ARTICLES, record.offset))
            commit.expected[cell], commit.writes[cell] = 0, Seen(at=NOW)
            commit.emits.append((Emit(Topic.UNIQUE, record.id, unique, record.id), NOW))
        prepared.append(CommitWords(keys, commit, "0"))

    async def run() -> None:
        for words in prepared:
            await runtime.server.call(
                "XREADGROUP", "GROUP", "dedupe", "0", "COUNT", BATCH, "STREAMS", keys.topic(Topic.ARTICLES), ">"
            )
            assert await call(runtime.server, COMMIT, words.keys, words.args) == Verdict.COMMITTED.value.encode()

    return run


async def rows_of_a_server(socket: Path, emits: list[tuple[Emit, datetime]]) -> list[Row]:
    number = len(emits)
    ours, bare = ValkeyRuntime(socket, "ours"), ValkeyRuntime(socket, "bare")
    await ours.open()
    await bare.open()
    keys = Keys("bare")
    rows = [
        await measure("bare append (XADD)", bare, number, lambda: bare_append(bare, keys.topic(Topic.HEALTH), emits))
    ]
    rows.append(await measure("valkey: publish", ours, number, lambda: publish(ours, emits)))
    await publish(bare, emits)
    rows.append(await measure("bare step (read, function)", bare, number, await bare_steps(bare, keys, number)))
    rows.append(await measure("valkey: one room", ours, number, lambda: through_a_room(ours, number)))
    await ours.close()
    await bare.close()
    return rows


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--bytes", type=int, default=3000)
    parser.add_argument("--fsync", default="always", choices=["always", "everysec"])
    arguments = parser.parse_args()
    emits = articles(arguments.records, arguments.bytes)
    with tempfile.TemporaryDirectory() as folder:
        server = PrivateServer(Path(folder), fsync=arguments.fsync)
        try:
            append, published, step, room = await rows_of_a_server(await server.start(), emits)
        finally:
            await server.stop()
    memory = MemoryRuntime()
    in_memory = [
        await measure("memory: publish", memory, len(emits), lambda: publish(memory, emits)),
        await measure("memory: one room", memory, len(emits), lambda: through_a_room(memory, len(emits))),
    ]
    print(f"{'':<34}{'records/s':>11}{'client us':>9}{'server us':>9}{'of bare':>8}")
    for row, ceiling in ((append, None), (published, append), (step, None), (room, step)):
        print(row.line(ceiling))
    for row in in_memory:
        print(row.line(None))


if __name__ == "__main__":
    asyncio.run(main())
