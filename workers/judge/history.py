"""Baselines: what is usual for a group, from the values of the windows before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median
from typing import Final

from schemas.rule import BaselineSpec
from workers.judge.cells import Coverage, HistoryState
from workers.judge.windows import Bounds, Grid

KEPT: Final = 60
"""Windows of history that are kept of one group."""

BLIND: Final = 0.5
"""Share of a window in which no feed could be fetched that makes its value worth nothing."""

OUTAGE: Final = timedelta(hours=2)
"""No successful check of any feed for this long is an outage: feeds are checked every few minutes."""

STATS: Final[Mapping[str, Callable[[list[float]], float]]] = {"median": median, "mean": fmean, "max": max}


@dataclass(frozen=True, slots=True)
class Usual:
    """The baseline of one window: None while the history is too short; `windows` counts what it rests on."""

    value: float | None
    windows: int


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the time before: the values, since when the rule has run, and where the feeds were down."""

    history: HistoryState
    since: datetime
    coverage: Coverage | None
    now: datetime


def usual(spec: BaselineSpec, past: Past, grid: Grid, key: str) -> Usual:
    """The statistic over the windows before `key`: quiet ones count 0, blind ones are left out."""
    values = list(_values(spec.windows, past, grid, key))
    if len(values) < spec.min_history:
        return Usual(None, len(values))
    return Usual(max(float(STATS[spec.stat](values)), spec.floor), len(values))


def _values(windows: int, past: Past, grid: Grid, key: str) -> Iterable[float]:
    first = min((grid.parse(known).start for known in past.history.values), default=None)
    for back in range(1, windows + 1):
        bounds = grid.neighbour(key, -back)
        value = past.history.values.get(bounds.key, 0)
        observed = bounds.start >= past.since or (first is not None and bounds.start >= first)
        if observed and value is not None and not blind(bounds, past.coverage, past.now):
            yield value


def blind(bounds: Bounds, coverage: Coverage | None, now: datetime) -> bool:
    """Whether the feeds were down for so much of a window that its silence says nothing."""
    if coverage is None:
        return False
    outages = [(outage.start, outage.end) for outage in coverage.outages]
    if now - coverage.last_ok >= OUTAGE:
        outages.append((coverage.last_ok, now))
    down = sum((bounds.overlap(start, end) for start, end in outages), timedelta())
    return down >= BLIND * (bounds.end - bounds.start)


def remember(history: HistoryState, key: str, value: float | None) -> HistoryState:
    """The history with one window's present value; the oldest windows beyond the kept number go."""
    values = history.values | {key: value if value is not None else 0}
    return HistoryState(values=dict(sorted(values.items())[-KEPT:]))
