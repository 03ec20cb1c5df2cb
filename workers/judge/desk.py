"""The desk of one decision: state as it is being changed, and the effects that pile up until the outcome."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from schemas.alert import Notice
from schemas.base import Model
from schemas.topic import Topic
from workers.ports import Cell, Emit, M, Outcome, Timer, View

ROOM: Final = "judge"


class Desk:
    """Reads through its own changes, so that several windows touched by one record see each other."""

    def __init__(self, view: View, now: datetime) -> None:
        self._view = view
        self.now = now
        self.today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self._writes: dict[Cell, Model | None] = {}
        self._timers: dict[Timer, datetime | None] = {}
        self._emits: list[Emit] = []

    def get(self, cell: Cell, kind: type[M]) -> M | None:
        """The present value of a cell; raises NotLoaded, which the room lets pass."""
        if cell in self._writes:
            value = self._writes[cell]
            assert value is None or isinstance(value, kind)
            return value
        return self._view.get(cell, kind)

    def need(self, cells: Iterable[Cell]) -> None:
        """Have cells loaded in one round trip that will be asked for; raises NotLoaded."""
        self._view.need(cell for cell in cells if cell not in self._writes)

    def put(self, cell: Cell, value: Model | None) -> None:
        """Change a cell."""
        self._writes[cell] = value

    def wake(self, key: str, due: datetime | None) -> None:
        """Set or unset the timer of a seat."""
        self._timers[Timer(ROOM, key)] = due

    def tell(self, notice: Notice) -> None:
        """Publish a notice."""
        self._emits.append(Emit(Topic.ALERTS, notice.alert, notice, notice.id))

    @property
    def told(self) -> bool:
        """Whether any notice was published."""
        return bool(self._emits)

    def outcome(self, reason: str, passed: bool) -> Outcome:
        """All effects under a reason."""
        return Outcome(reason, passed, tuple(self._emits), self._writes, self._timers)
