"""The figures of an incident: per measure the best value with its range, in the order that docs/incidents.md writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from schemas.event import Place
from schemas.incident import Claim, Figure, Part
from workers.resolve.parts import PlaceKey, by_place, is_local, place_key, sum_of_parts
from workers.resolve.statements import BOUNDS, Number, Scale, Statement, agrees, best, exclude, latest, position


class Figures(NamedTuple):
    """All figures of one incident, the same by place, and the claims that give no figure."""

    whole: dict[str, Figure]
    parts: tuple[Part, ...]
    aside: tuple[Claim, ...]


def claim_order(claim: Claim) -> tuple[object, ...]:
    """The order in which claims are listed and never depends on arrival: time, article, place in the text."""
    return (claim.time, claim.article, position(claim), claim.event)


def figures_of(scale: Scale, claims: Sequence[Claim]) -> Figures:
    """The figures that a set of claims comes to; `claims` in the order of `claim_order`."""
    asserted: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.status == "asserted":
            asserted[claim.measure].append(claim)
    denied = {claim.measure for claim in claims if claim.status == "denied"}
    whole: dict[str, Figure] = {}
    for measure in _bounds_first(scale, asserted):
        floor = whole.get(scale.policy.measures.floor.get(measure, ""))
        figure = _figure(scale, asserted[measure], floor.value if floor else 0)
        if figure:
            whole[measure] = figure.model_copy(update={"conflict": figure.conflict or measure in denied})
    aside = tuple(claim for claim in claims if claim.status != "asserted" or claim.measure not in whole)
    return Figures(dict(sorted(whole.items())), _parts(scale, asserted), aside)


def _bounds_first(scale: Scale, measures: Mapping[str, object]) -> list[str]:
    """Measures that bound others come before those that they bound."""
    return sorted(measures, key=lambda measure: (measure in scale.policy.measures.floor, measure))


def _figure(scale: Scale, claims: Sequence[Claim], floor: Number) -> Figure | None:
    wholes = _wholes(scale, claims, floor)
    places = by_place(scale, claims)
    parts = _sum(scale, claims, places)
    if wholes:
        head = best(wholes)
        if parts and _refines(parts, head):
            head = parts
    elif parts and parts.value >= floor:
        head = parts
    else:
        return None
    said = latest(wholes)
    ends = [(row.value, row.value if row.high is None else row.high) for row in [*said, head]]
    return Figure(
        value=head.value,
        low=min(low for low, _ in ends),
        high=max(high for _, high in ends),
        qualifier=head.qualifier,
        derived=head.derived,
        conflict=_conflict(said),
        claims=tuple(claims),
    )


def _wholes(scale: Scale, claims: Sequence[Claim], floor: Number) -> list[Statement]:
    """Stated totals; those that another measure shows to be too small yield to those that it does not."""
    ids = {claim.event for claim in claims}
    replaced = {claim.revises for claim in claims}
    rows = [
        scale.statement(claim)
        for claim in claims
        if not is_local(claim) and claim.event not in replaced and claim.same_as not in ids
    ]
    return [row for row in rows if row.value >= floor or agrees_with_floor(row, floor)] or rows


def agrees_with_floor(row: Statement, floor: Number) -> bool:
    """Whether an imprecise statement below the floor may still mean a figure above it."""
    return row.qualifier in BOUNDS or (row.qualifier == "about" and agrees(floor, row))


def _sum(scale: Scale, claims: Sequence[Claim], places: dict[PlaceKey, Statement]) -> Statement | None:
    total = sum_of_parts(scale, claims, places)
    if total and not total.derived and total.claims[0].scope == "part" and total.qualifier == "exact":
        return replace(total, qualifier="at_least")
    return total


def _refines(parts: Statement, head: Statement) -> bool:
    """Whether parts say more than an imprecise total: it is a lower bound, they exceed it on as good a word."""
    return parts.derived and head.qualifier in BOUNDS and parts.value > head.value and parts.rank <= head.rank


def _conflict(said: Sequence[Statement]) -> bool:
    """Whether claimants of two countries say what cannot both be true."""
    known = [row for row in said if row.claimant.country is not None]
    return any(a.claimant.country != b.claimant.country and exclude(a, b) for a, b in combinations(known, 2))


def _parts(scale: Scale, asserted: Mapping[str, Sequence[Claim]]) -> tuple[Part, ...]:
    figures: dict[PlaceKey, dict[str, Figure]] = defaultdict(dict)
    where: dict[PlaceKey, Place] = {}
    for measure in sorted(asserted):
        for key, row in by_place(scale, asserted[measure]).items():
            here = [c for c in asserted[measure] if c.place is not None and is_local(c) and place_key(c.place) == key]
            where.setdefault(key, min((c.place for c in here if c.place), key=lambda place: place.model_dump_json()))
            figures[key][measure] = _part_figure(scale, row, here)
    return tuple(Part(place=where[key], figures=figures[key]) for key in sorted(figures))


def _part_figure(scale: Scale, row: Statement, claims: Sequence[Claim]) -> Figure:
    values = [row.value, *(claim.value for claim in claims if claim.same_as is None)]
    highs = [row.value if row.high is None else row.high, *(c.high or c.value for c in claims)]
    return Figure(
        value=row.value,
        low=min(values),
        high=max(highs),
        qualifier=row.qualifier,
        derived=row.derived,
        claims=tuple(claims),
    )


def involved(scale: Scale, figures: Mapping[str, Figure]) -> Figure | None:
    """How many took part: the larger of launched and intercepted + lost + hit, at least that where it was added up."""
    measures = scale.policy.measures
    whole = figures.get(measures.whole)
    terms = _terms(figures, measures.added)
    if not terms:
        return whole.model_copy(update={"claims": (), "derived": True}) if whole else None
    total = _total(terms)
    best_figure = whole if whole is not None and whole.value >= total.value else total
    both = [figure for figure in (whole, total) if figure is not None]
    return best_figure.model_copy(
        update={
            "claims": (),
            "derived": True,
            "low": min(figure.low for figure in both),
            "high": max(figure.high for figure in both),
            "conflict": any(figure.conflict for figure in both),
        }
    )


def _terms(figures: Mapping[str, Figure], names: Sequence[str]) -> list[Figure]:
    """The figures to add: a count that others already hold within their total is left out."""
    rows = [(name, figures[name]) for name in names if name in figures and figures[name].value]
    if len(rows) < 2:
        return [figure for _, figure in rows]
    first = rows[0][1]
    return [first, *(figure for _, figure in rows[1:] if not _within(first, figure))]


def _within(total: Figure, figure: Figure) -> bool:
    """Whether some article tells the total as the sum of this figure and a smaller one of the total's measure."""
    smaller = {(claim.article, claim.value) for claim in total.claims if claim.value < total.value}
    return any((claim.article, total.value - claim.value) in smaller for claim in figure.claims)


def _total(terms: Sequence[Figure]) -> Figure:
    if len(terms) == 1:
        return terms[0]
    return Figure(
        value=sum(figure.value for figure in terms),
        low=max(figure.low for figure in terms),
        high=sum(figure.high for figure in terms),
        qualifier="at_least",
        derived=True,
    )
