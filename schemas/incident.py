"""An incident: one thing in the world, with low, best and high figures and every claim behind them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from schemas.base import Instant, Mode, Model, made_public
from schemas.event import Field, Period, Place, Qualifier, Scope, Status

IncidentStatus = Literal["asserted", "denied", "retracted"]


class Claim(Model):
    """One event as evidence for a figure: who says it, where it was read, and the sentence."""

    event: str
    article: str
    revision: str
    source: str | None = None
    owner: str | None = None
    story: str | None = None
    url: str | None = None
    published: Instant | None = None
    fetched: Instant
    claimed_by: str | None = None
    measure: str
    value: float | int
    high: float | int | None = None
    qualifier: Qualifier = "exact"
    scope: Scope = "total"
    place: Place | None = None
    status: Status = "asserted"
    confidence: float = 0.5
    quote: str
    sentence: str = ""
    field: Field = "text"
    span: tuple[int, int]
    part_of: str | None = None
    """Event id of the total that this claim is a part of."""
    same_as: str | None = None
    revises: str | None = None
    additional: bool = False
    model: str | None = None
    period: Period = "unknown"
    start: Instant | None = None
    end: Instant | None = None
    dated: bool = True
    """False when the text gives no date and the time was taken from the publication."""

    @property
    def time(self) -> Instant:
        """When the claim was made public."""
        return made_public(self.published, self.fetched)


class Figure(Model):
    """One measure of an incident: `value` is the best figure, `low` and `high` the range of what is said."""

    value: float | int
    low: float | int
    high: float | int
    qualifier: Qualifier = "exact"
    derived: bool = False
    """True when the value was added up, of disjoint parts or of other measures."""
    conflict: bool = False
    """True when two sides state figures that exclude each other."""
    claims: tuple[Claim, ...] = ()


class Part(Model):
    """The same figures for one place of the incident."""

    place: Place
    figures: dict[str, Figure]


class Incident(Model):
    """What is known of one (object, attacker, target country, night or day); an upsert by `id` and `revision`."""

    id: str
    object: str
    attacker: str | None = None
    target_country: str | None = None
    period: Period
    night_of: date | None = None
    start: Instant | None = None
    end: Instant | None = None
    figures: dict[str, Figure] = {}
    parts: tuple[Part, ...] = ()
    aside: tuple[Claim, ...] = ()
    """Claims that are kept and never counted: what somebody denies, and parts that give no figure for the whole."""
    sources: tuple[str, ...] = ()
    independent: int = 0
    """How many independent voices speak: copies of one text and outlets of one owner count once."""
    confidence: float = 0.5
    status: IncidentStatus = "asserted"
    reason: str | None = None
    """Why this revision exists, for example `new-claim`, `revised`, `retracted`, `merged-into:<id>`."""
    revision: int = 1
    first_seen: Instant
    updated: Instant
    time_basis: Literal["stated", "publication"] = "stated"
    mode: Mode = "live"
