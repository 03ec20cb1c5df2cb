"""How deliveries stand: those that wait in the queues of the outbox, and the last word on the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.notification import Notification
from schemas.topic import Topic
from streams.explain.records import load_all, quoted, written
from streams.runtimes.base import Runtime
from workers.deliver.cells import Outbox
from workers.deliver.queue import SEND, address, outbox_cell

MOST: Final = 10_000
"""Queues that are looked through, those first that are due first."""
AHEAD: Final = timedelta(days=400)
"""Longer than any notification waits for its next attempt."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One notification; `due` is the next attempt at what waits at the head of its queue."""

    notification: Notification
    due: datetime | None = None


async def standing(runtime: Runtime, now: datetime) -> dict[str, Standing]:
    """All notifications by id: those that wait, oldest first, then those that have ended, the latest first.

    One that died and was queued again waits. `now` is the wall clock's time.
    """
    found = await waiting(runtime, now)
    for name, notification in reversed((await last_words(runtime)).items()):
        found.setdefault(name, Standing(notification))
    return found


async def waiting(runtime: Runtime, now: datetime) -> dict[str, Standing]:
    """What waits in the outbox, by id, oldest first."""
    dues = {outbox_cell(*address(due.timer)): due.due for due in await runtime.due(SEND, now + AHEAD, MOST)}
    boxes = await load_all(runtime, dues, Outbox)
    found = [
        Standing(item.notification(box.lane), max(dues[cell], now) if item is box.items[0] else None)
        for cell, box in boxes.items()
        for item in box.items
    ]
    return {each.notification.id: each for each in sorted(found, key=lambda each: each.notification.queued)}


async def last_words(runtime: Runtime, *texts: str) -> dict[str, Notification]:
    """How notifications ended, by id, in the order of their ends; with texts only of records that hold one of them."""
    found: dict[str, Notification] = {}
    async for record in runtime.mentioning(Topic.NOTIFICATIONS, *(texts or (written("receiver", ""),))):
        if isinstance(record.model, Notification):
            found.pop(record.model.id, None)
            found[record.model.id] = record.model
    return found


async def notifications_of(runtime: Runtime, alert: str) -> tuple[Notification, ...]:
    """How the deliveries of one alert ended."""
    found = (await last_words(runtime, quoted(alert))).values()
    return tuple(each for each in found if each.notice.alert == alert)
