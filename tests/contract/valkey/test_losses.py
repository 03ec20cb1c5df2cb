"""A server may lose its functions, its groups and its records, and a worker its life: what then."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from redis.exceptions import ResponseError

from schemas.base import Model
from schemas.topic import Topic
from streams.runtimes.base import POISON, SUSPECT, Broken, Commit, Count, Delivery, Record, Verdict, blamed
from streams.runtimes.valkey import ValkeyRuntime
from streams.state.functions import LIBRARY
from streams.state.keys import LAYOUT, Keys
from workers.ports import Cell, Emit, Table, Timer

if TYPE_CHECKING:
    from tests.contract.valkey.conftest import Emitter, Handle, Publish

ROOM = "dedupe"


class Tally(Model):
    number: int


CELL = Cell(Table("contract.tally", Tally), "a")


async def test_a_lost_function_is_put_back(
    runtime: ValkeyRuntime, at: datetime, publish: Publish, handle: Handle
) -> None:
    await publish(runtime, at)
    commit = await handle(runtime, at)
    await runtime.server.call("FUNCTION", "DELETE", LIBRARY)
    assert await runtime.commit(commit) is Verdict.COMMITTED


async def test_a_lost_group_is_made_again_and_nothing_is_passed_over(
    runtime: ValkeyRuntime, at: datetime, prefix: str, publish: Publish, handle: Handle
) -> None:
    await publish(runtime, at)
    commit = await handle(runtime, at)
    await runtime.server.call("XGROUP", "DESTROY", Keys(prefix).topic(Topic.ARTICLES), ROOM)
    assert await runtime.commit(commit) is Verdict.GONE
    assert (await runtime.load([CELL]))[CELL].value is None
    assert await runtime.commit(await handle(runtime, at)) is Verdict.COMMITTED
    assert await runtime.counts() == {Count(ROOM, "in", ""): 1}


async def test_a_lost_everything_is_made_again(
    runtime: ValkeyRuntime, at: datetime, prefix: str, publish: Publish, handle: Handle
) -> None:
    await runtime.server.call("DEL", Keys(prefix).topic(Topic.ARTICLES))
    assert await runtime.receive(ROOM, Topic.ARTICLES) == []
    await publish(runtime, at)
    assert await runtime.commit(await handle(runtime, at)) is Verdict.COMMITTED


@pytest.mark.parametrize("kind", ["stamp", "counts", "timers", "topic"])
async def test_a_key_of_another_type_stops_the_commit_before_it_writes(
    runtime: ValkeyRuntime, at: datetime, prefix: str, kind: str, publish: Publish, handle: Handle
) -> None:
    await publish(runtime, at)
    keys = Keys(prefix)
    commit = await handle(runtime, at)
    commit.emits, commit.timers = [(Emit(Topic.UNIQUE, "k", Tally(number=1), "i"), at)], {Timer(ROOM, "t"): at}
    key = {"stamp": keys.stamp, "counts": keys.counts, "timers": keys.timers(ROOM), "topic": keys.topic(Topic.UNIQUE)}[
        kind
    ]
    await runtime.server.call("DEL", key)
    await runtime.server.call("SADD", key, "x")
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await runtime.commit(commit)
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 1
    assert (await runtime.load([CELL]))[CELL].value is None
    await runtime.server.call("DEL", key)
    assert await runtime.commit(commit) is Verdict.COMMITTED


async def test_every_key_is_of_the_table(
    runtime: ValkeyRuntime, at: datetime, prefix: str, publish: Publish, handle: Handle
) -> None:
    await publish(runtime, at)
    commit = await handle(runtime, at)
    commit.timers = {Timer(ROOM, "t"): at}
    await runtime.commit(commit)
    tag = f"{{{prefix}}}:"
    found = {key.decode() for key in await runtime.server.call("KEYS", tag.replace("{", "[{]") + "*")}
    assert {name.removeprefix(tag).split(":")[0] for name in found} == set(LAYOUT) - {"journal", "small"}
    for name in found:
        kind = (await runtime.server.call("TYPE", name)).decode()
        assert kind == LAYOUT[name.removeprefix(tag).split(":")[0]].type


async def test_a_version_is_never_given_twice_even_when_the_last_ones_are_lost(
    runtime: ValkeyRuntime, at: datetime, prefix: str
) -> None:
    first = Commit(ROOM, at, writes={CELL: Tally(number=1)})
    await runtime.commit(first)
    old = (await runtime.load([CELL]))[CELL].version
    await runtime.server.call("DEL", Keys(prefix).stamp)
    await runtime.commit(first)
    assert (await runtime.load([CELL]))[CELL].version > old
    for stamp, version in ((2**51 + 2**47, 2**47 + 1), (2**51 - 1, 1)):
        await runtime.server.call("SET", Keys(prefix).stamp, stamp)
        await runtime.commit(first)
        assert (await runtime.load([CELL]))[CELL].version == version, "of the 48 bits none is set: passed over"


async def test_a_record_that_was_deleted_unread_is_told_of(
    runtime: ValkeyRuntime, at: datetime, prefix: str, publish: Publish
) -> None:
    await publish(runtime, at)
    await runtime.receive(ROOM, Topic.ARTICLES)
    await runtime.server.call("XTRIM", Keys(prefix).topic(Topic.ARTICLES), "MAXLEN", 0)
    (delivery,) = await runtime.receive(ROOM, Topic.ARTICLES)
    assert isinstance(delivery.record, Broken)
    assert "deleted" in delivery.record.why
    assert await runtime.commit(Commit(ROOM, at, acks=[delivery.token])) is Verdict.COMMITTED
    assert await runtime.receive(ROOM, Topic.ARTICLES) == []


async def start_again(private_socket: Path, prefix: str, slot: str = "0", claim_after: float = 60.0) -> list[Delivery]:
    """What a worker that starts gets to do, before it ends without a word and gives nothing back."""
    worker = ValkeyRuntime(private_socket, prefix, slot=slot, claim_after=claim_after)
    await worker.open()
    batch = await worker.receive(ROOM, Topic.ARTICLES)
    await worker.server.close()
    return batch


@pytest.mark.parametrize("slots", ["0", "012"], ids=["one slot", "taken over"])
async def test_a_record_that_ends_every_worker_is_put_aside_and_costs_no_other(
    runtime: ValkeyRuntime, private_socket: Path, prefix: str, at: datetime, slots: str, emit: Emitter, publish: Publish
) -> None:
    for _ in range(3):
        await publish(runtime, at)
    sizes, batch = [], []
    for attempt in range(POISON + 1):
        batch = await start_again(private_socket, prefix, slots[attempt % len(slots)], claim_after=0.0)
        sizes.append(len(batch))
    assert sizes == [3] * SUSPECT + [1] * (POISON + 1 - SUSPECT)
    (delivery,) = batch
    assert isinstance(delivery.record, Broken)
    assert delivery.record.why == blamed(POISON)
    assert delivery.record.raw == emit(at)[0].model.model_dump_json().encode()
    last = ValkeyRuntime(private_socket, prefix, slot=slots[POISON % len(slots)])
    assert await last.commit(Commit(ROOM, at, acks=[delivery.token])) is Verdict.COMMITTED
    (behind,) = await last.receive(ROOM, Topic.ARTICLES)
    assert isinstance(behind.record, Record), "what waited behind it was in no hand when they ended"
    await last.close()


async def test_a_worker_that_only_tries_again_makes_no_record_suspect(
    runtime: ValkeyRuntime, private_socket: Path, prefix: str, at: datetime, publish: Publish
) -> None:
    patient = ValkeyRuntime(private_socket, prefix, claim_after=0.0)
    await publish(runtime, at)
    await publish(runtime, at)
    for _ in range(3 * POISON):
        batch = await patient.receive(ROOM, Topic.ARTICLES)
        assert len([d for d in batch if isinstance(d.record, Record)]) == 2
    await patient.close()


async def test_lag_is_right_where_the_server_has_lost_count(
    runtime: ValkeyRuntime, at: datetime, prefix: str, publish: Publish, handle: Handle
) -> None:
    for _ in range(5):
        await publish(runtime, at)
    await runtime.commit(await handle(runtime, at))
    for _ in range(5):
        await publish(runtime, at)
    middle = (await runtime.tail(Topic.ARTICLES))[7].offset
    await runtime.server.call("XDEL", Keys(prefix).topic(Topic.ARTICLES), middle)
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 4
