"""Whoever is killed, and whenever: nothing is lost, nothing is done twice, and the books balance.

A few rounds in the normal suite; NIGHTWIRE_CHAOS=50 for as many as one likes, NIGHTWIRE_SEED to repeat a run.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest

from schemas.topic import Topic
from streams.runtimes.base import Count, Record, Runtime, Unavailable
from streams.state.process import listener
from streams.state.server import PrivateServer

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("valkey_binary")]

ROUNDS = int(os.environ.get("NIGHTWIRE_CHAOS", "4"))
SEED = int(os.environ.get("NIGHTWIRE_SEED", "20240910"))
SCRIPT = Path(__file__).with_name("toy.py")
PATIENCE = 180.0
"""Seconds for a start, and for the end of all that is under way: machines of CI are busy."""


def _load_toy() -> ModuleType:
    spec = importlib.util.spec_from_file_location("toy", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["toy"] = module
    spec.loader.exec_module(module)
    return module


toy = _load_toy()


class Worker:
    """A child process that runs toy.py, and is started again when it was killed."""

    def __init__(self, *arguments: object) -> None:
        self._arguments = [str(argument) for argument in arguments]
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, str(SCRIPT), *self._arguments, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout
        async with asyncio.timeout(PATIENCE):
            assert await self._process.stdout.readline() == b"ready\n", "the worker ended by itself"

    def send(self, number: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(number)

    async def kill(self) -> None:
        assert self._process
        assert self._process.returncode is None, "the worker ended by itself"
        self._process.kill()
        await self._process.wait()

    async def end(self) -> int:
        assert self._process
        async with asyncio.timeout(PATIENCE):
            return await self._process.wait()

    async def clear(self) -> None:
        if self._process and self._process.returncode is None:
            await self.kill()


@contextlib.asynccontextmanager
async def workers(*rows: tuple[object, ...]) -> AsyncIterator[list[Worker]]:
    found = [Worker(*row) for row in rows]
    try:
        for worker in found:
            await worker.start()
        yield found
    finally:
        for worker in found:
            await worker.clear()


def kill_server(socket: Path) -> bool:
    """Kill whoever listens; False when a killed one has not come back yet."""
    pid = listener(socket)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return pid is not None


async def freeze(victim: Worker) -> None:
    """Long enough that the other takes over what this one holds, and this one wakes up to that."""
    victim.send(signal.SIGSTOP)
    await asyncio.sleep(2 * toy.CLAIM_AFTER)
    victim.send(signal.SIGCONT)


async def produced(socket: Path) -> None:
    """Return as soon as anything is published: a loaded machine takes its time for the first articles."""
    async with asyncio.timeout(PATIENCE), toy.joined(socket, "looker") as runtime:
        while True:
            with contextlib.suppress(Unavailable):
                if (await runtime.load([toy.CURSOR]))[toy.CURSOR].value is not None:
                    return
            await asyncio.sleep(0.02)


async def everything(runtime: Runtime, topic: Topic) -> list[Record]:
    found: list[Record] = []
    while page := await runtime.tail(topic, found[-1].offset if found else None, 1000):
        found += page
    return found


async def audit(runtime: Runtime) -> Mapping[str, int]:
    """Compare all that is there with what must be there; returns figures to print."""
    cells = await runtime.load([toy.CURSOR, toy.TOTAL, toy.FIRED])
    cursor, total, fired = (cells[cell].value.value for cell in (toy.CURSOR, toy.TOTAL, toy.FIRED))
    counts = await runtime.counts()
    want = toy.expected(cursor)
    assert cursor == len(await everything(runtime, Topic.ARTICLES)) == want["published"]
    assert Counter(record.key for record in await everything(runtime, Topic.EVENTS)) == want["out"]
    assert (total, fired) == (want["total"], want["fired"])
    assert len(await everything(runtime, Topic.DEAD_LETTERS)) == want["quarantined"]
    assert counts[Count("dedupe", "dropped", "already-seen")] == want["duplicates"]
    assert counts[Count("dedupe", "in", "")] == want["published"]
    for room in toy.ROOMS:
        of_room = Counter({count.kind: 0 for count in counts})
        for count, number in counts.items():
            of_room[count.kind] += number if count.room == room.name else 0
        assert of_room["in"] == of_room["out"] + of_room["dropped"] + of_room["quarantined"]
    return {"published": cursor, "out": total, "fired": fired}


async def test_a_worker_and_its_private_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(SEED)
    data_dir, flag = tmp_path / "data", tmp_path / "enough"
    socket = PrivateServer(data_dir).folder.socket()
    kills: Counter[str] = Counter()
    async with workers(("own", data_dir, flag)) as (worker,):
        for _ in range(ROUNDS):
            await asyncio.sleep(chance.uniform(0.02, 0.5))
            victim = chance.choice(["worker", "server", "both"])
            if victim != "worker" and not kill_server(socket):
                continue
            if victim != "server":
                await worker.kill()
                await worker.start()
            kills[victim] += 1
        await produced(socket)
        flag.touch()
        assert await worker.end() == 0
    server = PrivateServer(data_dir)
    async with toy.joined(await server.start()) as runtime:
        figures = await audit(runtime)
    await server.stop()
    with capsys.disabled():
        print(f"\nkilled {dict(kills)}: {figures}, lost 0, twice 0")
    assert figures["published"] > 0


async def test_two_workers_on_one_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(SEED + 1)
    flag = tmp_path / "enough"
    server = PrivateServer(tmp_path / "data")
    socket = await server.start()
    kills: Counter[str] = Counter()
    async with workers(("join", socket, flag, "0"), ("join", socket, flag, "1")) as pair:
        for _ in range(ROUNDS):
            await asyncio.sleep(chance.uniform(0.02, 0.5))
            victim, action = chance.choice(pair), chance.choice(["worker", "server", "frozen"])
            if action == "server":
                kill_server(socket)
            elif action == "worker":
                await victim.kill()
                await victim.start()
            else:
                await freeze(victim)
            kills[action] += 1
        await produced(socket)
        flag.touch()
        assert [await worker.end() for worker in pair] == [0, 0]
    async with toy.joined(socket) as runtime:
        figures = await audit(runtime)
    await server.stop()
    with capsys.disabled():
        print(f"\nkilled {dict(kills)}: {figures}, lost 0, twice 0")
    assert figures["published"] > 0


@pytest.mark.skipif(ROUNDS < 20, reason="the control belongs to the long form")
async def test_the_audit_would_find_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the check of who holds a record, the same treatment leaves duplicates."""
    monkeypatch.setenv("TOY_CARELESS", "1")
    chance, flag = random.Random(SEED + 2), tmp_path / "enough"
    server = PrivateServer(tmp_path / "data")
    socket = await server.start()
    async with workers(("join", socket, flag, "0"), ("join", socket, flag, "1")) as pair:
        for victim in pair * 8:
            await asyncio.sleep(chance.uniform(0.02, 0.3))
            await freeze(victim)
        await produced(socket)
        flag.touch()
        for worker in pair:
            await worker.end()
    async with toy.joined(socket) as runtime:
        with pytest.raises(AssertionError):
            await audit(runtime)
    await server.stop()
