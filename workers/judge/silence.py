"""Rules for silence: nothing was heard of a group for too long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from schemas.alert import Window
from schemas.base import Mode
from workers.judge.cells import Judgement, Member, WindowState
from workers.judge.desk import Desk
from workers.judge.items import Item
from workers.judge.machine import Standing, earliest
from workers.judge.seats import ROLLING, Seat
from workers.judge.watch import Cause, Frame, Looked, Watch


class SilenceWatch(Watch):
    """One seat per group: when it was heard last, and the alarm for the silence after that."""

    def window_of(self, item: Item) -> tuple[str, bool]:
        """Every item is a sign of life."""
        return ROLLING, True

    def untimely(self, window: str, member: Member, now: datetime) -> str | None:
        """A clock that runs ahead is still a sign of life."""
        return None

    def receive(self, state: WindowState, members: Mapping[str, Member], item: Item, member: Member) -> WindowState:
        """Keep the latest sign of life, under the item's own time."""
        return state.model_copy(update={"members": {item.id: member}})

    def first_look(self, desk: Desk, mode: Mode) -> None:
        """Wait for the groups that are expected although they were never heard."""
        spec = self.rule.absent
        assert spec is not None  # the engine gives this watch only such rules
        for names in spec.expect:
            group = (names,) if isinstance(names, str) else tuple(names)
            if len(group) == len(self.rule.by):
                seat = Seat(self.rule.id, self.plan.shape, mode, group, ROLLING)
                desk.wake(seat.key, desk.now + max(spec.after, spec.startup))

    def look(self, desk: Desk, seat: Seat, state: WindowState, cause: Cause, since: datetime) -> Looked:
        """End the alert when the group is heard, or open one when the silence has lasted."""
        heard = max((member.time for member in state.members.values()), default=None)
        if heard is not None and heard > desk.now:
            heard = desk.now  # a feed's clock that runs ahead must not keep its silence from being seen
        if heard is not None and (state.last is None or heard > state.last):
            self._judge(desk, seat, state, state.last or since, returned=True)
            state = state.model_copy(update={"last": heard})
        return self._judge(desk, seat, state, state.last or since, returned=False)

    def _judge(self, desk: Desk, seat: Seat, state: WindowState, last: datetime, *, returned: bool) -> Looked:
        spec = self.rule.absent
        assert spec is not None
        silent = not returned and desk.now - last >= spec.after
        ready = self.started is None or desk.now >= self.started + spec.startup
        forgotten = desk.now - last >= spec.memory
        standing = Standing(
            level=0 if silent and ready and not forgotten else None,
            value=None,
            clear=True,
            cause="returned" if returned else "forgotten",
            opens="silent",
        )
        window = Window(key=f"absent/{last.isoformat()}", start=last)
        _, step = self.decide(desk, seat, Frame(window, state.members), standing, None)
        why = f"heard last at {last.isoformat()}"
        outcome = "silent" if silent else "heard"
        judgement = Judgement(at=desk.now, outcome=outcome, why=why, items=len(state.members))
        alarms = (
            last + spec.after,
            last + spec.memory,
            None if self.started is None else self.started + spec.startup,
            step.due,
        )
        due = earliest(*(alarm for alarm in alarms if alarm is not None and alarm > desk.now))
        return Looked(state.model_copy(update={"judgement": judgement}), due)
