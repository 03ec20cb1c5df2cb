"""Explains what the judge decided, from what its evaluations left behind: nothing is computed anew, nothing guessed."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.base import Mode
from schemas.rule import Rule
from workers.judge.cells import AlertState, SourceState, WindowState
from workers.judge.seats import ROLLING, Seat, source_cell
from workers.ports import Cell


def window_cell(rule: Rule, group: tuple[str | None, ...], window: str, mode: Mode = "live") -> Cell:
    """Where the evaluations of one rule, group and window (`night/2026-09-04`) leave their reason.

    Sliding windows, sessions, novelty and silence keep one cell for the whole group.
    """
    fixed = rule.window is not None and rule.window.kind in ("night", "calendar", "tumbling")
    return Seat(rule.id, rule.shape, mode, group, window if fixed else ROLLING).cell


def incident_cell(incident: str, mode: Mode = "live") -> Cell:
    """Where the verdicts on the figures of an incident are kept."""
    return source_cell("incidents", mode, incident)


def why_window(state: WindowState | None) -> Iterator[str]:
    """Why a window has an alert or has none, one sentence a line."""
    if state is None or state.judgement is None:
        yield "no item ever counted in this window"
        return
    judged = state.judgement
    yield f"{judged.outcome}: {judged.why}"
    if judged.baseline is not None:
        yield f"the usual value is {judged.baseline:g}"
    yield f"{judged.items} items, judged last at {judged.at.isoformat()}"


def why_alert(state: AlertState) -> Iterator[str]:
    """How an alert stands: its rule, its limit, what was told last and the sentences behind it."""
    yield f"{state.status}, rule {state.rule}, {state.window}, {state.seq} notices"
    if state.acked_by is not None:
        yield f"acknowledged by {state.acked_by}"
    if (notice := state.notice) is None:
        return
    limit = f", limit '{notice.limit}'" if notice.limit else ""
    yield f"{notice.notice} ({notice.reason}): value {notice.value}{limit}, severity {notice.severity}"
    for part in notice.evidence:
        yield f"{part.source or part.article}: {part.quote}"


def why_source(state: SourceState | None) -> Iterator[str]:
    """Where the figures of an incident (or the claims of an article) were counted, and why others were not."""
    if state is None:
        yield "no rule reads any of its figures"
        return
    if state.retracted:
        yield f"retracted in revision {state.revision}"
    for key, items in state.homes.items():
        seat = Seat.parse(key)
        where = "" if seat.window == ROLLING else f" in {seat.window}"
        yield f"{seat.rule}: counted{where} ({', '.join(items)})"
    for verdict in state.verdicts:
        yield f"{verdict.rule}: {verdict.item} does not count: {verdict.why}"
