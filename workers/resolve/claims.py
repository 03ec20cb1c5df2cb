"""Which events of an article count, and for which slot of the calendar: claims in groups that stay together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from schemas.event import ArticleRef, Event, Extraction
from schemas.incident import Claim
from workers.extract.nights_resolve import desk_of
from workers.extract.nights_zone import DAY, DUSK, local_time, zone_of
from workers.resolve.cells import Group, Stretch
from workers.resolve.coherence import coherent
from workers.resolve.policy import Policy

LONGEST: Final = timedelta(hours=36)
"""A stretch above this is no night and no day, whatever it is called: the longest night has 16 hours, a day 25."""


_STRETCHES: Final[dict[str, Stretch]] = {"night": "night", "day": "day", "24h": "24h", "unknown": "unknown"}


class _Home(NamedTuple):
    object: str
    attacker: str | None
    target: str | None
    stretch: Stretch
    date: date
    dated: bool


def groups_of(extraction: Extraction, policy: Policy) -> tuple[Group, ...]:
    """The claims of one article revision that may count, by what they are about; empty when nothing counts."""
    homes: dict[_Home, list[Claim]] = defaultdict(list)
    article, events = extraction.article, coherent(extraction.events)
    for event in events:
        if _counts(event, policy):
            home = _home(event, article)
            homes[home].append(_claim(event, home, article, events))
    return tuple(
        Group(article=article.id, story=article.story, claims=tuple(claims), **home._asdict())
        for home, claims in sorted(homes.items(), key=lambda item: str(item[0]))
    )


def _counts(event: Event, policy: Policy) -> bool:
    return (
        event.object is not None
        and event.measure is not None
        and policy.measures.counts(event.object, event.measure)
        and event.value is not None
        and event.value <= policy.measures.believed(event.object, timed=event.period != "unknown")
        and event.status in ("asserted", "denied")
        and not event.recap
        and event.uncounted is None
        and event.period in _STRETCHES
        and not (event.start and event.end and event.end - event.start > LONGEST)
    )


def _home(event: Event, article: ArticleRef) -> _Home:
    stretch, stated = _STRETCHES[event.period], _stated_date(event)
    published = desk_of(article.time, event.target_country).day or article.time.date()
    dated = stated is not None and (stretch != "unknown" or stated != published)
    return _Home(str(event.object), event.attacker, event.target_country, stretch, stated or published, dated)


def _stated_date(event: Event) -> date | None:
    """The date of a claim: the morning of a night, the first day of anything else; None where none is given."""
    if event.night_of is not None:
        return event.night_of
    if event.start is None:
        return None
    local = local_time(event.start, zone_of(event.target_country))
    return local.date() + DAY if event.period == "night" and local.time() >= DUSK else local.date()


def _claim(event: Event, home: _Home, article: ArticleRef, events: Sequence[Event]) -> Claim:
    own = event.model_dump(
        include={
            "claimed_by", "measure", "value", "high", "qualifier", "scope", "place", "status",
            "confidence", "quote", "sentence", "field", "span", "additional", "model", "period", "start", "end",
        }
    )  # fmt: skip
    links = {name: _id(events, getattr(event, name)) for name in ("part_of", "same_as", "revises")}
    said = article.model_dump(include={"revision", "source", "owner", "story", "url", "published", "fetched"})
    return Claim(event=event.id, article=article.id, dated=home.dated, **own, **links, **said)


def _id(events: Sequence[Event], index: int | None) -> str | None:
    return events[index].id if index is not None and 0 <= index < len(events) else None
