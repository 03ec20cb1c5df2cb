"""Incidents updated and rules judged per second on a private server: 10,000 open incidents, 10 and 100 rules.

    python bench/incidents.py [--runtime valkey] [--incidents 10000] [--rules 10 100] [--fsync always]

Every incident is opened by one article with a total and two parts, and then told of by a second one with another
total: the room `resolve` updates it, and the room `judge` holds the revision against the rules. Both are timed on
their own; `bench/bare.py` says what the ratios are.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bare import Measured, carrier, publish
from judge import OBJECTS, rules

from schemas.event import ArticleRef, Event, Extraction, Place
from schemas.incident import Incident
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Runtime
from workers.judge.stage import Judge
from workers.resolve.stage import Resolve

START = datetime(2026, 9, 1, 6, tzinfo=UTC)
SIDES = [(attacker, target) for attacker in ("RU", "UA") for target in ("UA", "RU", "PL", "MD", "RO", "LT", "LV", "EE")]
MANY = 1_000_000


def extraction(number: int, told: int) -> Extraction:
    """What one article tells of one incident: a total and two parts."""
    rest, side = divmod(number, len(SIDES))
    days, kind = divmod(rest, len(OBJECTS))
    night = date(2026, 9, 1) - timedelta(days=days)
    fetched = START + timedelta(minutes=told)
    name = f"a{number}-{told}"
    ref = ArticleRef(id=name, revision="r", source=f"outlet {told}", published=fetched, fetched=fetched)
    values = (40 + number % 60 + told, 5, 7)
    events = (event(f"{name}.{n}", OBJECTS[kind], SIDES[side], night, value, n) for n, value in enumerate(values))
    return Extraction(article=ref, events=tuple(events))


def event(name: str, thing: str, sides: tuple[str, str], night: date, value: int, part: int) -> Event:
    """A claim; the first of an article is its total."""
    place = Place(name=f"Region {part}", country=sides[1], region=f"Region {part}") if part else None
    return Event(
        id=name, type="attack", object=thing, measure="launched", value=value, attacker=sides[0],
        target_country=sides[1], place=place, scope="part" if part else "total", part_of=0 if part else None,
        period="night", night_of=night, claimed_by="the air force", confidence=0.8, span=(part * 100, part * 100 + 80),
        quote=f"{value} of them were launched in the course of the night, the air force said in its report",
    )  # fmt: skip


async def told(runtime: Runtime, after: str | None) -> tuple[list[Incident], str | None]:
    """The incidents on the topic behind an offset."""
    records = await runtime.tail(Topic.INCIDENTS, after, MANY)
    return [r.model for r in records if isinstance(r.model, Incident)], records[-1].offset if records else after


async def measure(runtime: Runtime, count: int, incidents: int) -> list[dict[str, Any]]:
    """Open the incidents, then update each once."""
    clock = ManualClock(START)
    resolve, judge = Measured(runtime, Resolve(), clock), Measured(runtime, Judge(rules(count)), clock)
    await publish(runtime, Topic.EVENTS, [extraction(number, 0) for number in range(incidents)], clock.now())
    await resolve.work()
    await judge.work()
    _, offset = await told(runtime, None)
    await resolve.time([extraction(number, 1) for number in range(incidents)])
    revisions, _ = await told(runtime, offset)
    await judge.time_waiting(revisions)
    about = {"runtime": runtime.name, "open_incidents": incidents, "rules": count}
    return [{"room": "resolve", **about, **resolve.line()}, {"room": "judge", **about, **judge.line()}]


async def run(given: argparse.Namespace, count: int) -> None:
    """Print the lines for one number of rules."""
    async with carrier(given.runtime, given.fsync) as runtime:
        for line in await measure(runtime, count, given.incidents):
            print(json.dumps(line), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runtime", choices=["valkey", "memory"], default="valkey")
    parser.add_argument("--incidents", type=int, default=10_000)
    parser.add_argument("--rules", type=int, nargs="+", default=[10, 100])
    parser.add_argument("--fsync", default="always", choices=["always", "everysec"])
    given = parser.parse_args()
    for count in given.rules:
        asyncio.run(run(given, count))


if __name__ == "__main__":
    main()
