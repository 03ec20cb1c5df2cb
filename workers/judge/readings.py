"""Readings: what the items of a window come to, by the aggregate that the rule names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final

from schemas.event import Qualifier
from schemas.rule_terms import ValueOf
from workers.judge.cells import Member

Number = float | int
Entry = tuple[str, Member]


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a window, and the ids of the items behind it, the one that decides first."""

    value: Number | None
    qualifier: Qualifier = "exact"
    items: tuple[str, ...] = ()


def _number(member: Member) -> Number:
    assert isinstance(member.value, (int, float))  # _numbers let no other pass
    return member.value


def _numbers(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if isinstance(entry[1].value, (int, float))]


def _ids(entries: Sequence[Entry]) -> tuple[str, ...]:
    return tuple(entry[0] for entry in entries)


def _extreme(sign: int) -> Callable[[Sequence[Entry]], Reading]:
    def read(entries: Sequence[Entry]) -> Reading:
        # Among equal values "over 50" goes first when the highest is asked for: it is more than 50.
        ranked = sorted(
            _numbers(entries), key=lambda e: (-sign * _number(e[1]), -sign * (e[1].qualifier == "over"), e[0])
        )
        if not ranked:
            return Reading(None)
        return Reading(_number(ranked[0][1]), ranked[0][1].qualifier, _ids(ranked))

    return read


def _folded(fold: Callable[[list[Number]], Number]) -> Callable[[Sequence[Entry]], Reading]:
    def read(entries: Sequence[Entry]) -> Reading:
        ranked = sorted(_numbers(entries), key=lambda e: (-_number(e[1]), e[0]))
        if not ranked:
            return Reading(None)
        value = fold([_number(member) for _, member in ranked])
        return Reading(value, _together([member.qualifier for _, member in ranked]), _ids(ranked))

    return read


def _together(qualifiers: Iterable[Qualifier]) -> Qualifier:
    """What can be said of a sum: one vague part makes all of it vague, one that is "over" lifts all of it."""
    found = set(qualifiers)
    for qualifier in ("about", "up_to"):
        if qualifier in found:
            return "about"
    return "over" if "over" in found else "at_least" if "at_least" in found else "exact"


def _last(entries: Sequence[Entry]) -> Reading:
    ranked = sorted(_numbers(entries), key=lambda e: (e[1].time, e[0]), reverse=True)
    return Reading(_number(ranked[0][1]), ranked[0][1].qualifier, _ids(ranked)) if ranked else Reading(None)


def _newest(entries: Sequence[Entry]) -> tuple[str, ...]:
    return _ids(sorted(entries, key=lambda e: (e[1].time, e[0]), reverse=True))


def _count(entries: Sequence[Entry]) -> Reading:
    return Reading(len(entries), "exact", _newest(entries))


def _distinct(entries: Sequence[Entry]) -> Reading:
    named = [entry for entry in entries if entry[1].value is not None]
    return Reading(len({str(member.value) for _, member in named}), "exact", _newest(named))


def _sum(values: list[Number]) -> Number:
    return sum(values)


AGGREGATES: Final[Mapping[str, Callable[[Sequence[Entry]], Reading]]] = {
    "max": _extreme(1),
    "min": _extreme(-1),
    "sum": _folded(_sum),
    "avg": _folded(fmean),
    "median": _folded(median),
    "last": _last,
    "count": _count,
    "distinct": _distinct,
}
"""How each aggregate reads the items of a window."""


def read(value: ValueOf, members: Mapping[str, Member], sources: int) -> Reading:
    """The value of the members that have at least `sources` independent sources."""
    return AGGREGATES[value.aggregate]([entry for entry in members.items() if entry[1].independent >= sources])
