"""What a sink is: it takes one notification and says how that ended; it never raises and never retries by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from schemas.notification import Notification


@dataclass(frozen=True, slots=True)
class Sent:
    """The receiver has it."""


@dataclass(frozen=True, slots=True)
class RetryLater:
    """It did not arrive, or nobody knows; `after` is the wait that the receiver asked for."""

    why: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never arrive this way, however often it is tried."""

    why: str


SendResult = Sent | RetryLater | Refused


class Sink(Protocol):
    """One way out of the house."""

    async def send(self, notification: Notification) -> SendResult:
        """Send once; the notification's id is the same in all attempts."""
        ...

    async def close(self) -> None:
        """Let go of connections and files."""
        ...
