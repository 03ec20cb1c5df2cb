"""Runs the checks of all feeds when they are due: politely to each host, bounded in all, and without a storm."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from schemas.feed import Feed, FeedHealth, FeedState
from streams.runtimes.base import Unavailable
from streams.sources.markup import host_of
from streams.sources.poller import Poller
from streams.sources.remember import THROTTLES
from streams.waiting import first_of, give_up

log = logging.getLogger("nightwire.fetch")

PLATFORMS: Final = (
    "blogspot.com", "feedburner.com", "livejournal.com", "medium.com", "reddit.com", "substack.com",
    "tumblr.com", "wordpress.com", "youtube.com",
)  # fmt: skip
"""Hosts that serve many sites each under a name of its own: they count as one."""
DEFECT_WAIT: Final = timedelta(minutes=15)
CARRIER_WAIT: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard the network is used: seconds between two requests to one host, requests at once, starts a second."""

    host_distance: float = 3.0
    at_once: int = 200
    starts_per_second: float = 50.0
    """How fast overdue feeds are caught up with after a start."""


@dataclass(slots=True)
class _Lane:
    """The feeds of one host: one request at a time, some distance apart."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ready: datetime | None = None
    throttled: dict[str, datetime] = field(default_factory=dict)

    def paused_until(self, now: datetime) -> datetime | None:
        """Until when the whole host is left alone: when it threw back more than one of its feeds."""
        live = [until for until in self.throttled.values() if until > now]
        return max(live) if len(live) > 1 else None


class Rounds:
    """The loop over all feeds of a poller; `run` ends when `stop` is set."""

    def __init__(self, poller: Poller, pace: Pace | None = None) -> None:
        self._poller = poller
        self._clock = poller.clock
        self._pace = pace or Pace()
        self._slots = asyncio.Semaphore(self._pace.at_once)
        self._lanes: dict[str, _Lane] = {}
        self._queue: list[tuple[datetime, int, str]] = []
        self._entered = 0
        self._news = asyncio.Event()
        self._turns: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Check every feed whenever it is due, until told to stop; checks under way are then given up."""
        await self._fill()
        try:
            while not stop.is_set():
                self._start_due()
                await self._wait(stop)
        finally:
            await give_up(self._turns)

    async def _fill(self) -> None:
        """Put all feeds into the queue: those that are due by now one after another, the others at their times."""
        states = await self._load_states()
        now = self._clock.now()
        late = 0
        for name, state in sorted(states.items(), key=lambda item: (item[1].next_check or now, item[0])):
            if state.outcome == "disabled":
                continue
            if state.next_check is not None and state.next_check > now:
                self._enter(name, state.next_check)
            else:
                self._enter(name, now + timedelta(seconds=late / self._pace.starts_per_second))
                late += 1

    async def _load_states(self) -> dict[str, FeedState]:
        while True:
            try:
                return await self._poller.states()
            except Unavailable as error:
                log.warning("the state of the feeds cannot be read yet: %s; trying again", error)
                await self._clock.sleep_until(self._clock.now() + CARRIER_WAIT)

    def _enter(self, name: str, when: datetime) -> None:
        self._entered += 1
        heapq.heappush(self._queue, (when, self._entered, name))
        self._news.set()

    def _start_due(self) -> None:
        now = self._clock.now()
        while self._queue and self._queue[0][0] <= now:
            _, _, name = heapq.heappop(self._queue)
            turn = asyncio.create_task(self._turn(self._poller.feeds[name]), name=f"feed {name}")
            self._turns.add(turn)
            turn.add_done_callback(self._turns.discard)

    async def _wait(self, stop: asyncio.Event) -> None:
        """Until the next feed is due, or one was entered, or the end."""
        self._news.clear()
        calls: list[Coroutine[Any, Any, object]] = [stop.wait(), self._news.wait()]
        if self._queue:
            calls.append(self._clock.sleep_until(self._queue[0][0]))
        await first_of(*calls)

    async def _turn(self, feed: Feed) -> None:
        """One check of one feed, and its next one into the queue, whatever happens."""
        again: datetime | None = self._clock.now() + DEFECT_WAIT
        try:
            again = await self._in_lane(feed)
        except Unavailable as error:
            log.warning("feed %s: the check could not be remembered: %s; trying again", feed.id, error)
            again = self._clock.now() + CARRIER_WAIT
        except Exception:
            log.exception("feed %s: a defect; the other feeds go on", feed.id)
        if again is not None:
            self._enter(feed.id, again)

    async def _in_lane(self, feed: Feed) -> datetime | None:
        lane = self._lanes.setdefault(lane_of(feed.url), _Lane())
        async with lane.lock:
            pause = lane.paused_until(self._clock.now())
            if pause is not None:
                return pause
            if lane.ready is not None:
                await self._clock.sleep_until(lane.ready)
            async with self._slots:
                health = await self._poller.poll(feed)
            now = self._clock.now()
            lane.ready = now + timedelta(seconds=self._pace.host_distance)
            _note(lane, feed, health)
        return health.next_check


def _note(lane: _Lane, feed: Feed, health: FeedHealth) -> None:
    lane.throttled.pop(feed.id, None)
    if health.reason in THROTTLES and health.next_check:
        lane.throttled[feed.id] = health.next_check


def lane_of(url: str) -> str:
    """The host whose patience a request takes; the many names of a platform are one."""
    host = host_of(url) or url
    return next((name for name in PLATFORMS if host == name or host.endswith(f".{name}")), host)
