"""Asides between a figure and its verb: "46 people, mostly women and children, were killed"."""

from __future__ import annotations

from typing import Final

from workers.extract.items import Item

_MARKS: Final = frozenset({"comma", "dash"})
_INSIDE: Final = frozenset({"det", "subset", "skip", "adv", "noun", "conj", "w", "prep", "poss", "time"})
_ARTICLES: Final = ("a", "an")
_ENDS: Final = frozenset({"semi", "colon", "stop", "claims"})
_REACH: Final = 12
"""Items of the longest aside between commas."""
_DASHED: Final = 40
"""Items of the longest aside between dashes, which may hold names, ages and homes."""


def past_aside(items: list[Item], n: int) -> int:
    """The item behind an aside that begins at item `n` and that a verb follows; `n` itself where there is none."""
    if n + 1 < len(items) and items[n].word == "of":
        group = n + 2 + (items[n + 1].kind == "det")  # "three men of the group, its commander among them, were"
        end = past_aside(items, group) if items[group - 1].word != "of" else group
        return end if end > group else n
    if n + 1 >= len(items) or items[n].kind not in _MARKS:
        return n
    if items[n].kind == "dash" and (end := _past_dashes(items, n)):
        return end
    named = relative = False
    one_by_one = items[n + 1].word in _ARTICLES  # "a girl, a man of 50 and a woman in her 30s"
    for k in range(n + 1, min(n + (_DASHED if one_by_one else _REACH), len(items) - 1)):
        item = items[k]
        if item.kind == items[n].kind:
            end = _past_age(items, k + 1)
            if _tells(items, end):
                return end if named or end > k + 1 else n
            if not (one_by_one and k + 1 < len(items) and items[k + 1].word in _ARTICLES):
                return n
            continue
        listed = items[n + 1].kind == "subset" and (
            item.kind == "rel" or _one(item) or (item.v is not None and relative)
        )
        placed = item.kind == "geo" and items[k - 1].kind in ("prep", "det")
        aged = item.kind == "dash" and one_by_one
        known = item.kind in _INSIDE or item.word == "them" or aged
        if not (known or _described(item) or placed or listed):
            return n
        relative = relative or item.kind == "rel"
        most = item.kind == "subset" and items[k - 1].kind == "det"  # "most of them elderly"
        named = named or item.q is not None or item.kind == "noun" or most
    return n


def _past_dashes(items: list[Item], n: int) -> int:
    """The verb behind the second of two dashes: "two soldiers - Private Khan, 34, and a cook, 22 - were killed"."""
    for k in range(n + 1, min(n + _DASHED, len(items) - 1)):
        if items[k].kind == "dash":
            return k + 1 if _tells(items, k + 1) else 0
        if items[k].kind in _ENDS:
            break
    return 0


def _past_age(items: list[Item], k: int) -> int:
    """The item behind the age in "a driver, Vasyl Moroz, 51, was hurt"; `k` itself where there is none."""
    aged = k + 1 < len(items) and items[k].word.isdecimal() and items[k + 1].kind == "comma"
    return k + 2 if aged else k


def _described(item: Item) -> bool:
    """True for the figure of "most of them children"."""
    return item.q is not None and item.q.pointing and item.q.noun is not None


def _one(item: Item) -> bool:
    """True for one of those counted before: "among them a nurse"."""
    return item.q is not None and item.q.number.kind == "article"


def _tells(items: list[Item], k: int) -> bool:
    """True where a finite verb stands, which the figure before the aside is the subject of."""
    v = items[k].v if k < len(items) else None
    return v is not None and (v.voice == "passive" or (v.voice == "active" and not v.gerund and not v.infinitive))
