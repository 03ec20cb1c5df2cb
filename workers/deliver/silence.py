"""Silences at work: what is held back, when it is looked at again, and what is told when a silence ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.alert import ENDINGS, Notice
from schemas.base import Model
from schemas.silence import Silence
from workers.deliver.queue import REMEMBERED
from workers.deliver.silence_cells import Held, SilenceBook
from workers.errors import Drop
from workers.ports import Cell, Outcome, Timer, View
from workers.reasons import Reason
from workers.tables import DELIVER_HELD, DELIVER_SILENCES

ROOM: Final = "deliver"
KEPT: Final = timedelta(days=30)
"""How long an ended silence stays on the list."""
MOST: Final = 500
"""Silences that one book holds; more than that are a rule that should be changed."""

BOOK: Final = Cell(DELIVER_SILENCES, "book")


def held_cell(alert: str) -> Cell:
    """Where the notices of an alert wait for the end of a silence."""
    return Cell(DELIVER_HELD, alert)


def held_timer(alert: str) -> Timer:
    """The alarm at the end of the silence over an alert."""
    return Timer(ROOM, f"held|{alert}")


def alert_of(timer: Timer) -> str:
    """The alert of an alarm."""
    return timer.key.partition("|")[2]


def silencing(book: SilenceBook, notice: Notice, now: datetime) -> tuple[Silence, ...]:
    """The silences that hold a notice back now, the one that ends last at the end."""
    holding = (silence for silence in book.silences if silence.active(now) and silence.covers(notice))
    return tuple(sorted(holding, key=lambda silence: (silence.ends, silence.id)))


@dataclass(frozen=True, slots=True)
class Desk:
    """The silences as one notice finds them."""

    book: SilenceBook
    held: Held
    now: datetime

    @classmethod
    def of(cls, alert: str, view: View, now: datetime) -> Desk:
        """Read the book and what is held of an alert."""
        held = view.get(held_cell(alert), Held) or Held(alert=alert)
        return cls(view.get(BOOK, SilenceBook) or SilenceBook(), held, now)

    def hold(self, notice: Notice, silences: tuple[Silence, ...]) -> Outcome:
        """Put a notice where it waits for the end of the last silence."""
        first = self.held.waiting is None
        latest = notice if first or notice.revision > _revision(self.held) else self.held.waiting
        seen = tuple(sorted({*self.held.revisions, notice.revision}))[-REMEMBERED:]
        names = tuple(dict.fromkeys([*self.held.silences, *(silence.id for silence in silences)]))
        held = Held(alert=notice.alert, waiting=latest, revisions=seen, silences=names, released=self.held.released)
        writes: dict[Cell, Model | None] = {held_cell(notice.alert): held}
        if first:
            writes[BOOK] = self.book.model_copy(update={"holding": (*self.book.holding, notice.alert)})
        timers = {held_timer(notice.alert): silences[-1].ends}
        return Outcome(Reason.SILENCED, passed=False, writes=writes, timers=timers)

    def let_go(self) -> dict[Cell, Model | None]:
        """The writes after which nothing of the alert waits."""
        held = self.held.model_copy(update={"waiting": None, "released": self.now})
        holding = tuple(alert for alert in self.book.holding if alert != self.held.alert)
        return {held_cell(self.held.alert): held, BOOK: self.book.model_copy(update={"holding": holding})}


def _revision(held: Held) -> int:
    return held.waiting.revision if held.waiting else 0


def after_silence(notice: Notice) -> Notice:
    """What is told when a silence ends: an alert that is open is opened with its latest state; an end stays one."""
    if notice.notice in ENDINGS:
        return notice
    return notice.model_copy(update={"notice": "open", "reason": "silence-ended"})


def begin_silence(silence: Silence, view: View, now: datetime) -> Outcome:
    """Write a silence into the book; raises Drop when it is there or the book is full."""
    book = view.get(BOOK, SilenceBook) or SilenceBook()
    kept = tuple(each for each in book.silences if now - each.ends < KEPT)
    if any(each.id == silence.id for each in kept):
        raise Drop(Reason.ALREADY_SEEN, f"silence {silence.id} is there already")
    if len(kept) >= MOST:
        raise Drop(Reason.INVALID, f"there are {MOST} silences; end some, or change the rules that need them")
    return Outcome(Reason.PASSED, writes={BOOK: book.model_copy(update={"silences": (*kept, silence)})})


def end_silence(name: str, view: View, now: datetime) -> Outcome:
    """End a silence before its time and have what it holds looked at at once; raises Drop when it is not active."""
    book = view.get(BOOK, SilenceBook) or SilenceBook()
    found = next((each for each in book.silences if each.id == name), None)
    if found is None or not found.active(now):
        raise Drop(Reason.NOT_OPEN, f"no silence {name} is active")
    silences = tuple(_ended(book.silences, name, now))
    timers = {held_timer(alert): now for alert in book.holding}
    return Outcome(Reason.PASSED, writes={BOOK: book.model_copy(update={"silences": silences})}, timers=timers)


def _ended(silences: Iterable[Silence], name: str, now: datetime) -> Iterable[Silence]:
    return (each.model_copy(update={"ends": now}) if each.id == name else each for each in silences)
