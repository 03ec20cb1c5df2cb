"""Whatever is done to them, all carriers answer as memory does: random histories, compared step by step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.article import Article
from schemas.base import Model
from schemas.topic import Topic
from streams.runtimes.base import Commit, Count, Delivery, Due, Runtime, Verdict, Versioned
from streams.runtimes.memory import MemoryRuntime
from workers.ports import Cell, Emit, Table, Timer

if TYPE_CHECKING:
    from tests.contract.conftest import Carrier

ROOM = "dedupe"
NOON = datetime(2024, 9, 10, 12, 0, tzinfo=UTC)


class Tally(Model):
    number: int


TABLE = Table("contract.tally", Tally)
NAMES = st.sampled_from(["", "a", "б"])
TIMES = st.integers(0, 3).map(lambda seconds: NOON + timedelta(seconds=seconds))
CELLS = NAMES.map(lambda name: Cell(TABLE, name))
PLANS = st.fixed_dictionaries(
    {
        "acks": st.booleans(),
        "again": st.booleans(),
        "fired": st.booleans(),
        "wrong_time": st.booleans(),
        "stale": st.lists(CELLS, max_size=1),
        "reads": st.lists(CELLS, max_size=2),
        "writes": st.dictionaries(CELLS, st.none() | st.integers(0, 9).map(lambda n: Tally(number=n)), max_size=2),
        "timers": st.dictionaries(NAMES.map(lambda name: Timer(ROOM, name)), st.none() | TIMES, max_size=2),
        "emits": st.lists(NAMES, max_size=3),
        "counts": st.dictionaries(NAMES.map(lambda name: Count(ROOM, "in", name)), st.integers(1, 5), max_size=2),
    }
)


class Player:
    """Plays a history on one runtime; remembers what that runtime handed out."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.batch: list[Delivery] = []
        self.acknowledged: list[str] = []

    async def play(self, plan: dict[str, Any]) -> object:
        """One commit as planned, and all that can be seen afterwards."""
        # one at a time: a carrier may give back what is unfinished before it gives what is new
        self.batch = await self.runtime.receive(ROOM, Topic.ARTICLES, 1) if plan["acks"] else []
        verdict = await self.runtime.commit(commit := await self._commit(plan))
        if verdict is Verdict.COMMITTED:
            self.acknowledged += commit.acks
        return verdict, await self._photograph()

    async def _commit(self, plan: dict[str, Any]) -> Commit:
        cells = await self.runtime.load({*plan["reads"], *plan["stale"]})
        due = (await self.runtime.due(ROOM, NOON + timedelta(days=1)))[:1] if plan["fired"] else []
        late = timedelta(microseconds=int(plan["wrong_time"]))
        articles = [Article(id=name, revision="r", fetched=NOON) for name in plan["emits"]]
        return Commit(
            ROOM,
            NOON,
            acks=[d.token for d in self.batch] + (self.acknowledged[-1:] if plan["again"] else []),
            fired=[Due(timer, at + late) for timer, at in due],
            expected={cell: cells[cell].version + (cell in plan["stale"]) for cell in cells},
            writes=plan["writes"],
            timers=plan["timers"],
            emits=[(Emit(Topic.ARTICLES, a.id, a, a.id), NOON) for a in articles],
            counts=plan["counts"],
        )

    async def _photograph(self) -> object:
        cells = [Cell(TABLE, name) for name in ("", "a", "б")]
        values: dict[Cell, Versioned] = await self.runtime.load(cells)
        return (
            [(found.value, found.version > 0) for found in values.values()],
            await self.runtime.due(ROOM, NOON + timedelta(days=1)),
            await self.runtime.next_due(ROOM),
            await self.runtime.lag(ROOM, Topic.ARTICLES),
            [(r.key, r.id, r.time, r.model) for r in await self.runtime.tail(Topic.ARTICLES, limit=1000)],
            [r.key for r in await self.runtime.last(Topic.ARTICLES, 2)],
            await self.runtime.counts(),
        )


async def compare(make: Callable[[], Carrier], plans: list[dict[str, Any]]) -> None:
    carrier = make()
    try:
        players = Player(MemoryRuntime()), Player(await carrier.open())
        for plan in plans:
            memory, other = [await player.play(plan) for player in players]
            assert other == memory
    finally:
        await carrier.close()


@settings(max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans=st.lists(PLANS, min_size=1, max_size=12))
def test_every_carrier_answers_as_memory_does(
    fresh_carrier: Callable[[], Carrier], plans: list[dict[str, Any]]
) -> None:
    asyncio.run(compare(fresh_carrier, plans))
