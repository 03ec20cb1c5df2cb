"""What a room costs beside the server calls that it leads to: the common part of two benchmarks.

For every commit of a timed room the commit function is called once more with the same arguments made beforehand,
that is with the same acknowledgements, the same cells checked, and the same bytes written and published, while
nothing is read, decoded, decided or encoded. `of_bare` is the share of the room's time that the waiting for these
calls alone takes, so 1.0 would be a room that costs nothing beside its atomic commits. `of_step` compares with all
that a step asks of the server: the same batch read from the topic, the same cells fetched, and that call, with
nothing decoded. `of_singles` compares with as many calls as there were records: each acknowledges one record and
carries that record's share of the same writes and emits, as a program would that commits every record by itself.
`of_bare_cpu`, `of_step_cpu` and `of_singles_cpu` are the same of the processor time of client and server together,
which a busy disk and a busy machine change less.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas.base import Model
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import BATCH, Commit, Runtime, Verdict
from streams.runtimes.driver import step
from streams.runtimes.memory import MemoryRuntime
from streams.runtimes.valkey import ValkeyRuntime
from streams.runtimes.valkey.wire import CommitWords, token
from streams.state.functions import COMMIT, call
from streams.state.keys import Keys
from streams.state.server import PrivateServer
from workers.ports import Emit
from workers.stage import Stage

PREFIX, CONSUMER = "bench", "0"


class Recorder(ValkeyRuntime):
    """The runtime itself; while it records it keeps every commit that was applied."""

    def __init__(self, address: Path) -> None:
        super().__init__(address, PREFIX)
        self.kept: list[Commit] | None = None

    async def commit(self, commit: Commit) -> Verdict:
        verdict = await super().commit(commit)
        if self.kept is not None and verdict is Verdict.COMMITTED:
            self.kept.append(commit)
        return verdict


class Watch:
    """Wall and processor seconds, of this process and of the server."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.wall = self.cpu = 0.0

    async def _now(self) -> tuple[float, float]:
        server = 0.0
        if isinstance(self._runtime, ValkeyRuntime):
            lines = (await self._runtime.server.call("INFO", "cpu")).decode().splitlines()
            server = sum(
                float(line.split(":")[1]) for line in lines if line.startswith(("used_cpu_sys:", "used_cpu_u"))
            )
        return time.perf_counter(), time.process_time() + server

    async def __aenter__(self) -> None:
        self._began = await self._now()

    async def __aexit__(self, *_: object) -> None:
        wall, cpu = await self._now()
        self.wall += wall - self._began[0]
        self.cpu += cpu - self._began[1]


async def publish(runtime: Runtime, topic: Topic, records: Sequence[Model], at: datetime) -> None:
    """Put records on a topic."""
    for start in range(0, len(records), BATCH):
        emits = [(Emit(topic, str(n), record, str(n)), at) for n, record in enumerate(records[start : start + BATCH])]
        await runtime.commit(Commit(room="bench", at=at, emits=emits))


async def bare(
    runtime: Recorder,
    topic: Topic,
    records: Sequence[Model],
    at: datetime,
    commits: Sequence[Commit],
    calls: Watch,
    steps: Watch,
) -> None:
    """The same calls of the commit function again, with everything that is ours done beforehand."""
    keys, server = Keys(PREFIX), runtime.server
    await publish(runtime, topic, records, at)
    for commit in commits:
        read = ("GROUP", commit.room, CONSUMER, "COUNT", len(commit.acks), "STREAMS", keys.topic(topic), ">")
        cells = [keys.cell(cell) for cell in commit.expected]
        async with steps:
            reply = await server.call("XREADGROUP", *read)
            await server.call("MGET", *cells)
        present = await runtime.load(commit.expected)
        again = replace(
            commit,
            acks=[token(topic, offset.decode()) for offset, _ in reply[0][1]],
            expected={cell: found.version for cell, found in present.items()},
        )
        words = CommitWords(keys, again, CONSUMER)
        async with steps, calls:
            assert await call(server, COMMIT, words.keys, words.args) == Verdict.COMMITTED.value.encode()


