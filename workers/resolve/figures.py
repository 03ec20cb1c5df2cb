"""The figures of an incident: per measure the best value with its range, in the order that docs/incidents.md writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from schemas.event import Place
from schemas.incident import Claim, Figure, Part
from workers.resolve.parts import at_place, by_place, sum_of_parts
from workers.resolve.places import PlaceKey
from workers.resolve.statements import BOUNDS, Number, Scale, Statement, agrees, best, exclude, latest


class Figures(NamedTuple):
    """All figures of one incident, the same by place, and the claims that give no figure."""

    whole: dict[str, Figure]
    parts: tuple[Part, ...]
    aside: tuple[Claim, ...]


class Local(NamedTuple):
    """What is said of one place: the best statement, and all of them."""

    best: Statement
    rows: list[Statement]


def figures_of(scale: Scale, claims: Sequence[Claim]) -> Figures:
    """The figures that a set of claims comes to; `claims` in the order of `claim_order`."""
    asserted: dict[str, list[Statement]] = defaultdict(list)
    for claim in claims:
        if claim.status == "asserted":
            asserted[claim.measure].append(scale.statement(claim))
    denied = {claim.measure for claim in claims if claim.status == "denied"}
    places = {measure: _places(rows) for measure, rows in asserted.items()}
    whole: dict[str, Figure] = {}
    for measure in _bounds_first(scale, asserted):
        floor = whole.get(scale.policy.measures.floor.get(measure, ""))
        figure = _figure(asserted[measure], places[measure], floor.value if floor else 0)
        if figure:
            whole[measure] = figure.model_copy(update={"conflict": True}) if measure in denied else figure
    aside = tuple(claim for claim in claims if claim.status != "asserted" or claim.measure not in whole)
    return Figures(dict(sorted(whole.items())), _parts(places, scale), aside)


def _bounds_first(scale: Scale, measures: Mapping[str, object]) -> list[str]:
    """Measures that bound others come before those that they bound."""
    return sorted(measures, key=lambda measure: (measure in scale.policy.measures.floor, measure))


def _places(rows: Sequence[Statement]) -> dict[PlaceKey, Local]:
    return {place: Local(at_place(here), here) for place, here in by_place(rows).items()}


def _figure(rows: Sequence[Statement], places: Mapping[PlaceKey, Local], floor: Number) -> Figure | None:
    wholes = _possible(_wholes(rows), places, floor)
    head = best(wholes) if wholes else None
    if head is None or not head.exact:
        parts = _sum(rows, places)
        if parts and (_refines(parts, head) if head else parts.value >= floor):
            head = parts
    if head is None:
        return None
    said = latest(wholes)
    return Figure(
        value=head.value,
        low=min(row.value for row in [*said, head]),
        high=max(row.top for row in [*said, head]),
        qualifier=head.qualifier,
        derived=head.derived,
        conflict=_conflict(said),
        claims=tuple(row.claim for row in rows),
    )


def _wholes(rows: Sequence[Statement]) -> list[Statement]:
    """Stated totals, without repetitions and what was revised."""
    every = {row.claim.event for row in rows}
    replaced = {row.claim.revises for row in rows}
    return [row for row in rows if not row.local and row.claim.event not in replaced and row.claim.same_as not in every]


def _possible(wholes: list[Statement], places: Mapping[PlaceKey, Local], floor: Number) -> list[Statement]:
    """Totals that can be: no smaller than what was stated of one place, on as good a word, nor than the floor.

    If another measure alone rules out all of them, they stand as what was said.
    """
    stated = [local.best for local in places.values() if local.best.exact]
    rows = [row for row in wholes if all(_reaches(row, at.value) for at in stated if at.rank <= row.rank)]
    return [row for row in rows if _reaches(row, floor)] or rows


def _reaches(row: Statement, floor: Number) -> bool:
    """Whether a statement can mean a figure that is no smaller than the floor."""
    imprecise = row.qualifier in BOUNDS or (row.qualifier == "about" and agrees(floor, row))
    return row.value >= floor or imprecise


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


def _parts(measures: Mapping[str, Mapping[PlaceKey, Local]], scale: Scale) -> tuple[Part, ...]:
    figures: dict[PlaceKey, dict[str, Figure]] = defaultdict(dict)
    names: dict[PlaceKey, list[Claim]] = defaultdict(list)
    for measure in sorted(measures):
        for place, local in measures[measure].items():
            figures[place][measure] = _part_figure(local)
            names[place] += [row.claim for row in local.rows]
    return tuple(Part(place=_spelling(names[place], scale), figures=figures[place]) for place in sorted(figures))


def _spelling(claims: Sequence[Claim], scale: Scale) -> Place | None:
    """The place as the first claim in order spells it."""
    return min(claims, key=scale.order).place


def _part_figure(local: Local) -> Figure:
    said = [row for row in local.rows if row.claim.same_as is None]
    return Figure(
        value=local.best.value,
        low=min(row.value for row in [local.best, *said]),
        high=max(row.top for row in [local.best, *said]),
        qualifier=local.best.qualifier,
        derived=local.best.derived,
        claims=tuple(row.claim for row in local.rows),
    )
