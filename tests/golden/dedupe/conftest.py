"""Builds the labelled pairs: an original, and what the edits of a row make of it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from schemas.article import Article, content_revision
from streams.runtimes.base import Commit
from streams.runtimes.driver import Session
from streams.runtimes.memory import MemoryRuntime
from workers.dedupe.stage import Dedupe
from workers.dedupe.verdict import Verdict

HERE = Path(__file__).parent
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SENTENCE = re.compile(r"(?<=[.!?])\s+")
DATELINE = re.compile(r"^[^\n]{2,60}? [—-] ")


class Pair(NamedTuple):
    """One row: the original, the article that arrives after it, and what the verdict must be."""

    name: str
    label: str
    kind: str
    old: Article
    new: Article


def article(name: str, title: str, text: str, minutes: int = 0) -> Article:
    revision = content_revision(title, None, text)
    return Article(id=name, revision=revision, title=title, text=text, fetched=NOON + timedelta(minutes=minutes))


def build(row: dict[str, Any], texts: dict[str, dict[str, str]]) -> tuple[str, str]:
    """Title and text of the arriving article of a row."""
    source = texts[row.get("other", row["of"])]
    title, text = source["title"], source["text"]
    for before, after in row.get("edits", []):
        title, text = title.replace(before, after), text.replace(before, after)
    title = row.get("title", title)
    if "keep" in row:
        text = " ".join(SENTENCE.split(text)[: row["keep"]])
    if row.get("dateline"):
        text = DATELINE.sub("", text) if DATELINE.match(text) else f"BRUSSELS (AFP) - {text}"
    if row.get("html"):
        text = "".join(f"<p>{sentence.replace(chr(39), '&#39;')}</p>\n" for sentence in SENTENCE.split(text))
    if row.get("shout"):
        title, text = f"  {title} ", text.replace(" ", "\n ")
    return title, f"{text} {row['after']}" if "after" in row else text


def load_pairs() -> list[Pair]:
    texts = tomllib.loads((HERE / "articles.toml").read_text(encoding="utf-8"))
    pairs = []
    for number, line in enumerate((HERE / "pairs.jsonl").read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        old = article("old", **texts[row["of"]])
        new = article("new", *build(row, texts), minutes=20)
        pairs.append(Pair(f"{number + 1} {row['of']} {row['kind']}", row["label"], row["kind"], old, new))
    return pairs + load_whole_pairs()


def load_whole_pairs() -> list[Pair]:
    """Pairs of which both texts are written out."""
    pairs = []
    for number, line in enumerate((HERE / "whole_pairs.jsonl").read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        language = "en" if row["new"][1].isascii() else "uk" if set("іїєґ") & set(row["new"][1]) else "ru"
        old, new = article("old", *row["old"]), article("new", *row["new"], minutes=20)
        pairs.append(Pair(f"{number + 1} {language}-whole {row['kind']}", row["label"], row["kind"], old, new))
    return pairs


class Desk:
    """The room on a memory runtime, with a look at a verdict that leaves no trace."""

    def __init__(self) -> None:
        self._runtime = MemoryRuntime()
        self._room = Dedupe()

    async def _session(self, each: Article) -> Session:
        session = Session(self._runtime, self._room, Commit(room=self._room.name, at=each.fetched))
        await session.prepare(self._room.prefetch(each))
        return session

    async def take(self, each: Article) -> None:
        """Let an article arrive."""
        session = await self._session(each)
        outcome = await session.decide(lambda view: self._room.decide(each, view, each.fetched))
        await session.apply(outcome, each.fetched)
        await self._runtime.commit(session.finish())

    async def verdict(self, each: Article) -> Verdict:
        """What the verdict on an article would be."""
        session = await self._session(each)
        return (await session.decide(lambda view: self._room.judge(each, view)))[0]


async def judge_all(articles: list[Article]) -> list[Verdict]:
    """The verdicts on articles that arrive one after another."""
    desk, verdicts = Desk(), []
    for each in articles:
        verdicts.append(await desk.verdict(each))
        await desk.take(each)
    return verdicts


@pytest.fixture(scope="session")
def pairs() -> list[Pair]:
    return load_pairs()


@pytest.fixture
def desk() -> Callable[[], Desk]:
    return Desk
