"""Where a count belongs that names no place: to the ground of the mayor or governor who tells it, or of its subject."""

from __future__ import annotations

from typing import Final

from workers.extract.drafts import FLOWN, Draft
from workers.extract.items import Item, Reading
from workers.extract.marks import Geo
from workers.extract.offices import ground_of, is_ground
from workers.extract.spots import definite

_NAMES: Final = 2
"""Words of a name behind an office: "Mayor Ihor Terekhov"."""
_SORTS: Final = {
    "region": "region", "oblast": "region", "province": "region", "city": "city", "town": "city", "port": "city",
}  # fmt: skip
_SENTENCES: Final = 3
"""Sentences back in which the ground of "over the region" is named."""
_NAME: Final = 4
"""Letters of a name that is told again by whom a claim is told."""


def remit_of(draft: Draft) -> Geo | None:
    """The ground that a claim without a place is about, where its sentence tells it."""
    elsewhere = draft.attachment_reading is not draft.reading and draft.way != "retold"
    if draft.measure not in FLOWN or elsewhere:
        return None
    office = _office(draft.reading, draft.q.i) if draft.claimed_by is not None else None
    return _defender(draft) or office or _named_before(draft)


def _named_before(draft: Draft) -> Geo | None:
    """The one ground of its sort in the sentences before: "over the region", "at the city"."""
    kind = _SORTS.get(definite(draft) or "")
    reading: Reading | None = draft.reading
    for _ in range(_SENTENCES if kind else 0):
        reading = (reading.passed or reading.previous) if reading is not None else None
        if reading is None or reading.field != draft.reading.field:
            return None
        grounds = [g for g in reading.marks.geo.values() if g.place is not None and _is_of_sort(reading, g, kind)]
        if grounds:
            return grounds[0] if len({g.place and g.place.name for g in grounds}) == 1 else None
    return None


def _is_of_sort(reading: Reading, geo: Geo, kind: str | None) -> bool:
    """True for a region or town by its name, and for the "Odesa" of "the Odesa regional administration"."""
    return is_ground(geo) and (geo.kind == kind or (kind == "region" and reading.tok.word(geo.j) == "regional"))


def told_locally(draft: Draft) -> bool:
    """True for a count that a mayor or governor tells, though the sentence names no ground."""
    if draft.claimed_by is None or draft.measure not in FLOWN:
        return False
    raw = draft.reading.tok.raw
    offices = [item for item in draft.reading.items if _is_local(draft.reading, item)]
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
    if draft.attachment_reading is not draft.reading:
        return None
    items = draft.reading.items
    n = draft.reading.items.index(tie.item)
    geo = items[n - 1].geo if n else None
    return geo if geo is not None and is_ground(geo) and not geo.capital and n - 1 <= 1 else None


def _office(reading: Reading, token: int) -> Geo | None:
    """The ground of the last such office before a number."""
    before = [n for n, item in enumerate(reading.items) if item.i < token and _is_local(reading, item)]
    return ground_of(reading.items, before[-1]) if before else None


def _is_local(reading: Reading, item: Item) -> bool:
    """True for "governor", and for the head in "the head of the neighbouring Tula region"."""
    if item.kind != "office":
        return False
    return item.word in reading.hints.heads or " ".join(reading.tok.words[item.i : item.j]) in reading.hints.local
