"""The port on plain aiokafka."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata

from streams.runtimes.base import Unavailable
from streams.runtimes.kafka.ending import end
from streams.runtimes.kafka.layout import MAX_RECORD
from streams.runtimes.kafka.port import Intake, Raw, Subscription

log = logging.getLogger("nightwire.kafka")


@contextlib.contextmanager
def translated(what: str) -> Iterator[None]:
    """Kafka's errors as ours; a request that the library itself has cancelled is one of them."""
    try:
        yield
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise Unavailable(f"Kafka: {what}: the client library has cancelled it") from error
    except (KafkaError, OSError, TimeoutError) as error:
        raise Unavailable(f"Kafka: {what}: {type(error).__name__} {error}".rstrip()) from error


class PlainIntake(Intake):
    """A consumer with static membership and no commits of its own."""

    def __init__(self, subscription: Subscription) -> None:
        self._subscription, self.member = subscription, subscription.member
        self._consumer: AIOKafkaConsumer | None = None
        self._settled = asyncio.Event()

    async def open(self) -> None:
        """Join the group."""
        want, timing = self._subscription, self._subscription.timing
        consumer = AIOKafkaConsumer(
            bootstrap_servers=want.brokers,
            group_id=want.group,
            group_instance_id=want.member,
            client_id=want.member,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=int(timing.session * 1000),
            heartbeat_interval_ms=int(timing.heartbeat * 1000),
            max_partition_fetch_bytes=1024 * 1024,
            fetch_max_bytes=4 * MAX_RECORD,
        )
        consumer.subscribe([want.topic], listener=_Listener(self))
        with translated(f"joining {want.group}"):
            try:
                async with asyncio.timeout(timing.join):
                    await consumer.start()
            except BaseException:
                await end(consumer)
                raise
        self._consumer = consumer

    async def close(self) -> None:
        """Leave the group."""
        consumer, self._consumer = self._consumer, None
        self._settled.clear()
        if consumer is not None:
            await end(consumer)

    def revoked(self) -> None:
        """A rebalance has begun."""
        self.generation += 1
        self._settled.clear()

    def settled(self) -> None:
        """A rebalance has ended."""
        self.generation += 1
        self._settled.set()

    async def assigned(self, seconds: float) -> frozenset[int] | None:
        """This member's partitions."""
        try:
            async with asyncio.timeout(seconds):
                await self._settled.wait()
        except TimeoutError:
            # a group that has thrown us out shows here and nowhere else
            await self.poll(0.0, 1) if not self._settled.is_set() else None
            return None
        return frozenset(tp.partition for tp in self._open().assignment())

    def _open(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise Unavailable(f"Kafka: {self._subscription.group} is not joined")
        return self._consumer

    def _tp(self, partition: int) -> TopicPartition:
        return TopicPartition(self._subscription.topic, partition)

    async def start_at(self, partition: int, offset: int) -> None:
        """Read a partition from here on."""
        with contextlib.suppress(IllegalStateError):  # it has just been taken from us, and the next look shows that
            self._open().seek(self._tp(partition), offset)

    async def committed(self, partition: int) -> int | None:
        """The group's committed offset."""
        with translated("reading committed offsets"):
            async with asyncio.timeout(self._subscription.timing.request):  # the library asks for ever
                found: int | None = await self._open().committed(self._tp(partition))
        return found

    async def poll(self, seconds: float, limit: int) -> list[Raw]:
        """New records."""
        with translated(f"reading {self._subscription.topic}"):
            found = await self._open().getmany(timeout_ms=int(seconds * 1000), max_records=limit)
        return [raw_of(message) for messages in found.values() for message in messages]

    async def acknowledge(self, done: Mapping[int, int]) -> None:
        """Commit to the broker; partitions that have been taken away are left out."""
        consumer = self._open()
        mine = consumer.assignment()
        offsets = {self._tp(p): OffsetAndMetadata(o, "") for p, o in done.items() if self._tp(p) in mine}
        if offsets:
            with translated("committing offsets"):
                try:
                    async with asyncio.timeout(self._subscription.timing.request):
                        await consumer.commit(offsets)
                except IllegalStateError as error:
                    raise Unavailable("Kafka: the assignment has changed") from error


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Tells the intake of rebalances."""

    def __init__(self, intake: PlainIntake) -> None:
        self._intake = intake

    def on_partitions_revoked(self, revoked: object) -> None:
        self._intake.revoked()

    def on_partitions_assigned(self, assigned: object) -> None:
        self._intake.settled()


def raw_of(message: Any) -> Raw:
    """A record of the client library as ours."""
    headers = tuple((name, value or b"") for name, value in message.headers)
    return Raw(message.partition, message.offset, message.key or b"", message.value or b"", headers)
