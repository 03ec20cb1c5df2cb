"""Asides between a figure and its verb: "46 people, mostly women and children, were killed"."""

from __future__ import annotations

from typing import Final

from workers.extract.items import Item

_MARKS: Final = frozenset({"comma", "dash"})
_INSIDE: Final = frozenset({"det", "subset", "skip", "adv", "noun", "conj", "w", "prep", "poss", "time"})
_REACH: Final = 12
"""Items of the longest aside."""


def past_aside(items: list[Item], n: int) -> int:
    """The item behind an aside that begins at item `n` and that a verb follows; `n` itself where there is none."""
    if n + 1 >= len(items) or items[n].kind not in _MARKS:
        return n
    named = False
    for k in range(n + 1, min(n + _REACH, len(items) - 1)):
        item = items[k]
        if item.kind == items[n].kind:
            return k + 1 if named and _tells(items, k + 1) else n
        pointing = item.q is not None and item.q.pointing and item.q.noun is not None
        placed = item.kind == "geo" and items[k - 1].kind in ("prep", "det")
        if item.kind not in _INSIDE and not pointing and not placed:
            return n
        named = named or pointing or item.kind == "noun"
    return n


def _tells(items: list[Item], k: int) -> bool:
    """True where a finite verb stands, which the figure before the aside is the subject of."""
    v = items[k].v
    return v is not None and (v.voice == "passive" or (v.voice == "active" and not v.gerund and not v.infinitive))
