"""Numbers of a stretch of tokens in one form, whether they are written in digits or in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from workers.dedupe.lexicons import ADDENDS, SCALES, VAGUE

WEAK: Final = frozenset({"1", "second", "first"})
"""Figures that also stand where nothing is counted ("one of them"): new ones alone prove nothing."""

WORDS: Final = ADDENDS.keys() | SCALES.keys() | VAGUE.keys()
"""Every word that is a number or a part of one."""


def is_figure(form: str) -> bool:
    """Whether a token is a number or a part of one."""
    return form in WORDS or form[0].isdecimal()


def figures(forms: Iterable[str]) -> Counter[str]:
    """The numbers of a stretch of text, each in its shortest decimal form; vague ones by their names."""
    found: Counter[str] = Counter()
    run: list[str] = []
    for form in forms:
        if form in WORDS or form[0].isdecimal():
            if form not in VAGUE or (run and form in SCALES):
                run.append(form)
                continue
            found[VAGUE[form]] += 1
        if run:
            _close(run, found)
    if run:
        _close(run, found)
    return found


def _close(run: list[str], found: Counter[str]) -> None:
    """Read a run of number tokens: words add up, scales multiply, digits stand for themselves."""
    value: float | None = None
    for form in run:
        if form in SCALES:
            value = (1 if value is None else value) * SCALES[form]
        elif form in ADDENDS and value is not None and value == int(value) and ADDENDS[form] < _room(int(value)):
            value += ADDENDS[form]
        else:
            _count(value, found)
            value = _number(form, found)
    _count(value, found)
    run.clear()


def _room(value: int) -> int:
    """What may still be added to a number in words: units to twenty, anything below a hundred to two hundred."""
    if 10 <= value % 100 < 20:
        return 1
    room = 1
    while value and value % 10 == 0:
        value, room = value // 10, room * 10
    return room


def _number(form: str, found: Counter[str]) -> float | None:
    if form in ADDENDS:
        return ADDENDS[form]
    try:
        return float(form)
    except ValueError:  # a time of day, a score, a version: 10:30, 1.2.3
        found[form] += 1
        return None


def _count(value: float | None, found: Counter[str]) -> None:
    if value is not None:
        found[f"{value:.6f}".rstrip("0").rstrip(".")] += 1
