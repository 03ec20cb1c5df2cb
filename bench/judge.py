"""How many incident revisions are judged per second, with 10 and 100 rules over 10,000 open incidents.

    python bench/judge.py [--runtime valkey] [--incidents 10000] [--rounds 1] [--rules 10 100] [--fsync always]

Runs the production room on a private Valkey server, or with `--runtime memory` in this process. Every incident is
a night, a target and one of a few objects, with four figures, three places and a dozen claims; each round revises
all of them once, so every revision is judged and none is a repeat. The first round opens the incidents and is not
timed.

`bench/bare.py` says what the ratios beside it are.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bare import Measured, carrier, publish

from schemas.event import Place
from schemas.incident import Claim, Figure, Incident, Part
from schemas.rule import Rule
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Runtime
from workers.judge.items import report_of
from workers.judge.stage import Judge

OBJECTS = ("drone", "missile", "glide_bomb", "person", "building")
MEASURES = ("launched", "intercepted", "hit", "involved")
REGIONS = ("Kyiv", "Odesa", "Sumy", "Kharkiv", "Lviv")
START = datetime(2026, 9, 1, 6, tzinfo=UTC)


def rules(count: int) -> list[Rule]:
    """The headline rule and variations on it, over other objects, measures, groups and windows."""
    windows: list[dict[str, Any]] = [
        {"night": "18:00-09:00", "tz": "Europe/Kyiv"},
        {"calendar": "day", "tz": "Europe/Kyiv"},
        {"tumbling": "6h"},
    ]
    made = []
    for number in range(count):
        where = {
            "object": {"under": OBJECTS[number % 5]},
            "measure": MEASURES[number // 5 % 4],
            "is_total": True,
            "attacker": ("RU", "UA")[number // 20 % 2],
        }
        made.append(
            Rule.model_validate(
                {
                    "id": f"rule-{number:03d}",
                    "title": "Attack, {{ window.date }}",
                    "where": where,
                    "value": "max(value)",
                    "by": ["attacker", "target_country"],
                    "window": windows[number // 20 % 3],
                    "levels": [{"severity": "warning", "at": f"> {50 + number}"}, {"severity": "high", "at": "> 300"}],
                    "annotations": {"summary": "{{ value | num }} over {{ threshold | num }}"},
                }
            )
        )
    return made


def incident(number: int, revision: int, chance: random.Random) -> Incident:
    """One incident of a night in the last weeks, whose figures move with every revision."""
    night = date(2026, 9, 1) - timedelta(days=number // 40 % 12)
    end = datetime(night.year, night.month, night.day, 6, tzinfo=UTC)
    value = chance.randint(1, 120)
    claims = tuple(
        Claim(
            event=f"e{number}-{index}",
            article=f"a{number}-{index}",
            revision="r",
            source=f"source {index}",
            fetched=end,
            measure="involved",
            value=value,
            quote=f"{value} drones were reported over the region during the night",
            span=(0, 60),
        )
        for index in range(4)
    )
    figures = {
        measure: Figure(value=value, low=value, high=value + 5, claims=claims if measure == "involved" else claims[:1])
        for measure in MEASURES
    }
    return Incident(
        id=f"i{number}",
        object=OBJECTS[number % 5],
        attacker=("RU", "UA")[number % 2],
        target_country=f"{chr(65 + number // 2000 % 26)}{chr(65 + number % 26)}",
        period="night",
        night_of=night,
        start=end - timedelta(hours=12),
        end=end,
        figures=figures,
        parts=tuple(Part(place=Place(name=r, region=r), figures={"hit": figures["hit"]}) for r in REGIONS[:3]),
        sources=("source 0", "source 1"),
        independent=2,
        revision=revision,
        first_seen=end,
        updated=end,
    )


async def measure(runtime: Runtime, count: int, incidents: int, rounds: int) -> dict[str, Any]:
    """Judge every incident `rounds` times; the first round opens the incidents and is not timed."""
    stage, clock, chance = Judge(rules(count)), ManualClock(START), random.Random(1)
    measured = Measured(runtime, stage, clock)
    for revision in range(1, rounds + 2):
        records = [incident(number, revision, chance) for number in range(incidents)]
        if revision == 1:
            await publish(runtime, Topic.INCIDENTS, records, clock.now())
            await measured.work()
        else:
            await measured.time(records)
    windows = sum(len(stage.engine.docket(report_of(record)).homes) for record in records[:1000]) / len(records[:1000])
    line = measured.line()
    told = {"rules": count, "open_incidents": incidents, "windows_per_incident": round(windows, 1)}
    return {"runtime": runtime.name, **told, **line, "windows_per_second": round(windows * line["per_second"])}


async def run(given: argparse.Namespace, count: int) -> dict[str, Any]:
    """One line of the result."""
    async with carrier(given.runtime, given.fsync) as runtime:
        return await measure(runtime, count, given.incidents, given.rounds)


def main() -> None:
    """Print one JSON line per number of rules."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runtime", choices=["valkey", "memory"], default="valkey")
    parser.add_argument("--incidents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--rules", type=int, nargs="+", default=[10, 100])
    parser.add_argument("--fsync", default="always", choices=["always", "everysec"])
    given = parser.parse_args()
    for count in given.rules:
        print(json.dumps(asyncio.run(run(given, count))), flush=True)


if __name__ == "__main__":
    main()
