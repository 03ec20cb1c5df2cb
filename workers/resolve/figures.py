"""The figures of an incident: per measure the best value with its range, in the order that docs/incidents.md writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from schemas.event import Place
from schemas.incident import Claim, Figure, Part
from workers.recall import RecallMany
from workers.resolve.parts import at_place, by_place, standing, sum_of_parts
from workers.resolve.places import PlaceKey
from workers.resolve.statements import (
    BOUNDS,
    Heard,
    Number,
    Scale,
    Statement,
    agrees,
    best,
    claim_order,
    exclude,
    latest,
    weighed,
)

REMEMBERED_PLACES: Final = 1_000
"""Places of incidents of which it is remembered what they come to: those of some busy nights."""


class Figures(NamedTuple):
    """All figures of one incident, the same by place, and the claims that give no figure."""

    whole: dict[str, Figure]
    parts: tuple[Part, ...]
    aside: tuple[Claim, ...]


class Local(NamedTuple):
    """What is said of one place: the best statement, the figure that is told, and the first claim of all."""

    best: Statement
    figure: Figure
    first: Claim


def figures_of(scale: Scale, heard: Sequence[Heard]) -> Figures:
    """The figures that a set of claims comes to; `heard` in the order of `claim_order`."""
    asserted: dict[str, list[Statement]] = defaultdict(list)
    denied: set[str] = set()
    for _, claim, statement, _ in heard:
        if statement is not None:
            asserted[claim.measure].append(statement)
        elif claim.status == "denied":
            denied.add(claim.measure)
    places = {measure: _places(rows) for measure, rows in asserted.items()}
    whole: dict[str, Figure] = {}
    for measure in _bounds_first(scale, asserted):
        floor = whole.get(scale.policy.measures.floor.get(measure, ""))
        figure = _figure(asserted[measure], places[measure], floor.value if floor else 0)
        if figure:
            whole[measure] = figure.model_copy(update={"conflict": True}) if measure in denied else figure
    idle = asserted.keys() - whole.keys()
    aside = tuple([claim for _, claim, row, _ in heard if row is None or (idle and claim.measure in idle)])
    return Figures(dict(sorted(whole.items())), _parts(places), aside)


def _bounds_first(scale: Scale, measures: Mapping[str, object]) -> list[str]:
    """Measures that bound others come before those that they bound."""
    return sorted(measures, key=lambda measure: (measure in scale.policy.measures.floor, measure))


def _places(rows: Sequence[Statement]) -> dict[PlaceKey, Local]:
    return {place: LOCAL(here) for place, here in by_place(rows).items()}


def _local(rows: Sequence[Statement]) -> Local:
    found = at_place(rows)
    said = [row for row in rows if row.claim.same_as is None]
    figure = Figure(
        value=found.value,
        low=min(row.value for row in [found, *said]),
        high=max(row.top for row in [found, *said]),
        qualifier=found.qualifier,
        derived=found.derived,
        claims=_claims(rows),
    )
    return Local(found, figure, rows[0].claim)


LOCAL: Final = RecallMany(_local, REMEMBERED_PLACES)
"""What is said of one place; an article mostly tells of one or two of the places of an attack."""


def _claims(rows: Sequence[Statement]) -> tuple[Claim, ...]:
    return tuple([claim for row in rows for claim in row.claims])


def _figure(rows: Sequence[Statement], places: Mapping[PlaceKey, Local], floor: Number) -> Figure | None:
    wholes = _possible(_wholes(rows), places, floor)
    heard = weighed(wholes)
    head = best(heard) if heard else None
    if head is None or not head.exact:
        parts = _sum(rows, places)
        if parts and (_refines(parts, head) if head else parts.value >= floor):
            head = parts
    if head is None:
        return None
    said = latest(heard)
    return Figure(
        value=head.value,
        low=min(row.value for row in [*said, head]),
        high=max(row.top for row in [*said, head]),
        qualifier=head.qualifier,
        derived=head.derived,
        conflict=_conflict(said),
        claims=_claims(rows),
    )


def _wholes(rows: Sequence[Statement]) -> list[Statement]:
    """Stated totals, without repetitions and what was revised."""
    return [row for row in standing(rows) if not row.local]


def _possible(wholes: list[Statement], places: Mapping[PlaceKey, Local], floor: Number) -> list[Statement]:
    """Totals that can be: no smaller than what was stated of one place, on as good a word, nor than the floor.

    If another measure alone rules out all of them, they stand as what was said.
    """
    stated = [local.best for local in places.values() if local.best.exact]
    most = max((at.value for at in stated), default=0)
    rows = [
        row
        for row in wholes
        if row.value >= most or all(_reaches(row, at.value) for at in stated if at.rank <= row.rank)
    ]
    return [row for row in rows if _reaches(row, floor)] or rows


def _reaches(row: Statement, floor: Number) -> bool:
    """Whether a statement can mean a figure that is no smaller than the floor."""
    return row.value >= floor or row.qualifier in BOUNDS or (row.qualifier == "about" and agrees(floor, row))


def _sum(rows: Sequence[Statement], places: Mapping[PlaceKey, Local]) -> Statement | None:
    """The parts added up; a single part is at least what the whole is."""
    total = sum_of_parts(rows, {place: local.best for place, local in places.items()})
    if total and not total.derived and total.claim.scope == "part" and total.qualifier == "exact":
        return total._replace(qualifier="at_least")
    return total


def _refines(parts: Statement, head: Statement) -> bool:
    """Whether parts say more than an imprecise total: it is a lower bound, they exceed it on as good a word."""
    return parts.derived and head.qualifier in BOUNDS and parts.value > head.value and parts.rank <= head.rank


def _conflict(said: Sequence[Statement]) -> bool:
    """Whether claimants of two countries say what cannot both be true."""
    known = [row for row in said if row.claimant.country is not None]
    return any(a.claimant.country != b.claimant.country and exclude(a, b) for a, b in combinations(known, 2))


def _parts(measures: Mapping[str, Mapping[PlaceKey, Local]]) -> tuple[Part, ...]:
    figures: dict[PlaceKey, dict[str, Figure]] = defaultdict(dict)
    firsts: dict[PlaceKey, list[Claim]] = defaultdict(list)
    for measure in sorted(measures):
        for place, local in measures[measure].items():
            figures[place][measure] = local.figure
            firsts[place].append(local.first)
    return tuple(Part(place=_spelling(firsts[place]), figures=figures[place]) for place in sorted(figures))


def _spelling(claims: Iterable[Claim]) -> Place | None:
    """The place as the first claim in order spells it."""
    return min(claims, key=claim_order).place
