"""What goes wrong around a worker on Kafka: each is one clear line, nothing is lost, and work goes on after it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from schemas.article import Article
from schemas.story import UniqueArticle
from schemas.topic import Topic
from streams.clock import WallClock
from streams.runtimes import service
from streams.runtimes.base import Commit, Count, RuntimeRefused, Unavailable
from streams.runtimes.kafka import KafkaRuntime
from streams.runtimes.kafka.admin import check_layout
from streams.runtimes.kafka.layout import LAYOUT, Names
from streams.runtimes.kafka.port import Timing
from workers.ports import Emit, Outcome, View
from workers.stage import Stage

FAST = Timing(session=2.0, heartbeat=0.2, join=120.0, request=60.0)
PATIENCE = 300.0
PREFIX = "trouble"


class Passing(Stage[Article]):
    """Passes every article on."""

    name, reads, model = "dedupe", Topic.ARTICLES, Article

    def decide(self, record: Article, view: View, now: datetime) -> Outcome:
        return Outcome("unique", emits=(Emit(Topic.UNIQUE, record.id, UniqueArticle(article=record, story="s"), "s"),))


@pytest.fixture
def names() -> Names:
    prefix = f"{PREFIX}-{uuid.uuid4().hex[:8]}"
    return Names(f"{prefix}.", prefix)


@pytest.fixture
async def runtime(kafka_mock: SimpleNamespace, private_socket: Path, names: Names) -> AsyncIterator[KafkaRuntime]:
    with kafka_mock.running() as mock:
        for topic in LAYOUT:
            mock.topic(names.topic(topic))
        made = KafkaRuntime(mock.address, private_socket, names.group, "0", names.topics, timing=FAST)
        await made.open()
        yield made
        await made.close()


async def publish(runtime: KafkaRuntime, *ids: str) -> None:
    now = WallClock().now()
    articles = [Article(id=name, revision="r", text="text", fetched=now) for name in ids]
    emits = [(Emit(Topic.ARTICLES, article.id, article, article.id), now) for article in articles]
    await runtime.commit(Commit("fetch", now, emits=emits))


@contextlib.asynccontextmanager
async def served(runtime: KafkaRuntime) -> AsyncIterator[None]:
    stop = asyncio.Event()
    serving = asyncio.create_task(service.serve(runtime, [Passing()], WallClock(), stop))
    yield
    stop.set()
    await serving


async def until(runtime: KafkaRuntime, count: Count, number: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await runtime.counts()).get(count, 0) < number:
            await asyncio.sleep(0.02)


IN = Count("dedupe", "in", "")


async def test_a_broker_that_is_down_is_one_line(private_socket: Path) -> None:
    runtime = KafkaRuntime("127.0.0.1:1", private_socket, PREFIX, timing=FAST)
    with pytest.raises(Unavailable, match=r"^Kafka at 127\.0\.0\.1:1 cannot be reached: [^\n]*$"):
        await runtime.open()
    await runtime.close()


async def test_a_topic_for_one_owner_that_was_split_is_refused(kafka_mock: SimpleNamespace, names: Names) -> None:
    with kafka_mock.running() as mock:
        for topic in LAYOUT:
            mock.topic(names.topic(topic), 3 if topic is Topic.EVENTS else 1)
        with pytest.raises(RuntimeRefused, match=r"events.v1 has 3 partitions, and needs 1, [^\n]* topics create"):
            await check_layout(mock.address, names)


async def test_records_of_a_newer_schema_and_of_no_schema_are_put_aside_and_counted(
    runtime: KafkaRuntime, names: Names
) -> None:
    rows: list[Any] = [
        (b"k", b'{"id": "x"}', [("ce_type", b"nightwire.article.fetched.v9")]),
        (b"k", b"\xff\xfe", []),
        (b"", b"", []),
    ]
    await runtime._producer.send(names.topic(Topic.ARTICLES), 0, rows)
    await publish(runtime, "good")
    async with served(runtime):
        await until(runtime, IN, 4)
    counts = await runtime.counts()
    assert counts[Count("dedupe", "quarantined", "unreadable")] == 3
    assert counts[Count("dedupe", "out", "unique")] == 1
    letters = await runtime.tail(Topic.DEAD_LETTERS)
    assert len(letters) == 3
    assert "v9" in str(letters[0].model)


async def test_a_state_server_that_is_full_is_waited_for(runtime: KafkaRuntime) -> None:
    call = runtime.server.call
    full = (await call("CONFIG", "GET", "maxmemory"))[1]
    async with served(runtime):
        await publish(runtime, "a")
        await until(runtime, IN, 1)
        await call("CONFIG", "SET", "maxmemory", "1")
        with pytest.raises(Unavailable, match=r"^the server refuses for now: [^\n]*$"):
            await publish(runtime, "never")
        await call("CONFIG", "SET", "maxmemory", full)
        async with asyncio.timeout(PATIENCE):
            while True:
                with contextlib.suppress(Unavailable):
                    await publish(runtime, "b")
                    break
                await asyncio.sleep(0.1)
        await until(runtime, IN, 2)
    assert [record.key for record in await runtime.tail(Topic.UNIQUE)] == ["a", "b"]
    assert (await runtime.counts())[IN] == 2
