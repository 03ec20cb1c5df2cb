"""Who speaks for a town or region: governors and mayors by their own word, heads and leaders beside its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from workers.extract.marks import Geo

if TYPE_CHECKING:
    from workers.extract.items import Item

_KINDS: Final = frozenset({"region", "city", "district"})
_BESIDE: Final = 4
"""Items between an office and its ground: "head of the neighbouring Tula region", "Moscow's acting mayor"."""
_OWNED: Final = frozenset({"w", "poss"})
_BETWEEN: Final = frozenset({"det", "w", "adv", "dash"})


def ground_of(items: Sequence[Item], n: int) -> Geo | None:
    """The town or region in front of the office at item `n`, or behind its "of"."""
    k = n - 1
    while k > max(0, n - _BESIDE) and items[k].kind in _OWNED:
        k -= 1
    front = items[k].geo if k >= 0 else None
    if front is not None and is_ground(front):
        return front
    if n + 1 >= len(items) or items[n + 1].word != "of":
        return None
    for item in items[n + 2 : n + 2 + _BESIDE]:
        if item.geo is not None and item.geo.form == "noun":
            return item.geo if is_ground(item.geo) else None
        if item.geo is None and item.kind not in _BETWEEN:
            break
    return None


def is_ground(geo: Geo) -> bool:
    """True for a town or region by its name, which somebody can govern."""
    return geo.place is not None and geo.form == "noun" and geo.kind in _KINDS


def name_heads(items: Sequence[Item], heads: frozenset[str]) -> None:
    """Make offices of "the head of Crimea" and "Chechnya's leader"; other heads are words like any other."""
    for n, item in enumerate(items):
        if item.word in heads and item.kind == "w" and ground_of(items, n) is not None:
            item.kind = "office"
