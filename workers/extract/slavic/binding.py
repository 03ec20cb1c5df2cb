"""What became of the numbers of a sentence, step by step."""

from __future__ import annotations

from typing import Final

from workers.extract.slavic.elided import elided, retold
from workers.extract.slavic.labels import tolls, wholes
from workers.extract.slavic.rows import items, rows
from workers.extract.slavic.ties import Clause, Memory, own

_SINGLE: Final = frozenset({"killed", "injured", "intercepted", "hit", "destroyed"})
"""What is told of one thing without a number; "a drone fell" is a way of speaking."""


def bind(clause: Clause, memory: Memory) -> None:
    """Give each number of a sentence its measure, and its object where it leaves the noun out."""
    for count in clause.counts:
        own(clause, count)
    wholes(clause)
    tolls(clause)
    rows(clause)
    retold(clause, memory)
    elided(clause, memory)
    rows(clause)
    items(clause, memory)
    for count in clause.counts:
        if count.way == "single" and count.measure not in _SINGLE:
            count.measure = None
