"""The three fates of a record that cannot be processed: retry it, drop it, or put it aside."""

from __future__ import annotations


class StageError(Exception):
    """A fate with a named reason; `detail` is one line for the person who looks at it later."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Retry(StageError):
    """Something outside is not there right now; the record stays unacknowledged and comes again."""


class Drop(StageError):
    """The record is understood and not wanted; it is counted under its reason and gone."""


class Quarantine(StageError):
    """The record cannot be understood; it goes to the topic `dead-letters` and can be run again."""
