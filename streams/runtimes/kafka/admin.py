"""Topics on the broker: made from the table, and checked against it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from schemas.topic import Topic
from streams.runtimes.base import RuntimeRefused, Unavailable
from streams.runtimes.kafka.ending import end
from streams.runtimes.kafka.layout import LAYOUT, Names

PATIENCE: Final = 15.0
"""Seconds for one request."""
NAP: Final = 0.05
"""Seconds between two looks at whether new topics are there."""


@contextlib.asynccontextmanager
async def client(brokers: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """A connected admin client; Kafka's errors come as Unavailable."""
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers, request_timeout_ms=int(PATIENCE * 1000))
    try:
        async with asyncio.timeout(PATIENCE):
            await admin.start()
        yield admin
    except (KafkaError, OSError, TimeoutError, ValueError) as error:
        raise Unavailable(f"Kafka at {brokers} cannot be reached: {error or type(error).__name__}") from error
    finally:
        await end(admin)


async def create(brokers: str, names: Names, replication: int = 1, partitions: int | None = None) -> list[Topic]:
    """Create the topics that are missing and return them; `partitions` stands in for every row's own number."""
    wanted = {
        names.topic(topic): NewTopic(
            names.topic(topic), partitions or row.partitions, replication, topic_configs=row.settings()
        )
        for topic, row in LAYOUT.items()
    }
    made = []
    async with client(brokers) as admin:
        for name, code, *words in await _ask(admin, list(wanted.values())):
            if code == 0:
                made.append(name)
            elif code != TopicAlreadyExistsError.errno:
                why = next((word for word in words if word), for_code(code).__name__)
                raise RuntimeRefused(f"topic {name} was not created: {why}")
        async with asyncio.timeout(PATIENCE):
            while len(await _ready(admin, wanted)) < len(wanted):
                await asyncio.sleep(NAP)
    return [topic for topic in LAYOUT if names.topic(topic) in made]


async def _ask(admin: AIOKafkaAdminClient, topics: list[NewTopic]) -> list[tuple[Any, ...]]:
    """The broker's answer for each topic; one that has just started is given time to take part."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answers: list[tuple[Any, ...]] = list((await admin.create_topics(topics)).topic_errors)
            if not any("fenced" in str(word) for answer in answers for word in answer[2:]):
                return answers
            await asyncio.sleep(NAP)


async def partitions(brokers: str, names: Names) -> dict[Topic, int]:
    """The number of partitions of every topic; raises RuntimeRefused when one is missing."""
    wanted = {names.topic(topic): topic for topic in LAYOUT}
    async with client(brokers) as admin:
        found = await _ready(admin, wanted)
    if missing := [name for name in wanted if name not in found]:
        raise RuntimeRefused(
            f"Kafka at {brokers} has no topic {', '.join(missing)}; run: nightwire topics create --kafka {brokers}"
        )
    return {wanted[name]: number for name, number in found.items()}


async def check_layout(brokers: str, names: Names) -> None:
    """Raise RuntimeRefused when a topic that one owner must see whole has several partitions."""
    found = await partitions(brokers, names)
    if split := [topic for topic, row in LAYOUT.items() if row.partitions == 1 and found[topic] > 1]:
        told = ", ".join(f"{names.topic(topic)} has {found[topic]} partitions" for topic in split)
        raise RuntimeRefused(
            f"Kafka at {brokers}: {told}, and needs 1, because one owner must see all of it; "
            f"let its readers finish, delete it, and run: nightwire topics create --kafka {brokers}"
        )


async def _ready(admin: AIOKafkaAdminClient, names: Iterable[str]) -> dict[str, int]:
    """The number of partitions of the topics that are there and led."""
    rows = await admin.describe_topics(list(names))
    return {
        row["topic"]: len(row["partitions"])
        for row in rows
        if row["error_code"] == 0 and all(each["leader"] >= 0 for each in row["partitions"])
    }
