"""A server may be full: what is taken in, what is kept, and what goes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schemas.topic import Topic
from streams.codec import encode
from streams.runtimes.base import Commit, Unavailable, Verdict
from streams.runtimes.valkey import ValkeyRuntime, janitor, memory
from streams.state.keys import Keys

if TYPE_CHECKING:
    from tests.contract.valkey.conftest import Emitter, Handle, Publish

ROOM = "dedupe"


async def test_a_full_server_refuses_whole_commits_and_goes_on_when_there_is_room(
    runtime: ValkeyRuntime, at: datetime, publish: Publish, handle: Handle
) -> None:
    await publish(runtime, at)
    commit = await handle(runtime, at)
    await runtime.server.call("CONFIG", "SET", "maxmemory", "1mb")
    try:
        with pytest.raises(Unavailable, match="refuses for now"):
            await runtime.commit(commit)
    finally:
        await runtime.server.call("CONFIG", "SET", "maxmemory", "1gb")
    assert await runtime.commit(commit) is Verdict.COMMITTED


async def test_a_nearly_full_server_takes_nothing_in_and_lets_rooms_work(
    private_socket: Path, prefix: str, at: datetime, monkeypatch: pytest.MonkeyPatch, publish: Publish, handle: Handle
) -> None:
    monkeypatch.setattr(memory, "GLANCE", 0.0)
    runtime = ValkeyRuntime(private_socket, prefix)
    await runtime.open()
    await publish(runtime, at)
    commit = await handle(runtime, at)
    used = (await runtime.server.call("INFO", "memory")).split(b"used_memory:")[1].split()[0]
    await runtime.server.call("CONFIG", "SET", "maxmemory", int(int(used) / 0.9))
    try:
        with pytest.raises(Unavailable, match=r"memory is .* full; raise maxmemory"):
            await publish(runtime, at)
        assert await runtime.commit(commit) is Verdict.COMMITTED
    finally:
        await runtime.server.call("CONFIG", "SET", "maxmemory", "1gb")
    await publish(runtime, at)
    await runtime.close()


async def put_old(runtime: ValkeyRuntime, prefix: str, at: datetime, first: int, number: int, emit: Emitter) -> None:
    """Records that the server took in when its clock began."""
    words = [word for field in encode(*emit(at)).items() for word in field]
    for n in range(first, first + number):
        await runtime.server.call("XADD", Keys(prefix).topic(Topic.ARTICLES), f"{n}-1", *words)


@pytest.mark.parametrize(("full", "left"), [(0.5, 1), (0.65, 1), (0.9, 0)])
async def test_a_full_server_keeps_less_and_never_what_is_needed(
    runtime: ValkeyRuntime,
    prefix: str,
    at: datetime,
    full: float,
    left: int,
    monkeypatch: pytest.MonkeyPatch,
    emit: Emitter,
) -> None:
    async def share(_: object) -> float:
        return full

    monkeypatch.setattr(memory.Memory, "share", share)
    hour_ago = int((await runtime.server.call("TIME"))[0]) * 1000 - 3_600_000
    await put_old(runtime, prefix, at, hour_ago, 150, emit)
    await runtime.tidy()
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 150
    batch = await runtime.receive(ROOM, Topic.ARTICLES, limit=150)
    await runtime.commit(Commit(ROOM, at, acks=[delivery.token for delivery in batch]))
    await runtime.tidy()
    assert (len(await runtime.tail(Topic.ARTICLES, limit=150)) == 150) is bool(left)


async def test_consumers_that_will_not_come_back_are_forgotten(
    runtime: ValkeyRuntime, prefix: str, at: datetime, monkeypatch: pytest.MonkeyPatch, publish: Publish
) -> None:
    monkeypatch.setattr(janitor, "FORGOTTEN_AFTER", -1)
    stream = Keys(prefix).topic(Topic.ARTICLES)
    await publish(runtime, at)
    await runtime.receive(ROOM, Topic.ARTICLES)
    await runtime.server.call("XGROUP", "CREATECONSUMER", stream, ROOM, "idle")
    await runtime.tidy()
    (left,) = await runtime.server.call("XINFO", "CONSUMERS", stream, ROOM)
    assert janitor.pairs(left)["pending"] == 1, "who holds a record stays"


async def test_the_janitor_trims_what_is_old_and_done(
    runtime: ValkeyRuntime, at: datetime, prefix: str, publish: Publish, handle: Handle, emit: Emitter
) -> None:
    await put_old(runtime, prefix, at, 1, 300, emit)
    await publish(runtime, at)
    assert await janitor.trim(runtime.server, Keys(prefix)) == 0, "nobody has read it"
    batch = await runtime.receive(ROOM, Topic.ARTICLES, limit=250)
    await runtime.commit(Commit(ROOM, at, acks=[d.token for d in batch if d is not batch[120]]))
    before_pending = await janitor.trim(runtime.server, Keys(prefix))
    assert 60 < before_pending <= 120, "whole nodes before the oldest pending record"
    await runtime.commit(Commit(ROOM, at, acks=[batch[120].token]))
    assert 180 < before_pending + await janitor.trim(runtime.server, Keys(prefix)) <= 250
    await runtime.commit(await handle(runtime, at))
    await janitor.trim(runtime.server, Keys(prefix))
    assert await runtime.lag(ROOM, Topic.ARTICLES) == 0
    assert [record.time for record in await runtime.last(Topic.ARTICLES, 1)] == [at], "what is young is kept"
