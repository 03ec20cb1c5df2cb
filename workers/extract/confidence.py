"""How sure a claim is: by the construction that bound it, and by how its roles were found."""

from __future__ import annotations

from typing import Final

from workers.extract.drafts import Draft

_BY_WAY: Final = {
    "object": 0.95,
    "passive": 0.95,
    "instrument": 0.92,
    "reduced": 0.92,
    "nominal": 0.9,
    "listed": 0.93,
    "relative": 0.88,
    "described": 0.85,
    "subject": 0.85,
    "counted": 0.85,
    "whole": 0.9,
    "all": 0.9,
    "accounted": 0.9,
    "total": 0.8,
    "retold": 0.8,
    "premodifier": 0.7,
}
_BY_NUMBER: Final = {"article": 0.3, "vague": 0.15, "ordinal": 0.15, "anaphor": 0.1}
"""What the kind of number costs: "a drone" is as often a way of speaking as a count of one."""
_UNNAMED: Final = (0.0, 0.15, 0.2)
"""What it costs that no side, one or both are not told."""
_WEAK_NOTES: Final = {"neighbour": 0.02, "speaker": 0.01}


def confidence(draft: Draft) -> float:
    """A share between 0 and 1: of claims told with it, about so many are right."""
    sure = _BY_WAY.get(draft.way, 0.6)
    if draft.q.elided and draft.way not in ("listed", "accounted", "total", "retold"):
        sure -= 0.08
    sure -= _BY_NUMBER.get(draft.q.number.kind, 0.0)
    sure -= sum(cost for note, cost in _WEAK_NOTES.items() if note in draft.notes)
    if draft.object != "person":
        sure -= _UNNAMED[(draft.attacker is None) + (draft.target is None)]
    if draft.recap or draft.status != "asserted":
        sure -= 0.05
    if draft.period == "unknown":
        sure -= 0.05
    return round(max(0.05, min(0.99, sure)), 2)
