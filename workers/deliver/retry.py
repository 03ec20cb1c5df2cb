"""When a failed delivery is tried again: a schedule of longest waits, full jitter, and the receiver's own wish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

Schedule = Sequence[timedelta]

WEBHOOK: Final[Schedule] = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The schedule that the Standard Webhooks specification proposes: three days in all."""

LOCAL: Final[Schedule] = (*(timedelta(seconds=2**power) for power in range(1, 9)), *[timedelta(minutes=5)] * 72)
"""For the console and for files: a full disk is tried again for about six hours."""

LONGEST: Final = timedelta(hours=24)
"""A receiver cannot ask for a longer wait than the schedule's longest."""


def next_wait(
    schedule: Schedule, attempts: int, random: Callable[[], float], asked: timedelta | None = None
) -> timedelta | None:
    """How long to wait after the `attempts`-th failed attempt, or None when it was the last one.

    `random` gives a number from 0 to 1; the wait is anywhere between nothing and the schedule's step, so that
    senders that failed together do not come back together. `asked` (Retry-After) is waited for at the least.
    """
    if attempts > len(schedule):
        return None
    wait = schedule[attempts - 1] * random()
    return max(wait, min(asked, LONGEST)) if asked else wait
