"""Looks at topics without consuming them: ends, newest records, and what is behind a position."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.topic import Topic
from streams.codec import decode
from streams.runtimes.base import Record, TooOld, Unavailable
from streams.runtimes.kafka.ending import end
from streams.runtimes.kafka.layout import MAX_RECORD, Names
from streams.runtimes.kafka.plain import raw_of, translated
from streams.runtimes.kafka.port import Raw, Timing
from streams.runtimes.kafka.wire import FIRST, Sequence, sequence_of, to_fields

LOOKBACK: Final = 200
"""Records before a position that are read to know which behind it are repetitions."""
NAP: Final = 0.1

Positions = list[int]
"""The next offset of each partition."""


def to_cursor(positions: Positions) -> str:
    """A position on a topic in one word: the last offset, or of several partitions the next offset of each."""
    return str(positions[0] - 1) if len(positions) == 1 else ".".join(map(str, positions))


def from_cursor(text: str | None, partitions: int) -> Positions:
    """The position again; partitions that were added since are read from their start. Raises ValueError."""
    if text is None:
        return [0] * partitions
    numbers = [int(number) for number in text.split(".")]
    if len(numbers) > partitions:
        raise ValueError("the position knows more partitions than the topic has; the topic was made anew")
    if len(numbers) == 1:
        numbers[0] += 1
    return (numbers + [0] * partitions)[:partitions]


class Found(NamedTuple):
    """A record with its place in the order of all partitions."""

    order: tuple[Sequence, int, int]
    raw: Raw


class Reader:
    """Reads one topic at a time, with consumers that belong to no group."""

    def __init__(self, brokers: str, names: Names, partitions: Mapping[Topic, int], timing: Timing) -> None:
        self._brokers, self._names, self._partitions, self._timing = brokers, names, partitions, timing
        self._consumers: dict[Topic, AIOKafkaConsumer] = {}
        self._locks = {topic: asyncio.Lock() for topic in partitions}

    async def ends(self, topic: Topic) -> Positions:
        """The offset that the next record of each partition will have."""
        consumer = await self._consumer(topic)
        with translated(f"asking for the end of {self._names.topic(topic)}"):
            return self._all(topic, await consumer.end_offsets(self._tps(topic)))

    async def begins(self, topic: Topic) -> Positions:
        """The offset of the oldest record of each partition."""
        consumer = await self._consumer(topic)
        with translated(f"asking for the start of {self._names.topic(topic)}"):
            return self._all(topic, await consumer.beginning_offsets(self._tps(topic)))

    def _all(self, topic: Topic, found: Mapping[TopicPartition, int]) -> Positions:
        """The offsets of all partitions; the library leaves out one that the broker cannot tell."""
        offsets = [found.get(tp) for tp in self._tps(topic)]
        if None in offsets:
            raise Unavailable(f"Kafka: the broker does not tell the offsets of {self._names.topic(topic)}")
        return [offset for offset in offsets if offset is not None]

    def _tps(self, topic: Topic) -> list[TopicPartition]:
        return [TopicPartition(self._names.topic(topic), number) for number in range(self._partitions[topic])]

    async def _consumer(self, topic: Topic) -> AIOKafkaConsumer:
        async with self._locks[topic]:
            if topic not in self._consumers:
                consumer = AIOKafkaConsumer(
                    bootstrap_servers=self._brokers,
                    enable_auto_commit=False,
                    auto_offset_reset="earliest",
                    fetch_max_bytes=4 * MAX_RECORD,
                    request_timeout_ms=int(self._timing.request * 1000),
                )
                consumer.assign(self._tps(topic))
                with translated("connecting"):
                    try:
                        async with asyncio.timeout(self._timing.request):
                            await consumer.start()
                    except BaseException:
                        await end(consumer)
                        raise
                consumer.pause(*self._tps(topic))
                self._consumers[topic] = consumer
            return self._consumers[topic]

    async def tail(self, topic: Topic, after: str | None, limit: int) -> list[Record]:
        """Readable records behind a position, in the order of their commits."""
        positions = from_cursor(after, self._partitions[topic])
        records: list[Record] = []
        while len(records) < limit:
            found = await self._read(topic, positions, await self.ends(topic), limit)
            if not found:
                break
            records += _records(topic, found, positions, limit - len(records))
        return records

    async def between(self, topic: Topic, after: str | None, until: str | None, limit: int) -> list[Record]:
        """Readable records behind one position and not behind another, partition by partition; raises TooOld."""
        try:
            starts, stops = (from_cursor(text, self._partitions[topic]) for text in (after, until))
        except ValueError as error:
            raise TooOld(str(error)) from error
        begins = await self.begins(topic)
        stops = list(map(min, stops, await self.ends(topic)))
        if any(start > stop for start, stop in zip(starts, stops, strict=True)):
            raise TooOld("the stream was started anew")
        if after is not None and any(
            at < min(begin, stop) for at, begin, stop in zip(starts, begins, stops, strict=True)
        ):
            raise TooOld("older records are no longer kept")
        records: list[Record] = []
        while found := await self._read(topic, starts, stops, limit + 1):
            records += _records(topic, found, starts, len(found))
            if len(records) > limit:
                raise TooOld(f"more than {limit} records were missed")
        return records

    async def last(self, topic: Topic, limit: int) -> list[Record]:
        """The newest records, oldest first; of those that cannot be read nothing comes."""
        begins, ends = await self.begins(topic), await self.ends(topic)
        starts = [max(begin, end - limit) for begin, end in zip(begins, ends, strict=True)]
        found = await self._read(topic, starts, ends, limit)
        positions = starts.copy()
        for _, raw in found[:-limit]:
            positions[raw.partition] = raw.offset + 1
        return _records(topic, found[-limit:], positions, limit)

    async def _read(self, topic: Topic, starts: Positions, ends: Positions, limit: int) -> list[Found]:
        """Up to `limit` records of each partition from `starts` on and before `ends`, merged, none twice.

        Nothing comes only when nothing is left: a stretch of repetitions is read over, however long.
        """
        if all(at >= end for at, end in zip(starts, ends, strict=True)):
            return []
        consumer = await self._consumer(topic)
        begins = await self.begins(topic)
        rows = []
        async with self._locks[topic]:
            try:
                for number, (start, stop, begin) in enumerate(zip(starts, ends, begins, strict=True)):
                    if max(start, begin) < stop:
                        tp, span = self._tps(topic)[number], range(max(begin, start - LOOKBACK), stop)
                        rows.append((await self._partition(consumer, tp, span, start, limit))[:limit])
            except Unavailable:
                await self._drop(topic)
                raise
        return list(heapq.merge(*rows))

    async def _drop(self, topic: Topic) -> None:
        """Read with another consumer next time: one whose fetching has failed inside never goes on."""
        consumer = self._consumers.pop(topic, None)
        if consumer is not None:
            await end(consumer)

    async def _partition(
        self, consumer: AIOKafkaConsumer, tp: TopicPartition, span: range, start: int, enough: int
    ) -> list[Found]:
        """The records of a span of one partition from `start` on: at least `enough`, or all that there are."""
        raws: list[Raw] = []
        found: list[Found] = []
        deadline = time.monotonic() + self._timing.request
        with translated(f"reading {tp.topic}"):
            consumer.seek(tp, span.start)
            consumer.resume(tp)
            try:
                while (at := await consumer.position(tp)) < span.stop and len(found) < enough:
                    if time.monotonic() > deadline:
                        raise Unavailable(f"Kafka: {tp.topic} is at {at} of {span.stop} and does not go on")
                    more = await consumer.getmany(tp, timeout_ms=int(NAP * 1000))
                    raws += [raw_of(message) for messages in more.values() for message in messages]
                    found = [each for each in fresh(raws) if start <= each.raw.offset < span.stop]
            finally:
                consumer.pause(tp)
        return found

    async def close(self) -> None:
        """Close the connections."""
        consumers, self._consumers = self._consumers, {}
        await asyncio.gather(*map(end, consumers.values()))


def fresh(raws: Iterable[Raw]) -> Iterator[Found]:
    """Records of one partition without repetitions."""
    last = FIRST
    for raw in raws:
        sequence = sequence_of(raw)
        if sequence is None or sequence > last:
            last = sequence or last
            yield Found((last, raw.partition, raw.offset), raw)


def _records(topic: Topic, found: list[Found], positions: Positions, limit: int) -> list[Record]:
    """The readable ones; `positions` moves on behind everything that was looked at."""
    records: list[Record] = []
    for _, raw in found:
        if len(records) == limit:
            break
        positions[raw.partition] = raw.offset + 1
        record = decode(topic, to_cursor(positions), to_fields(raw))
        if isinstance(record, Record):
            records.append(record)
    return records
