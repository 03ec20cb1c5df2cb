"""Which events of an article count, and for which slot of the calendar: claims in groups that stay together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from schemas.event import ArticleRef, Event, Extraction
from schemas.incident import Claim
from workers.extract.nights_desk import desk_of
from workers.extract.nights_zone import DAY, DUSK, local_time, zone_of
from workers.resolve.admission import STRETCHES, not_counted
from workers.resolve.cells import Group, Stretch
from workers.resolve.coherence import coherent
from workers.resolve.policy import Policy

OWN: Final = (
    "claimed_by", "measure", "value", "high", "qualifier", "scope", "place", "status", "confidence", "quote",
    "sentence", "field", "span", "additional", "model", "period", "start", "end",
)  # fmt: skip
"""What a claim has of its event."""

SAID: Final = ("revision", "source", "owner", "story", "url", "published", "fetched")
"""What it has of its article."""


class Read(NamedTuple):
    """What resolve takes from an article: the groups that count, and the reason of every claim that does not."""

    groups: tuple[Group, ...]
    aside: dict[str, str]


class _Home(NamedTuple):
    object: str
    attacker: str | None
    target: str | None
    stretch: Stretch
    date: date
    dated: bool


def read(extraction: Extraction, policy: Policy) -> Read:
    """The claims of one article revision that may count, by what they are about, and why the others never do."""
    homes: dict[_Home, list[Claim]] = defaultdict(list)
    aside: dict[str, str] = {}
    article, events = extraction.article, coherent(extraction.events)
    for told, event in zip(extraction.events, events, strict=True):
        reason = not_counted(event, told, policy)
        if reason is not None:
            aside[event.id] = reason
            continue
        home = _home(event, article)
        homes[home].append(_claim(event, home, article, events))
    groups = (
        Group(article=article.id, story=article.story, claims=tuple(claims), **home._asdict())
        for home, claims in sorted(homes.items(), key=lambda item: str(item[0]))
    )
    return Read(tuple(groups), aside)


def _home(event: Event, article: ArticleRef) -> _Home:
    stretch, stated = STRETCHES[event.period], _stated_date(event)
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
    own = {name: getattr(event, name) for name in OWN}
    links = {name: _id(events, getattr(event, name)) for name in ("part_of", "same_as", "revises")}
    said = {name: getattr(article, name) for name in SAID}
    return Claim(event=event.id, article=article.id, dated=home.dated, **own, **links, **said)


def _id(events: Sequence[Event], index: int | None) -> str | None:
    return events[index].id if index is not None and 0 <= index < len(events) else None
