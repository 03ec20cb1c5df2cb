"""Incidents through the room `judge`: what notices carry, both sides, merges, replays, reloads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schemas.alert import Notice
from schemas.base import digest
from schemas.event import ArticleRef, Event, Extraction, Place
from schemas.feed import FeedHealth
from schemas.incident import Claim, Figure, Incident, Part
from schemas.rule import Rule
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit, Count
from streams.runtimes.driver import Session, drain
from streams.runtimes.memory import MemoryRuntime
from streams.steps import advance
from workers.errors import Drop
from workers.judge.cells import AlertState, Coverage, SourceDetail, WindowState
from workers.judge.inputs import EventJudge, FeedJudge
from workers.judge.seats import Seat, alert_cell, coverage_cell, detail_cell, source_cell
from workers.judge.stage import Judge
from workers.ports import Emit
from workers.stage import Stage

START = datetime(2026, 9, 4, 5, tzinfo=UTC)
NIGHT = date(2026, 9, 4)


def rule(**changes: Any) -> Rule:
    base: dict[str, Any] = {
        "id": "drones-night",
        "title": "Mass drone attack, night of {{ window.date }}",
        "where": {"object": {"under": "drone"}, "measure": "involved", "is_total": True},
        "value": "max(value)",
        "by": ["attacker", "target_country"],
        "window": {"night": "18:00-09:00", "tz": "Europe/Kyiv", "grace": "12h"},
        "levels": [
            {"severity": "warning", "at": "> 50"},
            {"severity": "high", "at": "> 100"},
            {"severity": "critical", "at": "> 300"},
        ],
        "annotations": {"summary": "{{ by.attacker }} on {{ by.target_country }}: {{ value | num }}"},
        "route": ["ops"],
    }
    return Rule.model_validate(base | changes)


def claim(event: str, value: float, **changes: Any) -> Claim:
    base: dict[str, Any] = {
        "event": event, "article": f"article-{event}", "revision": "r1", "source": f"source {event}",
        "url": f"https://example.org/{event}", "fetched": START, "claimed_by": "Air Force", "measure": "launched",
        "value": value, "quote": f"{value} drones", "span": (3, 12), "confidence": 0.9,
    }  # fmt: skip
    return Claim.model_validate(base | changes)


def incident(value: float, revision: int = 1, **changes: Any) -> Incident:
    claims = changes.pop("claims", (claim("a", value), claim("b", value)))
    figure = Figure(
        value=value, low=value - 4, high=value + 6, qualifier=changes.pop("qualifier", "exact"), claims=claims
    )
    base: dict[str, Any] = {
        "id": "incident-1", "object": "drone", "attacker": "RU", "target_country": "UA", "period": "night",
        "night_of": NIGHT, "figures": {"launched": figure, "involved": figure}, "independent": 2, "confidence": 0.8,
        "revision": revision, "first_seen": START, "updated": START, "sources": ("source a", "source b"),
    }  # fmt: skip
    return Incident.model_validate(base | changes)


class House:
    """The room on the memory runtime under a clock that the test moves."""

    def __init__(self, *rules: Rule, started: datetime | None = None) -> None:
        self.runtime, self.clock = MemoryRuntime(), ManualClock(START)
        self.judge = Judge(rules or (rule(),), started=started)
        self.rooms: list[Stage[Any]] = [self.judge, EventJudge(self.judge.engine), FeedJudge(self.judge.engine)]
        self._seen = 0

    def reload(self, *rules: Rule) -> None:
        self.judge = Judge(rules)
        self.rooms = [self.judge]

    async def put(self, *records: Any, topic: Topic = Topic.INCIDENTS) -> list[Notice]:
        emits = [(Emit(topic, "k", record, f"{topic}-{id(record)}"), self.clock.now()) for record in records]
        await self.runtime.commit(Commit(room="test", at=self.clock.now(), emits=emits))
        await drain(self.runtime, self.rooms, self.clock)
        return await self.news()

    async def after(self, **span: float) -> list[Notice]:
        await advance(self.runtime, self.rooms, self.clock, self.clock.now() + timedelta(**span))
        return await self.news()

    async def news(self) -> list[Notice]:
        records = await self.runtime.tail(Topic.ALERTS, limit=10_000)
        notices = [record.model for record in records if isinstance(record.model, Notice)]
        fresh, self._seen = notices[self._seen :], len(notices)
        return fresh

    async def counts(self) -> dict[tuple[str, str], int]:
        found = await self.runtime.counts()
        return {(count.kind, count.reason): number for count, number in found.items() if count.room == "judge"}

    async def cell(self, cell: Any) -> Any:
        return (await self.runtime.load([cell]))[cell].value


def kinds(notices: Iterable[Notice]) -> list[str]:
    return [notice.notice for notice in notices]


async def test_a_notice_carries_all_that_a_receiver_needs() -> None:
    house = House()
    (notice,) = await house.put(incident(144, qualifier="at_least", confidence=0.7))
    assert notice.alert == digest("drones-night", '["RU", "UA"]', "night/2026-09-04")
    assert notice.id == digest(notice.alert, 1)
    assert (notice.notice, notice.severity, notice.peak, notice.reason) == ("open", "high", "high", "level-reached")
    assert (notice.value, notice.low, notice.high, notice.qualifier) == (144, 140, 150, "at_least")
    assert (notice.threshold, notice.limit, notice.was) == (100, "> 100", None)
    assert notice.group == {"attacker": "RU", "target_country": "UA"}
    assert notice.window.start == datetime(2026, 9, 3, 15, tzinfo=UTC)
    assert notice.window.end == datetime(2026, 9, 4, 6, tzinfo=UTC)
    assert notice.window.tz == "Europe/Kyiv"
    assert notice.title == "Mass drone attack, night of 2026-09-04"
    assert notice.annotations == {"summary": "RU on UA: 144"}
    assert (notice.object, notice.measure, notice.route) == ("drone", "involved", ("ops",))
    assert (notice.incidents, notice.independent, notice.confidence) == (("incident-1",), 2, 0.7)
    assert notice.sources == ("source a", "source b")
    assert (notice.first_seen, notice.at, notice.mode) == (START, START, "live")


async def test_evidence_begins_with_the_claims_behind_the_figure_and_ends_at_eight() -> None:
    others = tuple(claim(f"other-{number}", 60) for number in range(9))
    best = claim("best", 120, quote="120 drones", span=(7, 17), place=Place(name="Odesa"))
    (notice,) = await House().put(incident(120, claims=(*others, best)))
    assert len(notice.evidence) == 8
    first = notice.evidence[0]
    assert (first.article, first.quote, first.span, first.field) == ("article-best", "120 drones", (7, 17), "text")
    assert (first.source, first.url, first.value) == ("source best", "https://example.org/best", 120)
    assert (first.claimed_by, first.place, first.measure) == ("Air Force", "Odesa", "launched")


async def test_the_seed_nights_of_both_sides_are_alerts_of_their_own() -> None:
    north = incident(144, id="north", attacker="UA", target_country="RU", qualifier="at_least")
    south = incident(46, id="south")
    (notice,) = await House().put(south, north)
    assert (notice.group["attacker"], notice.severity, notice.value) == ("UA", "high", 144)


async def test_places_are_parts_and_no_totals() -> None:
    figure = Figure(value=90, low=90, high=90, claims=(claim("a", 90),))
    part = Part(place=Place(name="Odesa", region="Odesa", country="UA"), figures={"involved": figure})
    house = House(
        rule(), rule(id="parts", where={"measure": "involved", "is_total": False}, by=["place.admin1"], annotations={})
    )
    notices = await house.put(incident(40, parts=(part,)))
    assert [(n.rule, n.value, n.group, n.places) for n in notices] == [
        ("parts", 90, {"place.admin1": "Odesa"}, ("Odesa",))
    ]


async def test_copies_and_one_owner_are_one_voice() -> None:
    sure = rule(levels=[{"severity": "high", "at": "> 50"}, {"severity": "critical", "at": "> 100", "sources": 2}])
    copies = (
        claim("a", 150, story="s1", owner="o1"),
        claim("b", 150, story="s1", owner="o2"),
        claim("c", 150, owner="o2"),
    )
    house = House(sure)
    (notice,) = await house.put(incident(150, claims=copies, independent=3))
    assert (notice.severity, notice.independent, notice.doubts) == ("high", 1, ("one source",))
    (notice,) = await house.put(incident(150, 2, claims=(*copies, claim("d", 150, owner="o3")), independent=3))
    assert (notice.notice, notice.severity, notice.independent) == ("escalate", "critical", 2)


async def test_doubts_are_named() -> None:
    figure = Figure(value=60, low=20, high=90, qualifier="about", derived=True, conflict=True, claims=(claim("a", 60),))
    doubtful = incident(60, figures={"involved": figure}, time_basis="publication")
    (notice,) = await House().put(doubtful)
    assert notice.doubts == (
        "one source",
        "time taken from publication",
        "the sides contradict each other",
        "added up, not stated",
        "no exact figure",
    )


async def test_repeated_and_older_revisions_are_dropped_by_name() -> None:
    house = House()
    await house.put(incident(60, 2), incident(160, 2), incident(400, 1))
    counts = await house.counts()
    assert counts["dropped", "already-seen"] == 1
    assert counts["dropped", "old-revision"] == 1
    assert counts["out", "passed"] == 1
    assert counts["in", ""] == 3


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (incident(50), "below-limit"),
        (incident(60, object="missile"), "no-rule-matches"),
        (incident(60, night_of=date(2026, 9, 2)), "too-late"),
        (incident(60, status="denied"), "no-rule-matches"),
        (incident(60, period="cumulative"), "no-rule-matches"),
    ],
)
async def test_every_incident_without_a_notice_has_its_reason(given: Incident, reason: str) -> None:
    house = House()
    assert await house.put(given) == []
    assert (await house.counts())["dropped", reason] == 1


async def test_a_revision_without_a_change_is_no_change() -> None:
    house = House()
    await house.put(incident(60))
    assert await house.put(incident(60, 2, confidence=0.9)) == []
    assert (await house.counts())["dropped", "no-change"] == 1


async def test_the_last_words_of_a_withdrawn_alert_keep_their_evidence() -> None:
    house = House()
    (opened,) = await house.put(incident(60))
    (withdrawn,) = await house.put(incident(60, 2, status="retracted", reason="retracted", figures={}))
    assert (withdrawn.notice, withdrawn.reason, withdrawn.was) == ("withdraw", "retracted", 60)
    assert withdrawn.evidence == opened.evidence
    assert withdrawn.incidents == ("incident-1",)
    assert withdrawn.revision == 2
    assert withdrawn.first_seen == opened.first_seen


async def test_a_merge_of_incidents_does_not_withdraw_for_a_moment() -> None:
    house = House()
    await house.put(incident(60, id="one"), incident(40, id="two"))
    merged = incident(60, 2, id="one", status="retracted", reason="merged-into:two", figures={})
    assert await house.put(merged, incident(60, 2, id="two")) == []
    assert await house.after(minutes=5) == []


async def test_a_merge_that_takes_nothing_over_withdraws_after_a_moment() -> None:
    house = House()
    await house.put(incident(60))
    merged = incident(60, 2, status="retracted", reason="merged-into:two", figures={})
    assert await house.put(merged) == []
    (notice,) = await house.after(minutes=1)
    assert (notice.notice, notice.reason) == ("withdraw", "merged")


async def test_the_same_night_of_a_replay_is_another_alert() -> None:
    house = House()
    (live,) = await house.put(incident(60))
    (replayed,) = await house.put(incident(120, mode="replay"))
    assert (live.mode, replayed.mode) == ("live", "replay")
    assert replayed.notice == "open"
    assert live.alert != replayed.alert
    assert await house.put(incident(20, 2, mode="replay")) != []
    state = await house.cell(alert_cell(live.alert))
    assert isinstance(state, AlertState)
    assert state.status == "open"


async def test_every_evaluation_leaves_its_reason() -> None:
    house = House()
    await house.put(incident(48))
    seat = Seat("drones-night", rule().shape, "live", ("RU", "UA"), "night/2026-09-04")
    state = await house.cell(seat.cell)
    assert isinstance(state, WindowState)
    assert state.judgement is not None
    assert (state.judgement.outcome, state.judgement.why) == ("below-limit", "48 of 50 (limit '> 50')")
    assert (state.judgement.value, state.judgement.threshold, state.judgement.items) == (48, 50, 1)


async def test_an_item_that_does_not_count_leaves_the_clause_that_failed() -> None:
    house = House()
    await house.put(incident(60, period="day"))
    detail = await house.cell(detail_cell(source_cell("incidents", "live", "incident-1").key))
    assert isinstance(detail, SourceDetail)
    assert [(v.rule, v.why) for v in detail.verdicts] == [
        ("drones-night", "a figure for a period of day does not count in a night")
    ]


async def test_too_few_sources_are_named() -> None:
    house = House(rule(sources=2))
    await house.put(incident(60, claims=(claim("a", 60),), independent=1))
    state = await house.cell(Seat("drones-night", rule().shape, "live", ("RU", "UA"), "night/2026-09-04").cell)
    assert isinstance(state, WindowState)
    assert state.judgement is not None
    assert state.judgement.outcome == "too-few-sources"
    assert state.judgement.why == "60 meets '> 50', but warning asks for 2 sources, not 1"


async def test_a_changed_rule_closes_what_it_had_open_and_begins_anew() -> None:
    house = House()
    await house.put(incident(60))
    house.reload(rule(by=["target_country"], annotations={}))
    opened, closed = await house.put(incident(160, 2))
    assert (closed.notice, closed.reason, closed.group, closed.revision) == (
        "close", "rule-changed", {"attacker": "RU", "target_country": "UA"}, 2,
    )  # fmt: skip
    assert (opened.notice, opened.group, opened.value) == ("open", {"target_country": "UA"}, 160)


async def test_a_removed_rule_closes_what_it_had_open() -> None:
    house = House(rule(), rule(id="other", where={"measure": "killed"}))
    await house.put(incident(60))
    house.reload(rule(id="other", where={"measure": "killed"}))
    (closed,) = await house.put(incident(160, 2))
    assert (closed.rule, closed.notice, closed.reason) == ("drones-night", "close", "rule-removed")


async def test_new_limits_keep_the_state_of_a_rule() -> None:
    house = House()
    await house.put(incident(60))
    house.reload(rule(levels=[{"severity": "critical", "at": "> 55"}]))
    assert await house.put(incident(61, 2)) == []
    (notice,) = await house.put(incident(54, 3))
    assert (notice.notice, notice.revision) == ("resolve", 2)


async def test_many_open_alerts_of_a_removed_rule_are_all_closed() -> None:
    house = House(rule(by=["place.name"], where={"measure": "hit", "is_total": False}, annotations={}))
    figure = Figure(value=60, low=60, high=60, claims=(claim("a", 60),))
    parts = tuple(Part(place=Place(name=f"place {n}"), figures={"hit": figure}) for n in range(45))
    opened = await house.put(incident(1, figures={}, parts=parts))
    assert len(opened) == 45
    house.reload(rule(id="other"))
    closed = await house.put(incident(10, 1, id="new"))
    closed += await house.after(minutes=1)
    assert kinds(closed) == ["close"] * 45
    assert {notice.alert for notice in closed} == {notice.alert for notice in opened}


async def test_an_incident_of_many_places_is_retracted_in_one_go() -> None:
    house = House(rule(by=["place.name"], where={"measure": "hit", "is_total": False}, annotations={}))
    figure = Figure(value=60, low=60, high=60, claims=(claim("a", 60),))
    parts = tuple(Part(place=Place(name=f"place {n}"), figures={"hit": figure}) for n in range(80))
    assert len(await house.put(incident(1, figures={}, parts=parts))) == 80
    withdrawn = await house.put(incident(1, 2, figures={}, status="retracted"))
    assert kinds(withdrawn) == ["withdraw"] * 80
    assert ("quarantined", "defect") not in await house.counts()


async def test_an_alarm_for_the_past_cannot_spin(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    watch = house.judge.engine.watches["drones-night"]
    look = watch.look
    monkeypatch.setattr(watch, "look", lambda desk, *rest: replace(look(desk, *rest), due=desk.now - timedelta(days=1)))
    await house.put(incident(60))
    assert await house.runtime.next_due("judge") == START + timedelta(seconds=1)
    await house.after(seconds=1)
    assert await house.runtime.next_due("judge") == START + timedelta(seconds=2)


async def test_an_acknowledged_alert_says_who_has_it() -> None:
    house = House()
    (notice,) = await house.put(incident(60))
    session = Session(house.runtime, house.judge, Commit(room="judge", at=house.clock.now()))
    outcome = await session.decide(lambda view: house.judge.ack(notice.alert, "Olena", view, house.clock.now()))
    await session.apply(outcome, house.clock.now())
    await house.runtime.commit(session.finish())
    state = await house.cell(alert_cell(notice.alert))
    assert isinstance(state, AlertState)
    assert (state.acked_by, state.acked_at) == ("Olena", START)


async def test_what_is_not_open_cannot_be_acknowledged() -> None:
    house = House()
    session = Session(house.runtime, house.judge, Commit(room="judge", at=START))
    with pytest.raises(Drop, match="not-open"):
        await session.decide(lambda view: house.judge.engine.ack("unknown", "Olena", view, START))


def health(feed: str = "alpha", at: datetime = START, **changes: Any) -> FeedHealth:
    base: dict[str, Any] = {
        "feed": feed,
        "url": "https://example.org/rss",
        "at": at,
        "outcome": "ok",
        "reason": "fetched",
        "new": 2,
    }
    return FeedHealth.model_validate(base | changes)


async def test_a_silent_feed_and_its_return() -> None:
    silent = Rule.model_validate(
        {
            "id": "feed-silent", "title": "{{ by.feed }} is silent", "from": "feeds",
            "where": {"status": "ok", "new_items": {"gte": 1}}, "by": ["feed"],
            "absent": {"severity": "warning", "after": "6h"},
        }
    )  # fmt: skip
    house = House(silent)
    assert await house.put(health(), topic=Topic.HEALTH) == []
    (opened,) = await house.after(hours=7)
    assert (opened.notice, opened.title, opened.at) == ("open", "alpha is silent", START + timedelta(hours=6))
    (ended,) = await house.put(health(at=house.clock.now()), topic=Topic.HEALTH)
    assert (ended.notice, ended.reason) == ("resolve", "returned")


async def test_after_a_start_silence_waits_until_the_feeds_were_asked() -> None:
    silent = Rule.model_validate(
        {
            "id": "feed-silent", "title": "t", "from": "feeds", "where": {"status": "ok"}, "by": ["feed"],
            "absent": {"severity": "warning", "after": "1h", "startup": "30m"},
        }
    )  # fmt: skip
    house = House(silent)
    await house.put(health(), topic=Topic.HEALTH)
    back = START + timedelta(hours=5)
    house.clock.advance(back)  # the process was down: its alarms ring late
    house.judge = Judge([silent], started=back)
    house.rooms = [house.judge]
    assert await house.after(minutes=29) == []
    assert kinds(await house.after(minutes=1)) == ["open"]


async def test_hours_without_any_feed_are_written_down() -> None:
    house = House()
    await house.put(health(), topic=Topic.HEALTH)
    late = START + timedelta(hours=9)
    await house.put(health(at=START + timedelta(hours=1), outcome="failed", reason="timeout"), topic=Topic.HEALTH)
    await house.put(health(at=late, outcome="unchanged", reason="not-modified"), topic=Topic.HEALTH)
    coverage = await house.cell(coverage_cell("live"))
    assert isinstance(coverage, Coverage)
    assert [(outage.start, outage.end) for outage in coverage.outages] == [(START, late)]


async def test_streams_that_no_rule_reads_leave_no_state() -> None:
    house = House()
    await house.put(health(), topic=Topic.HEALTH)
    await house.put(extraction(event(140)), topic=Topic.EVENTS)
    assert await house.cell(source_cell("feeds", "live", "alpha")) is None
    assert await house.cell(source_cell("events", "live", "article")) is None
    found = await house.runtime.counts()
    assert found[Count("judge.feeds", "dropped", "no-rule-matches")] == 1
    assert found[Count("judge.events", "dropped", "no-rule-matches")] == 1


def extraction(*events: Event, fetched: datetime = START) -> Extraction:
    article = ArticleRef(id="article", revision="r", source="paper", url="https://example.org/x", fetched=fetched)
    return Extraction(article=article, events=events)


def event(value: float, **changes: Any) -> Event:
    base: dict[str, Any] = {
        "id": f"event-{value}", "type": "interception", "object": "drone", "measure": "intercepted", "value": value,
        "claimed_by": "Ministry", "quote": f"{value} drones", "span": (0, 9),
    }  # fmt: skip
    return Event.model_validate(base | changes)


async def test_claims_are_judged_article_by_article() -> None:
    claims = Rule.model_validate(
        {
            "id": "one-sided", "title": "{{ by.claimed_by }}", "from": "events", "where": {"measure": "intercepted"},
            "value": "max(value)", "by": ["claimed_by"], "window": {"calendar": "day", "tz": "UTC"},
            "levels": [{"severity": "info", "at": ">= 100"}],
        }
    )  # fmt: skip
    house = House(claims)
    assert await house.put(extraction(event(140, status="denied"), event(130, recap=True)), topic=Topic.EVENTS) == []
    (opened,) = await house.put(extraction(event(140), fetched=START + timedelta(minutes=1)), topic=Topic.EVENTS)
    assert (opened.title, opened.value, opened.sources, opened.independent) == ("Ministry", 140, ("paper",), 1)
    assert [(part.article, part.quote) for part in opened.evidence] == [("article", "140 drones")]
    (ended,) = await house.put(extraction(fetched=START + timedelta(minutes=2)), topic=Topic.EVENTS)
    assert (ended.notice, ended.reason) == ("withdraw", "retracted")
    found = await house.runtime.counts()
    assert found[Count("judge.events", "in", "")] == 3


async def test_claims_that_the_reader_never_counts_are_no_items_unless_a_rule_asks_for_them() -> None:
    base: dict[str, Any] = {
        "title": "Claims", "from": "events", "value": "max(value)", "window": {"calendar": "day", "tz": "UTC"},
        "levels": [{"severity": "info", "at": ">= 100"}],
    }  # fmt: skip
    plain = Rule.model_validate(base | {"id": "plain", "where": {"measure": "intercepted"}})
    asking = Rule.model_validate(base | {"id": "asking", "where": {"measure": "intercepted", "uncounted": "doubtful"}})
    house = House(plain, asking)
    doubtful = event(140, uncounted="doubtful")
    assert [n.rule for n in await house.put(extraction(doubtful), topic=Topic.EVENTS)] == ["asking"]
    detail = await house.cell(detail_cell(source_cell("events", "live", "article").key))
    assert [(verdict.rule, verdict.why) for verdict in detail.verdicts] == [("plain", "uncounted is doubtful")]
    later = extraction(event(120), fetched=START + timedelta(minutes=1))
    assert [(n.rule, n.notice, n.reason) for n in await house.put(later, topic=Topic.EVENTS)] == [
        ("asking", "withdraw", "retracted"),
        ("plain", "open", "level-reached"),
    ]
