"""An event: one claim in one article, a quantity with its roles and the sentence that says so."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator

from schemas.base import Instant, Mode, Model, made_public

Qualifier = Literal["exact", "at_least", "over", "about", "up_to"]
Scope = Literal["total", "part"]
Period = Literal["night", "day", "24h", "multi_day", "cumulative", "unknown"]
Status = Literal["asserted", "planned", "hypothetical", "denied"]
Uncounted = Literal["no-time-nobody-says", "about-something-else", "smuggling", "civil", "doubtful", "told-again"]
EventType = Literal[
    "attack", "interception", "impact", "casualties", "damage", "disruption", "deployment", "territory", "other"
]
_EVENT_TYPES = frozenset(get_args(EventType))
Field = Literal["title", "summary", "text"]


def _known(value: object) -> object:
    """A type that a newer version added is `other` here."""
    return value if not isinstance(value, str) or value in _EVENT_TYPES else "other"


class Place(Model):
    """A place of the gazetteer; `country` is ISO 3166 alpha-2, `region` the first-level region's name."""

    name: str
    country: str | None = None
    region: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class Event(Model):
    """One claim; `value` is null for an event without a number, and `quote` is exactly `field[span]`."""

    id: str
    type: Annotated[EventType, BeforeValidator(_known)]
    subtype: str | None = None
    """The ACLED sub-event type, where one fits."""
    object: str | None = None
    model: str | None = None
    measure: str | None = None
    value: float | int | None = None
    high: float | int | None = None
    qualifier: Qualifier = "exact"
    attacker: str | None = None
    target_country: str | None = None
    place: Place | None = None
    scope: Scope = "total"
    part_of: int | None = None
    """Index, in the list of the same article's events, of the event that this one is a part of."""
    same_as: int | None = None
    """Index of an earlier event of the same list that states the same figure again."""
    revises: int | None = None
    """Index of an event of the same list whose figure this one replaces."""
    additional: bool = False
    """True for "another 12": disjoint from the figures told before it."""
    period: Period = "unknown"
    start: Instant | None = None
    end: Instant | None = None
    night_of: date | None = None
    recap: bool = False
    status: Status = "asserted"
    claimed_by: str | None = None
    uncounted: Uncounted | None = None
    """Why the claim is kept and never counted for a night or a day; null for a claim that counts."""
    confidence: float = 0.5
    quote: str
    sentence: str = ""
    """The whole sentence that the quote stands in, for people; cut at 600 characters."""
    field: Field = "text"
    span: tuple[int, int]


class Abstention(Model):
    """A number that looked like a claim and was not taken, with the named reason."""

    quote: str
    reason: str
    field: Field = "text"
    span: tuple[int, int] | None = None


class ArticleRef(Model):
    """What later rooms need to know of an article: who said it, where and when."""

    id: str
    revision: str
    source: str | None = None
    owner: str | None = None
    url: str | None = None
    title: str = ""
    lang: str | None = None
    feed: str | None = None
    published: Instant | None = None
    fetched: Instant
    mode: Mode = "live"
    story: str | None = None
    """Id of the story cluster, shared by copies of one text."""

    @property
    def time(self) -> Instant:
        """The publication time, or the time of fetching where the feed gave none."""
        return made_public(self.published, self.fetched)


class Extraction(Model):
    """All events of one article revision: one record on the topic `events`.

    They travel together because a total and its parts must be judged together; an empty list
    retracts what an earlier revision of the article said.
    """

    article: ArticleRef
    events: tuple[Event, ...] = ()
    abstained: tuple[Abstention, ...] = ()
