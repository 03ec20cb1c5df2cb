"""How many incident revisions are judged per second, with 10 and 100 rules over 10,000 open incidents.

Runs the production room on the memory runtime: `python bench/judge.py [--incidents N] [--rounds N]`.
Every incident is a night, a target and one of a few objects, with four figures, three places and a
dozen claims; each round revises all of them once, so every revision is judged and none is a repeat.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas.event import Place
from schemas.incident import Claim, Figure, Incident, Part
from schemas.rule import Rule
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit
from streams.runtimes.driver import step
from streams.runtimes.memory import MemoryRuntime
from workers.judge.items import report_of
from workers.judge.stage import Judge
from workers.ports import Emit

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


async def measure(count: int, incidents: int, rounds: int) -> dict[str, Any]:
    """Judge every incident `rounds` times; the first round opens the incidents and is not timed."""
    runtime, stage, clock = MemoryRuntime(), Judge(rules(count)), ManualClock(START)
    chance = random.Random(1)
    seconds = 0.0
    for revision in range(1, rounds + 2):
        records = [incident(number, revision, chance) for number in range(incidents)]
        emits = [(Emit(Topic.INCIDENTS, r.id, r, f"{r.id}-{r.revision}"), clock.now()) for r in records]
        await runtime.commit(Commit(room="bench", at=clock.now(), emits=emits))
        began = time.process_time()
        while await step(runtime, stage, clock):
            pass
        seconds += time.process_time() - began if revision > 1 else 0.0
    windows = sum(len(stage.engine.docket(report_of(record)).homes) for record in records[:1000]) / len(records[:1000])
    notices = len(await runtime.tail(Topic.ALERTS, limit=10_000_000))
    return {
        "rules": count,
        "open_incidents": incidents,
        "judged": incidents * rounds,
        "seconds": round(seconds, 2),
        "per_second": round(incidents * rounds / seconds),
        "windows_per_incident": round(windows, 1),
        "windows_per_second": round(windows * incidents * rounds / seconds),
        "notices": notices,
    }


def main() -> None:
    """Print one JSON line per number of rules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--rules", type=int, nargs="+", default=[10, 100])
    given = parser.parse_args()
    for count in given.rules:
        print(json.dumps(asyncio.run(measure(count, given.incidents, given.rounds))), flush=True)


if __name__ == "__main__":
    main()
