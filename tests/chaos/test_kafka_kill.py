"""On a real broker: whoever is killed, and whenever, nothing is lost, nothing is done twice, every alert is told once.

A few blows in the normal suite; `make chaos` strikes each engine with 20 kills, 10 terminations, two restarts of
the broker and a state server that is frozen for 12 seconds. NIGHTWIRE_SEED repeats a run.
"""

from __future__ import annotations

import asyncio
import importlib.util
import itertools
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from schemas.topic import Topic
from streams.runtimes.base import POISON, blamed
from streams.runtimes.kafka.admin import create
from streams.runtimes.kafka.layout import Names
from streams.runtimes.kafka.shell import ZOMBIE
from streams.state.server import PrivateServer
from workers.deliver.queue import notification_id

pytestmark = pytest.mark.chaos

HERE = Path(__file__).parent
LONG = int(os.environ.get("NIGHTWIRE_CHAOS", "0")) > 0
SEED = int(os.environ.get("NIGHTWIRE_SEED", "20240910"))
KILLS, TERMS, BROKERS, FROZEN = (20, 10, ["broker killed", "broker stopped"], 12.0) if LONG else (2, 1, [], 2.0)
ENGINES = ["plain", "faust"] if LONG else ["plain"]
PATIENCE = 180.0
"""Seconds for a start, and for the end of all that is under way: machines of CI are busy."""
STOPPED = {0, ZOMBIE}
"""How a worker ends that was told to: cleanly, or at once because its Faust does not stop."""
ENDS = 60.0
"""Seconds in which a worker ends that is told to, whatever goes on around it."""


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


valkey = load(HERE / "test_valkey_kill.py")
kafka_toy = load(HERE / "kafka_toy.py")
SCRIPT = HERE / "kafka_toy.py"


class Worker(valkey.Worker):
    """A child process that runs kafka_toy.py."""

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, str(SCRIPT), *self._arguments, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout
        async with asyncio.timeout(PATIENCE):
            assert await self._process.stdout.readline() == b"ready\n", "the worker ended by itself"

    async def up(self) -> bool:
        """Whether it still runs; one whose Faust could not be stopped has ended itself, and is started again."""
        if self._process.returncode is None:
            return True
        assert self._process.returncode == ZOMBIE, "the worker ended by itself"
        await self.start()
        return False

    async def end(self, patience: float = PATIENCE) -> int:
        try:
            async with asyncio.timeout(patience):
                return await self._process.wait()
        except TimeoutError:
            for number in (signal.SIGUSR2, signal.SIGUSR1):  # what hangs, in the worker's own words
                self._process.send_signal(number)
                await asyncio.sleep(1.0)
            raise


@dataclass
class Place:
    """A broker, a state server, the flag that ends production, and who is told of alerts."""

    broker: Any
    server: PrivateServer
    socket: Path
    flag: Path
    receiver: Any

    def worker(self, slot: str, intake: str, *crash: str) -> Worker:
        return Worker(self.broker.address, self.socket, self.flag, slot, intake, self.receiver.url, *crash)

    async def produced(self, articles: int = 1) -> None:
        """Return as soon as so many articles are published: a loaded machine takes its time."""
        async with asyncio.timeout(PATIENCE), kafka_toy.joined(self.broker.address, self.socket, "looker") as runtime:
            while True:
                cursor = (await runtime.load([valkey.toy.CURSOR]))[valkey.toy.CURSOR].value
                if cursor is not None and cursor.value >= articles:
                    return
                await asyncio.sleep(0.1)

    async def audit(self) -> dict[str, int]:
        """Everything against the model; raises AssertionError where something is missing or comes twice."""
        async with kafka_toy.joined(self.broker.address, self.socket, "auditor") as runtime:
            assert set((await kafka_toy.lags(runtime)).values()) == {0}
            figures = dict(await valkey.audit(runtime))
            alerts = await valkey.everything(runtime, Topic.ALERTS)
        told, repeats = self.receiver.forget()
        wanted = {notification_id(record.model, "hook") for record in alerts}
        assert len(alerts) == len(wanted) == figures["fired"]
        assert sorted(told) == sorted(wanted)
        return {**figures, "alerts told": len(told), "told again under their id": repeats}


@pytest.fixture(scope="module")
def broker(real_kafka: Callable[..., AbstractContextManager[Any]]) -> Iterator[Any]:
    with real_kafka() as one:
        yield one


