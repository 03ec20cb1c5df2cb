"""A watch: the way one kind of rule keeps its windows; what all kinds share is the step from a finding to notices."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from schemas.alert import Window
from schemas.base import Mode
from schemas.rule import WindowSpec
from workers.judge.cells import AlertState, Judgement, Member, RuleState, SourceDetail, WindowState
from workers.judge.compose import Subject, compose
from workers.judge.desk import Desk
from workers.judge.items import MAX_EVIDENCE, Item
from workers.judge.levels import Finding
from workers.judge.machine import Standing, Step, advance
from workers.judge.plans import Plan
from workers.judge.readings import Reading
from workers.judge.seats import Seat, alert_cell, detail_cell
from workers.ports import Cell

CORRECTABLE: Final = timedelta(days=30)
"""How long after the end of its window an alert still takes corrections."""

AHEAD: Final = timedelta(hours=1)
"""How far the clocks of feeds may run ahead; what lies further in the future counts nowhere."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a seat is looked at: `reason` names a loss of items, `timer` says that nothing but time has passed."""

    reason: str = "revised"
    settle: bool = False
    timer: bool = False
    before: Mapping[str, Member] | None = None
    """The items of the seat before the change; None when nothing was changed."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One window of a seat that can have one alert."""

    window: Window
    members: Mapping[str, Member]
    over: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking at a seat came to: its new state, and when to look again."""

    state: WindowState
    due: datetime | None = None


class Watch(ABC):
    """One rule at work on its seats; has no state of its own."""

    def __init__(self, plan: Plan, started: datetime | None) -> None:
        self.plan = plan
        self.rule = plan.rule
        self.low = plan.rule.low
        self.started = started

    @property
    def span(self) -> WindowSpec:
        """The stretch of time that the rule looks at, which every rule with levels has."""
        assert self.rule.window is not None
        return self.rule.window

    @abstractmethod
    def window_of(self, item: Item) -> tuple[str, bool]:
        """The window of the seat that an item belongs to, and True; or in words why it counts nowhere, and False."""

    def untimely(self, window: str, member: Member, now: datetime) -> str | None:
        """In words why an item cannot count at this time; None when it can."""
        return "its time lies in the future" if member.time > now + AHEAD else None

    @abstractmethod
    def look(self, desk: Desk, seat: Seat, state: WindowState, cause: Cause, since: datetime) -> Looked:
        """Judge a seat after a change or an alarm; `since` is when the rule was begun with."""

    def receive(self, state: WindowState, members: Mapping[str, Member], item: Item, member: Member) -> WindowState:
        """Take an item in; `members` are those of the seat so far."""
        return state.model_copy(update={"members": {**members, item.id: member}})

    def member(self, item: Item, source: str, moment: datetime) -> Member:
        """What the seat keeps of an item."""
        value = self.rule.value
        counted = item.fields.get(value.field) if value is not None and value.field else None
        numeric = value is not None and value.aggregate != "distinct"
        kept = item.number(value.field) if numeric and value is not None and value.field else None
        return Member(
            source=source,
            value=kept if numeric else (None if counted is None else str(counted)),
            qualifier=item.qualifier,
            time=moment,
            independent=item.independent,
        )

    def prefetch(self, seat: Seat) -> Iterable[Cell]:
        """Cells that looking at a seat will ask for."""
        return (seat.cell, seat.rule_cell)

    def first_look(self, desk: Desk, mode: Mode) -> None:  # noqa: B027 - most kinds wait for an item
        """Called once when the rule is begun with; sets alarms that do not wait for an item."""

    def decide(
        self, desk: Desk, seat: Seat, frame: Frame, standing: Standing, finding: Finding | None
    ) -> tuple[AlertState, Step]:
        """Move the alert of a frame, publish what is to be told, and return its old and new state."""
        alert_id = seat.alert_id(frame.window.key)
        old = desk.get(alert_cell(alert_id), AlertState)
        alert = old or AlertState(rule=seat.rule, cell=seat.key, window=frame.window.key)
        step = advance(alert, standing, self.rule, desk.now)
        moved = step.alert
        if step.told:
            about = self._subject(desk, seat, alert_id, frame, finding)
            first = moved.seq - len(step.told) + 1
            for seq, told in enumerate(step.told, first):
                notice = compose(self.rule, moved, told, about, seq, desk.now)
                moved = moved.model_copy(update={"notice": notice})
                desk.tell(notice)
        if moved is not alert and moved != alert:
            desk.put(alert_cell(alert_id), moved)
            self._note_open(desk, seat, alert_id, moved)
        return alert, replace(step, alert=moved)

    def _note_open(self, desk: Desk, seat: Seat, alert_id: str, alert: AlertState) -> None:
        state = desk.get(seat.rule_cell, RuleState) or RuleState()
        listed = alert_id in state.open
        wanted = alert.status == "open"
        if wanted and not listed:
            desk.put(seat.rule_cell, state.model_copy(update={"open": {**state.open, alert_id: seat.key}}))
        elif listed and not wanted:
            kept = {known: key for known, key in state.open.items() if known != alert_id}
            desk.put(seat.rule_cell, state.model_copy(update={"open": kept}))

    def _subject(self, desk: Desk, seat: Seat, alert_id: str, frame: Frame, finding: Finding | None) -> Subject:
        reading = finding.reading if finding else Reading(None, "exact", tuple(frame.members))
        return Subject(
            alert_id=alert_id,
            group=dict(zip(self.rule.by, seat.group, strict=True)),
            window=frame.window,
            mode=seat.mode,
            items=items_behind(desk, reading, frame.members),
            value=reading.value,
            qualifier=reading.qualifier,
            threshold=finding.threshold if finding else None,
            limit=finding.limit if finding else None,
            baseline=finding.baseline if finding else None,
        )


def judged(
    state: WindowState,
    finding: Finding,
    outcome: str,
    why: str,
    now: datetime,
    *,
    late: bool = False,
    alert: str | None = None,
) -> WindowState:
    """The state with what it came to at a time, in the words that `explain` prints."""
    judgement = Judgement(
        at=now,
        outcome=outcome,
        why=why,
        value=finding.reading.value,
        threshold=finding.threshold,
        limit=finding.limit,
        baseline=finding.baseline,
        items=len(state.members),
        late=late,
        alert=alert,
    )
    return state.model_copy(update={"judgement": judgement})


def items_behind(desk: Desk, reading: Reading, members: Mapping[str, Member]) -> list[Item]:
    """The items of a reading, the deciding one first, from the cells of their sources; as many as a notice shows."""
    shown = {item_id: detail_cell(members[item_id].source) for item_id in reading.items[:MAX_EVIDENCE]}
    desk.need(shown.values())
    found = []
    for item_id, cell in shown.items():
        source = desk.get(cell, SourceDetail)
        found += [item for item in source.items if item.id == item_id] if source else []
    return found
