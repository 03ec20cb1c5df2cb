"""Sends batches: one at a time for each partition, each in the log of all replicas before the next one leaves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from streams.runtimes.base import RuntimeRefused, Unavailable
from streams.runtimes.kafka.ending import end
from streams.runtimes.kafka.layout import MAX_RECORD
from streams.runtimes.kafka.plain import translated
from streams.runtimes.kafka.port import Timing

log = logging.getLogger("nightwire.kafka")

Row = tuple[bytes, bytes, list[tuple[str, bytes]]]
"""Key, value and headers of one record."""


class Producer:
    """An idempotent producer that is made anew after every failure, so that no state of a failed one lives on."""

    def __init__(self, brokers: str, timing: Timing) -> None:
        self._brokers, self._timing = brokers, timing
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def send(self, topic: str, partition: int, rows: Iterable[Row]) -> None:
        """Append records as one batch, all or none; raises Unavailable when it is not known which."""
        producer = await self._started()
        batch = producer.create_batch()
        for key, value, headers in rows:
            if batch.append(timestamp=None, key=key, value=value, headers=headers) is None:
                raise RuntimeRefused(f"a batch for {topic} is above {MAX_RECORD} bytes")
        batch.close()
        try:
            with translated(f"sending to {topic}"):
                await self._append(producer, batch, topic, partition)
        except Unavailable:
            await self._drop(producer)
            raise

    async def _append(self, producer: AIOKafkaProducer, batch: Any, topic: str, partition: int) -> None:
        try:
            async with asyncio.timeout(self._timing.request):
                await (await producer.send_batch(batch, topic, partition=partition))
        except MessageSizeTooLargeError as error:
            raise RuntimeRefused(
                f"topic {topic} takes no records of {batch.size()} bytes; set its max.message.bytes to {MAX_RECORD}"
            ) from error

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._brokers,
                    acks="all",
                    enable_idempotence=True,
                    max_batch_size=MAX_RECORD,
                    max_request_size=2 * MAX_RECORD,
                    request_timeout_ms=int(self._timing.request * 1000),
                )
                try:
                    async with asyncio.timeout(self._timing.request):
                        await producer.start()
                except (KafkaError, OSError, TimeoutError) as error:
                    await end(producer)
                    raise Unavailable(
                        f"Kafka: the broker cannot be reached: {error or type(error).__name__}"
                    ) from error
                self._producer = producer
            return self._producer

    async def _drop(self, failed: AIOKafkaProducer) -> None:
        if self._producer is failed:
            self._producer = None
            await end(failed)

    async def close(self) -> None:
        """Close the connections."""
        if self._producer is not None:
            await end(self._producer)
            self._producer = None
