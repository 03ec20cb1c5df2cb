"""How many incident revisions are judged per second, with 10 and 100 rules over 10,000 open incidents.

    python bench/judge.py [--runtime valkey] [--incidents 10000] [--rounds 1] [--rules 10 100] [--fsync always]

Runs the production room on a private Valkey server, or with `--runtime memory` in this process. Every incident is
a night, a target and one of a few objects, with four figures, three places and a dozen claims; each round revises
all of them once, so every revision is judged and none is a repeat. The first round opens the incidents and is not
timed.

`of_bare` is the share of the time that the server's own part takes: for every commit of the timed rounds the commit
function is called once more with the same arguments made beforehand, that is with the same acknowledgements, the
same cells checked, and the same bytes written and published, while nothing is read, decoded, decided or encoded.
Only the waiting for these calls is counted, so 1.0 would be a judge that costs nothing beside its atomic commits.
`of_step` compares with all that a step asks of the server: the same batch read from the topic, the same cells
fetched, and that call, with nothing decoded. `of_bare_cpu` and `of_step_cpu` are the same of the processor time of
client and server together, which a busy disk and a busy machine change less.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from schemas.event import Place
from schemas.incident import Claim, Figure, Incident, Part
from schemas.rule import Rule
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import BATCH, Commit, Runtime, Verdict
from streams.runtimes.driver import step
from streams.runtimes.memory import MemoryRuntime
from streams.runtimes.valkey import ValkeyRuntime
from streams.runtimes.valkey.wire import CommitWords, token
from streams.state.functions import COMMIT, call
from streams.state.keys import Keys
from streams.state.server import PrivateServer
from workers.judge.items import report_of
from workers.judge.stage import Judge
from workers.ports import Emit

OBJECTS = ("drone", "missile", "glide_bomb", "person", "building")
MEASURES = ("launched", "intercepted", "hit", "involved")
REGIONS = ("Kyiv", "Odesa", "Sumy", "Kharkiv", "Lviv")
PREFIX, CONSUMER = "bench", "0"
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


class Recorder(ValkeyRuntime):
    """The runtime itself; while it records it keeps every commit that was applied."""

    def __init__(self, address: Path) -> None:
        super().__init__(address, PREFIX)
        self.kept: list[Commit] | None = None

    async def commit(self, commit: Commit) -> Verdict:
        verdict = await super().commit(commit)
        if self.kept is not None and verdict is Verdict.COMMITTED:
            self.kept.append(commit)
        return verdict


class Watch:
    """Wall and processor seconds, of this process and of the server."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.wall = self.cpu = 0.0

    async def _now(self) -> tuple[float, float]:
        server = 0.0
        if isinstance(self._runtime, ValkeyRuntime):
            lines = (await self._runtime.server.call("INFO", "cpu")).decode().splitlines()
            server = sum(
                float(line.split(":")[1]) for line in lines if line.startswith(("used_cpu_sys:", "used_cpu_u"))
            )
        return time.perf_counter(), time.process_time() + server

    async def __aenter__(self) -> None:
        self._began = await self._now()

    async def __aexit__(self, *_: object) -> None:
        wall, cpu = await self._now()
        self.wall += wall - self._began[0]
        self.cpu += cpu - self._began[1]


async def publish(runtime: Runtime, records: list[Incident], at: datetime) -> None:
    """Put records on the topic that the judge reads."""
    for start in range(0, len(records), BATCH):
        emits = [(Emit(Topic.INCIDENTS, r.id, r, f"{r.id}-{r.revision}"), at) for r in records[start : start + BATCH]]
        await runtime.commit(Commit(room="bench", at=at, emits=emits))


async def bare(runtime: Recorder, records: list[Incident], at: datetime, calls: Watch, steps: Watch) -> None:
    """The same calls of the commit function again, with everything that is ours done beforehand."""
    commits, runtime.kept = runtime.kept or [], None
    keys, server = Keys(PREFIX), runtime.server
    await publish(runtime, records, at)
    for commit in commits:
        read = ("GROUP", commit.room, CONSUMER, "COUNT", len(commit.acks), "STREAMS", keys.topic(Topic.INCIDENTS), ">")
        cells = [keys.cell(cell) for cell in commit.expected]
        async with steps:
            reply = await server.call("XREADGROUP", *read)
            await server.call("MGET", *cells)
        present = await runtime.load(commit.expected)
        again = replace(
            commit,
            acks=[token(Topic.INCIDENTS, offset.decode()) for offset, _ in reply[0][1]],
            expected={cell: found.version for cell, found in present.items()},
        )
        words = CommitWords(keys, again, CONSUMER)
        async with steps, calls:
            assert await call(server, COMMIT, words.keys, words.args) == Verdict.COMMITTED.value.encode()


@asynccontextmanager
async def carrier(name: str, fsync: str) -> AsyncIterator[Runtime]:
    """A runtime with nothing in it."""
    if name == "memory":
        yield MemoryRuntime(keep=1000)
        return
    with tempfile.TemporaryDirectory() as folder:
        server = PrivateServer(Path(folder), fsync=fsync)
        runtime = Recorder(await server.start())
        try:
            await runtime.open()
            yield runtime
        finally:
            await runtime.close()
            await server.stop()


async def measure(runtime: Runtime, count: int, incidents: int, rounds: int) -> dict[str, Any]:
    """Judge every incident `rounds` times; the first round opens the incidents and is not timed."""
    stage, clock, chance = Judge(rules(count)), ManualClock(START), random.Random(1)
    ours, calls, steps = Watch(runtime), Watch(runtime), Watch(runtime)
    for revision in range(1, rounds + 2):
        records = [incident(number, revision, chance) for number in range(incidents)]
        await publish(runtime, records, clock.now())
        timed = revision > 1
        if isinstance(runtime, Recorder) and timed:
            runtime.kept = []
        async with ours if timed else Watch(runtime):
            while await step(runtime, stage, clock):
                pass
        if isinstance(runtime, Recorder) and timed:
            await bare(runtime, records, clock.now(), calls, steps)
    judged = incidents * rounds
    windows = sum(len(stage.engine.docket(report_of(record)).homes) for record in records[:1000]) / len(records[:1000])
    line = {
        "runtime": runtime.name,
        "rules": count,
        "open_incidents": incidents,
        "judged": judged,
        "per_second": round(judged / ours.wall),
        "cpu_us_each": round(ours.cpu / judged * 1e6),
        "windows_per_incident": round(windows, 1),
        "windows_per_second": round(windows * judged / ours.wall),
    }
    if calls.wall:
        line["bare_per_second"] = round(judged / calls.wall)
        for name, part in (("bare", calls), ("step", steps)):
            line[f"of_{name}"] = round(part.wall / ours.wall, 2)
            line[f"of_{name}_cpu"] = round(part.cpu / ours.cpu, 2)
    return line


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
