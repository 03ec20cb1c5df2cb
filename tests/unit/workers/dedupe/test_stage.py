"""The room `dedupe`: exact identity, voices, redelivery, and two workers at the same moment."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.article import Article, content_revision
from schemas.base import digest
from schemas.story import UniqueArticle
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit, Count, Verdict
from streams.runtimes.driver import _decide_all, drain
from streams.runtimes.memory import MemoryRuntime
from workers.dedupe.candidates import FULL
from workers.dedupe.cells import Bucket, Story
from workers.dedupe.digests import SLOT
from workers.dedupe.features import features_of
from workers.dedupe.slots import bucket_cell, story_cell
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


LONG = (
    "Crews put out a fire at the grain terminal in Izmail before dawn after debris of drones fell on two warehouses. "
    "The port authority said that eleven trucks were burnt and that the rail line to Galati stayed open all the time. "
    "Exporters expect ships to leave again on Thursday, since neither of the two loading bridges was damaged."
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LONG + " Read also: more about the port", "byline-changed"),
        (LONG.rsplit(". ", 1)[0] + ".", "truncated-copy"),
        (f"IZMAIL (AP) - {LONG}", "byline-changed"),
    ],
)
async def test_a_near_copy_ends_here_too(runtime: MemoryRuntime, text: str, reason: str) -> None:
    (unique,) = await feed(runtime, article("a", LONG), article("b", text))
    assert unique.article.id == "a"
    assert (await reasons(runtime))["dropped", reason] == 1


async def test_a_copy_of_a_copy_leads_to_the_original(runtime: MemoryRuntime) -> None:
    (unique,) = await feed(
        runtime, article("a", LONG), article("b", f"IZMAIL (AP) - {LONG}"), article("c", f"IZMAIL (AP) - {LONG}")
    )
    story = (await runtime.load([story_cell(unique.story)]))[story_cell(unique.story)].value
    assert isinstance(story, Story)
    assert [(v.article, v.of, v.origin) for v in story.voices] == [
        ("a", None, None),
        ("b", "a", "Associated Press"),
        ("c", "a", "Associated Press"),
    ]


async def test_a_changed_figure_goes_on_and_names_what_it_follows(runtime: MemoryRuntime) -> None:
    first, second = await feed(runtime, article("a", LONG), article("b", LONG.replace("eleven", "fourteen")))
    assert (second.verdict, second.of, second.reason) == ("update", "a", "changed-number")
    assert second.story == first.story
    assert second.similarity is not None
    assert 0.8 < second.similarity < 1


async def test_a_cosmetic_edit_of_a_known_article_is_no_update_and_a_removal_is(runtime: MemoryRuntime) -> None:
    polished = article("a", LONG.replace("all the time", "throughout"), fetched=NOON + timedelta(hours=1))
    removed = article("a", LONG.replace("eleven trucks were burnt and that ", ""), fetched=NOON + timedelta(hours=2))
    uniques = await feed(runtime, article("a", LONG), polished, removed)
    assert [u.verdict for u in uniques] == ["unique", "update"]
    assert (await reasons(runtime))["dropped", "near-copy"] == 1


async def test_the_same_short_report_on_another_night_is_not_a_copy(runtime: MemoryRuntime) -> None:
    night = {"feed": "f", "title": "Three drones downed over Izmail", "text": "The governor said so in the morning."}
    later = article("b", **night, guid="2", fetched=NOON + timedelta(hours=24))
    soon = article("c", **night, guid="3", fetched=NOON + timedelta(hours=25))
    other = article("d", **{**night, "feed": "g"}, fetched=NOON + timedelta(hours=26))
    uniques = await feed(runtime, article("a", **night, guid="1"), later, soon, other)
    assert [(u.article.id, u.verdict, u.reason) for u in uniques] == [
        ("a", "unique", "unique"),
        ("b", "update", "recurring"),
    ]


async def test_two_workers_with_variants_at_the_same_moment_end_with_one_original(runtime: MemoryRuntime) -> None:
    texts = {"a": LONG, "b": f"{LONG} (Reporting by Anna Field)"}
    emits = [(Emit(Topic.ARTICLES, name, article(name, text), name), NOON) for name, text in texts.items()]
    await runtime.commit(Commit(room="fetch", at=NOON, emits=emits))
    deliveries = await runtime.receive("dedupe", Topic.ARTICLES)
    first, second = [await _decide_all(runtime, Dedupe(), ManualClock(NOON), [d]) for d in deliveries]
    assert await runtime.commit(first) is Verdict.COMMITTED
    assert await runtime.commit(second) is Verdict.CONFLICT
    again = await _decide_all(runtime, Dedupe(), ManualClock(NOON), deliveries[1:])
    assert await runtime.commit(again) is Verdict.COMMITTED
    assert len(await runtime.tail(Topic.UNIQUE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "word " * 1_000_000,
        "слово" * 1_000_000,
        "7 " * 100_000,
        "1" * 100_000,
        "<" * 100_000,
        "&" * 100_000,
        "\U0001f600 a " * 9,
    ],
    ids=["one-word", "one-long-word", "digits", "one-number", "brackets", "ampersands", "astral"],
)
async def test_a_monstrous_text_is_decided_in_bounded_time(runtime: MemoryRuntime, text: str) -> None:
    begun = time.process_time()
    await feed(runtime, article("a", text), article("b", text + " and more"))
    assert time.process_time() - begun < 10
    counts = await runtime.counts()
    assert not any(count.kind == "quarantined" for count in counts)


async def test_runs_of_words_that_everybody_has_lead_nowhere_and_stay_small(runtime: MemoryRuntime) -> None:
    footer = "This page is for subscribers of the paper only and may not be copied or passed on to others without leave"
    many = [article(f"n{n}", f"{footer} {digest(n)}", title=digest("t", n)) for n in range(FULL + 20)]
    await feed(runtime, *many)
    cells = [bucket_cell(key) for key in features_of(many[0]).keys]
    sizes = [
        sum(map(len, v.value.days.values())) / SLOT
        for v in (await runtime.load(cells)).values()
        if isinstance(v.value, Bucket)
    ]
    assert max(sizes) == FULL


async def test_what_is_beyond_the_horizon_falls_out_of_the_buckets(runtime: MemoryRuntime) -> None:
    await feed(runtime, article("a", LONG), article("b", LONG, fetched=NOON + timedelta(days=30)))
    (cell, *_) = [bucket_cell(key) for key in features_of(article("a", LONG)).keys]
    bucket = (await runtime.load([cell]))[cell].value
    assert isinstance(bucket, Bucket)
    assert len(bucket.days) == 1
