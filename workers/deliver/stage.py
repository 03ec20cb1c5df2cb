"""The room `deliver`: puts every notice into the outbox of every receiver that takes it, unless a silence holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from schemas.alert import ENDINGS, Notice
from schemas.base import Model
from schemas.receiver import Receiver, lane_names
from schemas.topic import Topic
from workers.deliver.cells import Outbox
from workers.deliver.filter import accepts
from workers.deliver.queue import append, at_once, outbox_cell, send_timer
from workers.deliver.silence import (
    BOOK,
    ROOM,
    Desk,
    after_silence,
    alert_of,
    held_cell,
    held_timer,
    silencing,
)
from workers.ports import Cell, Outcome, Timer, View
from workers.reasons import Reason
from workers.stage import Stage


class Deliver(Stage[Notice]):
    """Reads notices and queues them; the sending itself is the business of `streams.sinks.outbox`."""

    name = ROOM
    reads = Topic.ALERTS
    model = Notice

    def __init__(self, receivers: Mapping[str, Receiver]) -> None:
        self._lanes = [
            (lane, receiver.accept) for name, receiver in receivers.items() for lane in lane_names(name, receiver)
        ]

    def prefetch(self, record: Notice) -> Iterable[Cell]:
        """The outboxes of all lanes for this alert, and what silences there are."""
        return [BOOK, held_cell(record.alert), *(outbox_cell(lane, record.alert) for lane, _ in self._lanes)]

    def decide(self, record: Notice, view: View, now: datetime) -> Outcome:
        """Queue one notice, or hold it back; a notice that is queued everywhere or was held is a redelivery."""
        desk = Desk.of(record.alert, view, now)
        if record.revision in desk.held.revisions:
            return Outcome(Reason.ALREADY_SEEN, passed=False)
        silences = silencing(desk.book, record, now)
        if silences:
            return desk.hold(record, silences)
        if desk.held.waiting is not None:  # the silence has just ended, and its alarm is still to ring
            latest = max(record, desk.held.waiting, key=lambda notice: notice.revision)
            return self._release(latest, desk, view, now)
        return self._queue(record, view, now)

    def fire(self, timer: Timer, view: View, now: datetime) -> Outcome:
        """The silence over an alert has ended, or another one still holds it."""
        desk = Desk.of(alert_of(timer), view, now)
        if desk.held.waiting is None:
            return Outcome(Reason.NO_CHANGE, passed=False)
        silences = silencing(desk.book, desk.held.waiting, now)
        if silences:
            return Outcome(Reason.SILENCED, passed=False, timers={held_timer(desk.held.alert): silences[-1].ends})
        return self._release(desk.held.waiting, desk, view, now)

    def _release(self, latest: Notice, desk: Desk, view: View, now: datetime) -> Outcome:
        """Tell the latest state once: an open alert to everybody, an end to those who know of the alert."""
        told = self._queue(after_silence(latest), view, now, known_only=latest.notice in ENDINGS)
        writes = {**told.writes, **desk.let_go()}
        return replace(told, writes=writes, timers={**told.timers, held_timer(latest.alert): None})

    def _queue(self, record: Notice, view: View, now: datetime, known_only: bool = False) -> Outcome:
        writes: dict[Cell, Model | None] = {}
        timers: dict[Timer, datetime | None] = {}
        takers = 0
        for lane, accept in self._lanes:
            cell = outbox_cell(lane, record.alert)
            outbox = view.get(cell, Outbox) or Outbox(lane=lane, alert=record.alert)
            told = bool(outbox.queued)
            if not accepts(accept, record, told=told) or (known_only and not told):
                continue
            takers += 1
            longer = append(outbox, record, now)
            if longer is not outbox:
                writes[cell] = longer
            if longer is not outbox and not outbox.items:
                timers[send_timer(lane, record.alert)] = at_once(now)
        if not takers:
            return Outcome(Reason.NO_RECEIVER, passed=False)
        if not writes:
            return Outcome(Reason.ALREADY_SEEN, passed=False)
        return Outcome(Reason.PASSED, writes=writes, timers=timers)
