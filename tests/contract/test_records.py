"""Records: published in order, delivered until acknowledged, readable by anybody, accounted for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from schemas.article import Article
from schemas.base import Model
from schemas.topic import Topic
from streams.codec import encode
from streams.runtimes.base import Broken, Commit, Count, Delivery, Record, Runtime, Unwritable, Verdict
from streams.topics import TOPICS
from workers.ports import Emit

if TYPE_CHECKING:
    from tests.contract.conftest import Carrier

ROOM = "dedupe"


def article(number: int, at: datetime, text: str = "") -> Emit:
    model = Article(id=f"a{number}", revision="r", fetched=at, text=text)
    return Emit(Topic.ARTICLES, model.id, model, f"a{number}.r")


async def publish(runtime: Runtime, at: datetime, *numbers: int, text: str = "") -> None:
    emits = [(article(number, at, text), at) for number in numbers]
    assert await runtime.commit(Commit("fetch", at, emits=emits)) is Verdict.COMMITTED


async def receive(runtime: Runtime, limit: int = 100, wait: float = 0.0) -> list[Delivery]:
    return await runtime.receive(ROOM, Topic.ARTICLES, limit, wait)


def ids(deliveries: list[Delivery]) -> list[str]:
    return [
        d.record.model.id for d in deliveries if isinstance(d.record, Record) and isinstance(d.record.model, Article)
    ]


async def ack(runtime: Runtime, at: datetime, deliveries: list[Delivery]) -> Verdict:
    return await runtime.commit(Commit(ROOM, at, acks=[delivery.token for delivery in deliveries]))


async def test_in_order_and_in_batches(runtime: Runtime, at: datetime) -> None:
    await publish(runtime, at, *range(3))
    await publish(runtime, at, *range(3, 7))
    first = await receive(runtime, limit=5)
    assert ids(first) == ["a0", "a1", "a2", "a3", "a4"]
    assert await ack(runtime, at, first) is Verdict.COMMITTED
    rest = await receive(runtime)
    assert ids(rest) == ["a5", "a6"]
    assert await ack(runtime, at, rest) is Verdict.COMMITTED
    assert await receive(runtime) == []


async def test_a_record_keeps_its_key_id_time_and_offset(runtime: Runtime, at: datetime) -> None:
    await publish(runtime, at, 1)
    (delivery,) = await receive(runtime)
    record = delivery.record
    assert isinstance(record, Record)
    assert (record.topic, record.key, record.id, record.time) == (Topic.ARTICLES, "a1", "a1.r", at)
    assert [r.offset for r in await runtime.last(Topic.ARTICLES, 1)] == [record.offset]


async def test_what_is_not_acknowledged_comes_again(runtime: Runtime, at: datetime) -> None:
    await publish(runtime, at, *range(5))
    assert ids(await receive(runtime, limit=3)) == ["a0", "a1", "a2"]
    again = await receive(runtime, limit=2)
    assert ids(again) == ["a0", "a1"]
    await ack(runtime, at, again)
    assert ids(await receive(runtime)) == ["a2"] + ([] if runtime.name == "valkey" else ["a3", "a4"])


async def test_a_part_of_a_batch_may_be_acknowledged(runtime: Runtime, at: datetime) -> None:
    await publish(runtime, at, *range(3))
    batch = await receive(runtime)
    assert await ack(runtime, at, batch[:1]) is Verdict.COMMITTED
    assert ids(await receive(runtime)) == ["a1", "a2"]


async def test_an_acknowledged_record_is_gone(runtime: Runtime, at: datetime) -> None:
    await publish(runtime, at, 1, 2)
    batch = await receive(runtime)
    assert await ack(runtime, at, batch[:1]) is Verdict.COMMITTED
    assert await ack(runtime, at, batch) is Verdict.GONE
    assert ids(await receive(runtime)) == ["a2"]


async def test_every_room_has_its_own_place(runtime: Runtime, at: datetime) -> None:
    await publish(runtime, at, 1)
    await ack(runtime, at, await receive(runtime))
    assert ids(await runtime.receive("archive", Topic.ARTICLES)) == ["a1"]


async def test_a_waiting_room_is_woken(runtime: Runtime, at: datetime) -> None:
    assert await receive(runtime) == []
    waiting = asyncio.create_task(receive(runtime, wait=600.0))
    await asyncio.sleep(0)
    await publish(runtime, at, 1)
    async with asyncio.timeout(60):
        assert ids(await waiting) == ["a1"]


async def test_waiting_ends(runtime: Runtime) -> None:
    async with asyncio.timeout(60):
        assert await receive(runtime, wait=0.05) == []


@pytest.mark.parametrize("topic", TOPICS, ids=str)
async def test_every_topic(
    runtime: Runtime, at: datetime, topic: Topic, sample: Callable[[type[Model]], Model]
) -> None:
    model = sample(TOPICS[topic].model)
    emit = Emit(topic, "ключ \x1f\n🗝", model, "ід \x00")
    await runtime.commit(Commit("fetch", at, emits=[(emit, at)]))
    (delivery,) = await runtime.receive("reader", topic)
    assert isinstance(delivery.record, Record)
    assert delivery.record.model == model
    assert (delivery.record.key, delivery.record.id) == (emit.key, emit.id)
    assert await runtime.tail(topic) == [delivery.record]


async def test_a_big_record(runtime: Runtime, at: datetime) -> None:
    text = "дрон " * 400_000
    await publish(runtime, at, 1, text=text)
    (delivery,) = await receive(runtime)
    assert isinstance(delivery.record, Record)
    assert delivery.record.model == article(1, at, text).model


BROKEN = {
    "no JSON": {b"d": b"{half"},
    "no document": {b"d": b""},
    "no UTF-8": {b"d": b'{"id": "\xff"}', b"ce_partitionkey": b"\xfe"},
    "another model": {b"d": b'{"nothing": 1}'},
    "no time": {b"ce_time": b"yesterday"},
    "naive time": {b"ce_time": b"2024-09-10T03:00:00"},
    "bytes for an id": {b"ce_id": b"\xff"},
    "a field of nobody": {b"x": b"y"},
}


@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN)
async def test_a_broken_record_comes_with_its_bytes_and_a_reason(
    carrier: Carrier, runtime: Runtime, at: datetime, damage: dict[bytes, bytes]
) -> None:
    await publish(runtime, at, 1)
    whole = encode(article(2, at), at)
    await carrier.put(Topic.ARTICLES, damage if b"x" in damage else {**whole, **damage})
    await publish(runtime, at, 3)
    batch = await receive(runtime)
    assert ids(batch) == ["a1", "a3"]
    broken = batch[1].record
    assert isinstance(broken, Broken)
    assert broken.raw == ({} if b"x" in damage else {**whole, **damage}).get(b"d", b"")
    assert broken.why
    assert await ack(runtime, at, batch) is Verdict.COMMITTED
    assert [r.key for r in await runtime.tail(Topic.ARTICLES)] == ["a1", "a3"]


async def test_a_program_of_another_kind_may_publish(carrier: Carrier, runtime: Runtime, at: datetime) -> None:
    newer = {**encode(article(1, at), at), b"ce_future": b"1"}
    newer[b"d"] = newer[b"d"].replace(b"{", b'{"added_later": [1], ', 1)
    await carrier.put(Topic.ARTICLES, newer)
    assert ids(await receive(runtime)) == ["a1"]


async def test_what_has_no_form_on_the_wire_leaves_no_trace(runtime: Runtime, at: datetime) -> None:
    if runtime.name == "memory":
        pytest.skip("nothing is written in memory")
    await publish(runtime, at, 1)
    batch = await receive(runtime)
    half = article(2, at, "\ud800")
    commit = Commit(ROOM, at, acks=[batch[0].token], emits=[(article(3, at), at), (half, at)])
    with pytest.raises(Unwritable):
        await runtime.commit(commit)
    assert ids(await receive(runtime)) == ["a1"]
    assert len(await runtime.tail(Topic.ARTICLES)) == 1


async def test_tail_and_last(runtime: Runtime, at: datetime) -> None:
    assert await runtime.tail(Topic.ARTICLES) == []
    assert await runtime.last(Topic.ARTICLES, 3) == []
    await publish(runtime, at, *range(5))
    everything = await runtime.tail(Topic.ARTICLES)
    assert [r.key for r in everything] == ["a0", "a1", "a2", "a3", "a4"]
    assert await runtime.tail(Topic.ARTICLES, after=everything[1].offset, limit=2) == everything[2:4]
    assert await runtime.tail(Topic.ARTICLES, after=everything[-1].offset) == []
    assert await runtime.last(Topic.ARTICLES, 2) == everything[-2:]
    assert await runtime.last(Topic.ARTICLES, 0) == []
    assert ids(await receive(runtime)) == [r.key for r in everything], "looking consumes nothing"


async def test_tail_gets_past_what_cannot_be_read(carrier: Carrier, runtime: Runtime, at: datetime) -> None:
    for _ in range(3):
        await carrier.put(Topic.ARTICLES, {b"d": b"?"})
    await publish(runtime, at, 1)
    assert [r.key for r in await runtime.tail(Topic.ARTICLES, limit=1)] == ["a1"]


async def test_lag_is_what_is_not_acknowledged(runtime: Runtime, at: datetime) -> None:
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 0
    await publish(runtime, at, *range(5))
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 5
    batch = await receive(runtime, limit=3)
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 5
    await ack(runtime, at, batch[:2])
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 3
    assert await runtime.lag("nobody", Topic.ARTICLES) == 5


async def test_counts_add_up(runtime: Runtime, at: datetime) -> None:
    assert await runtime.counts() == {}
    a, b = Count(ROOM, "in", ""), Count(ROOM, "dropped", "вже-бачили")
    await runtime.commit(Commit(ROOM, at, counts={a: 2, b: 1}))
    await runtime.commit(Commit(ROOM, at, counts={a: 3}))
    assert await runtime.counts() == {a: 5, b: 1}


async def test_tidying_takes_nothing_that_is_needed(runtime: Runtime, at: datetime) -> None:
    await publish(runtime, at, *range(300))
    await ack(runtime, at, await receive(runtime, limit=100))
    await runtime.tidy()
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 200
    assert len(await runtime.tail(Topic.ARTICLES, limit=1000)) == 300, "a day is kept"


async def test_what_another_consumer_left_comes_to_us(
    carrier: Carrier, runtime: Runtime, second: Runtime, at: datetime
) -> None:
    if not carrier.shares_by_record:
        pytest.skip("a partition belongs to one consumer as long as it lives; the chaos tests rebalance")
    await publish(runtime, at, 1, 2)
    left = await receive(runtime)
    assert ids(await receive(second)) == []
    carrier.claim_after = 0.0
    heir = await carrier.open("2")
    taken = await receive(heir)
    assert ids(taken) == ["a1", "a2"]
    assert await ack(runtime, at, left) is Verdict.GONE
    assert await ack(heir, at, taken) is Verdict.COMMITTED
    assert await receive(runtime) == []
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 0


async def test_a_consumer_that_comes_back_gets_its_records_at_once(
    carrier: Carrier, runtime: Runtime, at: datetime
) -> None:
    if not carrier.several:
        pytest.skip("one process, one consumer")
    await publish(runtime, at, 1, 2, 3)
    await receive(runtime, limit=2)
    again = await carrier.open()
    assert ids(await receive(again, limit=1)) == ["a1"]
    batch = (await receive(again))[:2]
    assert ids(batch) == ["a1", "a2"]
    assert await ack(again, at, batch) is Verdict.COMMITTED
    assert ids(await receive(again)) == ["a3"]


async def test_two_consumers_share_the_work(carrier: Carrier, runtime: Runtime, second: Runtime, at: datetime) -> None:
    if not carrier.shares_by_record:
        pytest.skip("a partition belongs to one consumer as long as it lives; the chaos tests rebalance")
    await publish(runtime, at, *range(6))
    mine, theirs = await receive(runtime, limit=4), await receive(second)
    assert ids(mine) + ids(theirs) == [f"a{n}" for n in range(6)]
    assert await ack(second, at, mine) is Verdict.GONE, "only who holds a record may acknowledge it"
    assert await ack(runtime, at, mine) is Verdict.COMMITTED
    assert await ack(second, at + timedelta(seconds=1), theirs) is Verdict.COMMITTED


async def test_what_is_mentioned_is_found_in_order_and_nothing_is_consumed(runtime: Runtime, at: datetime) -> None:
    for number, text in enumerate(("calm", 'the "Orlan" flew', "наліт", "calm")):
        await publish(runtime, at, number, text=text)
    found = [record.key async for record in runtime.mentioning(Topic.ARTICLES, r"\"Orlan\"", "наліт", "nowhere")]
    assert [key for key in found if key in ("a1", "a2")] == ["a1", "a2"]
    assert ids(await receive(runtime)) == ["a0", "a1", "a2", "a3"]
