"""Where each group of claims belongs: a function of what the calendar holds, never of the order of arrival.

A slot is one object on one date. Groups that name both sides and their time stand fast; the others may move:
a missing side is taken from the only sides named in the slot, a missing time from a dated report of the same figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from schemas.incident import Claim
from workers.extract.nights_zone import DAY
from workers.resolve.cells import Anchor, Group, IncidentKey, Part, Slot, Stretch

REACH: Final = 1
"""How many days a group may move from the date of its publication."""

TELLING: Final = 5
"""The least figure that tells one attack from another; smaller ones repeat by chance."""

Sides = tuple[str | None, str | None]

HOMES: Final[dict[Stretch, tuple[tuple[Part, int], ...]]] = {
    "night": (("night", 0), ("night", -1), ("night", 1)),
    "day": (("day", 0), ("day", -1)),
    "24h": (("24h", 0), ("24h", -1), ("24h", 1)),
    "unknown": (("night", 0), ("day", 0), ("night", -1), ("day", -1), ("night", 1)),
}
"""Where a group without a time may belong, by stretch: part of the date and days from it, likeliest first."""


SAME_DATE: Final = 2
"""How many of the homes of an unknown stretch lie on its own date."""


def around(day: date, reach: int) -> Iterator[date]:
    """The dates up to `reach` days from a date, in order."""
    return (day + DAY * step for step in range(-reach, reach + 1))


def changed(slot: Slot, gone: Iterable[Group], come: Iterable[Group]) -> Slot:
    """A slot after groups of an article have gone and come."""
    rows = {(a.attacker, a.target, a.stretch): a for a in slot.anchors}
    moving = {(g.article, str(key_of(g))): g for g in slot.open}
    for sign, group in [*((-1, g) for g in gone), *((1, g) for g in come)]:
        at = (group.attacker, group.target, group.stretch)
        row = _counted(rows.pop(at, Anchor(attacker=at[0], target=at[1], stretch=at[2])), group, sign)
        if row.groups:
            rows[at] = row
        name = (group.article, str(key_of(group)))
        moving.pop(name, None)
        if sign > 0 and not group.fixed:
            moving[name] = group
    return Slot(
        anchors=tuple(rows[at] for at in sorted(rows, key=str)), open=tuple(moving[name] for name in sorted(moving))
    )


def key_of(group: Group) -> tuple[str | None, str | None, Stretch, bool]:
    """What tells the groups of one article, object and date apart."""
    return (group.attacker, group.target, group.stretch, group.dated)


def _counted(anchor: Anchor, group: Group, sign: int) -> Anchor:
    figures = Counter(anchor.figures)
    if group.dated and group.stretch != "unknown":
        figures.update(dict.fromkeys(figures_told(group.claims), sign))
    kept = {figure: times for figure, times in sorted(figures.items()) if times > 0}
    return anchor.model_copy(update={"groups": anchor.groups + sign, "figures": kept})


def figures_told(claims: Iterable[Claim]) -> set[str]:
    """The figures by which a group can be recognised: stated totals that do not repeat by chance."""
    return {
        f"{claim.measure}={claim.value:g}"
        for claim in claims
        if claim.scope == "total" and claim.status == "asserted" and claim.value >= TELLING
    }


def home_of(group: Group, slots: Mapping[date, Slot]) -> IncidentKey:
    """The incident that a group belongs to; `slots` hold its object's dates around it, as far as they are known."""
    sides = _completed((group.attacker, group.target), slots[group.date])
    story = None if any(sides) else group.story or group.article
    part, day = _time(group, sides, slots)
    return IncidentKey(group.object, *sides, part, day, story)


def _completed(sides: Sides, slot: Slot) -> Sides:
    """The only fuller sides that the slot names, if one side is missing and there is exactly one such pair."""
    if None not in sides or not any(sides):
        return sides
    fuller = {
        (a.attacker, a.target)
        for a in slot.anchors
        if a.attacker is not None and a.target is not None and sides in ((a.attacker, None), (None, a.target))
    }
    return fuller.pop() if len(fuller) == 1 else sides


def _time(group: Group, sides: Sides, slots: Mapping[date, Slot]) -> tuple[Part, date]:
    default: Part = "night" if group.stretch == "unknown" else group.stretch
    if group.dated and group.stretch != "unknown":
        return default, group.date
    told = figures_told(group.claims)
    homes = HOMES[group.stretch]
    for part, days in homes[: len(homes) if not group.dated else SAME_DATE]:
        day = group.date + DAY * days
        if day in slots and told & _stated(slots[day], sides, part):
            return part, day
    return default, group.date


def _stated(slot: Slot, sides: Sides, part: Part) -> set[str]:
    rows = (a for a in slot.anchors if (a.attacker, a.target, a.stretch) == (*sides, part))
    return {figure for anchor in rows for figure in anchor.figures}
