"""Drones of peace: shows, fields, parcels, searches after a flood; launched and lost, and no attack."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from workers.extract.drafts import Draft
from workers.extract.items import Reading
from workers.extract.quantity import Quantity

_OWN: Final = frozenset({"launched", "lost", "fell", "hit"})
"""What also happens to drones that nobody fights; none of them is shot down."""
_ADRIFT: Final = frozenset({"launched", "lost", "fell"})


class Peace:
    """Whether an article speaks of peaceful drones; looked at only where a claim asks."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._readings = list(readings)
        self._war: bool | None = None
        self._work: bool | None = None

    def holds(self, draft: Draft) -> bool:
        """True for a drone of a show, a field or a search, which is no count of an attack."""
        if draft.object != "drone" or draft.measure not in _OWN or ("towards" in draft.notes and draft.attacker):
            return False
        if _works(draft.reading) and "nation" not in draft.notes and not tells_of_attack(draft.reading):
            return True
        if self._at_war():
            return False
        return self._at_work() or (draft.attacker is None and draft.measure in _ADRIFT)

    def _at_war(self) -> bool:
        if self._war is None:
            self._war = any(map(tells_of_attack, self._readings))
        return self._war

    def _at_work(self) -> bool:
        if self._work is None:
            self._work = any(map(_works, self._readings))
        return self._work


def of_peace(reading: Reading, q: Quantity) -> bool:
    """True for a drone in a sentence of peaceful work: "firefighters used a drone with a thermal camera"."""
    return q.object == "drone" and _works(reading) and not tells_of_attack(reading)


def tells_of_attack(reading: Reading) -> bool:
    """True for a sentence with a word of which every report of an attack has one."""
    return not reading.hints.attack.isdisjoint(reading.tok.words)


def _works(reading: Reading) -> bool:
    """True for a sentence that names a peaceful work of drones, or a calamity in which they help."""
    return any("civil" in cues for cues in reading.marks.cues.values())
