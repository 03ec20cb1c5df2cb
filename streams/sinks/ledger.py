"""How the end of an attempt is written down: queue, timer, record and counts in one commit, tried until it holds.

While a send is under way the queue may grow; then the commit meets a conflict, and only the writing is done
again, never the sending.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from schemas.base import Model
from schemas.notification import Notification
from schemas.topic import Topic
from streams.clock import Clock
from streams.runtimes.base import Commit, Count, Due, Runtime, Verdict
from streams.sinks.base import Refused, Sent
from workers.deliver.cells import Outbox, Pending
from workers.deliver.queue import (
    SEND,
    address,
    after_attempt,
    append,
    at_once,
    outbox_cell,
    requeue,
    send_timer,
    without_head,
)
from workers.ports import Cell, Emit

log = logging.getLogger("nightwire.outbox")

Change = Callable[["Page"], None]


class Page:
    """One commit in the making, with the queues that it rests on."""

    def __init__(self, commit: Commit, queues: dict[Cell, Outbox]) -> None:
        self.commit = commit
        self._queues = queues

    def queue(self, cell: Cell) -> Outbox:
        """A queue as loaded, or as written before on this page."""
        return self._queues[cell]

    def write(self, cell: Cell, queue: Outbox, due: datetime | None) -> None:
        """Replace a queue and set the timer of its head."""
        self._queues[cell] = queue
        self.commit.writes[cell] = queue
        self.commit.timers[send_timer(queue.lane, queue.alert)] = due if queue.items else None


class Ledger:
    """Writes down what became of notifications."""

    def __init__(self, runtime: Runtime, clock: Clock) -> None:
        self._runtime = runtime
        self._clock = clock

    async def move(self, due: Due, to: datetime | None) -> None:
        """Move a timer, or let it go when its queue is empty."""
        commit = Commit(room=SEND, at=self._clock.now(), fired=[due])
        commit.timers = {due.timer: to} if to else {}
        await self._runtime.commit(commit)

    async def postpone(self, due: Due, head: Pending, why: str, to: datetime) -> bool:
        """Count a failed attempt and set the time of the next."""
        cell = outbox_cell(*address(due.timer))
        log.info("notification %s: %s; next attempt at %s", head.id, why, to.isoformat(timespec="seconds"))
        return await self._commit(
            [cell], due, head, lambda page: page.write(cell, after_attempt(page.queue(cell), why), to)
        )

    async def finish(self, due: Due, head: Pending, result: Sent | Refused, fallback: Sequence[str]) -> bool:
        """Take a notification off its queue, publish how it ended, and hand it to the fallback if it died."""
        lane, alert = address(due.timer)
        cell = outbox_cell(lane, alert)
        dead = result.why if isinstance(result, Refused) else None
        others = [outbox_cell(other, alert) for other in fallback] if dead else []
        if dead:
            log.error("notification %s to %s is dead: %s", head.id, lane, dead)

        def change(page: Page) -> None:
            rest = without_head(page.queue(cell))
            page.write(cell, rest, at_once(rest.items[0].queued) if rest.items else None)
            for other in others:
                _hand_over(page, other, head, lane)
            _publish(page.commit, self._ended(lane, head, dead))

        return await self._commit([cell, *others], due, head, change)

    async def try_again(self, notification: Notification) -> None:
        """Have a notification sent at once: one that died is queued at its place, of one that waits the wait ends."""
        cell = outbox_cell(notification.receiver, notification.notice.alert)
        item = Pending(
            id=notification.id,
            notice=notification.notice,
            queued=self._clock.now(),
            instead_of=notification.instead_of,
        )
        while True:
            page = await self._open([cell])
            page.write(cell, requeue(page.queue(cell), item), at_once(item.queued))
            if await self._runtime.commit(page.commit) is Verdict.COMMITTED:
                return

    def _ended(self, lane: str, head: Pending, dead: str | None) -> Notification:
        ended = {
            "status": "dead" if dead else "delivered",
            "attempts": head.attempts + 1,
            "finished": self._clock.now(),
            "error": dead,
        }
        return head.notification(lane).model_copy(update=ended)

    async def _commit(self, cells: list[Cell], due: Due, head: Pending, change: Change) -> bool:
        while True:
            page = await self._open(cells)
            queue = page.queue(cells[0])
            if not queue.items or queue.items[0].id != head.id:
                return False  # somebody else has finished it: it was sent twice under one id
            page.commit.fired.append(due)
            change(page)
            verdict = await self._runtime.commit(page.commit)
            if verdict is not Verdict.CONFLICT:
                return verdict is Verdict.COMMITTED

    async def _open(self, cells: list[Cell]) -> Page:
        loaded = await self._runtime.load(cells)
        commit = Commit(room=SEND, at=self._clock.now())
        commit.expected = {cell: loaded[cell].version for cell in cells}
        return Page(commit, {cell: _queue(cell, loaded[cell].value) for cell in cells})


def _queue(cell: Cell, value: Model | None) -> Outbox:
    lane, _, alert = cell.key.partition("|")
    return value if isinstance(value, Outbox) else Outbox(lane=lane, alert=alert)


def _hand_over(page: Page, cell: Cell, head: Pending, lane: str) -> None:
    queue = page.queue(cell)
    longer = append(queue, head.notice, page.commit.at, instead_of=lane)
    if longer is not queue and not queue.items:
        page.write(cell, longer, at_once(page.commit.at))
    elif longer is not queue:
        page.commit.writes[cell] = longer


def _publish(commit: Commit, notification: Notification) -> None:
    dead = notification.status == "dead"
    name = f"{notification.id}-dead" if dead else notification.id
    commit.emits.append((Emit(Topic.NOTIFICATIONS, notification.notice.alert, notification, name), commit.at))
    commit.counts = {
        Count(SEND, "in", ""): 1,
        Count(SEND, "quarantined" if dead else "out", notification.status): 1,
        Count(SEND, "emitted", Topic.NOTIFICATIONS.value): 1,
    }
