"""The law of the backtest's shortcut: to spare the rooms what has nothing to read changes nothing that is told."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.rule import Rule
from streams.articles import ArticleLine, Draft
from streams.backtest.report import Report, report_json, report_of
from streams.backtest.trial import Trial
from workers.dedupe.stage import Dedupe
from workers.extract.extractor import Extractor
from workers.extract.stage import Extract
from workers.resolve.stage import Resolve

START: Final = datetime(2026, 9, 1, 4, tzinfo=UTC)
IDLE: Final = (
    "The council of Lakeview approved the budget of the library after a long debate on Tuesday.",
    "A choir from the northern hills sang for two hours, and the audience asked for more.",
    "Farmers expect a good harvest of apples, since the spring was mild and the summer wet.",
    "The museum opens a new exhibition of maps on Friday, its director Mara Tolen said.",
    "The score was high, and the home side lost its lead in the second half.",
    "The team won by 3 to 1 before 4,000 people at the old stadium in Verdal.",
)
TELLING: Final = (
    "Russia launched {n} drones at Ukraine overnight, the Ukrainian air force said.",
    "Air defences shot down {n} Ukrainian drones overnight, Russia's defence ministry said.",
    "Ukraine's air force said it had shot down {n} of the drones that Russia launched overnight.",
    "At least {n} people were killed in a strike on Kharkiv overnight, the governor said.",
    "Parliament debated the delivery of {n} drones to the army next year.",
    "Explosions were heard in the town, and {n} drones were seen over the river.",
)
WINDOW: Final = {"night": "18:00-09:00", "tz": "Europe/Kyiv"}
RULES: Final = tuple(
    Rule.model_validate({"title": "t", "value": "max(value)", "window": WINDOW} | rule)
    for rule in (
        {
            "id": "drones",
            "where": {"object": "drone", "measure": "involved", "is_total": True},
            "by": ["attacker", "target_country"],
            "levels": [{"severity": "warning", "at": "> 50"}, {"severity": "high", "at": "> 100", "sources": 2}],
            "notify": {"repeat": "2h", "notices": ["open", "escalate", "correct", "resolve", "withdraw", "repeat"]},
        },
        {
            "id": "killed",
            "where": {"measure": "killed"},
            "levels": [{"severity": "info", "at": ">= 1"}],
            "window": {"sliding": "24h"},
        },
        {
            "id": "claims",
            "from": "events",
            "value": "count()",
            "window": {"calendar": "day", "tz": "UTC"},
            "levels": [{"severity": "info", "at": ">= 3"}],
        },
    )
)
READER: Final = Extractor()


@st.composite
def news(draw: st.DrawFn) -> list[Draft]:
    """Some days of articles: idle ones, telling ones, copies of both, and revisions that gain or lose figures."""
    made: list[Draft] = []
    for number in range(draw(st.integers(1, 12))):
        at = START + timedelta(hours=5 * number)
        earlier = draw(st.sampled_from(made)) if made and draw(st.integers(0, 2)) == 0 else None
        kind = draw(st.sampled_from(["copy", "revision", "rewrite"])) if earlier else "new"
        lines = earlier.text.split("\n") if earlier and kind != "new" else []
        if kind != "copy":
            kept = [line for line in lines if draw(st.booleans())]
            lines = kept + draw(st.lists(st.sampled_from(IDLE), min_size=0 if kept else 1, max_size=3, unique=True))
            if draw(st.booleans()):
                lines.append(draw(st.sampled_from(TELLING)).format(n=draw(st.sampled_from([7, 49, 51, 80, 120]))))
        name = earlier.id if earlier and kind == "revision" else f"a{number}"
        made.append(_article(name, at, "\n".join(lines), draw(st.sampled_from(["Gazette", "Courier", "Herald"]))))
    return made


def _article(name: str, at: datetime, text: str, source: str) -> Draft:
    line = ArticleLine(id=name, url=f"https://news.example/{name}", source=source, text=text, published=at)
    return line.draft(at)


async def _told(articles: list[Draft], thorough: bool) -> tuple[Report, dict[str, Any]]:
    trial = Trial((Dedupe(), Extract(READER), Resolve()), RULES, RULES[:1], thorough=thorough)
    for article in articles:
        await trial.take(article)
    await trial.finish()
    report = report_of(trial)
    return report, report_json(report, trial.new.notices)


@settings(max_examples=40)
@given(news())
def test_what_has_nothing_to_read_changes_nothing_that_is_told(articles: list[Draft]) -> None:
    spared, quick = asyncio.run(_told(articles, thorough=False))
    every, slow = asyncio.run(_told(articles, thorough=True))
    assert quick.pop("unread") == spared.unread
    assert slow.pop("unread") == {}
    assert quick == slow
    assert sum(spared.unread.values()) < len(articles) or not quick["notices"]
    assert spared.articles == every.articles == len(articles)


@settings(max_examples=100)
@given(st.lists(st.sampled_from([*IDLE, *(line.format(n=60) for line in TELLING)]), max_size=4), st.sampled_from(" \n"))
def test_an_article_that_has_nothing_to_read_gives_neither_claims_nor_abstentions(lines: list[str], gap: str) -> None:
    article = _article("a", START, gap.join(lines), "Gazette")
    found = READER.extract(article.article())
    if Extract(READER).silent(article):
        assert (found.events, found.abstained) == ((), ())
    else:
        assert any(line not in IDLE for line in lines)
