"""The engine of the judge: takes reports of items to the seats that they touch, and lets each rule look at its own."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from schemas.base import Mode
from schemas.rule import Rule
from workers.errors import Drop
from workers.judge.cells import (
    AlertState,
    Book,
    KnownRule,
    Member,
    RuleState,
    SourceDetail,
    SourceState,
    Verdict,
    WindowState,
)
from workers.judge.desk import Desk
from workers.judge.fixed import FixedWatch
from workers.judge.items import Item, Report
from workers.judge.moving import MovingWatch
from workers.judge.novelty import NoveltyWatch
from workers.judge.plans import Index, Plan, plan
from workers.judge.retire import CLOSING, closing_key, retire
from workers.judge.seats import Seat, alert_cell, book_cell, detail_cell, source_cell
from workers.judge.silence import SilenceWatch
from workers.judge.taxonomy import Taxonomy, default_taxonomy
from workers.judge.watch import Cause, Watch
from workers.judge.windows import moments
from workers.ports import Cell, Outcome, View
from workers.reasons import Reason
from workers.recall import Recall

GROUP_KEEP: Final = timedelta(days=30)
"""How long a group counts against `max_groups` after it was touched last."""

SOONEST: Final = timedelta(seconds=1)
"""No seat is looked at again sooner than this on its own: whatever a rule makes of its time, no alarm can spin."""

MAX_VERDICTS: Final = 8
"""Items of one source whose verdict is kept under each rule."""


Homes = dict[Seat, dict[str, tuple[Item, Member]]]
Placed = tuple[str, bool, datetime]
"""A window and True, or in words why an item counts nowhere and False; and the item's moment."""
Refusal = tuple[str, str, str]
"""Rule, item, and why the item does not count under it."""


@dataclass(slots=True)
class Docket:
    """Where the items of a report go: members by seat, and why the others count nowhere."""

    homes: Homes = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


