"""Explanations over an archive in memory: why not, for an article, an incident, and a rule's night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from schemas.article import Article, content_revision
from schemas.feed import FeedHealth
from schemas.incident import Incident
from schemas.receiver import Receiver
from schemas.rule import Rule
from schemas.silence import SilenceRequest
from schemas.topic import Topic
from streams import operate
from streams.archive import Archive
from streams.explain.facts import AlertFacts, IncidentFacts
from streams.explain.gather import Teller
from streams.explain.nights import latest, rule_night
from streams.explain.records import quoted, written
from streams.explain.words import words
from streams.judges import judge_rooms
from streams.runtimes.base import Commit
from streams.steps import advance
from workers.dedupe.stage import Dedupe
from workers.deliver.stage import Deliver
from workers.extract.stage import Extract
from workers.ports import Emit
from workers.resolve.stage import Resolve

MORNING = datetime(2026, 9, 4, 6, tzinfo=UTC)
NIGHT = date(2026, 9, 4)
TEXT = "Russia launched {} drones at Ukraine overnight, the Ukrainian air force said on Friday."


def article(name: str, text: str, hours: float = 0, source: str = "Harbour Gazette") -> Article:
    at = MORNING + timedelta(hours=hours)
    return Article(
        id=name, revision=content_revision(name, "", text), source=source, title="Report of the morning", text=text,
        published=at, fetched=at, mode="replay",
    )  # fmt: skip


def rule(**changes: object) -> Rule:
    base = {
        "id": "drones-night", "title": "Drones", "where": {"object": "drone", "measure": "involved", "is_total": True},
        "value": "max(value)", "by": ["attacker", "target_country"],
        "window": {"night": "18:00-09:00", "tz": "Europe/Kyiv", "grace": "12h"},
        "levels": [{"severity": "warning", "at": "> 50"}],
    }  # fmt: skip
    return Rule.model_validate(base | changes)


class House:
    """An archive with some rules, and what is told of it."""

    def __init__(self, *rules: Rule, **receivers: Receiver) -> None:
        self.rules = {each.id: each for each in rules}
        self.archive = Archive((Dedupe(), Extract(), Resolve(), *judge_rooms(rules), Deliver(receivers)))
        self.teller = Teller(self.archive.runtime, "replay", self.rules, receivers)

    async def take(self, *articles: Article) -> None:
        for each in articles:
            await self.archive.take(each)

    async def explain(self, name: str) -> str:
        facts = await self.teller.find(name)
        assert facts is not None, name
        return "\n".join(words(facts))

    async def night(self, name: str, day: date = NIGHT) -> str:
        return "\n".join(words(await rule_night(self.teller, self.rules[name], day)))

    async def last(self, topic: Topic) -> str:
        return (await self.archive.runtime.last(topic, 1))[0].key


@pytest.fixture
def house() -> House:
    return House(rule())


async def test_forty_eight_of_fifty(house: House) -> None:
    await house.take(article("a", TEXT.format(48)))
    assert "below-limit, 48 of 50 (limit '> 50')" in await house.explain("a")
    assert "below-limit, 48 of 50 (limit '> 50')" in await house.explain(await house.last(Topic.INCIDENTS))
    night = await house.night("drones-night")
    assert "below-limit, 48 of 50" in night
    assert "Russia launched 48 drones" in night


async def test_one_source_only() -> None:
    house = House(rule(sources=2))
    await house.take(article("a", TEXT.format(80)))
    assert "too-few-sources" in await house.explain("a")
    assert "asks for 2 sources, not 1" in await house.night("drones-night")


async def test_the_clause_that_failed() -> None:
    house = House(rule(where={"object": "drone", "measure": "involved", "target_country": "RU"}))
    await house.take(article("a", TEXT.format(80)))
    night = await house.night("drones-night")
    assert "nothing counted in this window" in night
    assert "involved does not count: " in night
    assert "target_country" in night


async def test_too_late(house: House) -> None:
    await house.take(article("a", TEXT.format(80).replace("on Friday", "of 4 September"), hours=20))
    assert "too-late" in await house.night("drones-night")


async def test_a_copy_says_of_what_and_that_it_is_not_read(house: House) -> None:
    await house.take(article("a", TEXT.format(80)), article("b", TEXT.format(80), 1, "Coast Radio"))
    told = await house.explain("b")
    assert "dedupe: duplicate of a, reason same-content" in told
    assert "a copy is not read again" in told


async def test_an_article_without_claims_says_what_was_not_taken(house: House) -> None:
    await house.take(article("a", "A festival with 500 drones lit up the sky over the harbour."))
    told = await house.explain("a")
    assert "extract: took no claim in it" in told
    assert 'not taken: "500 drones", reason no-predicate' in told


async def test_a_cumulative_figure_says_so(house: House) -> None:
    await house.take(article("a", "Russia has launched 2,000 drones at Ukraine since the start of the month."))
    assert "was not counted: cumulative, a total over a long time" in await house.explain("a")


async def test_a_retracted_incident_says_so(house: House) -> None:
    await house.take(article("a", TEXT.format(80)))
    name = await house.last(Topic.INCIDENTS)
    changed = article("a", "The report was withdrawn by the editors of the paper.", 1)
    await house.take(changed)
    assert "retracted: retracted" in await house.explain(name)
    facts = await house.teller.find(name)
    assert isinstance(facts, IncidentFacts)
    assert [each.status for each in facts.revisions] == ["asserted", "retracted"]


async def test_an_alert_tells_its_claims_its_silence_and_that_nobody_was_told(house: House) -> None:
    request = SilenceRequest(match={"rule": "drones-night"}, hours=9, author="duty officer", reason="exercise")
    await advance(house.archive.runtime, house.archive.stages, house.archive.clock, MORNING)
    await operate.silence(house.archive.runtime, request, MORNING)
    await house.take(article("a", TEXT.format(80)))
    told = await house.explain(await house.last(Topic.ALERTS))
    for needed in (
        "figure 80 against limit '> 50'",
        "launched 80, says Ukrainian air force",
        "silenced: 1 notice held back, one waits for the end of the silence",
        "by duty officer until 2026-09-04 15:00:00Z: exercise",
        "nobody: no receiver took it",
    ):
        assert needed in told, told
    facts = await house.teller.find(await house.last(Topic.ALERTS))
    assert isinstance(facts, AlertFacts)
    assert "silenced" in await house.explain("a")


async def test_every_way_of_a_receiver_tells_what_waits() -> None:
    ways = {"to": ["console", {"jsonl": {"path": "/tmp/notices.jsonl"}}], "accept": {"mode": ["replay"]}}
    house = House(rule(), ops=Receiver.model_validate(ways))
    await house.take(article("a", TEXT.format(80)))
    told = await house.explain(await house.last(Topic.ALERTS))
    assert "  ops: notice 1 waits since" in told
    assert "  ops.2: notice 1 waits since" in told


async def test_feeds_that_were_down_are_named(house: House) -> None:
    await house.take(article("a", TEXT.format(8)))
    for minute, outcome, reason in ((0, "ok", "fetched"), (10, "failed", "timeout")):
        at = MORNING - timedelta(hours=4) + timedelta(minutes=minute)
        health = FeedHealth(feed="one", url="https://example.org", at=at, outcome=outcome, reason=reason, mode="replay")  # type: ignore[arg-type]
        emit = Emit(Topic.HEALTH, "one", health, f"one-{minute}")
        await house.archive.runtime.commit(Commit(room="fetch", at=at, emits=[(emit, at)]))
    night = await house.night("drones-night")
    assert "feeds: 1 checks worked and 1 failed" in night
    assert "one: timeout" in night


async def test_a_rule_of_claims_and_one_of_moving_windows_tell_their_own() -> None:
    claims = rule(id="claims", **{"from": "events"}, where={"measure": "launched"}, by=["claimed_by"])
    moving = rule(id="moving", window={"sliding": "24h"}, by=[])
    house = House(claims, moving)
    await house.take(article("a", TEXT.format(48)))
    assert "claims in night/2026-09-04 (claimed_by Ukrainian air force): below-limit, 48 of 50" in await house.explain(
        "a"
    )
    assert "moving (all): below-limit, 48 of 50" in await house.night("moving")


async def test_nobody_knows_what_was_never_there(house: House) -> None:
    assert await house.teller.find("nothing") is None
    night = await house.night("drones-night")
    assert "the judge has not run with it so far" in night
    assert "seen: 0 incidents" in night


def test_the_night_and_the_start_of_an_incident_stand_side_by_side_in_its_document() -> None:
    start = datetime(2026, 9, 3, 18, tzinfo=UTC)
    base = {"id": "i", "object": "drone", "period": "day", "first_seen": start, "updated": start}
    for given, text in (
        ({"night_of": NIGHT}, written("night_of", NIGHT)),
        ({"start": start}, f"{written('night_of', None)},{written('start', start.date())}"),
        ({}, f"{written('night_of', None)},{written('start', None)}"),
    ):
        assert text in Incident.model_validate(base | given).model_dump_json()


def test_a_text_is_looked_for_as_json_writes_it() -> None:
    told = article('the "a"\\b', "text")
    assert quoted(told.id) in told.model_dump_json()


def test_the_latest_night_is_the_one_that_stands_or_was() -> None:
    assert latest(rule(), datetime(2026, 9, 4, 5, tzinfo=UTC)) == NIGHT
    assert latest(rule(), datetime(2026, 9, 4, 12, tzinfo=UTC)) == NIGHT
    assert latest(rule(), datetime(2026, 9, 4, 15, tzinfo=UTC)) == NIGHT + timedelta(days=1)
    assert latest(rule(window={"sliding": "6h"}), datetime(2026, 9, 4, 23, tzinfo=UTC)) == NIGHT
