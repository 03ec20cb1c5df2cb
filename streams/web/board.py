"""The board: what the page and the API show, a bounded projection kept by following the topics of a runtime."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from schemas.alert import SEVERITIES, Notice
from schemas.config import mask_url
from schemas.event import Extraction
from schemas.feed import Feed, FeedHealth
from schemas.incident import Incident
from schemas.notification import Notification
from schemas.topic import Topic
from streams.clock import Clock
from streams.runtimes.base import Count, Record, Runtime, RuntimeRefused, Unavailable
from streams.waiting import set_within
from streams.web.accounting import RoomBalance, balances
from streams.web.cursor import FOLLOWED, encode_cursor
from streams.web.desk import Desk, look
from streams.web.history import AlertHistory, put
from streams.web.hub import Hub, Message
from workers.pipeline import PIPELINE

log = logging.getLogger("nightwire.web")

PAUSE: Final = 0.5
"""Seconds between two looks at the topics: a person does not see the difference."""

RANK: Final[dict[str, int]] = {severity: place for place, severity in enumerate(reversed(SEVERITIES))}
"""The most severe first."""

KEEP: Final[dict[Topic, int]] = {
    Topic.ALERTS: 2000,
    Topic.NOTIFICATIONS: 2000,
    Topic.EVENTS: 300,
    Topic.INCIDENTS: 500,
    Topic.HEALTH: 2000,
}
"""Records that are read at the start, and entries that are kept: the board's memory is bounded by these.