class Engine:
    """All rules ready to run; pure, its state lives in cells."""

    def __init__(
        self, rules: Iterable[Rule], taxonomy: Taxonomy | None = None, started: datetime | None = None
    ) -> None:
        self.taxonomy = taxonomy or default_taxonomy()
        plans = [plan(rule, self.taxonomy) for rule in rules if rule.enabled]
        self.watches: dict[str, Watch] = {each.rule.id: watch_of(each, started) for each in plans}
        self.streams = frozenset(each.rule.source for each in plans)
        self._index = Index(plans, self.taxonomy)
        self.docket = Recall(self._assign)
        self._shapes = {each.rule.id: each.shape for each in plans}

    # -- reports ---------------------------------------------------------------------------------

    def cells(self, report: Report) -> Iterator[Cell]:
        """Cells that judging a report will surely ask for."""
        yield book_cell(report.mode)
        source = source_cell(report.stream, report.mode, report.id)
        yield from (source, detail_cell(source.key))
        for seat in self.docket(report).homes:
            yield from self.watches[seat.rule].prefetch(seat)

    def wants_figure(self, name: str, measure: str) -> bool:
        """Whether any rule can count this object and measure of an incident."""
        return self._index.wants("incidents", name, measure)

    def _assign(self, report: Report) -> Docket:
        """Which items belong where, and why the others do not."""
        docket, key = Docket(), source_cell(report.stream, report.mode, report.id).key
        times: dict[tuple[object, ...], dict[str, Placed]] = defaultdict(dict)
        for item in report.items:
            # Items of one report mostly happened at one time, and then belong to the same windows.
            placed = times[item.time, item.time_end, item.night_of, item.period, item.published, item.ingested]
            for each, why in self._index.candidates(report.stream, item):
                if why is None:
                    if each.placing not in placed:
                        placed[each.placing] = self._place(each, item)
                    why, counts, moment = placed[each.placing]
                    if counts:
                        seat = Seat(each.rule.id, each.shape, report.mode, each.group(item), why)
                        member = self.watches[each.rule.id].member(item, key, moment)
                        docket.homes.setdefault(seat, {})[item.id] = (item, member)
                        continue
                docket.refusals.append((each.rule.id, item.id, why))
        return docket

    def _place(self, each: Plan, item: Item) -> Placed:
        window, counts = self.watches[each.rule.id].window_of(item)
        return window, counts, moments(item, each.rule.window)[0]

    def judge(self, report: Report, view: View, now: datetime) -> Outcome:
        """Take one report in; raises Drop for a revision that is known or older than the known one."""
        desk = Desk(view, now)
        book = self._open_book(desk, report.mode)
        source = source_cell(report.stream, report.mode, report.id)
        old = desk.get(source, SourceState)
        if old is not None and report.revision <= old.revision:
            raise Drop(
                Reason.ALREADY_SEEN if report.revision == old.revision else Reason.OLD_REVISION,
                f"revision {report.revision}, known {old.revision}",
            )
        homes, refusals = self._admit(desk, self.docket(report))
        if old is None and report.revision <= 1 and not homes and not refusals:
            # Nothing to count, and nothing older that could still arrive and would have to be ignored.
            return desk.outcome(Reason.NO_RULE, False)
        left = {Seat.parse(key): ids for key, ids in (old.homes if old else {}).items()}
        desk.need(cell for seat in left if seat.rule in self.watches for cell in self.watches[seat.rule].prefetch(seat))
        kept = {seat.key: tuple(members) for seat, members in homes.items()}
        desk.put(source, SourceState(revision=report.revision, homes=kept))
        desk.put(detail_cell(source.key), _detail(homes, refusals))
        looked = [
            self._touch(desk, seat, homes, left.get(seat, ()), report, book)
            for seat in dict.fromkeys([*left, *homes])
            if self._shapes.get(seat.rule) == seat.shape
        ]
        return _outcome(desk, looked)

    def _admit(self, desk: Desk, docket: Docket) -> tuple[Homes, list[Refusal]]:
        """The seats whose group is known or still has room, and why the other items are left out."""
        admitted: Homes = {}
        refusals = list(docket.refusals)
        for seat, members in docket.homes.items():
            watch = self.watches[seat.rule]
            refused = {
                name: why for name, (_, m) in members.items() if (why := watch.untimely(seat.window, m, desk.now))
            }
            timely = {name: pair for name, pair in members.items() if name not in refused}
            if timely and not self._touch_group(desk, seat):
                refused = dict.fromkeys(
                    members, f"the rule has its {watch.rule.max_groups} groups; group more coarsely"
                )
            elif timely:
                admitted[seat] = timely
            refusals += [(seat.rule, name, why) for name, why in refused.items()]
        return admitted, refusals

    def _touch_group(self, desk: Desk, seat: Seat) -> bool:
        state = desk.get(seat.rule_cell, RuleState) or RuleState()
        group, today = seat.group_text, desk.today
        if state.groups.get(group) == today:
            return True
        groups = state.groups
        if group not in groups and len(groups) >= self.watches[seat.rule].rule.max_groups:
            groups = {name: at for name, at in groups.items() if today - at < GROUP_KEEP}
            if len(groups) >= self.watches[seat.rule].rule.max_groups:
                return False
        desk.put(seat.rule_cell, state.model_copy(update={"groups": {**groups, group: today}}))
        return True

    def _touch(
        self,
        desk: Desk,
        seat: Seat,
        homes: Homes,
        left: Iterable[str],
        report: Report,
        book: Book,
    ) -> WindowState | None:
        """Change the items of one seat and look at it; None when nothing changed there."""
        watch, new = self.watches[seat.rule], homes.get(seat, {})
        state = desk.get(seat.cell, WindowState) or WindowState()
        before = state.members
        kept = {name: member for name, member in before.items() if name not in left or name in new}
        loss = _loss(seat, left, new, report, homes)
        changed = state
        if len(kept) < len(before):
            changed = state.model_copy(update={"members": kept, "lost": loss})
        for item, member in new.values():
            if changed.members.get(item.id) != member:
                changed = watch.receive(changed, changed.members, item, member)
        if changed is state:
            return None
        cause = Cause(loss, settle=report.merged, before=before)
        return self._look(desk, seat, changed, cause, book)

    # -- timers ----------------------------------------------------------------------------------

    def fire(self, key: str, view: View, now: datetime) -> Outcome:
        """An alarm rang: look at its seat again."""
        desk = Desk(view, now)
        first, *rest = json.loads(key)
        if first == CLOSING:
            mode, rule, shape = rest
            retire(desk, key, mode, rule, shape, "rule-changed" if rule in self._shapes else "rule-removed")
            return desk.outcome(Reason.PASSED, True)
        seat = Seat.parse(key)
        book = self._open_book(desk, seat.mode)
        if self._shapes.get(seat.rule) != seat.shape:
            return desk.outcome(Reason.NO_RULE, False)
        state = desk.get(seat.cell, WindowState) or WindowState()
        state = state.model_copy(update={"due": None})  # the alarm that rang is gone
        self._look(desk, seat, state, Cause(timer=True), book)
        return desk.outcome(Reason.PASSED if desk.told else Reason.NO_CHANGE, desk.told)

    def _look(self, desk: Desk, seat: Seat, state: WindowState, cause: Cause, book: Book) -> WindowState:
        looked = self.watches[seat.rule].look(desk, seat, state, cause, book.rules[seat.rule].since)
        due = looked.due if looked.due is None else max(looked.due, desk.now + SOONEST)
        if due != state.due:
            desk.wake(seat.key, due)
        after = looked.state if looked.state.due == due else looked.state.model_copy(update={"due": due})
        desk.put(seat.cell, after)
        return after

    # -- people ----------------------------------------------------------------------------------

    def ack(self, alert_id: str, author: str, view: View, now: datetime, note: str | None = None) -> Outcome:
        """Somebody takes an alert: it is not repeated any more until it escalates; raises Drop when it is not open."""
        desk = Desk(view, now)
        alert = desk.get(alert_cell(alert_id), AlertState)
        if alert is None or alert.status != "open":
            raise Drop(Reason.NOT_OPEN, f"alert {alert_id} is not open")
        taken = {"acked_by": author, "acked_at": now, "ack_note": note}
        desk.put(alert_cell(alert_id), alert.model_copy(update=taken))
        return desk.outcome(Reason.PASSED, False)

    # -- rules come and go -------------------------------------------------------------------------

    def _open_book(self, desk: Desk, mode: Mode) -> Book:
        """The book of rules, brought up to date when rules came, changed or went."""
        book = desk.get(book_cell(mode), Book) or Book()
        if {name: known.shape for name, known in book.rules.items()} == self._shapes:
            return book
        rules = {}
        for name, shape in self._shapes.items():
            known = book.rules.get(name)
            if known is not None and known.shape == shape:
                rules[name] = known
            else:
                rules[name] = KnownRule(shape=shape, since=desk.now)
                self.watches[name].first_look(desk, mode)
        for name, known in book.rules.items():
            if self._shapes.get(name) != known.shape:
                desk.wake(closing_key(mode, name, known.shape), desk.now)
        desk.put(book_cell(mode), book := Book(rules=rules))
        return book

    def begin(self, view: View, now: datetime, mode: Mode = "live") -> Outcome:
        """Take up the rules before the first record comes; alarms of silent groups and quiet days start here."""
        desk = Desk(view, now)
        self._open_book(desk, mode)
        return desk.outcome(Reason.PASSED, False)


