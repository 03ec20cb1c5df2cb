"""What becomes of a subscription: pure functions from one state to the next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from schemas.feed import Feed, FeedPush
from streams.sources.websub.discovery import Offer

LEASE_ASKED: Final = timedelta(days=10)
LEASE_MOST: Final = timedelta(days=30)
"""How long a lease is believed: who sends no longer is found out at its renewal."""
RENEW_AFTER: Final = 0.8
"""The part of a lease after which it is renewed, so that a hub may be down for the rest of it."""
RENEW_SOONEST: Final = timedelta(minutes=1)
RETRY_FIRST: Final = timedelta(minutes=5)
RETRY_MOST: Final = timedelta(days=1)
DENIED_WAIT: Final = timedelta(days=7)
"""A hub that denied a subscription is asked again after this: it may have changed its mind."""


def current(feed: Feed, push: FeedPush | None) -> FeedPush:
    """The subscription as far as it belongs to the configured address."""
    return push if push and push.configured == feed.url else FeedPush(feed=feed.id, configured=feed.url)


def discovered(push: FeedPush, offer: Offer | None, now: datetime) -> FeedPush:
    """After a document was read: another hub or topic is another subscription, with a secret of its own."""
    if offer == ((push.hub, push.topic) if push.hub else None):
        return push
    fresh = FeedPush(feed=push.feed, configured=push.configured)
    return fresh.model_copy(update={"hub": offer.hub, "topic": offer.topic, "due": now}) if offer else fresh


def is_due(push: FeedPush, now: datetime) -> bool:
    """Whether the hub is to be asked now."""
    return bool(push.hub and push.topic and push.due and push.due <= now)


def asked(push: FeedPush, token: str, secret: str, now: datetime) -> FeedPush:
    """Just before the hub is asked; `token` and `secret` serve a first time, a renewal keeps those it has."""
    wait = min(RETRY_FIRST * 2 ** min(push.tries, 20), RETRY_MOST)
    change = {"pending": True, "tries": push.tries + 1, "due": now + wait, "reason": "asked", "detail": None}
    return push.model_copy(update={**change, "token": push.token or token, "secret": push.secret or secret})


def unfit(push: FeedPush) -> FeedPush:
    """A hub that speaks plain http is not asked: a secret is told over https only (section 5.1)."""
    why = "the hub speaks plain http, where a secret is none; the feed is polled as usual"
    return push.model_copy(update={"due": None, "reason": "plain-hub", "detail": why})


def refused(push: FeedPush, reason: str, detail: str, wait: float | None, now: datetime) -> FeedPush:
    """After the hub could not be asked: it is tried again as `asked` has planned, or later if it wishes (seconds)."""
    wish = now + min(timedelta(seconds=wait or 0.0), RETRY_MOST)
    due = max(push.due or wish, wish)
    return push.model_copy(update={"pending": False, "due": due, "reason": reason, "detail": detail})


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
    change = {"pending": False, "tries": 0, "lease_ends": None, "due": now + DENIED_WAIT}
    return push.model_copy(update={**change, "reason": "denied", "detail": why or None})


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
    if push.pushed is None or push.lease_ends is None or push.lease_ends <= now:
        return False
    return push.missed is None or push.pushed > push.missed
