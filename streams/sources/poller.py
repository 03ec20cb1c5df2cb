"""Polls one feed: fetch, read, plan, and commit articles, state, health and counts in one atomic step."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from random import Random
from typing import Final

from schemas.base import Mode, digest
from schemas.feed import Feed, FeedHealth, FeedPush, FeedSeen, FeedState
from schemas.topic import Topic
from streams.clock import Clock
from streams.runtimes.base import BATCH, Commit, Count, Runtime, Verdict
from streams.sources import remember
from streams.sources.entries import Plan, familiar, plan
from streams.sources.faults import FeedFault
from streams.sources.finish import identities
from streams.sources.fulltext import Pages
from streams.sources.http import Fetcher, Response
from streams.sources.markup import shown
from streams.sources.raw import RawFeed
from streams.sources.reader import INLINE, Reader
from streams.sources.schedule import Policy, Result, items_per_day, next_check
from streams.sources.websub import subscription
from streams.sources.websub.discovery import offered
from workers.ports import Cell, Emit
from workers.tables import FETCH_FEED, FETCH_PUSH, FETCH_SEEN

ROOM: Final = "fetch"


@dataclass(frozen=True, slots=True)
class Checked:
    """What one request or push came to: a document, an answer without news, or a fault."""

    at: datetime
    seconds: float
    response: Response | None = None
    document: RawFeed | None = None
    ids: tuple[str, ...] = ()
    body: str | None = None
    """The digest of the document's bytes."""
    fault: FeedFault | None = None
    pushed: bool = False
    """Whether a hub sent it."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What is remembered of a feed, and in which versions."""

    state: FeedState
    seen: FeedSeen | None
    push: FeedPush
    versions: Mapping[Cell, int]


