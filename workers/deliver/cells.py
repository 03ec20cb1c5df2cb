"""What deliver remembers: for every lane and alert, what waits to be sent and how far the telling has come."""

from __future__ import annotations

from schemas.alert import Notice
from schemas.base import Instant, Model
from schemas.notification import Notification


class Pending(Model):
    """One notification that waits; `id` is the idempotency key of all its attempts."""

    id: str
    notice: Notice
    queued: Instant
    attempts: int = 0
    error: str | None = None
    """Why the last attempt failed."""
    instead_of: str | None = None
    """The lane that could not be reached, when this is its fallback."""

    def notification(self, lane: str) -> Notification:
        """What is told of it while it waits on a lane."""
        return Notification(
            id=self.id,
            receiver=lane,
            notice=self.notice,
            attempts=self.attempts,
            queued=self.queued,
            error=self.error,
            instead_of=self.instead_of,
        )


class Outbox(Model):
    """The queue of one lane and alert, oldest first; `queued` are the revisions that were ever put into it."""

    lane: str
    alert: str
    queued: tuple[int, ...] = ()
    items: tuple[Pending, ...] = ()
