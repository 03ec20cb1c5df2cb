"""The night chart as geometry: a bar for each window against the limit lines, ready to be written as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from streams.backtest.report import Bar, Chart

HEIGHT: Final = 220.0
TOP: Final = 24.0
LEFT: Final = 56.0
RIGHT: Final = 110.0
BOTTOM: Final = 46.0
WIDEST: Final = 44.0
NARROWEST: Final = 9.0
PLOT: Final = 800.0
"""Width that the bars share as long as they are not too many."""
LABELS: Final = 12
"""Windows that are named below the chart at the most."""
ROOM: Final = 1.12
"""Space above the highest bar or limit."""


class Rect(NamedTuple):
    """One bar."""

    x: float
    y: float
    width: float
    height: float
    bar: Bar


class Line(NamedTuple):
    """One limit line with its text."""

    y: float
    text: str


class Label(NamedTuple):
    """One name below the chart or one number beside it."""

    x: float
    y: float
    text: str


class Drawing(NamedTuple):
    """A chart ready to be written."""

    width: float
    height: float
    left: float
    right: float
    base: float
    bars: tuple[Rect, ...]
    lines: tuple[Line, ...]
    names: tuple[Label, ...]
    scale: tuple[Label, ...]


def draw(chart: Chart) -> Drawing:
    """Lay a chart out; windows without a value keep their place and have no bar."""
    limits = [limit.threshold for limit in chart.limits if limit.threshold is not None]
    highest = max([*limits, *(bar.value for bar in chart.bars if bar.value is not None), 1.0]) * ROOM
    slot = min(WIDEST, max(NARROWEST, PLOT / max(1, len(chart.bars))))
    base = TOP + HEIGHT
    right = LEFT + max(slot * len(chart.bars), 160.0)
    return Drawing(
        width=right + RIGHT,
        height=base + BOTTOM,
        left=LEFT,
        right=right,
        base=base,
        bars=tuple(_bars(chart.bars, slot, base, highest)),
        lines=tuple(
            Line(_up(limit.threshold, base, highest), f"{limit.text} {limit.severity}")
            for limit in chart.limits
            if limit.threshold is not None
        ),
        names=tuple(_names(chart.bars, slot, base)),
        scale=tuple(_scale(base, highest)),
    )


def _up(value: float, base: float, highest: float) -> float:
    return round(base - HEIGHT * value / highest, 1)


def _bars(bars: Sequence[Bar], slot: float, base: float, highest: float) -> Iterator[Rect]:
    for place, bar in enumerate(bars):
        if bar.value is not None:
            y = _up(max(bar.value, 0), base, highest)
            yield Rect(round(LEFT + slot * (place + 0.15), 1), y, round(slot * 0.7, 1), round(base - y, 1), bar)


def _names(bars: Sequence[Bar], slot: float, base: float) -> Iterator[Label]:
    every = -(-len(bars) // LABELS) if bars else 1
    for place in range(0, len(bars), every):
        name = bars[place].window.partition("/")[2][:10]
        yield Label(round(LEFT + slot * (place + 0.5), 1), base + 14, name)


def _scale(base: float, highest: float) -> Iterator[Label]:
    for step in range(3):
        value = highest / ROOM * step / 2
        yield Label(LEFT - 6, _up(value, base, highest), f"{value:,.0f}")
