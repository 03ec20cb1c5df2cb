"""One alert as the board holds it: all its notices by revision, and who was told."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

from schemas.alert import Notice
from schemas.notification import Notification

ENDED: Final = frozenset({"resolve", "withdraw", "close"})
"""Notices after which an alert is not open."""

KEEP_NOTICES: Final = 200
"""Notices and deliveries of one alert: of a longer history the first notice and the latest ones are kept."""


@dataclass(slots=True)
class AlertHistory:
    """One alert: all its notices by revision, and who was told."""

    notices: list[Notice] = field(default_factory=list)
    deliveries: OrderedDict[str, Notification] = field(default_factory=OrderedDict)

    @property
    def latest(self) -> Notice:
        """The state of the alert."""
        return self.notices[-1]

    @property
    def open(self) -> bool:
        """Whether the alert still stands."""
        return self.latest.notice not in ENDED

    def add(self, notice: Notice) -> None:
        """Put a notice in its place; one that came before is not added again."""
        if all(known.id != notice.id for known in self.notices):
            self.notices.append(notice)
            self.notices.sort(key=lambda each: each.revision)
            del self.notices[1 : max(1, len(self.notices) - KEEP_NOTICES + 1)]

    def tell(self, notification: Notification) -> None:
        """Keep what became of a delivery; its last state counts."""
        put(self.deliveries, notification.id, notification, KEEP_NOTICES)


def put(onto: OrderedDict[str, Any], key: str, value: object, keep: int) -> None:
    """Add as the newest entry and forget the oldest beyond `keep`."""
    onto[key] = value
    onto.move_to_end(key)
    while len(onto) > keep:
        onto.popitem(last=False)