@pytest.fixture
async def place(broker: Any, receiver: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.setattr(kafka_toy, "PREFIX", tmp_path.name)
    monkeypatch.setenv("NIGHTWIRE_TOY_PREFIX", tmp_path.name)
    await create(broker.address, Names(f"{tmp_path.name}.", tmp_path.name), partitions=3)
    server = PrivateServer(tmp_path / "data")
    socket = await server.start()
    yield Place(broker, server, socket, tmp_path / "enough", receiver)
    await server.stop()


async def strike(place: Place, crowd: list[Worker], action: str, chance: random.Random) -> int:
    """One blow; returns how many workers had ended themselves before it."""
    victim = chance.choice(crowd)
    restarted = [worker for worker in crowd if not await worker.up()]
    if action == "kill":
        await victim.kill()
        await victim.start()
    elif action == "term":
        victim.send(signal.SIGTERM)
        assert await victim.end(ENDS) in STOPPED, "a stop that was asked for is clean"
        await victim.start()
    elif action == "state frozen":
        assert place.server.pid
        os.kill(place.server.pid, signal.SIGSTOP)
        await asyncio.sleep(FROZEN)
        os.kill(place.server.pid, signal.SIGCONT)
    else:
        await asyncio.to_thread(place.broker.kill if action == "broker killed" else place.broker.stop)
        await asyncio.sleep(chance.uniform(0.0, 5.0))
        place.broker.launch()
        await asyncio.to_thread(place.broker.wait)
    return len(restarted)


def plan(chance: random.Random) -> list[str]:
    """All blows in an order that the seed decides."""
    actions = ["kill"] * KILLS + ["term"] * TERMS + ["state frozen", *BROKERS]
    chance.shuffle(actions)
    return actions


@pytest.mark.parametrize("intake", ENGINES)
async def test_three_workers(place: Place, intake: str, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(SEED)
    done: Counter[str] = Counter()
    crowd = [place.worker(str(number), intake) for number in range(3)]
    try:
        await asyncio.gather(*(worker.start() for worker in crowd))
        for action in plan(chance):
            await asyncio.sleep(chance.uniform(0.3, 2.0))
            done["ended by Faust"] += await strike(place, crowd, action, chance)
            done[action] += 1
        place.flag.touch()
        assert set(await asyncio.gather(*(worker.end() for worker in crowd))) <= STOPPED
    finally:
        for worker in crowd:
            await worker.clear()
    figures = await place.audit()
    with capsys.disabled():
        print(f"\non Kafka with {intake}, seed {SEED}, {dict(done)}: {figures}, lost 0, twice 0, lag 0")
    assert figures["published"] > 0


async def crashed(place: Place, intake: str, crash: str) -> None:
    """One worker ends at a point; what comes after it finishes the work."""
    victim = place.worker("0", intake, crash)
    await victim.start()
    try:
        assert await victim.end() == -signal.SIGKILL
    finally:
        await victim.clear()
    heir = place.worker("0", intake)
    await heir.start()
    try:
        await place.produced()
        place.flag.touch()
        assert await heir.end() == 0
    finally:
        await heir.clear()


@pytest.mark.parametrize("point", kafka_toy.POINTS if LONG else ["before the records"])
async def test_a_worker_ends_between_two_steps(place: Place, point: str) -> None:
    await crashed(place, "plain", f"{point}:9")
    assert (await place.audit())["published"] > 0


async def supervise(workers: Iterator[Worker]) -> int:
    """Start the next worker whenever one has ended without being told to; returns how often."""
    for deaths, worker in enumerate(workers):
        await worker.start()
        try:
            status = await worker.end()
        finally:
            await worker.clear()
        if status in STOPPED:
            return deaths
        assert status == -signal.SIGKILL, "the worker ended by itself"
    raise AssertionError("there are always more")


SLOTS: dict[str, Callable[[int], Iterator[int]]] = {"in its slot": itertools.repeat}
"""The slots of one worker and of those that follow it; a dead one's partitions wait until the group misses it."""
if LONG:
    SLOTS["in a slot of its own"] = lambda number: itertools.count(number, 2)


@pytest.mark.parametrize("slots", SLOTS.values(), ids=SLOTS)
@pytest.mark.parametrize("intake", ENGINES)
async def test_a_record_that_ends_whoever_reads_it(
    place: Place,
    intake: str,
    slots: Callable[[int], Iterator[int]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It costs as many workers as it must and is put aside, it alone; the model quarantines that story anyway."""
    killer = 26
    assert valkey.toy.bad(killer)
    monkeypatch.setenv("NIGHTWIRE_TOY_KILLER", f"s{killer}")
    async with asyncio.TaskGroup() as group:
        works = [
            group.create_task(supervise(place.worker(str(slot), intake) for slot in slots(number)))
            for number in range(2)
        ]
        await place.produced(killer + 1)
        place.flag.touch()
    deaths = [work.result() for work in works]
    figures = await place.audit()
    async with kafka_toy.joined(place.broker.address, place.socket, "looker") as runtime:
        letters = [record.model for record in await valkey.everything(runtime, Topic.DEAD_LETTERS)]
    with capsys.disabled():
        print(f"\non Kafka with {intake}, one record ended {deaths} workers: {figures}, lost 0, twice 0, lag 0")
    assert [(letter.room, letter.key, letter.detail) for letter in letters if letter.reason == "unreadable"] == [
        ("extract", f"s{killer}", blamed(POISON))
    ]
    assert sum(deaths) >= POISON


async def test_the_check_can_fail(place: Place) -> None:
    """The negative control: where records are not in the journal, an end between two steps loses them."""
    await crashed(place, "unsafe", "before the records:9")
    with pytest.raises(AssertionError):
        await place.audit()
