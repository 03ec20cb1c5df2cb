"""What people did about alerts, as the judge and the room `deliver` remember it: who took one, what is silenced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from schemas.alert import Notice
from schemas.silence import Silence
from streams.runtimes.base import Runtime
from workers.deliver.silence import BOOK, silencing
from workers.deliver.silence_cells import SilenceBook
from workers.judge.cells import AlertState
from workers.judge.seats import alert_cell

WATCHED: Final = 300
"""Open alerts whose state is read with every look: more than anybody reads, and still one small request."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The state of the open alerts, and all silences; equal desks show the same."""

    states: Mapping[str, AlertState] = field(default_factory=dict)
    book: SilenceBook = field(default_factory=SilenceBook)

    def state(self, alert: str) -> AlertState | None:
        """How an alert stands by the judge's own word; None for one that is not watched."""
        return self.states.get(alert)

    def taken(self, alert: str) -> dict[str, Any] | None:
        """Who has taken an alert, by its state as of the last look."""
        return taken(self.states.get(alert))

    def silenced(self, notice: Notice, now: datetime) -> Silence | None:
        """The silence that holds a notice back longest; None when none does."""
        return next(reversed(silencing(self.book, notice, now)), None)

    def active(self, now: datetime) -> list[Silence]:
        """The silences that hold now, the one that ends first at the beginning."""
        return sorted((each for each in self.book.silences if each.active(now)), key=lambda each: each.ends)


def taken(state: AlertState | None) -> dict[str, Any] | None:
    """Who has taken an alert, when, and what was noted; None when nobody has."""
    if state is None or state.acked_by is None:
        return None
    return state.model_dump(mode="json", include={"acked_by", "acked_at", "ack_note"})


async def look(runtime: Runtime, alerts: Iterable[str]) -> Desk:
    """Read the desk for some alerts; raises Unavailable."""
    cells = {alert: alert_cell(alert) for alert in list(alerts)[:WATCHED]}
    loaded = await runtime.load([BOOK, *cells.values()])
    states = {alert: value for alert, cell in cells.items() if isinstance(value := loaded[cell].value, AlertState)}
    book = loaded[BOOK].value
    return Desk(states, book if isinstance(book, SilenceBook) else SilenceBook())
