"""The carriers that the contract suite runs on; a new one is one class here and one row in CARRIERS."""

from __future__ import annotations

import itertools
import os
import shutil
import types
import typing
import uuid
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from schemas.base import Model
from schemas.topic import Topic
from streams.codec import DATA
from streams.runtimes.base import Runtime, Unavailable
from streams.runtimes.kafka import KafkaRuntime
from streams.runtimes.kafka.admin import create
from streams.runtimes.kafka.layout import Names
from streams.runtimes.kafka.plain import PlainIntake
from streams.runtimes.kafka.port import Intake, Subscription, Timing
from streams.runtimes.kafka.producer import Producer
from streams.runtimes.kafka.shell import FaustIntake
from streams.runtimes.memory import MemoryRuntime
from streams.runtimes.seat import SEATS
from streams.runtimes.valkey import ValkeyRuntime
from streams.runtimes.valkey.state import ServerState
from streams.runtimes.valkey.wire import VERSION
from streams.state.binary import OVERRIDE
from streams.state.connection import Server
from streams.state.keys import Keys
from workers.dedupe.cells import Bucket, Pointer
from workers.ports import Cell

REDIS_URL = os.environ.get("NIGHTWIRE_TEST_REDIS_URL", "")
"""A server that is there already; the tests keep to prefixes of their own."""
REDIS_SERVER = shutil.which("redis-server") or ""
"""Redis beside Valkey, where it is installed."""


class Carrier(ABC):
    """One carrier with a state of its own: opens consumers on it, and damages it as the world would."""

    several = True
    """Whether several consumers can be opened on one state."""
    shares_by_record = True
    """Whether consumers share a topic record by record; otherwise a partition is one consumer's until it ends."""
    claim_after = 3600.0
    """Seconds until consumers that are opened from now on take over what another one holds; a test may change it."""

    def __init__(self) -> None:
        self.opened: list[Runtime] = []

    async def open(self, slot: str = "0") -> Runtime:
        """One more consumer, which stands for a process of its own."""
        runtime = self.make(slot)
        await runtime.open()
        self.opened.append(runtime)
        return runtime

    @abstractmethod
    def make(self, slot: str) -> Runtime: ...

    @abstractmethod
    async def put(self, topic: Topic, fields: Mapping[bytes, bytes]) -> None:
        """Append a record as any program could."""

    @abstractmethod
    async def damage(self, cell: Cell) -> None:
        """Make the value of an existing cell unreadable."""

    async def stop(self, runtime: Runtime) -> None:
        """End a consumer in order."""
        self.opened.remove(runtime)
        await runtime.close()

    async def kill(self, runtime: Runtime) -> None:
        """End a consumer as a killed process ends: it says nothing more to the server."""
        assert isinstance(runtime, ServerState)
        runtime.server._send = unsaid
        await self.stop(runtime)

    async def close(self) -> None:
        for runtime in self.opened:
            await runtime.close()


async def unsaid(*_: object) -> typing.NoReturn:
    raise Unavailable("the process has ended")


class MemoryCarrier(Carrier):
    several = False

    def make(self, slot: str) -> MemoryRuntime:
        assert not self.opened, "memory is one process"
        return MemoryRuntime()

    async def put(self, topic: Topic, fields: Mapping[bytes, bytes]) -> None:
        runtime = self.opened[0]
        assert isinstance(runtime, MemoryRuntime)
        runtime.append(topic, fields)

    async def damage(self, cell: Cell) -> None:
        pytest.skip("values in memory are never written, so they cannot be unreadable")


class ServerCarrier(Carrier):
    """What is common to carriers with their state on a server."""

    def __init__(self, address: str | Path) -> None:
        super().__init__()
        self._address = address
        self._prefix = f"contract-{uuid.uuid4().hex}"
        self._keys = Keys(self._prefix)

    async def damage(self, cell: Cell) -> None:
        key = self._keys.cell(cell)
        version = (await self._call("GET", key))[:VERSION]
        await self._call("SET", key, version + b'{"half": ')

    async def _call(self, *words: Any) -> Any:
        server = Server(self._address)
        try:
            return await server.call(*words)
        finally:
            await server.close()


class ValkeyCarrier(ServerCarrier):
    def make(self, slot: str) -> ValkeyRuntime:
        return ValkeyRuntime(self._address, prefix=self._prefix, slot=slot, claim_after=self.claim_after)

    async def put(self, topic: Topic, fields: Mapping[bytes, bytes]) -> None:
        words = itertools.chain.from_iterable(fields.items())
        await self._call("XADD", self._keys.topic(topic), "*", *words)


FAST = Timing(session=6.0, heartbeat=0.2, join=120.0, request=60.0)
"""A group of tests settles quickly."""