class Poller:
    """Checks feeds, one at a time for each call; `streams.sources.rounds` decides when."""

    def __init__(
        self,
        runtime: Runtime,
        fetcher: Fetcher,
        feeds: Iterable[Feed],
        clock: Clock,
        mode: Mode = "live",
        *,
        reader: Reader | None = None,
        policy: Policy | None = None,
        rng: Random | None = None,
        page_distance: float = 3.0,
        hubs: bool = False,
    ) -> None:
        """`page_distance`: seconds before each page that a feed with `full_text` has fetched; `hubs`: note them."""
        self.feeds = {feed.id: feed for feed in feeds if feed.enabled}
        self.clock = clock
        self._runtime = runtime
        self._fetcher = fetcher
        self._mode: Mode = mode
        self._reader = reader or Reader()
        self._policy = policy or Policy()
        self._page_distance = page_distance
        self._hubs = hubs
        self._tell_of_hub: Callable[[str], None] = lambda _: None
        self._rng = rng or Random(0 if mode == "replay" else None)  # noqa: S311 - jitter is no secret

    def tell_of_hubs(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the id of a feed once another hub of it is remembered."""
        self._tell_of_hub = listener

    async def close(self) -> None:
        """End the processes that read large and damaged documents."""
        await self._reader.close()

    async def states(self) -> dict[str, FeedState]:
        """What is remembered of every feed, as far as it belongs to its configured address."""
        cells = {Cell(FETCH_FEED, name): feed for name, feed in self.feeds.items()}
        loaded = await self._runtime.load(cells)
        return {feed.id: remember.current(feed, loaded[cell].value) for cell, feed in cells.items()}

    async def poll(self, feed: Feed) -> FeedHealth:
        """Check one feed now; raises Unavailable when the runtime is, and then nothing was remembered."""
        held = await self._load(feed)
        return await self._publish(feed, await self._check(held), held)

    async def push(self, feed: Feed, response: Response) -> FeedHealth:
        """Take a document that the feed's hub sent; raises NotAFeed for one that cannot be read, and Unavailable."""
        start = self.clock.now()
        document = await self._reader.read(response.body, response.url, response.content_type)
        ids = tuple(identities(document.entries))
        now = self.clock.now()
        checked = Checked(now, (now - start).total_seconds(), response, document, ids, pushed=True)
        return await self._publish(feed, checked, await self._load(feed))

    async def _publish(self, feed: Feed, checked: Checked, held: _Held) -> FeedHealth:
        """Commit what a check came to, on what is held by then; more rounds where it is much, or others came first."""
        pages = Pages(self._fetcher, self._reader.article, self.clock, self._page_distance)
        start = published = 0
        while True:
            work = await self._plan(checked, held.seen, feed, start)
            if feed.full_text:
                work.articles = [await pages.complete(article) for article in work.articles]
            commit = _commit(feed, checked, work, held.versions)
            push = self._subscription(held.push, checked, published + len(work.articles))
            after, health = self._conclude(feed, held.state, push, checked, published + len(work.articles))
            if work.rest is None:
                commit.writes[Cell(FETCH_FEED, feed.id)] = after
                if push != held.push:
                    commit.writes[Cell(FETCH_PUSH, feed.id)] = push
                commit.emits.append((_health_emit(health), checked.at))
                commit.counts[Count(ROOM, "emitted", Topic.HEALTH.value)] = 1
            if await self._runtime.commit(commit) is Verdict.COMMITTED:
                if work.rest is None:
                    if push.hub and push.hub != held.push.hub:
                        self._tell_of_hub(feed.id)
                    return health
                start, published = work.rest, published + len(work.articles)
            held = await self._load(feed)

    async def _load(self, feed: Feed) -> _Held:
        tables = (FETCH_FEED, FETCH_SEEN, FETCH_PUSH) if self._hubs else (FETCH_FEED, FETCH_SEEN)
        loaded = await self._runtime.load([Cell(table, feed.id) for table in tables])
        values = {cell.table.name: versioned.value for cell, versioned in loaded.items()}
        seen = values[FETCH_SEEN.name]
        return _Held(
            remember.current(feed, values[FETCH_FEED.name]),
            seen if isinstance(seen, FeedSeen) else None,
            subscription.current(feed, values.get(FETCH_PUSH.name)),
            {cell: versioned.version for cell, versioned in loaded.items()},
        )

    async def _check(self, held: _Held) -> Checked:
        """One request, and the reading of what is new in its answer."""
        start, state = self.clock.now(), held.state
        document: RawFeed | None = None
        ids: tuple[str, ...] = ()
        body: str | None = None
        try:
            response = await self._fetcher.fetch(state.url, remember.validators(state, start))
            if response.status == 200 and (body := remember.body_digest(response.body)) != state.body:
                known = familiar(held.seen)
                document = await self._reader.read(response.body, response.url, response.content_type, known)
                ids = tuple(identities(document.entries))
        except FeedFault as fault:
            now = self.clock.now()
            return Checked(now, (now - start).total_seconds(), fault=fault)
        now = self.clock.now()
        return Checked(now, (now - start).total_seconds(), response, document, ids, body)

    def _subscription(self, push: FeedPush, checked: Checked, new: int) -> FeedPush:
        """What a check tells of the subscription: its hub, that pushes come, or that they left something out."""
        if not self._hubs or checked.document is None or checked.response is None:
            return push
        if checked.pushed:
            return subscription.arrived(push, checked.at)
        push = subscription.discovered(push, offered(checked.response, checked.document.hints), checked.at)
        return subscription.missed(push, checked.at) if new else push

    async def _plan(self, checked: Checked, seen: FeedSeen | None, feed: Feed, start: int) -> Plan:
        if checked.document is None or checked.response is None:
            return Plan()
        work = partial(
            plan, checked.document, seen, feed, checked.at, self._mode,
            ids=checked.ids, limit=BATCH, excerpt=checked.pushed,
        )  # fmt: skip
        if len(checked.response.body) <= INLINE:
            return work(start=start)
        return await asyncio.to_thread(work, start=start)

    def _conclude(
        self, feed: Feed, state: FeedState, push: FeedPush, checked: Checked, new: int
    ) -> tuple[FeedState, FeedHealth]:
        """The next state with the next check, and the health record of this one; a push moves no check."""
        if checked.pushed and checked.document:
            after = remember.after_push(state, checked.document, checked.at)
            return after, self._health(after, push, checked, new)
        after, result = _after(state, checked, feed, new)
        result = replace(result, pushed=subscription.is_relied_on(push, checked.at))
        when, why = next_check(after, result, checked.at, self._rng, self._policy)
        after = after.model_copy(update={"next_check": when, "next_reason": why})
        return after, self._health(after, push, checked, new)

    def _health(self, state: FeedState, push: FeedPush, checked: Checked, new: int) -> FeedHealth:
        response = checked.response
        return FeedHealth(
            feed=state.feed,
            url=shown(state.url),
            at=checked.at,
            outcome="ok" if checked.pushed or state.outcome == "new" else state.outcome,
            reason="pushed" if checked.pushed else state.reason,
            detail=None if checked.pushed else state.detail,
            status=response.status if response else checked.fault and checked.fault.status,
            entries=checked.document.size if checked.document else 0,
            new=new,
            bytes=response.size if response else 0,
            seconds=checked.seconds,
            errors=state.errors,
            last_success=state.last_success,
            next_check=state.next_check,
            next_reason=state.next_reason,
            newest=state.newest,
            items_per_day=items_per_day(state.times, checked.at),
            subscribed_until=subscription.lasting(push, checked.at),
            last_push=push.pushed,
            mode=self._mode,
        )


def _commit(feed: Feed, checked: Checked, work: Plan, versions: Mapping[Cell, int]) -> Commit:
    """The articles of this round with what is then seen, and their lines in the accounting."""
    commit = Commit(room=ROOM, at=checked.at, expected=dict(versions))
    if checked.document is not None:
        commit.writes[Cell(FETCH_SEEN, feed.id)] = FeedSeen(feed=feed.id, entries=work.seen)
    for article in work.articles:
        emit = Emit(Topic.ARTICLES, article.id, article, f"{article.id}.{article.revision}")
        commit.emits.append((emit, checked.at))
    commit.counts = dict(_counts(work))
    return commit


def _after(state: FeedState, checked: Checked, feed: Feed, new: int) -> tuple[FeedState, Result]:
    fault, response = checked.fault, checked.response
    if fault is not None or response is None:
        assert fault
        gone = fault.reason == "http-410"
        after = remember.after_failure(state, fault, checked.at)
        return after, Result(failed=True, gone=gone, retry_after=fault.retry_after, interval=feed.interval)
    if response.status == 304:
        after = remember.after_unchanged(state, response, checked.at)
    elif checked.document is None:
        after = remember.after_same(state, response, checked.at)
    else:
        after = remember.after_document(state, response, checked.document, checked.body, new, checked.at)
    return after, Result(wishes=remember.wishes(after, response), interval=feed.interval)


def _health_emit(health: FeedHealth) -> Emit:
    return Emit(Topic.HEALTH, health.feed, health, digest("health", health.feed, health.at.isoformat()))


def _counts(work: Plan) -> Counter[Count]:
    """One line for each entry: in = out + dropped."""
    counts: Counter[Count] = Counter()
    for reason, number in work.passed.items():
        counts[Count(ROOM, "out", reason)] += number
    for reason, number in work.dropped.items():
        counts[Count(ROOM, "dropped", reason)] += number
    if work.entries:
        counts[Count(ROOM, "in", "")] += work.entries
    if work.articles:
        counts[Count(ROOM, "emitted", Topic.ARTICLES.value)] += len(work.articles)
    return counts
