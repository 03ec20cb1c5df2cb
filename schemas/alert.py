"""A notice: one change of one alert, which is one rule's opinion of one window and group."""

from __future__ import annotations

from typing import Final, Literal, get_args

from schemas.base import Instant, Mode, Model
from schemas.event import Field, Qualifier

Severity = Literal["info", "warning", "high", "critical"]
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
"""From mild to severe."""

NoticeKind = Literal["open", "escalate", "update", "correct", "repeat", "resolve", "withdraw", "close"]
ENDINGS: Final[frozenset[NoticeKind]] = frozenset({"resolve", "withdraw", "close"})
"""Notices after which nothing is expected: they carry the peak severity and go to whoever was told of the alert."""


class Evidence(Model):
    """One sentence behind an alert; `quote` is exactly `field[span]` of the article."""

    article: str
    revision: str
    source: str | None = None
    owner: str | None = None
    url: str | None = None
    published: Instant | None = None
    claimed_by: str | None = None
    measure: str | None = None
    value: float | int | None = None
    qualifier: Qualifier = "exact"
    place: str | None = None
    quote: str
    sentence: str = ""
    """The whole sentence that the quote stands in."""
    field: Field = "text"
    span: tuple[int, int]


class Window(Model):
    """The stretch of time that an alert is about; `key` is for example `night/2026-09-04`."""

    key: str
    start: Instant | None = None
    end: Instant | None = None
    tz: str = "UTC"


class Notice(Model):
    """One numbered state of an alert: what changed, from what, against which limit, on whose word."""

    id: str
    """Digest of alert and sequence number: the idempotency key of every delivery."""
    alert: str
    revision: int
    """Sequence number within the alert, from 1."""
    rule: str
    title: str
    group: dict[str, str | None]
    window: Window
    notice: NoticeKind
    reason: str | None = None
    severity: Severity
    peak: Severity
    value: float | int | None = None
    low: float | int | None = None
    high: float | int | None = None
    qualifier: Qualifier = "exact"
    threshold: float | int | None = None
    limit: str | None = None
    """The limit as the rule writes it, for example `> 50`."""
    was: float | int | None = None
    baseline: float | None = None
    object: str | None = None
    measure: str | None = None
    places: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    independent: int = 0
    confidence: float = 0.5
    doubts: tuple[str, ...] = ()
    """What lowers the confidence, in words: `one source`, `time taken from publication`."""
    incidents: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    route: tuple[str, ...] = ()
    first_seen: Instant
    at: Instant
    mode: Mode = "live"
