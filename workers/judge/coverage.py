"""Coverage: the stretches in which no feed could be fetched, so that silence is not taken for peace."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from schemas.base import Mode
from workers.judge.cells import Coverage, Outage
from workers.judge.history import OUTAGE
from workers.judge.seats import coverage_cell
from workers.ports import Outcome, View

STEP: Final = timedelta(minutes=5)
"""How finely the last success is written down, so that not every check changes the cell."""

KEPT: Final = timedelta(days=62)
"""As long as windows of history are looked at."""


def cover(outcome: Outcome, view: View, at: datetime, mode: Mode) -> Outcome:
    """Add a successful check at `at` to an outcome."""
    cell = coverage_cell(mode)
    known = view.get(cell, Coverage)
    if known is not None and at < known.last_ok + STEP:
        return outcome
    outages = known.outages if known else ()
    if known is not None and at - known.last_ok >= OUTAGE:
        outages = (*(o for o in outages if o.end > at - KEPT), Outage(start=known.last_ok, end=at))
    return replace(outcome, writes={**outcome.writes, cell: Coverage(last_ok=at, outages=outages)})
