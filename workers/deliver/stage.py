"""The room `deliver`: puts every notice into the outbox of every receiver that takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from schemas.alert import Notice
from schemas.base import Model
from schemas.receiver import Receiver, lane_names
from schemas.topic import Topic
from workers.deliver.cells import Outbox
from workers.deliver.filter import accepts
from workers.deliver.queue import append, at_once, outbox_cell, send_timer
from workers.ports import Cell, Outcome, Timer, View
from workers.reasons import Reason
from workers.stage import Stage


class Deliver(Stage[Notice]):
    """Reads notices and queues them; the sending itself is the business of `streams.sinks.outbox`."""

    name = "deliver"
    reads = Topic.ALERTS
    model = Notice

    def __init__(self, receivers: Mapping[str, Receiver]) -> None:
        self._lanes = [
            (lane, receiver.accept) for name, receiver in receivers.items() for lane in lane_names(name, receiver)
        ]

    def prefetch(self, record: Notice) -> Iterable[Cell]:
        """The outboxes of all lanes for this alert."""
        return [outbox_cell(lane, record.alert) for lane, _ in self._lanes]

    def decide(self, record: Notice, view: View, now: datetime) -> Outcome:
        """Queue one notice; a notice that is queued everywhere already is a redelivery."""
        writes: dict[Cell, Model | None] = {}
        timers: dict[Timer, datetime | None] = {}
        takers = 0
        for lane, accept in self._lanes:
            cell = outbox_cell(lane, record.alert)
            outbox = view.get(cell, Outbox) or Outbox(lane=lane, alert=record.alert)
            if not accepts(accept, record, told=bool(outbox.queued)):
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