Of the checks of feeds there is room for one of every feed that is configured, if those are more.
"""


class Board:
    """Alerts, recent events, incidents, feeds and the accounting, as of the last look."""

    def __init__(self, runtime: Runtime, clock: Clock, feeds: Iterable[Feed] = (), pause: float = PAUSE) -> None:
        self.runtime = runtime
        self.clock = clock
        self.hub = Hub()
        self.configured: tuple[Feed, ...] = tuple(feeds)
        self._keep = KEEP | {Topic.HEALTH: max(KEEP[Topic.HEALTH], len(self.configured))}
        self.trouble: str | None = "the board has not read the topics yet"
        """Why the board may be out of date; None while it follows."""
        self.since: datetime | None = None
        """When the board was last up to date, by the clock of the records."""
        self.desk = Desk()
        """Who has taken which alert, and what is silenced, as of the last look."""
        self.serial = 0
        """Grows with everything that the board takes in: the same number is the same content."""
        self._looked = time.monotonic()
        self._looking = asyncio.Lock()
        self._pause = pause
        self._alerts: OrderedDict[str, AlertHistory] = OrderedDict()
        self._events: OrderedDict[str, Extraction] = OrderedDict()
        self._incidents: OrderedDict[str, Incident] = OrderedDict()
        self._health: OrderedDict[str, FeedHealth] = OrderedDict()
        self._positions: dict[Topic, str | None] = {}
        self._counts: Mapping[Count, int] = {}
        self._lags: dict[str, int] = {}
        self._takers: dict[Topic, Callable[[Any], None]] = {
            Topic.ALERTS: self._take_notice,
            Topic.NOTIFICATIONS: self._take_notification,
            Topic.EVENTS: self._take_extraction,
            Topic.INCIDENTS: self._take_incident,
            Topic.HEALTH: self._take_health,
        }

    # ---- following ----

    async def follow(self, stop: asyncio.Event) -> None:
        """Keep up with the runtime until `stop` is set; an unreachable runtime is said on the page and waited for."""
        while not stop.is_set():
            try:
                await self.refresh()
            except Exception as defect:
                log.exception("the board cannot take in what it reads: a defect of ours")
                self.trouble = f"the board has a defect ({type(defect).__name__}); its log tells more"
            await set_within(stop, self._pause)

    async def refresh(self) -> bool:
        """Read all that is new; False, with the reason in `trouble`, when the runtime cannot be reached.

        Two looks at a time would take in what both have read twice, so the second waits and reads what is left.
        """
        async with self._looking:
            return await self._refresh()

    async def _refresh(self) -> bool:
        try:
            for topic in self._takers:
                await self._catch_up(topic)
            await self._look_at_desk()
            self._counts = await self.runtime.counts()
            for room in PIPELINE:
                if room.reads is not None:
                    self._lags[room.name] = await self.runtime.lag(room.name, room.reads)
        except (Unavailable, RuntimeRefused) as error:
            if self.trouble is None:
                log.warning("the board cannot read the topics: %s", error)
            self.trouble = f"the runtime cannot be reached: {error}"
            return False
        self.trouble, self.since, self._looked = None, self.clock.now(), time.monotonic()
        return True

    async def _look_at_desk(self) -> None:
        """See what people did; an event without a record tells the readers of the stream that something changed."""
        desk = await look(self.runtime, (history.latest.alert for history in self.alerts() if history.open))
        if desk != self.desk:
            self.desk = desk
            self.serial += 1
            self.hub.publish(Message(self.cursor, None))

    def silent_for(self) -> float:
        """Wall seconds since the last finished look, whatever a simulated clock shows."""
        return time.monotonic() - self._looked

    async def _catch_up(self, topic: Topic) -> None:
        if topic not in self._positions:
            records = await self.runtime.last(topic, self._keep[topic])
            self._take(records, publish=False)
            self._positions[topic] = records[-1].offset if records else None
        while records := await self.runtime.tail(topic, self._positions[topic]):
            self._take(records, publish=topic in FOLLOWED)

    def _take(self, records: list[Record], *, publish: bool) -> None:
        for record in map(presentable, records):
            self._takers[record.topic](record.model)
            self._positions[record.topic] = record.offset
            self.serial += 1
            if publish:
                self.hub.publish(Message(self.cursor, record))

    @property
    def cursor(self) -> str:
        """The position behind everything that the board has read."""
        return encode_cursor(self._positions)

    @property
    def positions(self) -> Mapping[Topic, str | None]:
        """The offset of the last record read, by topic."""
        return dict(self._positions)

    # ---- taking one record ----

    def _take_notice(self, notice: Notice) -> None:
        self._history(notice).add(notice)
        self._alerts.move_to_end(notice.alert)
        if len(self._alerts) > self._keep[Topic.ALERTS]:
            ended = (name for name, history in self._alerts.items() if not history.open)
            del self._alerts[next(ended, next(iter(self._alerts)))]

    def _take_notification(self, notification: Notification) -> None:
        history = self._alerts.get(notification.notice.alert)
        if history is not None:
            history.tell(notification)

    def _history(self, notice: Notice) -> AlertHistory:
        return self._alerts.setdefault(notice.alert, AlertHistory())

    def _take_extraction(self, extraction: Extraction) -> None:
        """A later revision of an article takes the place of the earlier one; one without events removes it."""
        self._events.pop(extraction.article.id, None)
        if extraction.events:
            put(self._events, extraction.article.id, extraction, self._keep[Topic.EVENTS])

    def _take_incident(self, incident: Incident) -> None:
        known = self._incidents.get(incident.id)
        if known is None or known.revision < incident.revision:
            put(self._incidents, incident.id, incident, self._keep[Topic.INCIDENTS])

    def _take_health(self, health: FeedHealth) -> None:
        put(self._health, health.feed, health, self._keep[Topic.HEALTH])

    # ---- what is shown ----

    def alerts(self) -> list[AlertHistory]:
        """Open alerts first, the most severe first, then the newest change."""
        histories = list(self._alerts.values())
        histories.sort(key=lambda h: h.latest.at, reverse=True)
        return sorted(histories, key=lambda h: (not h.open, RANK[h.latest.severity]))

    def alert(self, name: str) -> AlertHistory | None:
        """One alert by its id."""
        return self._alerts.get(name)

    def extractions(self) -> list[Extraction]:
        """Articles with events, the newest first."""
        return list(reversed(self._events.values()))

    def incidents(self) -> list[Incident]:
        """The latest revision of each incident, the newest change first."""
        return list(reversed(self._incidents.values()))

    def feeds(self) -> list[tuple[str, Feed | None, FeedHealth | None]]:
        """Every feed, by id: as configured, and its last check; either may be missing."""
        configured = {feed.id: feed for feed in self.configured}
        return [(n, configured.get(n), self._health.get(n)) for n in sorted(configured.keys() | self._health.keys())]

    def counts(self) -> Mapping[Count, int]:
        """The raw accounting."""
        return self._counts

    def accounting(self) -> list[RoomBalance]:
        """The accounting by room."""
        return balances(self._counts, self._lags)

    def replaying(self) -> bool:
        """Whether anything on the board comes from a simulated feed."""
        shown: list[Any] = [history.latest for history in self._alerts.values()]
        shown += [extraction.article for extraction in self._events.values()]
        return any(each.mode == "replay" for each in (*shown, *self._health.values()))


def presentable(record: Record) -> Record:
    """The record as it may be shown: the address of a feed may hold a password or a token, so it is masked."""
    if isinstance(record.model, FeedHealth):
        return record._replace(model=record.model.model_copy(update={"url": mask_url(record.model.url)}))
    return record
