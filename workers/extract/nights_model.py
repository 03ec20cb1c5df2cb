"""What a mention of time says, and what it means once the article's own time is known."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, NamedTuple

from schemas.event import Period

Kind = Literal[
    "night", "day", "evening", "morning", "date", "24h", "multi_day", "cumulative", "past", "future", "clock"
]
Basis = Literal["stated", "relative", "publication"]


class PartialDate(NamedTuple):
    """A day of the calendar as written; the year is often left out."""

    year: int | None
    month: int
    day: int


class TimeMention(NamedTuple):
    """One expression of time at `[start, end)` of a text, unresolved.

    `parts` are the parts of the day it names, `clocks` (hour, minute) pairs, `shift` whole days from the day of
    writing, `days` the length of a span or how far back an "ago" lies, `since` that it reaches up to now,
    `reporting` that it is the day on which somebody said it.
    """

    start: int
    end: int
    kind: Kind
    parts: tuple[str, ...] = ()
    dates: tuple[PartialDate, ...] = ()
    weekdays: tuple[int, ...] = ()
    clocks: tuple[tuple[int, int], ...] = ()
    shift: int | None = None
    days: float | None = None
    since: bool = False
    reporting: bool = False
    recalls: bool = False
    """True for a time told from another one: "a day earlier", "the previous night"."""
    same: bool = False
    """True for "that day" and "the same day", which mean the day told before."""
    background: bool = False
    """True where the words only measure a superlative or a state: "the largest since ...", "occupied since 2014"."""
    unit: str = ""
    """For a rate ("per night") its unit; for a past time ("last year") "month" or "year" when it is that long."""
    names_its_evening: bool = False
    """True for "Tuesday night", false for "overnight on Tuesday"."""


class Timespan(NamedTuple):
    """The half-open time [start, end) of a claim, in UTC, and the morning of its night.

    `basis` says whether the text names the day, tells it from its own day, or says nothing at all;
    `recap` that the time lies before the night or day that the article is about.
    """

    period: Period
    start: datetime | None
    end: datetime | None
    night_of: date | None
    basis: Basis
    recap: bool = False
