"""Laws of the whole way from articles to notices: neither an interruption nor the order of arrival changes the end."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.alert import Notice
from schemas.article import Article, content_revision
from schemas.base import digest
from schemas.incident import Incident
from schemas.rule import Rule
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.judges import judge_rooms
from streams.runtimes.base import Commit, Unavailable, Verdict
from streams.runtimes.driver import drain
from streams.runtimes.memory import MemoryRuntime
from streams.steps import advance
from workers.dedupe.stage import Dedupe
from workers.extract.extractor import Extractor
from workers.extract.stage import Extract
from workers.judge.cells import AlertState
from workers.ports import Emit
from workers.resolve.stage import Resolve
from workers.stage import Stage

START: Final = datetime(2026, 9, 4, 4, tzinfo=UTC)
LINES: Final = (
    "Russia launched {n} drones at Ukraine overnight, the Ukrainian air force said.",
    "Ukraine's air force said it had shot down {n} of the drones that Russia launched overnight.",
    "Air defences shot down {n} Ukrainian drones overnight, Russia's defence ministry said.",
    "The council of Lakeview approved the budget of the library after a long debate.",
)
RULES: Final = tuple(
    Rule.model_validate(
        {
            "title": "Drones, {{ window.date }}",
            "where": {"object": "drone", "measure": "involved", "is_total": True},
            "value": "max(value)",
            "by": ["attacker", "target_country"],
            "levels": [{"severity": "warning", "at": "> 50"}, {"severity": "high", "at": "> 100"}],
        }
        | rule
    )
    for rule in (
        {"id": "night", "window": {"night": "18:00-09:00", "tz": "Europe/Kyiv", "grace": "2d"}},
        {
            "id": "day",
            "window": {"calendar": "month", "tz": "UTC"},
            "notify": {"cooldown": "20m", "repeat": "1h", "notices": ["open", "escalate", "correct", "repeat"]},
        },
        {"id": "single", "from": "events", "where": {"measure": "intercepted"}, "window": {"tumbling": "24h"}},
    )
)
READER: Final = Extractor()
EXTRACT: Final = Extract(READER)


class Breaking(MemoryRuntime):
    """Memory whose connection breaks once, at one commit of a test's choice: before it is applied, or behind that."""

    def __init__(self, at: int = 0, applied: bool = False) -> None:
        super().__init__()
        self.commits = 0
        self._at, self._applied = at, applied

    async def commit(self, commit: Commit) -> Verdict:
        self.commits += 1
        if self.commits != self._at:
            return await super().commit(commit)
        if self._applied:
            await super().commit(commit)
        raise Unavailable("the connection broke")


def rooms() -> list[Stage[Any]]:
    """All rooms as a process that has just started has them."""
    return [Dedupe(), EXTRACT, Resolve(), *judge_rooms(RULES)]


@st.composite
def news(draw: st.DrawFn) -> list[Article]:
    """Some articles, minutes apart; some are later revisions of others."""
    made = []
    for number in range(draw(st.integers(1, 6))):
        figures = st.sampled_from([20, 49, 51, 80, 120, 160])
        lines = draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=2, unique=True))
        text = " ".join(line.format(n=draw(figures)) for line in lines)
        at = START + timedelta(minutes=draw(st.sampled_from([5, 30, 90])) * (number + 1))
        name = f"a{draw(st.integers(0, 3))}" if draw(st.integers(0, 3)) == 0 else f"b{number}"
        made.append(
            Article(
                id=name,
                revision=content_revision("", "", text),
                source=f"Outlet {draw(st.integers(0, 3))}",
                text=text,
                published=at,
                fetched=at,
                mode="replay",
            )
        )
    return sorted(made, key=lambda article: article.fetched)


async def run(articles: list[Article], runtime: MemoryRuntime) -> MemoryRuntime:
    """Take articles in; when the connection breaks, a new process begins with the article it broke at."""
    clock, stages = ManualClock(START), rooms()
    end = articles[-1].fetched + timedelta(hours=3)
    for article in [*articles, None]:
        while True:
            try:
                await advance(runtime, stages, clock, article.fetched if article else end)
                if article:
                    emit = Emit(Topic.ARTICLES, article.id, article, f"{article.id}-{article.revision}")
                    await runtime.commit(Commit(room="fetch", at=clock.now(), emits=[(emit, clock.now())]))
                await drain(runtime, stages, clock)
                break
            except Unavailable:
                stages = rooms()
    return runtime


async def notices(runtime: MemoryRuntime) -> list[Notice]:
    records = await runtime.tail(Topic.ALERTS, limit=100_000)
    return [record.model for record in records if isinstance(record.model, Notice)]


@settings(max_examples=12)
@given(news(), st.floats(0, 1), st.booleans())
def test_a_run_that_is_interrupted_anywhere_and_resumed_tells_the_same(
    articles: list[Article], place: float, applied: bool
) -> None:
    async def both() -> tuple[list[Notice], list[Notice]]:
        whole = await run(articles, Breaking())
        assert isinstance(whole, Breaking)
        broken = await run(articles, Breaking(1 + int(place * (whole.commits - 1)), applied))
        return await notices(whole), await notices(broken)

    straight, resumed = asyncio.run(both())
    assert resumed == straight


@settings(max_examples=12)
@given(news(), st.randoms(use_true_random=False))
def test_the_order_in_which_claims_arrive_changes_neither_the_end_nor_the_ids(
    articles: list[Article], chance: Any
) -> None:
    newest = list({article.id: article for article in articles}.values())  # what is newer is no matter of the order
    shuffled = list(newest)
    chance.shuffle(shuffled)
    one, other = asyncio.run(arrived(newest)), asyncio.run(arrived(shuffled))
    assert asyncio.run(incidents(one)) == asyncio.run(incidents(other))
    assert alerts(one) == alerts(other)
    for notice in (*asyncio.run(notices(one)), *asyncio.run(notices(other))):
        assert notice.id == digest(notice.alert, notice.revision)


async def arrived(articles: list[Article]) -> MemoryRuntime:
    """The claims of articles, each a minute after the one before, when all have been published."""
    runtime, stages = MemoryRuntime(), [Resolve(), *judge_rooms(RULES)]
    clock = ManualClock(max(article.fetched for article in articles))
    for article in articles:
        await advance(runtime, stages, clock, clock.now() + timedelta(minutes=1))
        extraction = READER.extract(article.model_copy(update={"fetched": clock.now()}))
        emit = Emit(Topic.EVENTS, article.id, extraction, article.id)
        await runtime.commit(Commit(room="extract", at=clock.now(), emits=[(emit, clock.now())]))
        await drain(runtime, stages, clock)
    await advance(runtime, stages, clock, clock.now() + timedelta(minutes=30))
    return runtime


def alerts(runtime: MemoryRuntime) -> dict[str, Any]:
    """Every live alert with its level."""
    states = (kept.value for kept in runtime._cells.values())
    return {
        f"{state.cell} {state.window}": state.level
        for state in states
        if isinstance(state, AlertState) and state.status in ("open", "closed")
    }


async def incidents(runtime: MemoryRuntime) -> dict[str, Any]:
    """What each incident says in the end, but for what arrival alone decides."""
    records = await runtime.tail(Topic.INCIDENTS, limit=100_000)
    latest = {record.key: record.model for record in records if isinstance(record.model, Incident)}
    return {
        name: {measure: (figure.value, figure.qualifier) for measure, figure in incident.figures.items()}
        for name, incident in latest.items()
        if incident.status != "retracted"
    }
