"""Where a count belongs that names no place: to the ground of the mayor or governor who tells it, or of its subject."""

from __future__ import annotations

from typing import Final

from workers.extract.drafts import FLOWN, Draft
from workers.extract.items import Item, Reading
from workers.extract.marks import Geo

_LOCAL: Final = frozenset({"mayor", "governor", "regional governor", "head of the region", "military administration"})
"""Offices that speak for one town or region and never for the country."""
_HEADS: Final = frozenset({"head", "leader", "chief"})
"""The same in front of the name of a region: "the head of the neighbouring Tula region"."""
_KINDS: Final = frozenset({"region", "city", "district"})
_BESIDE: Final = 4
"""Items between an office and its ground: "governor of the Moscow region", "Moscow's acting mayor"."""
_NAMES: Final = 2
"""Words of a name behind an office: "Mayor Ihor Terekhov"."""
_NAME: Final = 4
"""Letters of a name that is told again by whom a claim is told."""


def remit_of(draft: Draft) -> Geo | None:
    """The ground that a claim without a place is about, where its sentence tells it."""
    elsewhere = draft.attachment_reading is not draft.reading and draft.way != "retold"
    if draft.measure not in FLOWN or elsewhere:
        return None
    return _defender(draft) or (_office(draft.reading, draft.q.i) if draft.claimed_by is not None else None)


def told_locally(draft: Draft) -> bool:
    """True for a count that a mayor or governor tells, though the sentence names no ground."""
    if draft.claimed_by is None or draft.measure not in FLOWN:
        return False
    raw = draft.reading.tok.raw
    offices = [item for item in draft.reading.items if item.kind == "office" and item.word in _LOCAL]
    return any(
        word in draft.claimed_by
        for office in offices
        for word in raw[office.i : office.j + _NAMES]
        if len(word) >= _NAME
    )


def _defender(draft: Draft) -> Geo | None:
    """ "The Tula region shot down 11": a region or town that does it; a capital may be the state."""
    tie = draft.attachment
    if tie is None or tie.item.v is None or tie.item.v.voice != "active" or draft.measure != "intercepted":
        return None
    items = draft.reading.items
    n = draft.reading.items.index(tie.item)
    geo = items[n - 1].geo if n else None
    return geo if geo is not None and _is_ground(geo) and not geo.capital and n - 1 <= 1 else None


def _office(reading: Reading, token: int) -> Geo | None:
    """The ground of the last such office before a number."""
    items = reading.items
    offices = [n for n, item in enumerate(items) if item.i < token and _is_office(item, items, n)]
    return _ground(reading, items, offices[-1]) if offices else None


def _is_office(item: Item, items: list[Item], n: int) -> bool:
    """True for "governor", and for the head in "the head of the neighbouring Tula region"."""
    if item.kind == "office":
        return item.word in _LOCAL
    return item.word in _HEADS and n + 1 < len(items) and items[n + 1].word == "of"


def _ground(reading: Reading, items: list[Item], n: int) -> Geo | None:
    """The place in front of an office or behind its "of"."""
    front = items[n - 1] if n else None
    if front is not None and front.kind == "poss" and n > 1:
        front = items[n - 2]
    if front is not None and front.geo is not None and _is_ground(front.geo):
        return front.geo
    if n + 1 >= len(items) or items[n + 1].word != "of":
        return None
    behind = (item.geo for item in items[n + 2 : n + 2 + _BESIDE] if item.geo is not None)
    geo = next(behind, None)
    return geo if geo is not None and _is_ground(geo) else None


def _is_ground(geo: Geo) -> bool:
    return geo.place is not None and geo.form == "noun" and geo.kind in _KINDS
