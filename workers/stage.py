"""The one interface of every room: a record and a view of state in, an outcome out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime
from typing import Generic, TypeVar

from schemas.base import Model
from schemas.topic import Topic
from workers.ports import Cell, Outcome, Timer, View

In = TypeVar("In", bound=Model)


class Stage(ABC, Generic[In]):
    """One room of the pipeline; subclasses are pure: same record, state and time, same outcome."""

    name: str
    reads: Topic
    model: type[In]

    def prefetch(self, record: In) -> Iterable[Cell]:
        """Cells that `decide` will surely ask for; a hint that saves round trips, never needed for being right."""
        return ()

    @abstractmethod
    def decide(self, record: In, view: View, now: datetime) -> Outcome:
        """Decide about one record; may raise Drop, Quarantine or Retry, and lets NotLoaded pass."""

    def fire(self, timer: Timer, view: View, now: datetime) -> Outcome:
        """A timer of this room is due; a room that sets timers overrides this."""
        raise NotImplementedError(f"room {self.name} sets no timers")
