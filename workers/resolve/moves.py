"""What one article changes: the slots it touches, and the claims that thereby leave or join incidents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from schemas.incident import Claim
from workers.resolve.cells import Group, IncidentKey, Slot
from workers.resolve.slots import REACH, around, changed, home_of, key_of


class At(NamedTuple):
    """The address of a slot."""

    object: str
    day: date


@dataclass
class Move:
    """What happens to one incident: claims that leave it by event id, claims that join it, where the leaving go."""

    leave: set[str] = field(default_factory=set)
    join: dict[str, Claim] = field(default_factory=dict)
    to: set[str] = field(default_factory=set)


class Moves(NamedTuple):
    """The slots as they are to be written, and what happens to which incident."""

    slots: dict[At, Slot]
    incidents: dict[IncidentKey, Move]


def moves(gone: Iterable[Group], come: Iterable[Group], slot_at: Callable[[At], Slot]) -> Moves:
    """The effects of an article's groups going and coming, given the slots as they are now."""
    gone, come = tuple(gone), tuple(come)
    touched = _touched((*gone, *come))
    old = {at: slot_at(at) for at in _near(touched, 2 * REACH)}
    new = dict(old)
    for at in touched:
        new[at] = changed(old[at], _of(gone, at), _of(come, at))
    incidents: dict[IncidentKey, Move] = defaultdict(Move)
    around_touched = sorted(set(_near(touched, REACH)))
    before = _homes([*gone, *_open(old, around_touched)], old)
    after = _homes([*come, *_open(new, around_touched)], new)
    for name in sorted(before.keys() | after.keys(), key=str):
        _move(before.get(name), after.get(name), incidents)
    return Moves({at: new[at] for at in touched}, dict(incidents))


def near(groups: Iterable[Group]) -> list[At]:
    """The slots that decide where groups belong, and with them all that may move when these come or go."""
    return sorted(set(_near(_touched(groups), 2 * REACH)))


def _touched(groups: Iterable[Group]) -> list[At]:
    return sorted({At(group.object, group.date) for group in groups})


def _near(touched: Iterable[At], reach: int) -> Iterator[At]:
    return (At(at.object, day) for at in touched for day in around(at.day, reach))


def _of(groups: Iterable[Group], at: At) -> list[Group]:
    return [group for group in groups if (group.object, group.date) == at]


def _open(slots: Mapping[At, Slot], where: Iterable[At]) -> Iterator[Group]:
    return (group for at in where for group in slots[at].open)


Settled = tuple[IncidentKey, Group]


def _homes(groups: Iterable[Group], slots: Mapping[At, Slot]) -> dict[object, Settled]:
    """Where groups belong, by what names them."""
    settled: dict[object, Settled] = {}
    for group in groups:
        days = {day: slots[At(group.object, day)] for day in around(group.date, REACH)}
        settled[group.article, group.object, group.date, key_of(group)] = (home_of(group, days), group)
    return settled


def _move(before: Settled | None, after: Settled | None, incidents: dict[IncidentKey, Move]) -> None:
    if before == after:
        return
    if before:
        incidents[before[0]].leave |= {claim.event for claim in before[1].claims}
        if after and after[0] != before[0]:
            incidents[before[0]].to.add(after[0].id)
    if after:
        incidents[after[0]].join |= {claim.event: claim for claim in after[1].claims}
