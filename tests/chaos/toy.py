"""A worker to be killed: a producer and three rooms on real topics, whose totals can be told from a single number.

Run as `toy.py own DATA_DIR` (with a private server of its own) or `toy.py join SOCKET SLOT FLAG`.
It produces until the flag file exists, then finishes what is on its way and ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from schemas.article import Article
from schemas.base import Model
from schemas.event import ArticleRef, Extraction
from schemas.story import UniqueArticle
from schemas.topic import Topic
from streams.clock import WallClock
from streams.runtimes.base import Commit, Runtime, Unavailable
from streams.runtimes.service import serve
from streams.runtimes.valkey import ValkeyRuntime
from streams.state import functions
from streams.state.server import PrivateServer
from workers.errors import Quarantine
from workers.ports import Cell, Emit, Outcome, Table, Timer, View
from workers.stage import Stage

PREFIX = "toy"
POLL = 20
"""Articles in one commit of the producer."""
CLAIM_AFTER = 0.3


class Number(Model):
    value: int


CURSOR = Cell(Table("toy.cursor", Number), "feed")
TOTAL = Cell(Table("toy.total", Number), "all")
FIRED = Cell(Table("toy.fired", Number), "all")
SEEN = Table("toy.seen", Number, timedelta(days=1))


def story(number: int) -> int:
    """Which story the article of a number tells: three of ten repeat an earlier one."""
    return number - 7 if number % 10 < 3 and number >= 7 else number


def bad(number: int) -> bool:
    return number % 13 == 0


def ringing(number: int) -> bool:
    return number % 7 == 0


def expected(published: int) -> dict[str, object]:
    """What must be there once this many articles have gone through, however often somebody was killed."""
    stories = [story(number) for number in range(published)]
    unique = dict.fromkeys(stories)
    taken = [number for number in unique if not bad(number)]
    return {
        "published": published,
        "duplicates": published - len(unique),
        "quarantined": len(unique) - len(taken),
        "out": Counter(f"s{number}" for number in taken),
        "total": len(taken),
        "fired": sum(map(ringing, taken)),
    }


class Dedupe(Stage[Article]):
    name, reads, model = "dedupe", Topic.ARTICLES, Article

    def decide(self, record: Article, view: View, now: object) -> Outcome:
        cell = Cell(SEEN, record.id)
        if view.get(cell, Number) is not None:
            return Outcome("already-seen", passed=False)
        unique = UniqueArticle(article=record, story=record.id)
        return Outcome(
            "unique", emits=(Emit(Topic.UNIQUE, record.id, unique, record.id),), writes={cell: Number(value=1)}
        )


class Extract(Stage[UniqueArticle]):
    name, reads, model = "extract", Topic.UNIQUE, UniqueArticle

    def decide(self, record: UniqueArticle, view: View, now: object) -> Outcome:
        if bad(int(record.story[1:])):
            raise Quarantine("invalid", "unlucky")
        article = record.article
        extraction = Extraction(article=ArticleRef(id=article.id, revision=article.revision, fetched=article.fetched))
        return Outcome("passed", emits=(Emit(Topic.EVENTS, article.id, extraction, article.id),))


class Resolve(Stage[Extraction]):
    name, reads, model = "resolve", Topic.EVENTS, Extraction

    def decide(self, record: Extraction, view: View, now: object) -> Outcome:
        name, timer = record.article.id, Timer(self.name, record.article.id)
        due = record.article.fetched + timedelta(milliseconds=50)
        return Outcome("passed", writes=more(view, TOTAL), timers={timer: due} if ringing(int(name[1:])) else {})

    def fire(self, timer: Timer, view: View, now: object) -> Outcome:
        return Outcome("fired", writes=more(view, FIRED))


def more(view: View, cell: Cell) -> dict[Cell, Model | None]:
    value = view.get(cell, Number)
    return {cell: Number(value=1 + (value.value if value else 0))}


ROOMS = (Dedupe(), Extract(), Resolve())


async def poll(runtime: Runtime, clock: WallClock) -> None:
    """Publish the next articles and move the cursor, in one commit; in doubt, the cursor tells."""
    value, version = (await runtime.load([CURSOR]))[CURSOR]
    start, now = value.value if isinstance(value, Number) else 0, clock.now()
    commit = Commit("fetch", now, expected={CURSOR: version}, writes={CURSOR: Number(value=start + POLL)})
    for number in range(start, start + POLL):
        article = Article(id=f"s{story(number)}", revision="r", text="text " * 50, fetched=now)
        commit.emits.append((Emit(Topic.ARTICLES, article.id, article, article.id), now))
    await runtime.commit(commit)


async def produce(runtime: Runtime, flag: Path) -> None:
    clock = WallClock()
    while not flag.exists():
        with contextlib.suppress(Unavailable):
            if await runtime.lag("dedupe", Topic.ARTICLES) < 10 * POLL:
                await poll(runtime, clock)
        await asyncio.sleep(0.001)


async def finished(runtime: Runtime) -> bool:
    try:
        lags = [await runtime.lag(room.name, room.reads) for room in ROOMS]
        return not any(lags) and await runtime.next_due("resolve") is None
    except Unavailable:
        return False


async def work(runtime: Runtime, flag: Path) -> None:
    stop = asyncio.Event()
    rooms = asyncio.create_task(serve(runtime, ROOMS, WallClock(), stop))
    await produce(runtime, flag)
    while not await finished(runtime):
        await asyncio.sleep(0.02)
    stop.set()
    await rooms


@contextlib.asynccontextmanager
async def joined(address: Path, slot: str = "0") -> AsyncIterator[ValkeyRuntime]:
    runtime = ValkeyRuntime(address, PREFIX, slot=slot, claim_after=CLAIM_AFTER)
    while True:
        with contextlib.suppress(Unavailable):
            await runtime.open()
            break
        await asyncio.sleep(0.02)
    yield runtime
    await runtime.close()


async def own(data_dir: Path, flag: Path) -> None:
    server = PrivateServer(data_dir)
    async with joined(await server.start()) as runtime:
        print("ready", flush=True)
        await work(runtime, flag)
    await server.stop()


async def join(socket: Path, flag: Path, slot: str) -> None:
    async with joined(socket, slot) as runtime:
        print("ready", flush=True)
        await work(runtime, flag)


if os.environ.get("TOY_CARELESS"):  # for the control: commits no longer ask whose a record is
    asked, not_asked = "consumer) == 0 then return 'gone'", "consumer) == -1 then return 'gone'"
    assert asked in functions.SOURCE
    functions.SOURCE = functions.SOURCE.replace(asked, not_asked)  # type: ignore[misc]

if __name__ == "__main__":
    kind, where, flag_file, *rest = sys.argv[1:]
    asyncio.run(own(Path(where), Path(flag_file)) if kind == "own" else join(Path(where), Path(flag_file), *rest))
