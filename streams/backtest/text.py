"""The report as text for a terminal: what would have fired, the nearest misses, and the differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from streams.backtest.report import Chart, Difference, Fired, Report
from workers.deliver.message import clean
from workers.deliver.quotes import sentences
from workers.wording import figure

HEAD: Final = ("rule", "window", "group", "severity", "value", "limit", "opened", "lead", "notices")
SIDES: Final = ("attacker", "target_country")
NEAR: Final = 10
"""Windows without an alert that are shown, the nearest to the limit first."""
QUOTE: Final = 160

CHANGES: Final = {"only-new": "only the new rules", "only-old": "only the old rules", "different": "both, differently"}


def text_lines(report: Report) -> Iterator[str]:
    """The report, line by line."""
    span = f"from {stamp(report.first)} to {stamp(report.last)}"
    yield f"{report.articles} articles {span}{unread(report)}; rules: {', '.join(report.rules)}"
    yield ""
    if report.fired:
        yield from table(HEAD, [row(fired) for fired in report.fired])
        for fired in report.fired:
            yield ""
            yield f"{fired.rule}, {fired.window}, {group(fired.group)}: {', '.join(fired.notices)}"
            yield from evidence(fired)
    else:
        yield "nothing would have fired"
    yield from _near(report.charts)
    if report.compared:
        yield ""
        yield f"differences from the old rules: {len(report.differences)}"
        for each in report.differences:
            yield from _difference(each)


def unread(report: Report) -> str:
    """How many articles were not taken through the rooms, and why; nothing when all were."""
    return "".join(f", {number} {reason}" for reason, number in report.unread.items())


def row(fired: Fired) -> tuple[str, ...]:
    """One alert as the cells of a table."""
    return (
        fired.rule,
        fired.window,
        group(fired.group),
        fired.severity,
        value(fired),
        fired.limit or "",
        stamp(fired.opened),
        lead(fired.lead_seconds),
        str(len(fired.notices)),
    )


def value(fired: Fired) -> str:
    """The value with its qualifier."""
    return figure(fired.value, fired.qualifier) if fired.value is not None else "-"


def group(named: dict[str, str | None]) -> str:
    """The values of a group; two sides as `RU on UA`."""
    values = [clean(text) if text else "unknown" for text in named.values()]
    return " on ".join(values) if tuple(named) == SIDES else ", ".join(values) or "all"


def stamp(moment: datetime | None) -> str:
    """A time in its own zone, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M}{'Z' if not moment.utcoffset() else f'{moment:%z}'}" if moment else "-"


def lead(seconds: float | None) -> str:
    """The time from the first report to the alert."""
    if seconds is None:
        return "-"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"


def evidence(fired: Fired) -> Iterator[str]:
    """The sentences behind an alert."""
    for told in sentences(fired.evidence):
        sentence, first = clean(told.text), told.evidence[0]
        cut = sentence if len(sentence) <= QUOTE else f"{sentence[: QUOTE - 1]}…"
        yield f'  {clean(first.source or first.article)}: "{cut}"'


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Columns of equal width, without trailing spaces."""
    lines = [tuple(head), *map(tuple, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _near(charts: Iterable[Chart]) -> Iterator[str]:
    quiet = [(chart, bar) for chart in charts for bar in chart.bars if not bar.fired and bar.value is not None]
    if not quiet:
        return
    quiet.sort(key=lambda pair: -(pair[1].value or 0))
    yield ""
    yield f"windows without an alert: {len(quiet)}" + (f", the highest {NEAR}" if len(quiet) > NEAR else "")
    for chart, bar in quiet[:NEAR]:
        yield f"  {chart.rule}, {bar.window}, {group(chart.group)}: {bar.outcome}, {bar.why}"


def _difference(each: Difference) -> Iterator[str]:
    fired = each.new or each.old
    assert fired is not None  # a difference has at least one side
    yield f"  {fired.rule}, {fired.window}, {group(fired.group)}: {CHANGES[each.change]}"
    for name, side in (("new", each.new), ("old", each.old)):
        if side is not None:
            said = f"{value(side)} ({side.limit or 'no limit'}), {side.severity}, opened {stamp(side.opened)}"
            yield f"    {name}: {said}; {', '.join(side.notices)}"
