"""The processes that bench/kafka.py measures: a worker with all rooms, and two that only move records."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from schemas.topic import Topic
from streams.app import House, build_rooms
from streams.clock import WallClock
from streams.live import work
from streams.runtimes.base import Runtime, Unavailable
from streams.runtimes.kafka import KafkaRuntime
from streams.runtimes.kafka.layout import Names
from streams.runtimes.kafka.port import Intake, Subscription, Timing
from streams.runtimes.kafka.shell import FaustIntake, bind_to_running_loop, make_app
from streams.runtimes.valkey import ValkeyRuntime
from streams.settings import load_config
from streams.sinks.outbox import Outbox


@dataclass(frozen=True)
class Place:
    """Where one row runs: its broker, its server, and a name in front of everything of its own."""

    broker: str
    socket: Path
    name: str

    @property
    def names(self) -> Names:
        return Names(f"{self.name}.", self.name)

    def runtime(self, kind: str, slot: str, intake: Callable[[Subscription], Intake] = FaustIntake) -> Runtime:
        if kind == "valkey":
            return ValkeyRuntime(self.socket, self.name, slot)
        return KafkaRuntime(self.broker, self.socket, self.name, slot, f"{self.name}.", intake)


@asynccontextmanager
async def opened(runtime: Runtime) -> AsyncIterator[Runtime]:
    await runtime.open()
    try:
        yield runtime
    finally:
        await runtime.close()


async def joined(intake: Intake) -> bool:
    try:
        return await intake.assigned(1.0) is not None
    except Unavailable:
        return False


async def be_worker(place: Place, kind: str, slot: str) -> None:
    """All rooms, and the outbox with nobody to tell; ready once each room has its partitions."""
    config, clock, stop = load_config(None), WallClock(), asyncio.Event()
    intakes: list[Intake] = []

    def intake(want: Subscription) -> Intake:
        intakes.append(FaustIntake(want))
        return intakes[-1]

    async def tell(rooms: int) -> None:
        while kind == "kafka" and (len(intakes) < rooms or not all([await joined(each) for each in intakes])):
            await asyncio.sleep(0.05)
        print("ready", flush=True)

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with opened(place.runtime(kind, slot, intake)) as runtime, asyncio.TaskGroup() as tasks:
        rooms = build_rooms(config, {}, clock.now())
        tasks.create_task(tell(len(rooms)))
        await work(House(config, clock, runtime, rooms, Outbox(runtime, {})), None, stop)


async def be_faust(place: Place, *_: str) -> None:
    """One agent that moves batches, each send awaited before its batch is acknowledged."""
    want = Subscription(place.broker, place.names.topic(Topic.ARTICLES), f"{place.name}.faust", "bench", Timing())
    app = make_app(want)
    inputs = app.topic(want.topic, key_serializer="raw", value_serializer="raw", value_type=bytes)
    output = app.topic(place.names.topic(Topic.UNIQUE), key_serializer="raw", value_serializer="raw", value_type=bytes)

    async def move(stream: Any) -> AsyncIterator[None]:
        async for events in stream.noack_take(200, within=0.05):
            sent = [await output.send(key=event.key, value=event.value) for event in events]
            await asyncio.gather(*sent)
            for event in events:
                event.ack()
            yield

    app.agent(inputs, concurrency=1)(move)
    bind_to_running_loop(app)
    app.finalize()
    await app.maybe_start()
    print("ready", flush=True)
    await asyncio.Event().wait()


async def be_aiokafka(place: Place, *_: str) -> None:
    """Batches from one topic to the other, committed behind them."""
    consumer = AIOKafkaConsumer(
        place.names.topic(Topic.ARTICLES), bootstrap_servers=place.broker, group_id=f"{place.name}.plain",
        enable_auto_commit=False, auto_offset_reset="earliest",
    )  # fmt: skip
    producer = AIOKafkaProducer(bootstrap_servers=place.broker, acks="all")
    await consumer.start()
    await producer.start()
    print("ready", flush=True)
    while True:
        for tp, records in (await consumer.getmany(timeout_ms=100, max_records=500)).items():
            topic = place.names.topic(Topic.UNIQUE)
            sends = [await producer.send(topic, each.value, key=each.key, partition=tp.partition) for each in records]
            await asyncio.gather(*sends)
            await consumer.commit({tp: records[-1].offset + 1})


ROLES: dict[str, Callable[..., Awaitable[None]]] = {"worker": be_worker, "faust": be_faust, "aiokafka": be_aiokafka}

if __name__ == "__main__" and sys.argv[1:]:
    role, kind, broker, socket, name, slot = sys.argv[1:]
    asyncio.run(ROLES[role](Place(broker, Path(socket), name), kind, slot))
