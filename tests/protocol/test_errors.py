"""Every error that a broker may answer with is got over: a worker never lives on and consumes nothing.

The broker is librdkafka's mock, which answers any request with any error. Each error has a mock, a worker and
topics of its own, and all errors of one API run at the same time.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer

from schemas.article import Article
from schemas.base import Model
from schemas.story import UniqueArticle
from schemas.topic import Topic
from streams.clock import WallClock
from streams.patience import patiently
from streams.runtimes import service
from streams.runtimes.base import Commit, Count, RuntimeRefused, Unavailable
from streams.runtimes.kafka import KafkaRuntime, inbox, plain, shell
from streams.runtimes.kafka.layout import LAYOUT, Names
from streams.runtimes.kafka.plain import PlainIntake
from streams.runtimes.kafka.port import Intake, Subscription, Timing
from streams.runtimes.kafka.shell import FaustIntake
from streams.runtimes.kafka.shell import make_app as shell_app
from workers.ports import Cell, Emit, Outcome, Table, View
from workers.stage import Stage

TIMING = Timing(session=2.0, heartbeat=0.1, join=20.0, request=5.0)
TIMES = 2
"""How often an error comes before the broker is well again."""
PATIENCE = 300.0
"""Seconds until a worker counts as one that lives and consumes nothing."""


@dataclass(frozen=True)
class Api:
    """An API of the protocol: its number, the errors that it answers with, and whether only a join asks for it."""

    key: int
    codes: tuple[int, ...]
    joining: bool = False


# The numbers are Kafka's own. DUPLICATE_SEQUENCE_NUMBER is left out of Produce: to a client it means that the
# record is there already, which the mock, having appended nothing, could not keep.
APIS = {
    "Produce": Api(0, (-1, 2, 3, 5, 6, 7, 10, 13, 19, 20, 29, 45, 47, 56, 59, 87)),
    "Fetch": Api(1, (-1, 1, 2, 3, 5, 6, 9, 29, 56, 74, 75, 100)),
    "ListOffsets": Api(2, (-1, 3, 5, 6, 29, 43, 74)),
    "Metadata": Api(3, (-1, 3, 5, 29)),
    "OffsetCommit": Api(8, (-1, 7, 12, 14, 15, 16, 22, 25, 27, 28, 29, 30, 82)),
    "OffsetFetch": Api(9, (-1, 3, 14, 15, 16, 30), joining=True),
    "FindCoordinator": Api(10, (-1, 14, 15, 24, 30), joining=True),
    "JoinGroup": Api(11, (-1, 14, 15, 16, 23, 24, 25, 26, 27, 30, 81, 82), joining=True),
    "Heartbeat": Api(12, (-1, 14, 15, 16, 22, 25, 27, 30, 82)),
    "SyncGroup": Api(14, (-1, 14, 15, 16, 22, 25, 27, 30, 82), joining=True),
    "InitProducerId": Api(22, (-1, 14, 15, 16, 51, 53), joining=True),
}
ENGINES: dict[str, Callable[[Subscription], Intake]] = {"plain": PlainIntake, "on faust": FaustIntake}
SHELL = ("Fetch", "OffsetCommit", "JoinGroup", "Heartbeat", "SyncGroup") if "NIGHTWIRE_CHAOS" in os.environ else ()
"""What goes through the consumer, and so through Faust, which is slow to join: `make chaos` takes it."""


class Tally(Model):
    number: int


TALLY = Cell(Table("protocol.tally", Tally), "all")


class Counting(Stage[Article]):
    """Counts what comes, and passes it on."""

    name, reads, model = "dedupe", Topic.ARTICLES, Article

    def decide(self, record: Article, view: View, now: datetime) -> Outcome:
        tally = view.get(TALLY, Tally) or Tally(number=0)
        emits = (Emit(Topic.UNIQUE, record.id, UniqueArticle(article=record, story=record.id), record.id),)
        return Outcome("unique", emits=emits, writes={TALLY: Tally(number=tally.number + 1)})


async def publish(runtime: KafkaRuntime, *names: str) -> None:
    now = WallClock().now()
    articles = [Article(id=name, revision="r", text="text", fetched=now) for name in names]
    emits = [(Emit(Topic.ARTICLES, article.id, article, article.id), now) for article in articles]
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(Unavailable, RuntimeRefused):  # refused before anything was applied
                await runtime.commit(Commit("fetch", now, emits=emits))
                return
            await asyncio.sleep(0.05)


async def until(runtime: KafkaRuntime, number: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(Unavailable):
                value = (await runtime.load([TALLY]))[TALLY].value
                if isinstance(value, Tally) and value.number >= number:
                    return
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def mocked(tool: SimpleNamespace, names: Names) -> AsyncIterator[Any]:
    """A mock with all topics; it takes a second to make and to end, in which others may go on."""
    with contextlib.ExitStack() as stack:

        def make() -> Any:
            mock = stack.enter_context(tool.running())
            for topic in LAYOUT:
                mock.topic(names.topic(topic))
            return mock

        yield await asyncio.to_thread(make)
        await asyncio.to_thread(stack.close)


async def get_over(
    api: Api, code: int, tool: SimpleNamespace, socket: Path, intake: Callable[[Subscription], Intake]
) -> None:
    """A worker meets an error a few times while it joins or works, and goes on; all comes out once."""
    prefix = f"protocol-{uuid.uuid4().hex[:8]}"
    names = Names(f"{prefix}.", prefix)
    async with mocked(tool, names) as mock:
        runtime = KafkaRuntime(mock.address, socket, prefix, "0", names.topics, intake, TIMING)
        try:
            await runtime.open()
            await meet(mock, api, code, runtime)
        finally:
            await runtime.close()


async def meet(mock: Any, api: Api, code: int, runtime: KafkaRuntime) -> None:
    stop = asyncio.Event()
    if api.joining:
        mock.fail(api.key, [code] * TIMES)
    serving = asyncio.create_task(service.serve(runtime, [Counting()], WallClock(), stop))
    await publish(runtime, "a", "b")
    await until(runtime, 2)
    if not api.joining:
        mock.fail(api.key, [code] * TIMES)
    await publish(runtime, "c")
    await until(runtime, 3)
    await publish(runtime, "d")
    await until(runtime, 4)
    stop.set()
    await serving
    assert mock.asked(api.key)
    assert (await runtime.counts())[Count("dedupe", "in", "")] == 4
    found = [record.key for record in await patiently(lambda: runtime.tail(Topic.UNIQUE))]
    assert sorted(found) == ["a", "b", "c", "d"], code


@pytest.fixture
def dynamic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members without names of their own: the mock takes a named one that comes back for another, and waits."""

    def nameless(**settings: Any) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(**{**settings, "group_instance_id": None})

    def app(want: Subscription) -> Any:
        made = shell_app(want)
        made.conf.consumer_group_instance_id = None
        return made

    monkeypatch.setattr(plain, "AIOKafkaConsumer", nameless)
    monkeypatch.setattr(shell, "make_app", app)


@pytest.mark.chaos
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Faust leaves clients unclosed
@pytest.mark.usefixtures("dynamic")
@pytest.mark.parametrize(
    ("name", "engine"), [(name, engine) for engine in ENGINES for name in APIS if engine == "plain" or name in SHELL]
)
async def test_a_worker_gets_over_an_error(
    name: str, engine: str, kafka_mock: SimpleNamespace, private_socket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "SILENT", 1.0)
    monkeypatch.setattr(service, "LONGEST_PAUSE", 0.3)
    api = APIS[name]
    found = await asyncio.gather(
        *(get_over(api, code, kafka_mock, private_socket, ENGINES[engine]) for code in api.codes),
        return_exceptions=True,
    )
    failed: dict[int, Any] = {code: trouble for code, trouble in zip(api.codes, found, strict=True) if trouble}
    assert not failed
