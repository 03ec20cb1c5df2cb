"""Laws of dedupe: cosmetic changes make copies, a changed figure never does, and the order of arrival is nothing."""

from __future__ import annotations

import asyncio
import re
import textwrap
import tomllib
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import Article, content_revision
from streams.runtimes.base import Commit
from streams.runtimes.driver import Session
from streams.runtimes.memory import MemoryRuntime
from workers.dedupe.assess import assess
from workers.dedupe.stage import Dedupe
from workers.dedupe.story_text import read_story
from workers.dedupe.verdict import Verdict

FILE = Path(__file__).parent.parent / "golden" / "dedupe" / "articles.toml"
LONG = {k: v for k, v in tomllib.loads(FILE.read_text(encoding="utf-8")).items() if len(v["text"]) > 300}
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SENTENCE = re.compile(r"(?<=[.!?])\s+")
NAMES = st.sampled_from(sorted(LONG))
QUIET = {"max_examples": 30, "deadline": None}


def beginning(text: str, sentences: int) -> str:
    """As many sentences of a text, and three at the least: of less nobody could tell whose copy it is."""
    return " ".join(SENTENCE.split(text)[: max(3, sentences)])


COSMETICS = {
    "none": lambda text: text,
    "spaces": lambda text: SENTENCE.sub("\n\n", text).replace(" ", "  "),
    "wrapped": lambda text: textwrap.fill(text, 70),
    "html": lambda text: f"<p>{text.replace(' - ', ' &#45; ')}</p>",
    "tail": lambda text: f"{text}\nRead also: more on this story",
    "credit": lambda text: f"{text} (Reporting by Anna Field; editing by Tom Rivers)",
    "apostrophes": lambda text: text.replace("'", "’"),
    "link": lambda text: f"{text} https://example.com/story?id=7",
    "shorter": lambda text: beginning(text, len(SENTENCE.split(text)) - 1),
    "half": lambda text: beginning(text, len(SENTENCE.split(text)) // 2),
}


def article(name: str, title: str, text: str, minutes: int) -> Article:
    revision = content_revision(title, None, text)
    return Article(id=name, revision=revision, title=title, text=text, fetched=NOON + timedelta(minutes=minutes))


async def arrive(articles: list[Article]) -> list[Verdict]:
    runtime, room, verdicts = MemoryRuntime(), Dedupe(), []
    for each in articles:
        session = Session(runtime, room, Commit(room=room.name, at=each.fetched))
        await session.prepare(room.prefetch(each))
        verdict, outcome = await session.decide(partial(room.judge, each))
        verdicts.append(verdict)
        await session.apply(outcome, each.fetched)
        await runtime.commit(session.finish())
    return verdicts


@given(NAMES, st.lists(st.sampled_from(sorted(COSMETICS)), min_size=1, max_size=3), st.booleans())
@settings(**QUIET)
def test_an_article_is_a_copy_of_itself_under_any_cosmetic_change(name: str, changes: list[str], titled: bool) -> None:
    title, text = LONG[name]["title"], LONG[name]["text"]
    changed = text
    for change in changes:
        changed = COSMETICS[change](changed)
    old, new = article("a", title, text, 0), article("b", title if titled else "", changed, 9)
    verdict = asyncio.run(arrive([old, new]))[1]
    assert (verdict.verdict, verdict.of) == ("duplicate", "a")


@given(NAMES, st.data(), st.sampled_from(sorted(COSMETICS)))
@settings(**{**QUIET, "max_examples": 80})
def test_one_changed_figure_is_never_a_copy(name: str, data: st.DataObject, cosmetic: str) -> None:
    title, text = LONG[name]["title"], LONG[name]["text"]
    sentences = SENTENCE.split(text)
    counted = " ".join(sentences[: max(3, len(sentences) // 2)])
    places = list(re.finditer(r"(?<![\w.,:-])\d+(?![\w:]|[.,]\d)", counted))
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    figure = data.draw(st.integers(1, 400).filter(lambda n: n != int(place[0])))
    changed = COSMETICS[cosmetic](f"{text[: place.start()]}{figure}{text[place.end() :]}")
    assert assess(read_story(title, text), read_story(title, changed)).verdict != "duplicate"


@given(st.lists(NAMES, min_size=2, max_size=3, unique=True), st.randoms(use_true_random=False))
@settings(**{**QUIET, "max_examples": 15})
def test_the_order_of_arrival_does_not_change_the_clusters(names: list[str], random: object) -> None:
    kinds = ["none", "spaces", "tail", "half", "shorter"]
    crowd = [(name, kind) for name in names for kind in kinds]
    random.shuffle(crowd)
    articles = [
        article(f"{name} {kind}", LONG[name]["title"], COSMETICS[kind](LONG[name]["text"]), minutes)
        for minutes, (name, kind) in enumerate(crowd)
    ]
    stories: dict[str, set[str]] = {}
    for verdict in asyncio.run(arrive(articles)):
        stories.setdefault(verdict.story, set()).add(verdict.id)
    expected = [{f"{name} {kind}" for kind in kinds} for name in names]
    assert sorted(map(sorted, stories.values())) == sorted(map(sorted, expected))


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=400), st.text(max_size=400))
@settings(**QUIET)
def test_any_two_texts_can_be_compared_and_equal_ones_are_copies(a: str, b: str, c: str, d: str) -> None:
    assess(read_story(a, c), read_story(b, d))
    story = read_story(a, c)
    if story.body and not story.replaces:
        assert assess(story, story).verdict == "duplicate"
