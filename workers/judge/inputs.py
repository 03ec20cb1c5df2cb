"""The other two streams that rules can read: single claims before resolution, and the health of feeds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from schemas.event import ArticleRef, Event, Extraction
from schemas.feed import FeedHealth
from schemas.topic import Topic
from workers.judge.coverage import cover
from workers.judge.engine import Engine
from workers.judge.items import FieldValue, Item, Report, sentence
from workers.ports import Cell, Outcome, View
from workers.reasons import Reason
from workers.recall import Recall
from workers.stage import Stage

WORKING: Final = frozenset({"ok", "unchanged"})
"""Outcomes of a check that show the feed to be reachable."""


def _order(moment: datetime) -> int:
    """A time as a revision number: later is higher, to the millisecond."""
    return int(moment.timestamp() * 1000)


def report_of_extraction(extraction: Extraction) -> Report:
    """The claims of one article; a later fetch of the article replaces all of them."""
    article = extraction.article
    return Report(
        stream="events",
        id=article.id,
        revision=_order(article.fetched),
        items=tuple(_claim(event, article) for event in extraction.events),
        mode=article.mode,
    )


def _claim(event: Event, article: ArticleRef) -> Item:
    source = article.source or article.owner or article.feed
    return Item(
        id=event.id,
        fields=_claim_fields(event, article),
        qualifier=event.qualifier,
        time=event.start,
        time_end=event.end,
        night_of=event.night_of,
        period=event.period,
        time_basis="stated" if event.start else "publication",
        published=article.time,
        ingested=article.fetched,
        independent=1,
        confidence=event.confidence,
        sources=(source,) if source else (),
        doubts=("one source",),
        evidence=(sentence(article.id, article, event),),
    )


def _claim_fields(event: Event, article: ArticleRef) -> dict[str, FieldValue]:
    place = event.place
    return {
        "id": event.id,
        "type": event.type,
        "event_type": event.type,
        "subtype": event.subtype,
        "object": event.object,
        "model": event.model,
        "measure": event.measure,
        "value": event.value,
        "high": event.high,
        "qualifier": event.qualifier,
        "is_total": event.scope == "total",
        "scope": event.scope,
        "place.name": place.name if place else None,
        "place.admin1": place.region if place else None,
        "place.country": place.country if place else None,
        "attacker": event.attacker,
        "target_country": event.target_country,
        "claimed_by": event.claimed_by,
        "confidence": event.confidence,
        "n_sources": 1,
        "n_independent": 1,
        "period": event.period,
        "night_of": event.night_of.isoformat() if event.night_of else None,
        "time": event.start.isoformat() if event.start else None,
        "time_end": event.end.isoformat() if event.end else None,
        "time_basis": "stated" if event.start else "publication",
        "status": event.status,
        "recap": event.recap,
        "uncounted": event.uncounted,
        "source": article.source,
        "owner": article.owner,
        "lang": article.lang,
        "feed": article.feed,
    }


def report_of_health(health: FeedHealth) -> Report:
    """The newest check of a feed; it replaces the check before."""
    fields: dict[str, FieldValue] = {
        "id": health.feed,
        "feed": health.feed,
        "url": health.url,
        "outcome": health.outcome,
        "status": "ok" if health.outcome in WORKING else health.outcome,
        "reason": health.reason,
        "new_items": health.new,
        "items": health.entries,
        "errors": health.errors,
        "seconds": health.seconds,
        "bytes": health.bytes,
    }
    item = Item(id=health.feed, fields=fields, time=health.at, published=health.at, ingested=health.at, confidence=1.0)
    return Report(stream="feeds", id=health.feed, revision=_order(health.at), items=(item,), mode=health.mode)


class EventJudge(Stage[Extraction]):
    """Rules `from: events`: every article's claims as they are read."""

    name = "judge.events"
    reads = Topic.EVENTS
    model = Extraction

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._report = Recall(report_of_extraction)

    def prefetch(self, record: Extraction) -> Iterable[Cell]:
        """The windows that the claims touch."""
        return self.engine.cells(self._report(record)) if "events" in self.engine.streams else ()

    def decide(self, record: Extraction, view: View, now: datetime) -> Outcome:
        """Judge the claims of one article; raises Drop for a fetch that is not newer than the known one."""
        if "events" not in self.engine.streams:
            return Outcome(Reason.NO_RULE, passed=False)
        return self.engine.judge(self._report(record), view, now)


class FeedJudge(Stage[FeedHealth]):
    """Rules `from: feeds`, and the record of the hours in which no feed could be fetched."""

    name = "judge.feeds"
    reads = Topic.HEALTH
    model = FeedHealth

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._report = Recall(report_of_health)

    def prefetch(self, record: FeedHealth) -> Iterable[Cell]:
        """The windows that the check touches."""
        return self.engine.cells(self._report(record)) if "feeds" in self.engine.streams else ()

    def decide(self, record: FeedHealth, view: View, now: datetime) -> Outcome:
        """Judge one check of a feed; raises Drop for a check that is not newer than the known one."""
        unread = Outcome(Reason.NO_RULE, passed=False)
        outcome = self.engine.judge(self._report(record), view, now) if "feeds" in self.engine.streams else unread
        return cover(outcome, view, record.at, record.mode) if record.outcome in WORKING else outcome
