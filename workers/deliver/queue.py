"""The outbox as values: its address, and how a notification is added, taken off and put back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from schemas.alert import Notice
from schemas.base import digest
from workers.deliver.cells import Outbox, Pending
from workers.ports import Cell, Timer
from workers.tables import DELIVER_OUTBOX

SEND: Final = "send"
"""The room of the outbox's timers and counts; it runs on the wall clock, also in a replay."""

_ORIGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SHRINK: Final = 1000

REMEMBERED: Final = 256
"""Revisions of one alert by which a notice that comes again is recognised; in a queue older ones count as seen."""


def outbox_cell(lane: str, alert: str) -> Cell:
    """The cell of one lane and alert."""
    return Cell(DELIVER_OUTBOX, f"{lane}|{alert}")


def send_timer(lane: str, alert: str) -> Timer:
    """The timer that says when the head of a queue is due."""
    return Timer(SEND, f"{lane}|{alert}")


def address(timer: Timer) -> tuple[str, str]:
    """The lane and the alert of a timer of the room `send`."""
    lane, _, alert = timer.key.partition("|")
    return lane, alert


def at_once(queued: datetime) -> datetime:
    """A time that is past by any clock and keeps the order of queueing.

    Queueing happens on the pipeline's clock, which a replay may run anywhere in time; sending never does.
    """
    return _ORIGIN + (queued - _ORIGIN) / _SHRINK


def notification_id(notice: Notice, lane: str) -> str:
    """The idempotency key of one notice to one lane."""
    return digest("notification", notice.alert, notice.revision, lane)


def append(outbox: Outbox, notice: Notice, now: datetime, instead_of: str | None = None) -> Outbox:
    """The queue with a notice at its end; a revision that was queued before changes nothing."""
    if notice.revision in outbox.queued or (len(outbox.queued) == REMEMBERED and notice.revision < outbox.queued[0]):
        return outbox
    item = Pending(id=notification_id(notice, outbox.lane), notice=notice, queued=now, instead_of=instead_of)
    return outbox.model_copy(update={"queued": _known(outbox, notice), "items": (*outbox.items, item)})


def requeue(outbox: Outbox, item: Pending) -> Outbox:
    """The queue with a dead notification at its place by revision; one that waits there stays as it is."""
    if any(other.id == item.id for other in outbox.items):
        return outbox
    items = sorted([*outbox.items, item], key=lambda other: other.notice.revision)
    return outbox.model_copy(update={"queued": _known(outbox, item.notice), "items": tuple(items)})


def _known(outbox: Outbox, notice: Notice) -> tuple[int, ...]:
    """The revisions that are remembered of a queue that takes a notice in."""
    return tuple(sorted({*outbox.queued, notice.revision}))[-REMEMBERED:]


def after_attempt(outbox: Outbox, error: str) -> Outbox:
    """The queue after its head was tried in vain."""
    head, *rest = outbox.items
    tried = head.model_copy(update={"attempts": head.attempts + 1, "error": error})
    return outbox.model_copy(update={"items": (tried, *rest)})


def without_head(outbox: Outbox) -> Outbox:
    """The queue after its head was finished."""
    return outbox.model_copy(update={"items": outbox.items[1:]})
