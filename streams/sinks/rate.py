"""A token bucket: how many notices a receiver gets in a stretch of time."""

from __future__ import annotations

from datetime import datetime, timedelta


class TokenBucket:
    """Holds up to `size` tokens and refills them evenly over `per`; it starts full."""

    def __init__(self, size: int, per: timedelta) -> None:
        self._size = float(size)
        self._step = per / size
        self._tokens = float(size)
        self._filled: datetime | None = None

    def take(self, now: datetime) -> timedelta:
        """Take a token and return zero, or take none and return the wait until there is one."""
        if self._filled is not None:
            self._tokens = min(self._size, self._tokens + max((now - self._filled) / self._step, 0.0))
        self._filled = now
        if self._tokens >= 1:
            self._tokens -= 1
            return timedelta()
        return self._step * (1 - self._tokens)
