"""Times in English text, and the night, day or longer that a mention means for an article of a given hour."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.extract.nights_atoms import Atom, atoms
from workers.extract.nights_desk import day_of_writing
from workers.extract.nights_model import Kind, PartialDate, TimeMention, Timespan
from workers.extract.nights_read import read
from workers.extract.nights_resolve import resolve
from workers.extract.nights_table import DATES, PARTS

__all__ = [
    "Kind",
    "PartialDate",
    "TimeMention",
    "Timespan",
    "day_of_writing",
    "find_times",
    "resolve",
]

_GLUE = re.compile(
    r"(?:['’]s)?[ \n,(–—-]{0,3}(?:(?:attacks?|strikes?|raids?|barrage|assault|bombardment) )?"
    r"(?:[a-z]{2,12} time,? )?"
    r"(?:(?:on|of|in|at|this|into|to|from|till|until|through|the|by|local time|between|late|early|going into"
    r"|leading into|prior to)[ ,]{1,2}){0,3}[(]?",
    re.IGNORECASE,
)
_AND = re.compile(
    r",? (?:and|to|into|or|until|through)(?: (?:early|late|on|the|of|into))? |\s?[-–—/]\s?", re.IGNORECASE
)
_GLUE_REACH = 24  # characters
_ALONE = frozenset({"hours24", "since", "future", "ago", "span", "rate"})
_SORTS = dict.fromkeys(DATES, "date") | dict.fromkeys(PARTS, "part")
_RANGE = frozenset({"date", "part", "weekday", "clock", "yesterday", "today", "past"})


def find_times(text: str) -> list[TimeMention]:
    """All mentions of time from left to right, none overlapping; neighbours as in "overnight on Tuesday" are one."""
    found: list[TimeMention] = []
    group: list[Atom] = []
    for atom in atoms(text):
        if group and _joined(text, group, atom):
            group.append(atom)
            continue
        _close(text, group, found)
        group = [atom]
    _close(text, group, found)
    return found


def _close(text: str, group: Sequence[Atom], found: list[TimeMention]) -> None:
    """Add what a run of atoms says, unless it is empty or a bare "since" with nothing after it."""
    if group and not (len(group) == 1 and group[0].name == "sincebare"):
        found.append(read(text, group))


def _joined(text: str, group: Sequence[Atom], atom: Atom) -> bool:
    """Whether an atom goes on with the expression before it."""
    last = group[-1]
    if atom.start - last.end > _GLUE_REACH or last.name in _ALONE or atom.name in _ALONE or atom.name == "sincebare":
        return False
    gap, sort, before = text[last.end : atom.start], _sort(atom), _sort(last)
    if before == "sincebare":
        return sort in _RANGE and _GLUE.fullmatch(gap) is not None
    if _AND.fullmatch(gap):
        return sort == before or {sort, before} <= _RANGE
    return _GLUE.fullmatch(gap) is not None and not ("," in gap and sort in map(_sort, group))


def _sort(atom: Atom) -> str:
    """The sort of an atom: a comma alone parts two of one sort."""
    return _SORTS.get(atom.name, atom.name)
