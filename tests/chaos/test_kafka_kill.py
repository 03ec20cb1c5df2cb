"""On a real broker: whoever is killed, and whenever, nothing is lost, nothing is done twice, and the books balance.

A few rounds in the normal suite; NIGHTWIRE_CHAOS=30 for as many as one likes, NIGHTWIRE_SEED to repeat a run.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from streams.runtimes.kafka.admin import create
from streams.runtimes.kafka.layout import Names
from streams.state.server import PrivateServer

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.skipif("NIGHTWIRE_CHAOS" not in os.environ, reason="CHAOS ON KAFKA IS NOT RUN HERE: `make chaos` does"),
]

HERE = Path(__file__).parent
ROUNDS = int(os.environ.get("NIGHTWIRE_CHAOS", "5"))
SEED = int(os.environ.get("NIGHTWIRE_SEED", "20240910"))
INTAKE = os.environ.get("NIGHTWIRE_CHAOS_INTAKE", "plain")
FROZEN = 12.0 if ROUNDS > 20 else 2.0
PATIENCE = 120.0


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
tool = load(HERE.parents[1] / "tools" / "kafka" / "broker.py")
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

    async def end(self) -> int:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._process.wait()
        except TimeoutError:
            for number in (signal.SIGUSR2, signal.SIGUSR1):  # what hangs, in the worker's own words
                self._process.send_signal(number)
                await asyncio.sleep(1.0)
            raise


@dataclass
class Place:
    """A broker, a state server, and the flag that ends production."""

    broker: Any
    server: PrivateServer
    socket: Path
    flag: Path

    def worker(self, slot: str, intake: str, *crash: str) -> Worker:
        return Worker(self.broker.address, self.socket, self.flag, slot, intake, *crash)

    async def audit(self) -> dict[str, int]:
        async with kafka_toy.joined(self.broker.address, self.socket, "auditor") as runtime:
            assert await kafka_toy.lags(runtime) == dict.fromkeys(("dedupe", "extract", "resolve"), 0)
            return dict(await valkey.audit(runtime))


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    try:
        with tool.running() as one:
            yield one
    except tool.BrokerAbsent as absent:
        if os.environ.get("CI"):
            pytest.fail(f"CI needs a broker: {absent}")
        pytest.skip(f"CHAOS NOT TESTED ON KAFKA: {absent}")


@pytest.fixture
async def place(broker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.setattr(kafka_toy, "PREFIX", tmp_path.name)
    monkeypatch.setenv("NIGHTWIRE_TOY_PREFIX", tmp_path.name)
    await create(broker.address, Names(f"{tmp_path.name}.", tmp_path.name), partitions=3)
    server = PrivateServer(tmp_path / "data")
    socket = await server.start()
    yield Place(broker, server, socket, tmp_path / "enough")
    await server.stop()


async def strike(place: Place, pair: list[Worker], action: str, chance: random.Random) -> None:
    victim = chance.choice(pair)
    if action == "kill":
        await victim.kill()
        await victim.start()
    elif action == "term":
        victim.send(signal.SIGTERM)
        assert await victim.end() == 0, "a stop that was asked for is clean"
        await victim.start()
    elif action == "state frozen":
        assert place.server.pid
        os.kill(place.server.pid, signal.SIGSTOP)
        await asyncio.sleep(FROZEN)
        os.kill(place.server.pid, signal.SIGCONT)
    else:
        await asyncio.to_thread(place.broker.kill)
        await asyncio.to_thread(place.broker.start)


def plan(rounds: int, chance: random.Random) -> list[str]:
    """Two kills for each termination, the state frozen once, and the broker killed once."""
    actions = [("kill", "term", "kill")[number % 3] for number in range(rounds)] + ["state frozen", "broker"]
    chance.shuffle(actions)
    return actions


async def test_three_workers(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(SEED)
    done: Counter[str] = Counter()
    crowd = [place.worker(str(number), INTAKE) for number in range(3)]
    try:
        await asyncio.gather(*(worker.start() for worker in crowd))
        for action in plan(ROUNDS, chance):
            await asyncio.sleep(chance.uniform(0.3, 2.0))
            await strike(place, crowd, action, chance)
            done[action] += 1
        place.flag.touch()
        assert [await worker.end() for worker in crowd] == [0, 0, 0]
    finally:
        for worker in crowd:
            await worker.clear()
    figures = await place.audit()
    with capsys.disabled():
        print(f"\non Kafka {dict(done)}: {figures}, lost 0, twice 0, lag 0")
    assert figures["published"] > 0


async def crashed(place: Place, intake: str, crash: str) -> dict[str, int]:
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
        await asyncio.sleep(0.5)
        place.flag.touch()
        assert await heir.end() == 0
    finally:
        await heir.clear()
    return await place.audit()


@pytest.mark.parametrize("point", kafka_toy.POINTS)
async def test_a_worker_ends_between_two_steps(place: Place, point: str) -> None:
    assert (await crashed(place, "plain", f"{point}:9"))["published"] > 0


async def test_the_check_can_fail(place: Place) -> None:
    """The negative control: where records are not in the journal, an end between two steps loses them."""
    with pytest.raises(AssertionError):
        await crashed(place, "unsafe", "before the records:9")
