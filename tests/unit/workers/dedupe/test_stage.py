"""The room `dedupe`: exact identity, voices, redelivery, and two workers at the same moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.article import Article, content_revision
from schemas.story import UniqueArticle
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit, Count, Verdict
from streams.runtimes.driver import _decide_all, drain
from streams.runtimes.memory import MemoryRuntime
from workers.dedupe.cells import Story
from workers.dedupe.slots import story_cell
from workers.dedupe.stage import Dedupe
from workers.ports import Emit

NOON = datetime(2026, 9, 4, 12, tzinfo=UTC)
TEXT = "Crews put out a fire at the grain terminal after debris fell on two warehouses, the port authority said."


def article(name: str, text: str = TEXT, **given: Any) -> Article:
    title = given.pop("title", "Fire at the grain terminal")
    revision = content_revision(title, given.get("summary"), text)
    return Article(id=name, revision=revision, title=title, text=text, **{"fetched": NOON, **given})


@pytest.fixture
def runtime() -> MemoryRuntime:
    return MemoryRuntime()


async def feed(runtime: MemoryRuntime, *articles: Article) -> list[UniqueArticle]:
    """Publish articles, run the room, and return what went on in total."""
    emits = [(Emit(Topic.ARTICLES, a.id, a, a.revision), a.fetched) for a in articles]
    await runtime.commit(Commit(room="fetch", at=NOON, emits=emits))
    await drain(runtime, [Dedupe()], ManualClock(NOON))
    return [r.model for r in await runtime.tail(Topic.UNIQUE) if isinstance(r.model, UniqueArticle)]


async def reasons(runtime: MemoryRuntime) -> dict[tuple[str, str], int]:
    counts = await runtime.counts()
    return {(c.kind, c.reason): n for c, n in counts.items() if c.room == "dedupe" and c.kind in {"out", "dropped"}}


async def test_a_new_text_goes_on(runtime: MemoryRuntime) -> None:
    (unique,) = await feed(runtime, article("a"))
    assert (unique.article.id, unique.verdict, unique.of) == ("a", "unique", None)


async def test_the_same_record_again_is_already_seen(runtime: MemoryRuntime) -> None:
    assert len(await feed(runtime, article("a"), article("a"))) == 1
    assert len(await feed(runtime, article("a"))) == 1
    assert await reasons(runtime) == {("out", "unique"): 1, ("dropped", "already-seen"): 2}


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"feed": "f", "guid": "g"}, {"feed": "f", "guid": "g"}, "same-guid"),
        ({"feed": "f", "guid": "g"}, {"feed": "other", "guid": "g"}, "same-content"),
        ({"url": "https://www.e.com/a?utm_source=x"}, {"url": "http://m.e.com/a/"}, "same-url"),
        ({"url": "https://e.com/"}, {"url": "https://e.com/"}, "same-content"),
        ({}, {"text": TEXT.upper().replace(" ", "\n ")}, "same-content"),
    ],
)
async def test_a_copy_ends_here_under_its_reason(
    runtime: MemoryRuntime, first: dict[str, str], second: dict[str, str], reason: str
) -> None:
    assert len(await feed(runtime, article("a", **first), article("b", **second))) == 1
    assert await reasons(runtime) == {("out", "unique"): 1, ("dropped", reason): 1}


async def test_a_copy_is_remembered_as_a_voice_of_its_story(runtime: MemoryRuntime) -> None:
    (unique,) = await feed(runtime, article("a", source="One"), article("b", source="Two", owner="Group"))
    story = (await runtime.load([story_cell(unique.story)]))[story_cell(unique.story)].value
    assert isinstance(story, Story)
    assert [(v.source, v.verdict, v.reason) for v in story.voices] == [
        ("One", "unique", "unique"),
        ("Two", "duplicate", "same-content"),
    ]
    assert story.voices[1].owner == "Group"


async def test_new_words_under_a_known_id_are_an_update_of_the_same_story(runtime: MemoryRuntime) -> None:
    later = article("a", TEXT.replace("two warehouses", "three warehouses"), fetched=NOON + timedelta(hours=1))
    first, second = await feed(runtime, article("a"), later)
    assert (second.verdict, second.of, second.story) == ("update", "a", first.story)


async def test_a_reused_guid_with_a_new_text_is_not_lost(runtime: MemoryRuntime) -> None:
    other = article("b", "The ferry line resumes on Monday, the operator said.", feed="f", guid="g", title="Ferry back")
    _, second = await feed(runtime, article("a", feed="f", guid="g"), other)
    assert (second.article.id, second.verdict) == ("b", "update")


async def test_a_text_that_is_edited_back_is_an_update_and_a_late_redelivery_is_not(runtime: MemoryRuntime) -> None:
    edited = article("a", TEXT + " Nobody was hurt.", fetched=NOON + timedelta(hours=1))
    back = article("a", fetched=NOON + timedelta(hours=2))
    uniques = await feed(runtime, article("a"), edited, article("a"), back)
    assert [u.verdict for u in uniques] == ["unique", "update", "update"]
    assert (await reasons(runtime))["dropped", "already-seen"] == 1


async def test_an_article_without_a_word_is_empty(runtime: MemoryRuntime) -> None:
    assert await feed(runtime, article("a", " \n— !", title="")) == []
    assert await reasons(runtime) == {("dropped", "empty"): 1}


async def test_beyond_the_horizon_a_text_is_new(runtime: MemoryRuntime) -> None:
    inside = article("b", fetched=NOON + timedelta(days=7))
    beyond = article("c", fetched=NOON + timedelta(days=14, seconds=1))
    uniques = await feed(runtime, article("a"), inside, beyond)
    assert [u.article.id for u in uniques] == ["a", "c"]


async def test_of_two_copies_decided_at_the_same_moment_one_is_the_original(runtime: MemoryRuntime) -> None:
    rival = MemoryRuntime()
    for carrier, name in ((runtime, "a"), (rival, "b")):
        emit = Emit(Topic.ARTICLES, name, article(name), name)
        await carrier.commit(Commit(room="fetch", at=NOON, emits=[(emit, NOON)]))
    commits = []
    for carrier in (runtime, rival):
        deliveries = await carrier.receive("dedupe", Topic.ARTICLES)
        commits.append(await _decide_all(carrier, Dedupe(), ManualClock(NOON), deliveries))
    commits[1].acks.clear()
    assert await runtime.commit(commits[0]) is Verdict.COMMITTED
    assert await runtime.commit(commits[1]) is Verdict.CONFLICT


async def test_the_accounting_adds_up(runtime: MemoryRuntime) -> None:
    await feed(runtime, article("a"), article("b"), article("a"), article("c", "", title=""))
    counts = await runtime.counts()
    settled = sum(n for c, n in counts.items() if c.room == "dedupe" and c.kind in {"out", "dropped", "quarantined"})
    assert settled == counts[Count("dedupe", "in", "")] == 4
