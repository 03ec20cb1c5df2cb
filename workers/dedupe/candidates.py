"""Candidates: which known articles share enough runs of words with an arriving one to be looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from schemas.base import Model
from workers.dedupe.cells import Bucket
from workers.dedupe.digests import SLOT
from workers.ports import Cell

FULL: Final = 64
"""Articles in one bucket; a run of words that so many share is boilerplate and leads nowhere."""

CROWDED: Final = 8
"""Articles in a bucket from which sharing it says half as much."""

ENOUGH: Final = 1.5
"""Weight of shared runs that makes a candidate."""

FEW_KEYS: Final = 6
"""Up to so many runs in all, one that is shared is enough: a headline alone has no more."""

MOST: Final = 6
"""Candidates that are compared; the rest share fewer runs."""


def candidates(
    buckets: Sequence[Bucket | None], at: datetime, horizon: timedelta, one_is_enough: bool = False
) -> list[str]:
    """The slots of articles to compare with, those that share most first; of some texts one shared run is enough."""
    weights: defaultdict[str, float] = defaultdict(float)
    today = _day(at)
    for bucket in filter(None, buckets):
        packed = "".join(_near(bucket, today, horizon).values())
        if len(packed) < FULL * SLOT:
            for slot in _cut(packed):
                weights[slot] += 0.5 if len(packed) >= CROWDED * SLOT else 1
    enough = 0.5 if one_is_enough or len(buckets) <= FEW_KEYS else ENOUGH
    ranked = sorted(((-weight, slot) for slot, weight in weights.items() if weight >= enough))
    return [slot for _, slot in ranked[:MOST]]


def enter(
    buckets: Mapping[Cell, Bucket | None], slot: str, at: datetime, horizon: timedelta
) -> Mapping[Cell, Model | None]:
    """The buckets with an article put in; a full one stays as it is, what is beyond the horizon falls out."""
    writes: dict[Cell, Model | None] = {}
    today = _day(at)
    first = Bucket(days={today: slot})
    for cell, bucket in buckets.items():
        if bucket is None:
            writes[cell] = first
            continue
        days = _near(bucket, today, horizon)
        present = "".join(days.values())
        if len(present) < FULL * SLOT and slot not in _cut(present):
            writes[cell] = Bucket(days={**days, today: days.get(today, "") + slot})
    return writes


def _near(bucket: Bucket, today: int, horizon: timedelta) -> dict[int, str]:
    """The days of a bucket that reach into the horizon."""
    reach = horizon.days + 1
    return {day: packed for day, packed in bucket.days.items() if abs(day - today) <= reach}


def _day(at: datetime) -> int:
    return int(at.timestamp() // 86400)


def _cut(packed: str) -> list[str]:
    return [packed[start : start + SLOT] for start in range(0, len(packed) - SLOT + 1, SLOT)]
