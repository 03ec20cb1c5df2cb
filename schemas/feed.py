"""A feed as configured, and the health of one fetch of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Document, Instant, Mode, Model


class Feed(Document):
    """One feed of the configuration; `id` is stable and names the feed in every record and report."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")
    url: str
    title: str | None = None
    source: str | None = None
    """The outlet as a reader knows it; the title where none is given."""
    owner: str | None = None
    """Who owns the outlet: feeds of one owner are one voice."""
    lang: str | None = None
    interval: float | None = None
    """Fixed distance between two checks in seconds; adaptive where none is given."""
    full_text: bool = False
    enabled: bool = True


class FeedHealth(Model):
    """What one check of a feed came to: one record on the topic `feeds.health`."""

    feed: str
    url: str
    at: Instant
    outcome: Literal["ok", "unchanged", "failed", "disabled"]
    reason: str
    """A named reason, for example `fetched`, `not-modified`, `not-a-feed`, `timeout`, `too-large`."""
    detail: str | None = None
    """One line for the operator: what happened and what to do."""
    status: int | None = None
    entries: int = 0
    new: int = 0
    bytes: int = 0
    seconds: float = 0.0
    errors: int = 0
    """How many checks have failed in a row."""
    last_success: Instant | None = None
    next_check: Instant | None = None
    next_reason: str | None = None
    newest: Instant | None = None
    items_per_day: float | None = None
    subscribed_until: Instant | None = None
    """Until when the feed's hub sends what is new; None while there is no subscription."""
    last_push: Instant | None = None
    """When the hub sent something that could be read last."""
    mode: Mode = "live"


class FeedState(Model):
    """What is remembered of a feed between two checks, also across restarts."""

    feed: str
    configured: str
    """The address in the configuration; when it changes, everything that belongs to the old one is forgotten."""
    url: str
    """The address that is fetched: the configured one, or where it has moved to for good."""
    etag: str | None = None
    last_modified: str | None = None
    body: str | None = None
    """Digest of the last body."""
    next_check: Instant | None = None
    """None for a feed that is gone and not asked again."""
    next_reason: str = "new"
    last_check: Instant | None = None
    last_success: Instant | None = None
    last_full: Instant | None = None
    """When a whole document came last, rather than 304."""
    trusted: int = 0
    """How often a server under suspicion of always saying 304 was found honest."""
    unchanged: int = 0
    """Checks in a row without news."""
    errors: int = 0
    """Failed checks in a row."""
    strikes: float = 0.0
    """Weight of the failures in a row: a passing fault counts half."""
    throttled: bool = False
    """Whether the server ever asked for fewer requests."""
    outcome: Literal["new", "ok", "unchanged", "failed", "disabled"] = "new"
    reason: str = "new"
    detail: str | None = None
    moved: str | None = None
    """Where permanent redirects pointed to lately."""
    moved_seen: int = 0
    moved_since: Instant | None = None
    times: tuple[Instant, ...] = ()
    """Publication times of the newest entries, newest first."""
    newest: Instant | None = None
    ttl: float | None = None
    """Seconds between two updates by the document itself: `ttl`, or `sy:updatePeriod`."""


class FeedSeen(Model):
    """Which entries of a feed have been published: entry id to digests of its raw form and of its words."""

    feed: str
    entries: dict[str, str] = {}


class FeedPush(Model):
    """The subscription to a feed at its hub (W3C WebSub), also across restarts."""

    feed: str
    configured: str
    """The address in the configuration; when it changes, the subscription is forgotten."""
    hub: str | None = None
    """The hub that is asked now; None for a feed that names no hub, or no address of its own."""
    hubs: tuple[str, ...] = ()
    """All hubs that the feed names, in its order."""
    refusals: dict[str, str] = {}
    """The hubs that were given up for another one, or for plain polling, with the named reason of each."""
    topic: str | None = None
    """The feed's own address, by which the hub knows it."""
    token: str | None = None
    """The last part of the callback's address, which nobody can guess; made when the hub is asked first."""
    secret: str | None = None
    """What the hub signs its pushes with."""
    pending: bool = False
    """Whether the hub was asked and has yet to prove that it meant its answer."""
    tries: int = 0
    """How often the hub was asked in a row without a confirmation."""
    due: Instant | None = None
    """When the hub is asked next: for the first time, again after a failure, or to renew."""
    lease_ends: Instant | None = None
    """Until when the hub sends; None while there is no subscription."""
    reason: str = "new"
    """A named reason: `new`, `asked`, `subscribed`, `denied`, `plain-hub`, `unverified`, `all-refused`, or the fault
    of the hub or of its last push."""
    detail: str | None = None
    pushed: Instant | None = None
    """When a good push came last."""
    missed: Instant | None = None
    """When a poll last found what no push had brought."""
