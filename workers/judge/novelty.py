"""Rules for novelty: something of a kind that has not been reported before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from schemas.alert import Window
from workers.judge.cells import Cluster, Judgement, Member, WindowState
from workers.judge.desk import Desk
from workers.judge.items import Item
from workers.judge.machine import Standing
from workers.judge.seats import ROLLING, Seat
from workers.judge.watch import Cause, Frame, Looked, Watch

KEPT: Final = 50
"""Sightings of a group that are kept one by one; an alert is withdrawn when all are taken back, if they are fewer."""


class NoveltyWatch(Watch):
    """One seat per group: it remembers when the group was seen last, and its first sightings."""

    def window_of(self, item: Item) -> tuple[str, bool]:
        """Every item is a sighting."""
        return ROLLING, True

    def receive(self, state: WindowState, members: Mapping[str, Member], item: Item, member: Member) -> WindowState:
        """Note a sighting; of a group seen often enough only the time."""
        if item.id not in members and len(members) >= KEPT:
            return state.model_copy(update={"last": max(member.time, state.last or member.time)})
        return super().receive(state, members, item, member)

    def look(self, desk: Desk, seat: Seat, state: WindowState, cause: Cause, since: datetime) -> Looked:
        """Open for the first sighting after the warm-up; withdraw when all sightings are taken back."""
        spec = self.rule.first_seen
        assert spec is not None  # the engine gives this watch only such rules
        newest = max((member.time for member in state.members.values()), default=None)
        forgotten = state.last is None or (newest is not None and newest - state.last > spec.memory)
        novel = state.novel
        anchor = state.clusters[0].anchor if state.clusters else None
        if state.members and (anchor is None or forgotten):
            first = min(state.members.items(), key=lambda entry: (entry[1].time, entry[0]))
            fresh = newest if anchor is not None and newest is not None else first[1].time
            anchor = fresh.date().isoformat()
            novel = desk.now - since >= spec.warmup
        if anchor is None:
            return Looked(state)
        frame = Frame(Window(key=f"first/{anchor}", start=newest), state.members)
        standing = Standing(
            level=0 if novel and state.members else None,
            value=None,
            clear=not state.members,
            empty=not state.members,
            cause=state.lost or cause.reason,
            opens="first-seen",
            settle=cause.settle,
        )
        _, step = self.decide(desk, seat, frame, standing, None)
        return Looked(self._after(desk, state, anchor, novel, newest), step.due)

    def _after(self, desk: Desk, state: WindowState, anchor: str, novel: bool, newest: datetime | None) -> WindowState:
        """The state behind a look; a group whose only sightings were taken back was never seen."""
        outcome = "level-reached" if novel else "known"
        why = "first report of the group" if novel else "seen before, or while the rule was learning"
        seen = max(filter(None, (newest, state.last)), default=None) if state.members else None
        return state.model_copy(
            update={
                "novel": novel and bool(state.members),
                "last": seen,
                "clusters": (Cluster(anchor=anchor, members=()),) if state.members else (),
                "judgement": Judgement(at=desk.now, outcome=outcome, why=why, items=len(state.members)),
            }
        )
