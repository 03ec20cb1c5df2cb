"""Rules over windows of fixed bounds: nights, calendar stretches, tumbling windows; with baselines over the past."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from schemas.alert import Window
from schemas.base import Mode
from workers.judge.cells import Coverage, HistoryState, Member, RuleState, WindowState
from workers.judge.desk import Desk
from workers.judge.history import Past, Usual, blind, remember, usual
from workers.judge.items import Item
from workers.judge.levels import Finding, find
from workers.judge.machine import Standing, is_open
from workers.judge.seats import Seat, alert_cell, coverage_cell
from workers.judge.watch import AHEAD, CORRECTABLE, Cause, Frame, Looked, Watch, judged
from workers.judge.windows import Bounds, Grid, place_in
from workers.ports import Cell


class FixedWatch(Watch):
    """One seat per window, one frame per seat."""

    @property
    def grid(self) -> Grid:
        """The windows of the rule."""
        assert self.plan.grid is not None  # the engine gives this watch only rules that have one
        return self.plan.grid

    def window_of(self, item: Item) -> tuple[str, bool]:
        """The window that the item overlaps most."""
        placed = place_in(item, self.span, self.grid, "period" in self.plan.mentions)
        return (placed, False) if isinstance(placed, str) else (placed.key, True)

    def untimely(self, window: str, member: Member, now: datetime) -> str | None:
        """A window that has not begun holds nothing yet, whatever an article is dated."""
        return "its time lies in the future" if self.grid.parse(window).start > now + AHEAD else None

    def prefetch(self, seat: Seat) -> Iterable[Cell]:
        """The seat, its alert, and the past where the rule looks at it."""
        yield from super().prefetch(seat)
        yield alert_cell(seat.alert_id(seat.window))
        if self.rule.baseline is not None:
            yield seat.history
            yield coverage_cell(seat.mode)

    def first_look(self, desk: Desk, mode: Mode) -> None:
        """A rule for low values waits for the end of the present window, whether anything comes or not."""
        if self.low and not self.rule.by:
            for bounds in self.grid.around(desk.now):
                if bounds.end > desk.now:
                    desk.wake(Seat(self.rule.id, self.plan.shape, mode, (), bounds.key).key, bounds.end)
                    return

    def look(self, desk: Desk, seat: Seat, state: WindowState, cause: Cause, since: datetime) -> Looked:
        """Hold the window's value against the limits, and its past against it."""
        bounds = self.grid.parse(seat.window)
        known = self._usual(desk, seat, since)
        finding = find(self.rule, state.members, known)
        self._remember(desk, seat, bounds, finding, since)
        if self.low and desk.now < bounds.end:
            return Looked(
                judged(state, finding, "not-over", f"judged when it ends; so far {finding.why}", desk.now), bounds.end
            )
        if desk.now > bounds.end + CORRECTABLE:
            return Looked(
                judged(state, finding, "too-late", "the window is older than corrections go", desk.now, late=True)
            )
        if self.low and cause.timer:
            self._follow_up(desk, seat)
        return self._decide(desk, seat, state, cause, bounds, finding)

    def _decide(
        self, desk: Desk, seat: Seat, state: WindowState, cause: Cause, bounds: Bounds, finding: Finding
    ) -> Looked:
        over = bounds.end + self.span.grace
        in_dark = self.low and blind(bounds, self._coverage(desk, seat), desk.now)
        late = desk.now > over
        frame = Frame(
            window=Window(key=seat.window, start=bounds.start, end=bounds.end, tz=self.span.tz or "UTC"),
            members=state.members,
        )
        empty = not state.members and not self.low
        standing = Standing(
            level=finding.level,
            value=finding.reading.value,
            clear=finding.clear,
            empty=empty,
            cause=(state.lost or cause.reason) if empty else "revised",
            late=late or in_dark,
            over=over,
            settle=cause.settle,
        )
        _, step = self.decide(desk, seat, frame, standing, finding)
        outcome, why = finding.outcome, finding.why
        refused = finding.level is not None and not is_open(step.alert)
        if refused and in_dark:
            outcome, why = "feeds-down", "the feeds were down for most of the window"
        elif refused and late:
            outcome, why = "too-late", f"{finding.why}, but the window and its grace ended {over.isoformat()}"
        elif refused:
            outcome, why = "on-hold", f"{finding.why}; it has to hold first"
        alert = seat.alert_id(seat.window) if step.alert.seq else None
        return Looked(judged(state, finding, outcome, why, desk.now, late=refused and late, alert=alert), step.due)

    def _usual(self, desk: Desk, seat: Seat, since: datetime) -> Usual | None:
        if self.rule.baseline is None:
            return None
        history = desk.get(seat.history, HistoryState) or HistoryState()
        past = Past(history, since, self._coverage(desk, seat), desk.now)
        return usual(self.rule.baseline, past, self.grid, seat.window)

    def _coverage(self, desk: Desk, seat: Seat) -> Coverage | None:
        return desk.get(coverage_cell(seat.mode), Coverage)

    def _remember(self, desk: Desk, seat: Seat, bounds: Bounds, finding: Finding, since: datetime) -> None:
        """Write the value into the past, and have the windows behind it judged again when that changes it.

        A window from before the rule was begun with says nothing about the quiet ones after it, so it is left out.
        """
        if self.rule.baseline is None:
            return
        history = desk.get(seat.history, HistoryState) or HistoryState()
        if bounds.end <= since and not any(self.grid.parse(key).start <= bounds.start for key in history.values):
            return
        changed = remember(history, seat.window, finding.reading.value)
        if changed.values == history.values:
            return
        desk.put(seat.history, changed)
        last = self.grid.neighbour(seat.window, self.rule.baseline.windows)
        for key in changed.values:
            if bounds.start < self.grid.parse(key).start <= last.start:
                desk.wake(seat._replace(window=key).key, desk.now)

    def _follow_up(self, desk: Desk, seat: Seat) -> None:
        """A rule for low values looks at the next window too, even if nothing comes; for known groups only."""
        shared = desk.get(seat.rule_cell, RuleState) or RuleState()
        group = seat.group_text
        if not self.rule.by or (group in shared.groups and desk.now - shared.groups[group] < CORRECTABLE):
            following = self.grid.neighbour(seat.window, 1)
            desk.wake(seat._replace(window=following.key).key, following.end)
