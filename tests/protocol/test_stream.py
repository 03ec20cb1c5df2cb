"""The event stream over several partitions: a reader that comes back gets all that it missed, and nothing twice."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest

from schemas.config import Address
from schemas.incident import Incident
from schemas.topic import Topic
from streams.clock import WallClock
from streams.runtimes.base import Commit, TooOld
from streams.runtimes.kafka import KafkaRuntime
from streams.runtimes.kafka.layout import LAYOUT, Names, partition_of
from streams.runtimes.kafka.port import Timing
from streams.web import Board, create_app, serve
from workers.ports import Emit

FAST = Timing(session=6.0, heartbeat=0.2, join=120.0, request=60.0)


@pytest.fixture(params=[2, 3])
async def runtime(
    request: pytest.FixtureRequest, kafka_mock: SimpleNamespace, private_socket: Path
) -> AsyncIterator[KafkaRuntime]:
    """All topics have this many partitions."""
    prefix = f"stream-{uuid.uuid4().hex[:8]}"
    names = Names(f"{prefix}.", prefix)
    with kafka_mock.running() as mock:
        for topic in LAYOUT:
            mock.topic(names.topic(topic), request.param)
        made = KafkaRuntime(mock.address, private_socket, prefix, "0", names.topics, timing=FAST)
        await made.open()
        yield made
        await made.close()


def incident(number: int) -> Incident:
    """Incidents of ten groups, which lie on all partitions."""
    now = WallClock().now()
    return Incident(id=f"i{number}", object=f"object-{number % 10}", period="night", first_seen=now, updated=now)


async def publish(runtime: KafkaRuntime, *incidents: Incident) -> None:
    for each in incidents:  # one commit each, so that their order can be told
        now = WallClock().now()
        await runtime.commit(Commit("resolve", now, emits=[(Emit(Topic.INCIDENTS, each.id, each, each.id), now)]))


@contextlib.asynccontextmanager
async def page(runtime: KafkaRuntime) -> AsyncIterator[tuple[Board, str]]:
    """A page that looks only when it is told to, and where it is."""
    board, listen = Board(runtime, WallClock()), Address(host="127.0.0.1", port=0)
    assert await board.refresh(), board.trouble
    server = await serve(create_app(board, listen, follow=False, heartbeat=0.05), listen)
    try:
        yield board, f"{server.url}v1/stream?types=incident"
    finally:
        await server.close()


async def read(url: str, last: str | None, number: int) -> tuple[list[str], str | None]:
    """The names of the next events, and the id of the last; a stream that begins anew is an error."""
    names: list[str] = []
    headers = {"Last-Event-ID": last} if last else {}
    async with asyncio.timeout(60), aiohttp.ClientSession() as client, client.get(url, headers=headers) as answer:
        async for line in answer.content:
            word, _, rest = line.decode().rstrip("\n").partition(": ")
            assert rest != "reset"
            if word == "id":
                last = rest
            elif word == "data" and "data" in json.loads(rest):
                names.append(json.loads(rest)["data"]["id"])
            elif not word and len(names) >= number:
                return names, last
    raise AssertionError("the stream has ended")


async def test_records_of_all_partitions_come_and_a_reader_resumes_exactly(runtime: KafkaRuntime) -> None:
    incidents = [incident(number) for number in range(30)]
    used = {
        partition_of(Topic.INCIDENTS, each, each.id, runtime._partitions[Topic.INCIDENTS]) for each in incidents[5:]
    }
    assert len(used) == runtime._partitions[Topic.INCIDENTS], "the test needs records on every partition"
    await publish(runtime, *incidents[:5])
    async with page(runtime) as (board, url):
        _, last = await read(url, None, 0)
        await publish(runtime, *incidents[5:])
        assert await board.refresh()
        seen: list[str] = []
        while len(seen) < 25:  # away after every seventh event, and back with the id of the last
            names, last = await read(url, last, min(7, 25 - len(seen)))
            seen += names
        assert sorted(seen) == sorted(each.id for each in incidents[5:])


async def test_a_live_reader_and_one_that_comes_back_see_the_same(runtime: KafkaRuntime) -> None:
    async with page(runtime) as (board, url):
        _, start = await read(url, None, 0)
        live = asyncio.create_task(read(url, None, 12))
        while not len(board.hub):
            await asyncio.sleep(0)
        for number in range(0, 12, 4):
            await publish(runtime, *map(incident, range(number, number + 4)))
            assert await board.refresh()
        names, last = await live
        assert sorted(names) == sorted(f"i{number}" for number in range(12))
        again, end = await read(url, start, 12)
        assert (sorted(again), end) == (sorted(names), last)


async def test_what_cannot_be_resumed_is_said(runtime: KafkaRuntime) -> None:
    await publish(runtime, incident(1), incident(2))
    ahead = ".".join(["99"] * runtime._partitions[Topic.INCIDENTS])
    for after in (ahead, "1.2.3.4"):
        with pytest.raises(TooOld):
            await runtime.between(Topic.INCIDENTS, after, "1.1", 10)
    with pytest.raises(TooOld, match="more than 1"):
        await runtime.between(Topic.INCIDENTS, None, ".".join("9" * runtime._partitions[Topic.INCIDENTS]), 1)


async def test_repetitions_however_many_do_not_end_a_topic(runtime: KafkaRuntime) -> None:
    """A publisher that ended before it could say what the broker has leaves a whole page twice."""
    await publish(runtime, incident(1))
    await publish(runtime, *[incident(1)] * 5)
    before = await runtime.tail(Topic.INCIDENTS, None, 100)
    assert [record.key for record in before] == ["i1"] * 6
    rows = [(record.key.encode(), b"{}", [("ce_sequence", b"1-1")]) for record in before] * 50
    number = partition_of(Topic.INCIDENTS, incident(1), "i1", runtime._partitions[Topic.INCIDENTS])
    await runtime._producer.send(runtime.names.topic(Topic.INCIDENTS), number, rows)
    await publish(runtime, incident(1).model_copy(update={"id": "i2"}))
    after = await runtime.tail(Topic.INCIDENTS, before[-1].offset, 10)
    assert [record.key for record in after] == ["i2"]
