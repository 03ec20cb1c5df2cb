"""Whose the counted thing itself is: "Ukrainian drones", "Russia's aircraft", "tanks of the Russian army"."""

from __future__ import annotations

from typing import Final

from workers.extract.doers import code_of, of_origin
from workers.extract.drafts import Draft
from workers.extract.items import Reading
from workers.extract.marks import Geo

_DESCENT: Final = frozenset({"nationality", "nationalities", "citizenship", "descent", "extraction"})
"""Behind a nationality: "three workers of Nepalese and Indian nationality" are hurt where they work."""
_REACH: Final = 8


def nation_of(draft: Draft) -> str | None:
    """The side that the words beside a number and its noun give it to."""
    q, reading = draft.q, draft.reading
    if q.nation is not None and not of_origin(reading, q.nation):
        return code_of(q.nation)
    items, n = reading.items, reading.position[id(q)]
    if n >= 2 and items[n - 1].kind == "poss" and (owner := items[n - 2].geo) is not None:
        return code_of(owner)
    for k in (n + 1, n + 2):
        geo = items[k].geo if k < len(items) else None
        if geo is not None and items[k - 1].word == "of" and geo.acts and not _is_by_descent(reading, geo):
            return code_of(geo)
    return None


def _is_by_descent(reading: Reading, geo: Geo) -> bool:
    """True where the words only say where something or somebody is from."""
    return of_origin(reading, geo) or not _DESCENT.isdisjoint(reading.tok.words[geo.j : geo.j + _REACH])
