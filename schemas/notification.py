"""A notification: one delivery of one notice to one receiver, and how it ended."""

from __future__ import annotations

from typing import Literal

from schemas.alert import Notice
from schemas.base import Instant, Model

NotificationStatus = Literal["queued", "delivered", "dead"]


class Notification(Model):
    """One record on the topic `notifications`: what was sent, to whom, after how many attempts."""

    id: str
    """Digest of alert, revision and receiver."""
    receiver: str
    notice: Notice
    status: NotificationStatus = "queued"
    attempts: int = 0
    queued: Instant
    finished: Instant | None = None
    error: str | None = None
    instead_of: str | None = None
    """The receiver that could not be reached, where this one is its fallback."""
