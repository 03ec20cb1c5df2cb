"""Rules over windows that move with their items: sliding windows and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from schemas.alert import Window
from schemas.base import Mode
from workers.judge.cells import Cluster, Member, WindowState
from workers.judge.desk import Desk
from workers.judge.items import Item
from workers.judge.levels import find
from workers.judge.machine import Standing, earliest, is_open
from workers.judge.seats import ROLLING, Seat
from workers.judge.watch import CORRECTABLE, Cause, Frame, Looked, Watch, judged
from workers.judge.windows import UNDATED, moments

FILLING: Final = frozenset({"sum", "count", "distinct"})
"""Aggregates that begin low whatever happens: a low value says nothing until the rule has seen one whole length."""

QUIET: Final = "quiet"
"""What an alert for low values is named by when there is not one item."""

Members = Mapping[str, Member]


@dataclass(frozen=True, slots=True)
class Session:
    """One cluster of items, with the alert that was begun for it before."""

    anchor: str
    inside: Members
    known: Cluster | None = None
    merged: bool = False
    """Whether an earlier alert has taken its items over."""
    steady: bool = False
    """Whether nothing in it has changed."""


class MovingWatch(Watch):
    """One seat per group; an alert is named by the earliest item that was known when it began."""

    def window_of(self, item: Item) -> tuple[str, bool]:
        """All items of a group share a seat."""
        spec = self.span
        if item.period in UNDATED and "period" not in self.plan.mentions:
            return "a cumulative figure belongs to no window", False
        start, end = moments(item, spec)
        length = spec.sliding or spec.max
        if length is not None and end - start > length:
            return "it lasts longer than the window", False
        return ROLLING, True

    def untimely(self, window: str, member: Member, now: datetime) -> str | None:
        """What has left a sliding window already cannot come in."""
        spec = self.span
        if spec.sliding is not None and member.time <= now - spec.sliding:
            return "it is older than the window"
        return super().untimely(window, member, now)

    def first_look(self, desk: Desk, mode: Mode) -> None:
        """A rule for low values over a sliding window waits one length, whether anything comes or not."""
        spec = self.span
        if self.low and spec.sliding is not None and not self.rule.by:
            desk.wake(Seat(self.rule.id, self.plan.shape, mode, (), ROLLING).key, desk.now + spec.sliding)

    def look(self, desk: Desk, seat: Seat, state: WindowState, cause: Cause, since: datetime) -> Looked:
        """Judge the one sliding window, or every session of the group that has changed or is due."""
        members = self._current(state.members, desk.now)
        before = self._current(state.members if cause.before is None else cause.before, desk.now)
        expired = len(members) < len(state.members)
        looked = Looked(state.model_copy(update={"members": members, "clusters": ()}))
        for each in self._frames(state, members, before):
            if each.known is not None and each.steady and (each.known.due is None or desk.now < each.known.due):
                looked = _with(looked, each.known)
            elif each.known is not None or not each.steady:
                named = self._cause(cause, each, expired, state.lost)
                looked = self._look_at(desk, seat, looked, each, named, since)
        return replace(looked, due=earliest(looked.due, self._next_expiry(members)))

    def _current(self, members: Members, now: datetime) -> dict[str, Member]:
        spec = self.span
        keep = spec.sliding or CORRECTABLE
        return {name: member for name, member in members.items() if member.time > now - keep}

    def _next_expiry(self, members: Members) -> datetime | None:
        spec = self.span
        if spec.sliding is None or not members:
            return None
        return min(member.time for member in members.values()) + spec.sliding

    def _cause(self, cause: Cause, each: Session, expired: bool, lost: str | None) -> str:
        if each.merged:
            return "merged"
        if cause.timer or expired:
            return "expired"
        return "revised" if each.inside else (lost or cause.reason)

    def _frames(self, state: WindowState, members: Members, before: Members) -> list[Session]:
        """Each cluster with the alert that was begun for it, and each such alert that has lost its cluster."""
        clusters = self._clusters(members)
        untouched = {tuple(cluster.items()) for cluster in self._clusters(before)} if not self._sliding else set()
        found: list[Session] = []
        taken: set[int] = set()
        for known in state.clusters:
            best = self._successor(known, clusters)
            if best is None:
                gone = known.members and all(name not in members for name in known.members)
                pruned = not self._sliding and gone and any(name in state.members for name in known.members)
                found += [] if pruned else [Session(known.anchor, {}, known)]
            elif best in taken:
                found.append(Session(known.anchor, {}, known, merged=True))
            else:
                taken.add(best)
                steady = tuple(clusters[best].items()) in untouched
                found.append(Session(known.anchor, clusters[best], known, steady=steady))
        for index, cluster in enumerate(clusters):
            if index not in taken:
                found.append(Session(next(iter(cluster)), cluster, steady=tuple(cluster.items()) in untouched))
        return found or ([Session(QUIET, {})] if self._sliding and self.low else [])

    def _successor(self, known: Cluster, clusters: list[Members]) -> int | None:
        """Which cluster holds most of what a begun alert was about; a sliding window has only one."""
        if not clusters:
            return None
        shares = [len(set(known.members) & set(cluster)) for cluster in clusters]
        best = shares.index(max(shares))
        return best if shares[best] or self._sliding else None

    @property
    def _sliding(self) -> bool:
        return self.span.sliding is not None

    def _clusters(self, members: Members) -> list[Members]:
        """Members by time, cut where a gap or the longest session is reached."""
        ordered = sorted(members.items(), key=lambda entry: (entry[1].time, entry[0]))
        clusters: list[dict[str, Member]] = []
        first = last = None
        for name, member in ordered:
            if first is None or last is None or self._apart(first, last, member.time):
                clusters.append({})
                first = member.time
            clusters[-1][name] = member
            last = member.time
        return list(clusters)

    def _apart(self, first: datetime, last: datetime, moment: datetime) -> bool:
        spec = self.span
        if spec.session is None:
            return False
        return moment - last >= spec.session or (spec.max is not None and moment - first > spec.max)

    def _look_at(self, desk: Desk, seat: Seat, looked: Looked, each: Session, cause: str, since: datetime) -> Looked:
        anchor, inside = each.anchor, each.inside
        finding = find(self.rule, inside, None)
        frame = self._frame(desk.now, anchor, inside)
        ends = self._low_from(frame, since)
        if ends is not None and desk.now < ends:
            state = judged(looked.state, finding, "not-over", f"judged when it ends; so far {finding.why}", desk.now)
            return _with(replace(looked, state=state), Cluster(anchor=anchor, members=tuple(inside), due=ends))
        gone = not inside and not (self._sliding and (cause == "expired" or self.low))
        standing = Standing(
            level=finding.level,
            value=finding.reading.value,
            clear=finding.clear,
            empty=gone,
            cause=cause,
            late=frame.late,
            over=frame.over,
        )
        _, step = self.decide(desk, seat, frame, standing, finding)
        alive = is_open(step.alert) or step.alert.pending_since is not None
        begun = alive or (step.alert.seq > 0 and not self._sliding)
        late = frame.late and not alive and finding.level is not None
        outcome = "too-late" if late else finding.outcome
        looked = replace(looked, state=judged(looked.state, finding, outcome, finding.why, desk.now, late=late))
        if (begun and (inside or self._sliding)) or step.due is not None:
            return _with(looked, Cluster(anchor=anchor, members=tuple(inside), due=step.due))
        return looked

    def _low_from(self, frame: Frame, since: datetime) -> datetime | None:
        """From when on a low value means something: a session's end, or one length after the rule began; None: now."""
        spec, value = self.span, self.rule.value
        assert value is not None  # as every rule with levels has
        if not self.low:
            return None
        if frame.over is not None:
            return frame.over - spec.grace
        return since + spec.sliding if spec.sliding is not None and value.aggregate in FILLING else None

    def _frame(self, now: datetime, anchor: str, inside: Members) -> Frame:
        spec = self.span
        times = [member.time for member in inside.values()]
        if spec.session is None:
            start = now - spec.sliding if spec.sliding else None
            return Frame(Window(key=f"sliding/{anchor}", start=start, end=now), inside)
        window = Window(key=f"session/{anchor}", start=min(times, default=None), end=max(times, default=None))
        if not times:
            return Frame(window, inside)
        over = max(times) + spec.session + spec.grace
        return Frame(window, inside, over, late=now > over)


def _with(looked: Looked, cluster: Cluster) -> Looked:
    """One more cluster to remember, and its alarm."""
    state = looked.state.model_copy(update={"clusters": (*looked.state.clusters, cluster)})
    return Looked(state, earliest(looked.due, cluster.due))
