"""The facts of an explanation: what the rooms left behind about an alert, incident, article, or rule and night."""

from __future__ import annotations

from typing import Literal

from schemas.alert import Notice
from schemas.base import Instant, Mode, Model
from schemas.event import Abstention, Extraction
from schemas.incident import Incident
from schemas.notification import Notification
from schemas.silence import Silence
from workers.dedupe.cells import Known
from workers.deliver.cells import Pending
from workers.deliver.silence_cells import Held
from workers.extract.cells import ArticleRead, Aside
from workers.judge.cells import AlertState, Judgement, Outage, Verdict
from workers.judge.items import Item


class Queued(Model):
    """One notification that waits to be sent, and on which lane."""

    lane: str
    pending: Pending


class Judged(Model):
    """One rule's opinion of one group and window, as its last evaluation left it."""

    rule: str
    group: dict[str, str | None]
    window: str | None
    """None for rules that keep one record for all windows of a group."""
    items: tuple[str, ...] = ()
    """Ids of the items of the source in question that count there; of a window, of all its items."""
    judgement: Judgement | None = None
    alert: AlertState | None = None
    alert_id: str | None = None
    held: Held | None = None
    """What a silence holds of the alert."""


class AlertFacts(Model):
    """Everything that is known of one alert."""

    kind: Literal["alert"] = "alert"
    id: str
    state: AlertState | None = None
    judgement: Judgement | None = None
    notices: tuple[Notice, ...] = ()
    deliveries: tuple[Notification, ...] = ()
    queued: tuple[Queued, ...] = ()
    held: Held | None = None
    silences: tuple[Silence, ...] = ()
    """The silences that have held it, as far as they are remembered."""
    incidents: tuple[Incident, ...] = ()


class IncidentFacts(Model):
    """Everything that is known of one incident."""

    kind: Literal["incident"] = "incident"
    id: str
    incident: Incident | None = None
    revisions: tuple[Incident, ...] = ()
    """All revisions that the topic still holds, oldest first."""
    judged: tuple[Judged, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    rules: tuple[str, ...] = ()
    """Ids of the rules that the judge runs with."""


class ArticleFacts(Model):
    """Everything that is known of one article."""

    kind: Literal["article"] = "article"
    id: str
    known: Known | None = None
    read: ArticleRead | None = None
    aside: Aside | None = None
    extraction: Extraction | None = None
    abstained: tuple[Abstention, ...] = ()
    counted: tuple[str, ...] | None = None
    """Event ids that the resolver took into incidents; None where it has no record of the article."""
    not_counted: dict[str, str] = {}
    """Why the resolver never counts each other claim: event id -> named reason."""
    judged: tuple[Judged, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    """What rules that read single claims made of it."""
    incidents: tuple[IncidentFacts, ...] = ()


class Seen(Model):
    """One incident of a night, with what one rule made of its figures."""

    incident: Incident
    verdicts: tuple[Verdict, ...] = ()
    counted: tuple[str, ...] = ()
    read: bool = True
    """False when the judge has no record of the incident: no rule reads any of its figures."""


class Checks(Model):
    """What the checks of feeds in a stretch of time came to."""

    working: int = 0
    failed: int = 0
    feeds_failed: dict[str, str] = {}
    """Feed -> the last reason of its failures in that time."""
    outages: tuple[Outage, ...] = ()


class RuleFacts(Model):
    """Everything that is known of one rule and one of its windows."""

    kind: Literal["rule"] = "rule"
    rule: str
    title: str
    window: str
    start: Instant | None = None
    end: Instant | None = None
    limits: tuple[str, ...] = ()
    enabled: bool = True
    since: Instant | None = None
    """When the judge began with the rule; None when it never did."""
    groups: tuple[Judged, ...] = ()
    items: tuple[Item, ...] = ()
    """The items behind the groups."""
    seen: tuple[Seen, ...] = ()
    checks: Checks = Checks()
    mode: Mode = "live"


Facts = AlertFacts | IncidentFacts | ArticleFacts | RuleFacts
