"""Keeps the feeds of a poller subscribed at their hubs, and takes what the hubs send (W3C WebSub, section 5)."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from schemas.feed import Feed, FeedPush
from streams.runtimes.base import Commit, Runtime, Unavailable, Verdict
from streams.sources.faults import FeedFault
from streams.sources.http import Fetcher, Response
from streams.sources.poller import ROOM, Poller
from streams.sources.websub import subscription
from streams.sources.websub.signature import is_signed
from streams.waiting import first_of, give_up
from workers.ports import Cell
from workers.tables import FETCH_PUSH

log = logging.getLogger("nightwire.websub")

LOOK_EVERY: Final = timedelta(minutes=1)
"""Between two looks at which hubs are to be asked; leases last days."""
HUBS_AT_ONCE: Final = 8
PATIENCE: Final = 5.0
"""Seconds that a hub waits for our answer; what takes longer, as full text does, goes on behind it."""
_LOAD: Final = 500
"""Cells that are loaded at once."""

Change = Callable[[FeedPush], FeedPush | None]


class Subscriber:
    """One for all feeds of a poller; `callback` is the public address that `/websub` of the page is reached at."""

    def __init__(
        self,
        runtime: Runtime,
        fetcher: Fetcher,
        poller: Poller,
        callback: str,
        *,
        patience: float = PATIENCE,
        plain_hubs: bool = False,
    ) -> None:
        """`plain_hubs`: ask hubs over plain http as well, where nobody can listen, as in a test."""
        self._runtime = runtime
        self._fetcher = fetcher
        self._poller = poller
        self._callback = callback.rstrip("/")
        self._clock = poller.clock
        self._patience = patience
        self._schemes = ("https://", "http://") if plain_hubs else ("https://",)
        self._taking: set[asyncio.Task[bool]] = set()
        self._woken: set[str] = set()
        self._wake = asyncio.Event()
        poller.tell_of_hubs(self.wake)

    def wake(self, feed: str) -> None:
        """Ask the hub of a feed as soon as `run` can, rather than in the next look at all of them."""
        self._woken.add(feed)
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Ask every hub when its time comes, until told to stop; requests under way are then given up."""
        await first_of(self._ask_for_ever(), stop.wait())

    async def _ask_for_ever(self) -> None:
        look = self._clock.now()
        while True:
            woken, now = self._woken, self._clock.now()
            self._woken = set()
            self._wake.clear()
            try:
                if now < look:
                    await self.ask_due(woken)
                else:
                    look = now + LOOK_EVERY
                    await self.ask_due()
            except Unavailable as error:
                log.warning("the subscriptions cannot be read now: %s; trying again", error)
            except Exception:
                log.exception("a defect at the subscriptions; the feeds are polled all the same")
            await self._until(look)

    async def _until(self, look: datetime) -> None:
        """Wait for the next look, or until a hub was discovered."""
        await first_of(self._clock.sleep_until(look), self._wake.wait())

    async def close(self) -> None:
        """Give up what pushes have begun and not committed: the next poll finds it."""
        await give_up(self._taking)

    async def ask_due(self, only: Iterable[str] | None = None) -> None:
        """Ask the hubs that are to be asked now, of all feeds or `only` these: one request at a time to each hub."""
        hubs: defaultdict[str, list[Feed]] = defaultdict(list)
        now = self._clock.now()
        named = self._poller.feeds if only is None else only
        feeds = [self._poller.feeds[name] for name in named if name in self._poller.feeds]
        for start in range(0, len(feeds), _LOAD):
            part = feeds[start : start + _LOAD]
            for feed, push in await self._load(part):
                if subscription.is_due(push, now) and push.hub:
                    hubs[push.hub].append(feed)
        slots = asyncio.Semaphore(HUBS_AT_ONCE)
        await asyncio.gather(*(self._ask_hub(waiting, slots) for waiting in hubs.values()))

    async def _ask_hub(self, feeds: list[Feed], slots: asyncio.Semaphore) -> None:
        """One after the other; once a hub cannot be reached, its other feeds wait for the next look."""
        async with slots:
            for feed in feeds:
                try:
                    if not await self._ask(feed):
                        return
                except Unavailable as error:
                    log.warning("feed %s: its subscription cannot be kept now: %s; trying again", feed.id, error)

    async def _ask(self, feed: Feed) -> bool:
        """Subscribe or renew; remembered before the hub is asked, since it may verify before it answers.

        False when the hub could not be reached.
        """
        push = await self._change(feed, self._asked)
        if push is None or push.hub is None or not push.pending:
            return True
        try:
            await self._fetcher.submit(push.hub, self._form(feed, push))
        except FeedFault as fault:
            log.warning("feed %s: the hub %s refused: %s %s", feed.id, push.hub, fault.reason, fault.detail)
            if held := await self._change(feed, partial(self._refused, push, fault)):
                self._wake_for(held)
            return fault.status is not None
        return True

    def _asked(self, push: FeedPush) -> FeedPush | None:
        """The state just before the next hub is asked that may be; None where none is to be asked now."""
        now = self._clock.now()
        if not subscription.is_due(push, now):
            return None
        if push.pending:
            push = subscription.unverified(push, now)
        while subscription.is_due(push, now):
            if (push.hub or "").lower().startswith(self._schemes):
                return subscription.asked(push, secrets.token_urlsafe(32), secrets.token_urlsafe(48), now)
            push = subscription.unfit(push, now)
        return push

    def _wake_for(self, push: FeedPush) -> None:
        """Where a hub has refused, and the feed names another, that one is asked at once."""
        if subscription.is_due(push, self._clock.now()):
            self.wake(push.feed)

    def _refused(self, sent: FeedPush, fault: FeedFault, held: FeedPush) -> FeedPush | None:
        """A hub that verified in the meantime meant it, whatever it answered."""
        if held != sent:
            return None
        return subscription.refused(held, fault.reason, fault.detail, fault.retry_after, self._clock.now())

    def _form(self, feed: Feed, push: FeedPush) -> dict[str, str]:
        return {
            "hub.mode": "subscribe",
            "hub.topic": push.topic or "",
            "hub.callback": f"{self._callback}/{feed.id}.{push.token}",
            "hub.secret": push.secret or "",
            "hub.lease_seconds": str(int(subscription.LEASE_ASKED.total_seconds())),
        }

    async def find(self, address: str) -> tuple[Feed, FeedPush] | None:
        """The feed whose callback has this last part, `feed.token`; None for what no hub was ever told."""
        name, _, token = address.rpartition(".")
        feed = self._poller.feeds.get(name)
        if feed is None:
            return None
        ((_, push),) = await self._load([feed])
        known = push.token is not None and hmac.compare_digest(push.token.encode(), token.encode())
        return (feed, push) if known else None

    async def intent(self, feed: Feed, token: str | None, query: Mapping[str, str]) -> str | None:
        """The answer to a hub that verifies or denies; None for what was not asked for."""
        mode, topic, challenge = (query.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge"))
        now = self._clock.now()

        def verify(push: FeedPush) -> FeedPush | None:
            ours = push.pending and push.token == token and push.topic == topic
            return subscription.verified(push, _seconds(query.get("hub.lease_seconds")), now) if ours else None

        def deny(push: FeedPush) -> FeedPush | None:
            why = " ".join(query.get("hub.reason", "").split())[:200]
            return subscription.denied(push, why, now) if push.token == token and push.topic == topic else None

        if mode == "subscribe" and challenge:
            return challenge if await self._change(feed, verify) else None
        if mode == "denied" and (held := await self._change(feed, deny)):
            log.warning("feed %s: its hub denied the subscription", feed.id)
            self._wake_for(held)
            return ""
        return None

    async def receive(self, feed: Feed, push: FeedPush, body: bytes, signature: str, content_type: str | None) -> bool:
        """Take a push; False when it could not be kept and the hub should send it again.

        What is wrongly signed is dropped without a sign, so that a prober learns nothing.
        """
        if push.secret is None or not is_signed(body, signature, push.secret):
            log.warning("feed %s: a push with a wrong signature was dropped", feed.id)
            return True
        response = Response(200, push.topic or feed.url, body, content_type, size=len(body))
        task = asyncio.create_task(self._take(feed, response), name=f"push {feed.id}")
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)
        done, _ = await asyncio.wait({task}, timeout=self._patience)
        return task.result() if done else True

    async def _take(self, feed: Feed, response: Response) -> bool:
        try:
            await self._poller.push(feed, response)
        except FeedFault as fault:
            return await self._note(feed, fault)
        except Unavailable as error:
            log.warning("feed %s: a push could not be kept: %s; the next poll finds it", feed.id, error)
            return False
        except Exception:
            log.exception("feed %s: a defect at a push; the next poll finds what it held", feed.id)
        return True

    async def _note(self, feed: Feed, fault: FeedFault) -> bool:
        log.warning("feed %s: a push could not be read: %s %s", feed.id, fault.reason, fault.detail)
        try:
            await self._change(feed, lambda push: subscription.noted(push, fault.reason, fault.detail))
        except Unavailable as error:
            log.warning("feed %s: that could not be noted: %s", feed.id, error)
        return True

    async def _load(self, feeds: list[Feed]) -> list[tuple[Feed, FeedPush]]:
        cells = {Cell(FETCH_PUSH, feed.id): feed for feed in feeds}
        loaded = await self._runtime.load(cells)
        return [(feed, subscription.current(feed, loaded[cell].value)) for cell, feed in cells.items()]

    async def _change(self, feed: Feed, change: Change) -> FeedPush | None:
        """Replace the subscription by what `change` makes of it, unless that is None; again when others came first."""
        cell = Cell(FETCH_PUSH, feed.id)
        while True:
            held = (await self._runtime.load([cell]))[cell]
            after = change(subscription.current(feed, held.value))
            if after is None:
                return None
            commit = Commit(ROOM, self._clock.now(), expected={cell: held.version}, writes={cell: after})
            if await self._runtime.commit(commit) is Verdict.COMMITTED:
                return after


def _seconds(text: str | None) -> float | None:
    """The seconds of a lease; None where the hub names none, or none that make sense."""
    return float(text) or None if text and text.isdecimal() and len(text) < 10 else None