async def singles(
    runtime: Recorder, topic: Topic, records: Sequence[Model], at: datetime, commits: Sequence[Commit], calls: Watch
) -> None:
    """One call for every record, with its share of what the commits wrote; everything that is ours done beforehand."""
    await publish(runtime, topic, records, at)
    for commit in commits:
        read = ("GROUP", commit.room, CONSUMER, "COUNT", len(commit.acks), "STREAMS", Keys(PREFIX).topic(topic), ">")
        reply = await runtime.server.call("XREADGROUP", *read)
        offsets = [token(topic, offset.decode()) for offset, _ in reply[0][1]]
        made = [CommitWords(Keys(PREFIX), part, CONSUMER) for part in await shares(runtime, commit, offsets)]
        async with calls:
            for words in made:
                assert await call(runtime.server, COMMIT, words.keys, words.args) == Verdict.COMMITTED.value.encode()


async def shares(runtime: Recorder, commit: Commit, offsets: Sequence[str]) -> list[Commit]:
    """A commit in as many parts as it acknowledges records; what is checked is what is written."""
    present = await runtime.load(commit.writes)
    parts = []
    for number, offset in enumerate(offsets):
        cells = list(commit.writes)[number :: len(offsets)]
        part = Commit(commit.room, commit.at, [offset], expected={cell: present[cell].version for cell in cells})
        part.writes.update({cell: commit.writes[cell] for cell in cells})
        part.emits.extend(commit.emits[number :: len(offsets)])
        parts.append(part)
    return parts


@asynccontextmanager
async def carrier(name: str, fsync: str) -> AsyncIterator[Runtime]:
    """A runtime with nothing in it."""
    if name == "memory":
        yield MemoryRuntime(keep=1000)
        return
    with tempfile.TemporaryDirectory() as folder:
        server = PrivateServer(Path(folder), fsync=fsync)
        runtime = Recorder(await server.start())
        try:
            await runtime.open()
            yield runtime
        finally:
            await runtime.close()
            await server.stop()


class Measured:
    """The cost of one room over some rounds, and of the bare calls beneath it."""

    def __init__(self, runtime: Runtime, stage: Stage[Any], clock: ManualClock) -> None:
        self._runtime, self._stage, self._clock = runtime, stage, clock
        self._ours, self._calls, self._steps, self._singles = (Watch(runtime) for _ in range(4))
        self._records = 0

    async def work(self) -> None:
        """Let the room work off its topic, untimed."""
        while await step(self._runtime, self._stage, self._clock):
            pass

    async def time(self, records: Sequence[Model]) -> None:
        """Publish records for the room, time it, and then the bare calls."""
        runtime = self._runtime
        await publish(runtime, self._stage.reads, records, self._clock.now())
        await self.time_waiting(records)

    async def time_waiting(self, records: Sequence[Model]) -> None:
        """Time the room on records that are on its topic already."""
        runtime = self._runtime
        if isinstance(runtime, Recorder):
            runtime.kept = []
        async with self._ours:
            await self.work()
        self._records += len(records)
        if isinstance(runtime, Recorder):
            commits, runtime.kept = runtime.kept or [], None
            await bare(runtime, self._stage.reads, records, self._clock.now(), commits, self._calls, self._steps)
            await singles(runtime, self._stage.reads, records, self._clock.now(), commits, self._singles)

    def line(self) -> dict[str, Any]:
        """The figures."""
        made: dict[str, Any] = {
            "per_second": round(self._records / self._ours.wall),
            "cpu_us_each": round(self._ours.cpu / self._records * 1e6),
        }
        if self._calls.wall:
            made["bare_per_second"] = round(self._records / self._calls.wall)
            made["singles_per_second"] = round(self._records / self._singles.wall)
            for name, part in (("bare", self._calls), ("step", self._steps), ("singles", self._singles)):
                made[f"of_{name}"] = round(part.wall / self._ours.wall, 2)
                made[f"of_{name}_cpu"] = round(part.cpu / self._ours.cpu, 2)
        return made