def _loss(seat: Seat, left: Iterable[str], new: Mapping[str, object], report: Report, homes: Iterable[Seat]) -> str:
    """Why a seat loses items of a report, if it does."""
    if report.retracted:
        return "merged" if report.merged else "retracted"
    if new:
        return "revised"
    if any(home.rule == seat.rule for home in homes):
        return "moved"
    said = {item.id for item in report.items}
    return "left-the-filter" if any(name in said for name in left) else "retracted"


def watch_of(each: Plan, started: datetime | None) -> Watch:
    """The watch that a rule's kind asks for."""
    rule = each.rule
    if rule.first_seen is not None:
        return NoveltyWatch(each, started)
    if rule.absent is not None:
        return SilenceWatch(each, started)
    return FixedWatch(each, started) if each.grid is not None else MovingWatch(each, started)


def _detail(homes: Homes, refusals: Iterable[Refusal]) -> SourceDetail:
    counted = {item.id: item for members in homes.values() for item, _ in members.values()}
    verdicts = (Verdict(rule=rule, item=item, why=why) for rule, item, why in _kept(refusals))
    return SourceDetail(items=tuple(counted.values()), verdicts=tuple(verdicts))


def _kept(refusals: Iterable[Refusal]) -> Iterator[Refusal]:
    """The first refusals of each rule."""
    seen: Counter[str] = Counter()
    for refusal in refusals:
        seen[refusal[0]] += 1
        if seen[refusal[0]] <= MAX_VERDICTS:
            yield refusal


def _outcome(desk: Desk, looked: list[WindowState | None]) -> Outcome:
    if desk.told:
        return desk.outcome(Reason.PASSED, True)
    judged = [state.judgement for state in looked if state is not None and state.judgement is not None]
    if any(judgement.late for judgement in judged):
        reason = Reason.TOO_LATE
    elif judged:
        reason = Reason.BELOW_LIMIT
    else:
        reason = Reason.NO_CHANGE if looked else Reason.NO_RULE
    return desk.outcome(reason, False)
