"""The room `judge`: incidents in, notices out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from schemas.base import Mode
from schemas.incident import Incident
from schemas.rule import Rule
from schemas.topic import Topic
from workers.judge.desk import ROOM
from workers.judge.engine import Engine
from workers.judge.items import report_of
from workers.judge.taxonomy import Taxonomy
from workers.ports import Cell, Outcome, Timer, View
from workers.recall import Recall
from workers.stage import Stage


class Judge(Stage[Incident]):
    """Holds incidents against the rules; `started` is when this process began (for rules about silence)."""

    name = ROOM
    reads = Topic.INCIDENTS
    model = Incident

    def __init__(
        self, rules: Iterable[Rule] = (), taxonomy: Taxonomy | None = None, started: datetime | None = None
    ) -> None:
        self.engine = Engine(rules, taxonomy, started)
        self._report = Recall(partial(report_of, wanted=self.engine.wants_figure))

    def prefetch(self, record: Incident) -> Iterable[Cell]:
        """The windows and alerts that the incident touches."""
        return self.engine.cells(self._report(record))

    def decide(self, record: Incident, view: View, now: datetime) -> Outcome:
        """Judge one revision of an incident; raises Drop for one that is known."""
        return self.engine.judge(self._report(record), view, now)

    def begin(self, view: View, now: datetime, mode: Mode = "live") -> Outcome:
        """Take up the rules before the first record, so that silence and quiet days are noticed; repeat at will."""
        return self.engine.begin(view, now, mode)

    def ack(self, alert: str, author: str, view: View, now: datetime, note: str | None = None) -> Outcome:
        """Somebody takes an alert, so it is not repeated until it escalates; raises Drop when it is not open."""
        return self.engine.ack(alert, author, view, now, note)

    def fire(self, timer: Timer, view: View, now: datetime) -> Outcome:
        """An alarm of one window rang."""
        return self.engine.fire(timer.key, view, now)
