"""How many incidents the resolver updates per second on the memory runtime, by how many articles tell of one night.

usage: python bench/resolve.py [--articles N] [--per-night N ...] [--parts N]

Every article states a total and some parts for one night; the room reads it, changes the incident and tells the
revision. The ceiling beside it is the same driver and runtime with a room that only copies its input.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas.event import ArticleRef, Event, Extraction, Place
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit
from streams.runtimes.driver import step
from streams.runtimes.memory import MemoryRuntime
from workers.ports import Emit, Outcome, View
from workers.resolve.stage import Resolve
from workers.stage import Stage

START = datetime(2026, 1, 1, 5, tzinfo=UTC)
REGIONS = ("Kursk region", "Bryansk region", "Belgorod region", "Rostov region", "Tula region", "Oryol region")


class Copy(Stage[Extraction]):
    """The ceiling: takes a record and publishes one, without deciding anything."""

    name = "copy"
    reads = Topic.EVENTS
    model = Extraction

    def decide(self, record: Extraction, view: View, now: datetime) -> Outcome:
        return Outcome("passed", emits=(Emit(Topic.INCIDENTS, record.article.id, record, record.article.id),))


def articles(count: int, per_night: int, parts: int) -> Iterator[Extraction]:
    for number in range(count):
        day, order = divmod(number, per_night)
        yield article(number, date(2026, 1, 1) + timedelta(days=day), order, parts)


def article(number: int, night: date, order: int, parts: int) -> Extraction:
    published = datetime.combine(night, START.timetz()) + timedelta(minutes=order % 300)
    ref = ArticleRef(
        id=f"a{number}", revision="r", source=f"outlet {number % 40}", published=published, fetched=published
    )
    total = event(number, 0, night, 60 + order % 7, {"scope": "total"})
    rest = (
        event(number, 1 + i, night, 5 + i, {"scope": "part", "part_of": 0, "place": place(i)}) for i in range(parts)
    )
    return Extraction(article=ref, events=(total, *rest))


def place(number: int) -> Place:
    name = REGIONS[number % len(REGIONS)]
    return Place(name=name, country="RU", region=name)


def event(number: int, order: int, night: date, value: int, fields: dict[str, Any]) -> Event:
    return Event(
        id=f"{number}.{order}",
        type="interception",
        object="drone",
        measure="intercepted",
        value=value,
        attacker="UA",
        target_country="RU",
        period="night",
        night_of=night,
        claimed_by="Russian Defence Ministry",
        confidence=0.8,
        quote="a sentence of about the length that a sentence in a report of this kind commonly has, with a number",
        span=(order * 120, order * 120 + 100),
        **fields,
    )


async def run(stage: Stage[Any], rows: list[Extraction]) -> tuple[float, int]:
    """Seconds, and records emitted."""
    runtime, clock = MemoryRuntime(), ManualClock(START)
    for row in rows:
        emit = Emit(Topic.EVENTS, row.article.id, row, row.article.id)
        await runtime.commit(Commit(room="bench", at=START, emits=[(emit, START)]))
    began = time.perf_counter()
    while await step(runtime, stage, clock):
        pass
    seconds = time.perf_counter() - began
    return seconds, len(await runtime.last(Topic.INCIDENTS, 10**9))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--per-night", type=int, nargs="+", default=[1, 10, 50, 200])
    parser.add_argument("--parts", type=int, default=3)
    options = parser.parse_args()
    print(f"{'articles a night':>16} {'claims an incident':>18} {'updates/s':>10} {'ms each':>8} {'of ceiling':>10}")
    for per_night in options.per_night:
        rows = list(articles(options.articles, per_night, options.parts))
        ceiling, _ = asyncio.run(run(Copy(), rows))
        seconds, updates = asyncio.run(run(Resolve(), rows))
        claims = per_night * (1 + options.parts)
        each = 1000 * seconds / updates
        print(f"{per_night:16} {claims:18} {updates / seconds:10.0f} {each:8.2f} {ceiling / seconds:10.3f}")


if __name__ == "__main__":
    main()
