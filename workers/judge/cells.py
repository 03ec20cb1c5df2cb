"""The keyed state of the judge: who said what last, what each window holds, and how each alert stands."""

from __future__ import annotations

from typing import Literal

from schemas.alert import Notice
from schemas.base import Instant, Model
from schemas.event import Qualifier
from workers.judge.items import Item

AlertStatus = Literal["idle", "open", "closed", "resolved", "withdrawn"]
"""`closed`: the window and its grace are over, so it is not repeated any more, but still corrected and withdrawn."""


class Member(Model):
    """What a window keeps of one item: enough to count it; the sentences stay with its source."""

    source: str
    """Key of the source's cell."""
    value: float | int | str | None = None
    qualifier: Qualifier = "exact"
    time: Instant
    independent: int = 1


class Verdict(Model):
    """Why an item does not count under a rule that could have counted it: the clause that failed."""

    rule: str
    item: str
    why: str


class SourceState(Model):
    """The last accepted revision of a source of items."""

    revision: int
    homes: dict[str, tuple[str, ...]] = {}
    """Key of a window's cell -> ids of the items that it holds of this source."""


class SourceDetail(Model):
    """What the last revision of a source said: for notices and explanations, no decision rests on it."""

    items: tuple[Item, ...] = ()
    """The items that at least one rule counts."""
    verdicts: tuple[Verdict, ...] = ()
    """Why other items do not count."""


class Judgement(Model):
    """The last evaluation of a window, in the words that `explain` prints."""

    at: Instant
    outcome: str
    why: str
    value: float | int | None = None
    threshold: float | int | None = None
    limit: str | None = None
    baseline: float | None = None
    items: int = 0
    late: bool = False
    alert: str | None = None


class Cluster(Model):
    """A session, or the items of a sliding window, that an alert was begun for; `anchor` names it."""

    anchor: str
    members: tuple[str, ...]
    due: Instant | None = None
    """When it has to be looked at although nothing came."""


class WindowState(Model):
    """The items of one rule, group and window; sliding, session and novelty rules keep one for the whole group."""

    members: dict[str, Member] = {}
    clusters: tuple[Cluster, ...] = ()
    judgement: Judgement | None = None
    lost: str | None = None
    """Why the seat lost items last: retracted, left-the-filter, moved, merged."""
    due: Instant | None = None
    """When the alarm of the seat rings."""
    last: Instant | None = None
    """When the group was heard of last (novelty and silence)."""
    novel: bool = False
    """Whether the first sighting was news (novelty)."""


class AlertState(Model):
    """How one alert stands, and what was told of it."""

    rule: str
    cell: str
    """Key of the window's cell."""
    window: str
    status: AlertStatus = "idle"
    pending_since: Instant | None = None
    level: int | None = None
    """Level as told, counted from 0."""
    peak: int = 0
    told: float | int | None = None
    """Value as told."""
    told_at: Instant | None = None
    opened: Instant | None = None
    seq: int = 0
    acked_by: str | None = None
    acked_at: Instant | None = None
    ack_note: str | None = None
    """What the person who took it wrote."""
    notice: Notice | None = None
    """The last notice, as sent."""


class HistoryState(Model):
    """The last value of each window of one group; None, which only tests of rules write, for one without any feed."""

    values: dict[str, float | None] = {}


class RuleState(Model):
    """What all groups of one rule share."""

    groups: dict[str, Instant] = {}
    """Group -> when it was touched last, to the day."""
    open: dict[str, str] = {}
    """Id of each alert that is open -> key of its window's cell."""


class KnownRule(Model):
    """A rule that the judge has run with."""

    shape: str
    since: Instant


class Book(Model):
    """All rules that the judge has run with, by id; tells a changed rule from an old one."""

    rules: dict[str, KnownRule] = {}


class Outage(Model):
    """A stretch in which no feed could be fetched."""

    start: Instant
    end: Instant


class Coverage(Model):
    """When the feeds were last seen working, and the stretches in which they were not."""

    last_ok: Instant
    outages: tuple[Outage, ...] = ()
