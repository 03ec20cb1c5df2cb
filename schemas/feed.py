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
    mode: Mode = "live"