class KafkaCarrier(ServerCarrier):
    """Topics of one partition each, so that the order of all records can be told."""

    shares_by_record = False

    def __init__(self, brokers: str, address: str | Path, intake: Callable[[Subscription], Intake]) -> None:
        super().__init__(address)
        self._intake = intake
        self._slots: dict[int, str] = {}
        self._brokers = brokers
        self._names = Names(f"{self._prefix}.", self._prefix)

    async def open(self, slot: str = "0") -> Runtime:
        for former in [each for each in self.opened if self._slots.get(id(each)) == slot]:
            await self.stop(former)  # a worker that comes back under its name has ended before
        if not self._slots:
            await create(self._brokers, self._names, partitions=1)
        runtime = await super().open(slot)
        self._slots[id(runtime)] = slot
        return runtime

    async def kill(self, runtime: Runtime) -> None:
        """As a killed process, whose slot is free because it is seen to be dead."""
        await super().kill(runtime)
        for seat in await self._call("KEYS", self._keys.cell(Cell(SEATS, "*"))):
            await self._call("DEL", seat)

    def make(self, slot: str) -> KafkaRuntime:
        return KafkaRuntime(
            *(self._brokers, self._address, self._prefix, slot, self._names.topics), intake=self._intake, timing=FAST
        )

    async def put(self, topic: Topic, fields: Mapping[bytes, bytes]) -> None:
        producer = Producer(self._brokers, FAST)
        headers = [(name.decode(), value) for name, value in fields.items() if name != DATA]
        row = (fields.get(b"ce_partitionkey", b""), fields.get(DATA, b""), headers)
        await producer.send(self._names.topic(topic), 0, [row])
        await producer.close()


@pytest.fixture(scope="session")
def redis_url(private_server: Callable[[], AbstractContextManager[Path]]) -> Iterator[str]:
    if REDIS_URL:
        yield REDIS_URL
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OVERRIDE, REDIS_SERVER)
        with private_server() as socket:
            yield f"unix://{socket}"


@pytest.fixture(scope="session")
def kafka_brokers(real_kafka: Callable[..., AbstractContextManager[Any]]) -> Iterator[str]:
    """A real broker for the session."""
    with real_kafka() as one:
        yield one.address


def kafka_carrier(request: pytest.FixtureRequest, intake: Callable[[Subscription], Intake]) -> KafkaCarrier:
    brokers, socket = request.getfixturevalue("kafka_brokers"), request.getfixturevalue("private_socket")
    return KafkaCarrier(brokers, socket, intake)


CARRIERS: dict[str, Callable[[pytest.FixtureRequest], Carrier]] = {
    "memory": lambda _: MemoryCarrier(),
    "valkey": lambda request: ValkeyCarrier(request.getfixturevalue("private_socket")),
    "kafka": lambda request: kafka_carrier(request, PlainIntake),
    "kafka-faust": lambda request: kafka_carrier(request, FaustIntake),
}
if REDIS_URL or REDIS_SERVER:
    CARRIERS["redis-url"] = lambda request: ValkeyCarrier(request.getfixturevalue("redis_url"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """How records are consumed has nothing to do with state: on Faust the tests of records are enough."""
    of_records = ("test_records", "test_deaths")
    items[:] = [item for item in items if "[kafka-faust" not in item.name or item.path.stem in of_records]


@pytest.fixture(params=CARRIERS)
def make_carrier(request: pytest.FixtureRequest) -> Carrier:
    return CARRIERS[request.param](request)


@pytest.fixture(params=CARRIERS)
def fresh_carrier(request: pytest.FixtureRequest) -> Callable[[], Carrier]:
    """Makes carriers with a state of their own, as many as a test wants."""
    CARRIERS[request.param](request)  # starts what is needed now, while no event loop runs
    return lambda: CARRIERS[request.param](request)


@pytest.fixture
async def carrier(make_carrier: Carrier) -> AsyncIterator[Carrier]:
    yield make_carrier
    await make_carrier.close()


@pytest.fixture
async def runtime(carrier: Carrier) -> Runtime:
    """The first consumer."""
    return await carrier.open()


@pytest.fixture
async def second(carrier: Carrier, runtime: Runtime) -> Runtime:
    """Another consumer of the same rooms and state."""
    if not carrier.several:
        pytest.skip("one process, one consumer")
    return await carrier.open("1")


TEXT = "Über 50 «Шахедів» 🛩 \u2028\x00\"\\ \n'"
MOMENT = datetime(2024, 10, 27, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=3)))
PLAIN: dict[type, Any] = {
    str: TEXT,
    int: 2**40,
    float: 0.1,
    bool: True,
    bytes: b"bytes",
    datetime: MOMENT,
    date: date(2024, 10, 27),
    timedelta: timedelta(hours=1, microseconds=1),
}


@pytest.fixture(scope="session")
def sample() -> Callable[[type[Model]], Model]:
    """Makes a model with every field filled, from the types of its fields."""
    return sample_model


SHAPED: dict[type[Model], Model] = {
    Pointer: Pointer(slot="c2xvdHMh"),
    Bucket: Bucket(days={20_000: "c2xvdHMhc2xvdHMi", 20_001: "c2xvdHMj"}),
}
"""Models whose text is digests in base64, which is how they are written."""


def sample_model(kind: type[Model]) -> Model:
    if kind in SHAPED:
        return SHAPED[kind]
    hints = typing.get_type_hints(kind)
    return kind.model_validate({name: _value(hints[name]) for name in kind.model_fields})


def _value(hint: Any) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return args[-1]
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        return _value(args[0])
    if origin is tuple:
        return tuple(_value(arg) for arg in args if arg is not Ellipsis)
    if origin in (list, set, frozenset):
        return origin([_value(args[0])])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {_value(args[0]): _value(args[1])}
    return _single(hint)


def _single(hint: Any) -> Any:
    if hint in PLAIN:
        return PLAIN[hint]
    if issubclass(hint, Enum):
        return next(iter(hint))
    return sample_model(hint)


@pytest.fixture(scope="session")
def at() -> datetime:
    return datetime(2024, 9, 10, 3, 0, tzinfo=UTC)
