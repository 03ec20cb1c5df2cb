"""A record that ends the process of every worker is found and put aside, it alone; nothing else makes one suspect."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

import pytest

from schemas.article import Article
from schemas.deadletter import DeadLetter
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import POISON, SUSPECT, Commit, Record, Runtime, Unavailable, Verdict, blamed
from streams.runtimes.driver import drain
from streams.runtimes.valkey.state import ServerState
from workers.ports import Emit, Outcome, View
from workers.stage import Stage

if TYPE_CHECKING:
    from tests.contract.conftest import Carrier

ROOM = "dedupe"
BATCH = [f"a{number}" for number in range(5)]
KILLER = "a2"


class Death(BaseException):
    """Stands for the end of the process."""


class Mortal(Stage[Article]):
    """A room that one record ends."""

    name, reads, model = ROOM, Topic.ARTICLES, Article

    def decide(self, record: Article, view: View, now: datetime) -> Outcome:
        if record.id == KILLER:
            raise Death
        return Outcome("passed")


@pytest.fixture(autouse=True)
def _several(carrier: Carrier) -> None:
    if not carrier.several:
        pytest.skip("one process, whose end takes the records with it")


async def publish(runtime: Runtime, at: datetime) -> None:
    emits = [(Emit(Topic.ARTICLES, name, Article(id=name, revision="r", fetched=at), name), at) for name in BATCH]
    assert await runtime.commit(Commit("fetch", at, emits=emits)) is Verdict.COMMITTED


async def in_hand(runtime: Runtime) -> list[str]:
    """The records that go out together."""
    batch = await runtime.receive(ROOM, Topic.ARTICLES)
    return [delivery.record.key for delivery in batch if isinstance(delivery.record, Record)]


async def test_a_record_that_ends_every_worker_is_put_aside_and_no_other(carrier: Carrier, at: datetime) -> None:
    worker = await carrier.open()
    await publish(worker, at)
    deaths = 0
    while True:
        try:
            await drain(worker, [Mortal()], ManualClock(at))
            break
        except Death:
            deaths += 1
            await carrier.kill(worker)
            worker = await carrier.open()
    assert deaths == POISON
    counts = {kind: number for (room, kind, _), number in (await worker.counts()).items() if room == ROOM}
    assert counts == {"in": 5, "out": 4, "quarantined": 1, "emitted": 1}
    (letter,) = [record.model for record in await worker.tail(Topic.DEAD_LETTERS)]
    assert isinstance(letter, DeadLetter)
    assert (letter.key, letter.detail) == (KILLER, blamed(POISON))
    assert Article.model_validate_json(letter.body).id == KILLER
    assert await worker.lag(ROOM, Topic.ARTICLES) == 0


async def test_an_orderly_stop_makes_no_record_suspect(carrier: Carrier, runtime: Runtime, at: datetime) -> None:
    await publish(runtime, at)
    for _ in range(SUSPECT + 1):
        assert await in_hand(runtime) == BATCH
        await carrier.stop(runtime)
        runtime = await carrier.open()
    assert await in_hand(runtime) == BATCH


async def test_a_server_that_is_away_makes_no_record_suspect(runtime: Runtime, at: datetime) -> None:
    await publish(runtime, at)
    assert isinstance(runtime, ServerState)
    for _ in range(SUSPECT + 1):
        batch = await runtime.receive(ROOM, Topic.ARTICLES)
        assert len(batch) == len(BATCH)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(runtime.server, "_send", away)
            with pytest.raises(Unavailable):
                await runtime.commit(Commit(ROOM, at, acks=[delivery.token for delivery in batch]))
            with pytest.raises(Unavailable):
                await runtime.receive(ROOM, Topic.ARTICLES)
    assert await in_hand(runtime) == BATCH


async def away(*_: object) -> NoReturn:
    raise Unavailable("the server is away")
