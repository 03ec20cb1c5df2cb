"""What becomes of a subscription: pure functions from one state to the next."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from schemas.base import Model
from schemas.feed import Feed, FeedPush
from streams.sources.markup import shown
from streams.sources.websub.discovery import Offer

LEASE_ASKED: Final = timedelta(days=10)
LEASE_MOST: Final = timedelta(days=30)
"""How long a lease is believed: who sends no longer is found out at its renewal."""
RENEW_AFTER: Final = 0.8
"""The part of a lease after which it is renewed, so that a hub may be down for the rest of it."""
RENEW_SOONEST: Final = timedelta(minutes=1)
RETRY_FIRST: Final = timedelta(minutes=5)
RETRY_MOST: Final = timedelta(days=1)
REFUSED_WAIT: Final = timedelta(days=7)
"""After every hub has refused, they are asked again after this: one may have changed its mind."""
UNVERIFIED: Final = "unverified"
PLAIN: Final = "plain-hub"
_PASSING: Final = re.compile(r"http-(?:408|425|429|5\d\d)|dns|connect|tls|timeout|disconnected|bad-http|unverified")
"""Faults that may pass by themselves; any other is a refusal."""


def current(feed: Feed, held: Model | None) -> FeedPush:
    """What the feed's cell holds, as far as it can be read and belongs to the configured address."""
    if isinstance(held, FeedPush) and held.configured == feed.url:
        return held
    return FeedPush(feed=feed.id, configured=feed.url)


def discovered(push: FeedPush, offer: Offer | None, now: datetime) -> FeedPush:
    """After a document was read: another topic, or the loss of the hub, makes another subscription.

    A hub that is new to a feed whose hubs have all refused is tried at once.
    """
    if offer is None:
        return push if push.hub is None else FeedPush(feed=push.feed, configured=push.configured)
    if push.hub not in offer.hubs or push.topic != offer.topic:
        fresh = FeedPush(feed=push.feed, configured=push.configured, hubs=offer.hubs, topic=offer.topic)
        return fresh.model_copy(update={"hub": offer.hubs[0], "due": now})
    if push.hubs == offer.hubs:
        return push
    refusals = {hub: why for hub, why in push.refusals.items() if hub in offer.hubs}
    push = push.model_copy(update={"hubs": offer.hubs, "refusals": refusals})
    untried = _untried(push)
    return _turned(push, untried, now) if push.hub in refusals and untried else push


def is_due(push: FeedPush, now: datetime) -> bool:
    """Whether the hub is to be asked now."""
    return bool(push.hub and push.topic and push.due and push.due <= now)


def asked(push: FeedPush, token: str, secret: str, now: datetime) -> FeedPush:
    """Just before the hub is asked; `token` and `secret` serve a first time, a renewal keeps those it has.

    A hub that had refused begins a new round through all of them.
    """
    wait = min(RETRY_FIRST * 2 ** min(push.tries, 20), RETRY_MOST)
    change = {"pending": True, "tries": push.tries + 1, "due": now + wait, "reason": "asked", "detail": None}
    if push.hub in push.refusals:
        change["refusals"] = {}
    return push.model_copy(update={**change, "token": push.token or token, "secret": push.secret or secret})


def unfit(push: FeedPush, now: datetime) -> FeedPush:
    """A hub that speaks plain http is not asked: a secret is told over https only (section 5.1)."""
    return refused(
        push, PLAIN, "the hub speaks plain http, where a secret is none; the feed is polled as usual", None, now
    )


def unverified(push: FeedPush, now: datetime) -> FeedPush:
    """After a hub let the time pass in which it should have proved that it meant its answer."""
    return refused(push, UNVERIFIED, "the hub took the request, and never verified it", None, now)


def refused(push: FeedPush, reason: str, detail: str, wait: float | None, now: datetime) -> FeedPush:
    """After a hub could not be asked, or would not: the next one that the feed names is asked.

    While its lease runs, a fault that may pass leads to no other hub. After the last one the round begins
    anew: as `asked` has planned where a fault may pass, or later if the hub wishes (`wait`, seconds); else
    after a week.
    """
    push = push.model_copy(update={"pending": False, "reason": reason, "detail": detail or None})
    wish = now + min(timedelta(seconds=wait or 0.0), RETRY_MOST)
    again = max(push.due or wish, wish)
    if lasting(push, now) and _PASSING.fullmatch(reason):
        return push.model_copy(update={"due": again})
    earlier = {} if push.lease_ends else push.refusals  # what others said before a subscription may hold no longer
    push = push.model_copy(update={"refusals": {**earlier, push.hub or "": reason}})
    if untried := _untried(push):
        return _turned(push, untried, now)
    return _exhausted(push, again, now)


def _untried(push: FeedPush) -> str | None:
    return next((hub for hub in push.hubs if hub not in push.refusals), None)


def _turned(push: FeedPush, hub: str, now: datetime) -> FeedPush:
    """To another hub, which is told another address and another secret."""
    if hub == push.hub:
        return push
    return push.model_copy(update={"hub": hub, "token": None, "secret": None, "lease_ends": None, "due": now})


def _exhausted(push: FeedPush, again: datetime, now: datetime) -> FeedPush:
    """After every hub has refused: the feed is polled as usual, and the first hub is asked again some day."""
    reasons = push.refusals.values()
    due: datetime | None = again if any(map(_PASSING.fullmatch, reasons)) else now + REFUSED_WAIT
    if all(reason == PLAIN for reason in reasons):
        due = None
    if len(push.refusals) > 1:
        each = ", ".join(f"{shown(hub)} ({reason})" for hub, reason in push.refusals.items())
        why = f"no hub takes the feed: {each}; it is polled as usual"
        push = push.model_copy(update={"reason": "all-refused", "detail": why})
        push = _turned(push, push.hubs[0], now)
    return push.model_copy(update={"due": due})


def verified(push: FeedPush, lease: float | None, now: datetime) -> FeedPush:
    """After the hub has proved its intent; `lease` in seconds, what was asked for where it named none."""
    length = min(timedelta(seconds=lease), LEASE_MOST) if lease else LEASE_ASKED
    return push.model_copy(
        update={
            "pending": False,
            "tries": 0,
            "lease_ends": now + length,
            "due": now + max(length * RENEW_AFTER, RENEW_SOONEST),
            "reason": "subscribed",
            "detail": None,
        }
    )


def denied(push: FeedPush, why: str, now: datetime) -> FeedPush:
    """After the hub said that there is no subscription, whether there was one or not."""
    return refused(push, "denied", why, None, now).model_copy(update={"tries": 0, "lease_ends": None})


def noted(push: FeedPush, reason: str, detail: str) -> FeedPush:
    """After a push that could not be read: the slow poll fetches what it held."""
    return push.model_copy(update={"reason": reason, "detail": detail})


def arrived(push: FeedPush, now: datetime) -> FeedPush:
    """After a good push."""
    return push.model_copy(update={"pushed": now})


def missed(push: FeedPush, now: datetime) -> FeedPush:
    """After a poll that found something new: had pushes come before, they left it out."""
    return push.model_copy(update={"missed": now}) if push.pushed else push


def is_relied_on(push: FeedPush, now: datetime) -> bool:
    """Whether polls may be rare: the lease runs, a push has come, and no poll has found something new since."""
    if push.pushed is None or lasting(push, now) is None:
        return False
    return push.missed is None or push.pushed > push.missed


def lasting(push: FeedPush, now: datetime) -> datetime | None:
    """Until when the hub sends; None where there is no subscription, or no longer one."""
    return push.lease_ends if push.lease_ends and push.lease_ends > now else None
