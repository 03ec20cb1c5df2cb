"""Which claims may count for a night or a day at all, and the named reason of each that may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from schemas.event import Event
from workers.resolve.cells import Stretch
from workers.resolve.policy import Policy

LONGEST: Final = timedelta(hours=36)
"""A stretch above this is no night and no day, whatever it is called: the longest night has 16 hours, a day 25."""

STRETCHES: Final[dict[str, Stretch]] = {"night": "night", "day": "day", "24h": "24h", "unknown": "unknown"}
"""Periods that a claim may have and count."""

Excuse = Callable[[Event, Policy], bool]


def _never(event: Event, policy: Policy) -> bool:
    return not policy.measures.counts(str(event.object), str(event.measure))


def _unbelievable(event: Event, policy: Policy) -> bool:
    return (event.value or 0) > policy.measures.believed(str(event.object), timed=event.period != "unknown")


EXCUSES: Final[tuple[tuple[str, Excuse], ...]] = (
    ("no-figure", lambda event, _: event.value is None),
    ("no-object", lambda event, _: event.object is None),
    ("no-measure", lambda event, _: event.measure is None),
    ("planned", lambda event, _: event.status == "planned"),
    ("hypothetical", lambda event, _: event.status == "hypothetical"),
    ("recap", lambda event, _: event.recap),
    ("cumulative", lambda event, _: event.period == "cumulative"),
    ("several-days", lambda event, _: event.period not in STRETCHES),
    ("too-long", lambda event, _: bool(event.start and event.end and event.end - event.start > LONGEST)),
    ("no-attack", _never),
    ("beyond-belief", _unbelievable),
)
"""Named reasons never to count a claim, in the order in which they are looked for (docs/incidents.md, section 1)."""

RUNNING_TOTAL: Final = "running-total"
"""The reason of a figure that adds up others of its article, told of different times."""


def not_counted(event: Event, told: Event, policy: Policy) -> str | None:
    """Why a claim never counts, None where it may; `told` is the same before the figures of its article met.

    What the extractor has named (`uncounted`) goes first: it knows the sentence.
    """
    if event.uncounted is not None:
        return event.uncounted
    reason = next((name for name, holds in EXCUSES if holds(event, policy)), None)
    return RUNNING_TOTAL if reason == "several-days" and told.period in STRETCHES else reason
