"""A week of reports on one side, and rules with a limit of a test's choice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from schemas.rule import Rule
from streams.articles import ArticleLine, Draft
from streams.backtest.trial import Trial
from workers.dedupe.stage import Dedupe
from workers.extract.stage import Extract
from workers.resolve.stage import Resolve

FIRST = datetime(2026, 9, 1, 6, tzinfo=UTC)
WEEK = (40, 70, 20, 130, 90, 48, 55)


@pytest.fixture(scope="session")
def articles() -> list[Draft]:
    """One report each morning; on the second day a fuller one two hours later."""
    made = [_article(f"a{day}", FIRST + timedelta(days=day), value) for day, value in enumerate(WEEK)]
    return [*made[:2], _article("late", FIRST + timedelta(days=1, hours=2), 110, "Coast Radio"), *made[2:]]


def _article(name: str, at: datetime, value: int, source: str = "Harbour Gazette") -> Draft:
    text = f"Russia launched {value} drones at Ukraine overnight, the Ukrainian air force said on {at:%A}."
    title = f"<b>Report</b> {name}"
    return ArticleLine(id=name, source=source, title=title, text=text, published=at).draft(at)


def rule(limit: int, **changes: object) -> Rule:
    base = {
        "id": "drones-night", "title": "Drones", "where": {"object": "drone", "measure": "involved", "is_total": True},
        "value": "max(value)", "by": ["attacker", "target_country"],
        "window": {"night": "18:00-09:00", "tz": "Europe/Kyiv", "grace": "12h"},
        "levels": [{"severity": "warning", "at": f"> {limit}"}, {"severity": "high", "at": "> 100"}],
    }  # fmt: skip
    return Rule.model_validate(base | changes)


@pytest.fixture
def make_rule() -> Callable[..., Rule]:
    return rule


async def _trial(articles: list[Draft], new: tuple[Rule, ...], old: tuple[Rule, ...] | None) -> Trial:
    trial = Trial((Dedupe(), Extract(), Resolve()), new, old)
    for article in articles:
        await trial.take(article)
    await trial.finish()
    return trial


@pytest.fixture
async def trial(articles: list[Draft]) -> Trial:
    """More than 50 against more than 80."""
    return await _trial(articles, (rule(50),), (rule(80),))


@pytest.fixture
def run_trial(articles: list[Draft]) -> Callable[..., object]:
    return lambda new, old=None: _trial(articles, new, old)
