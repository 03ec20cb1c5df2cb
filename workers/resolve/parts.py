"""Places of an incident: which claims speak of a part of it, which parts are disjoint, and what they add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from schemas.event import Place, Qualifier
from schemas.incident import Claim
from workers.extract.places_data import rows
from workers.resolve.statements import BOUNDS, Scale, Statement, best, position


class PlaceKey(NamedTuple):
    """A place, compared without regard to case."""

    name: str
    region: str
    country: str


def place_key(place: Place) -> PlaceKey:
    """The key of a place."""
    return PlaceKey(place.name.casefold(), (place.region or "").casefold(), place.country or "")


def is_country(place: Place) -> bool:
    """Whether a place is a whole country."""
    return (place.country, place.name.casefold()) in _countries()


@cache
def _countries() -> frozenset[tuple[str | None, str]]:
    return frozenset((code, name.casefold()) for code, name, *_ in rows("countries.txt"))


def is_local(claim: Claim) -> bool:
    """Whether a claim speaks of less than the whole: a part, or the total of one place."""
    return claim.scope == "part" or (claim.place is not None and not is_country(claim.place))


def overlap(one: Place, other: Place) -> bool:
    """Whether two places may share ground: the same place, or a region and a place in it."""
    a, b = place_key(one), place_key(other)
    if a.name == b.name:
        return a.country == b.country or not (a.country and b.country)
    if not a.region or a.region != b.region:
        return a.name == b.region or b.name == a.region
    return a.region in (a.name, b.name)


def top_level(claims: Sequence[Claim]) -> list[Claim]:
    """Local claims that are no part of another local claim, and no repetition."""
    by_event = {claim.event: claim for claim in claims}
    replaced = {claim.revises for claim in claims}
    return [
        claim
        for claim in claims
        if is_local(claim)
        and claim.event not in replaced
        and claim.same_as not in by_event
        and not (claim.part_of in by_event and is_local(by_event[str(claim.part_of)]))
    ]


def accounts(claims: Sequence[Claim]) -> list[list[Claim]]:
    """The disjoint parts that each article tells, most complete account first."""
    by_article: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_article[claim.article].append(claim)
    return [disjoint(by_article[article]) for article in sorted(by_article)]


def disjoint(claims: Iterable[Claim]) -> list[Claim]:
    """Parts that may be added, in the order of the text: told as additional, or elsewhere, or of another model."""
    taken: list[Claim] = []
    for claim in sorted(claims, key=position):
        if claim.additional or all(_apart(claim, other) for other in taken):
            taken.append(claim)
    return taken


def _apart(one: Claim, other: Claim) -> bool:
    if one.place is not None and other.place is not None:
        return not overlap(one.place, other.place)
    return (
        one.place is None and other.place is None and None not in (one.model, other.model) and one.model != other.model
    )


def added(scale: Scale, parts: Sequence[Statement]) -> Statement:
    """Several statements as one: their sum, on the weakest word among them."""
    head = max(parts, key=lambda part: (part.rank, part.said, part.article, part.position))
    if len(parts) == 1:
        return head
    highs = [part.value if part.high is None else part.high for part in parts]
    return replace(
        head,
        value=sum(part.value for part in parts),
        high=sum(highs) if any(part.high is not None for part in parts) else None,
        qualifier=_degraded({part.qualifier for part in parts}),
        claims=tuple(claim for part in parts for claim in part.claims),
        derived=True,
    )


def _degraded(qualifiers: set[Qualifier]) -> Qualifier:
    """The qualifier of a sum: a lower bound among exact parts makes a lower bound."""
    if qualifiers == {"exact"}:
        return "exact"
    return "about" if qualifiers - {"exact", *BOUNDS} else "at_least"


def by_place(scale: Scale, claims: Sequence[Claim]) -> dict[PlaceKey, Statement]:
    """The best statement for every place that is named."""
    local: dict[PlaceKey, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.place is not None and is_local(claim):
            local[place_key(claim.place)].append(claim)
    return {key: _at_place(scale, local[key]) for key in sorted(local)}


def _at_place(scale: Scale, claims: Sequence[Claim]) -> Statement:
    sums = [added(scale, [scale.statement(c) for c in account]) for account in accounts(top_level(claims)) if account]
    return best(sums or [scale.statement(claim) for claim in claims])


def sum_of_parts(scale: Scale, claims: Sequence[Claim], places: dict[PlaceKey, Statement]) -> Statement | None:
    """What the disjoint parts come to: the most complete account, places brought up to date, other places added.

    An account with a part that names no place ("over eight other regions") takes no places from elsewhere,
    which might lie among those.
    """
    told = [account for account in accounts(top_level(claims)) if account]
    if not told:
        return None
    account = max(told, key=lambda parts: (len(parts), added(scale, [scale.statement(c) for c in parts]).order))
    total = added(scale, [_newest(scale, claim, account, places) for claim in account])
    if any(claim.place is None for claim in account):
        return total
    others = _elsewhere(account, [part for parts in told for part in parts if part.place is not None])
    if not others:
        return total
    more = added(scale, [total, *(places[place_key(claim.place)] for claim in others if claim.place is not None)])
    return replace(more, qualifier="about" if more.qualifier == "about" else "at_least")


def _newest(scale: Scale, claim: Claim, account: Sequence[Claim], places: dict[PlaceKey, Statement]) -> Statement:
    if claim.place is None:
        return scale.statement(claim)
    key = place_key(claim.place)
    alone = sum(1 for part in account if part.place is not None and place_key(part.place) == key) == 1
    return places[key] if alone else scale.statement(claim)


def _elsewhere(account: Sequence[Claim], parts: Iterable[Claim]) -> list[Claim]:
    """One claim for each further place that lies apart from all that is counted."""
    taken, more = [claim.place for claim in account], []
    for part in sorted(parts, key=lambda claim: (place_key(claim.place) if claim.place else ("",), claim.article)):
        if part.place is not None and all(place is None or not overlap(part.place, place) for place in taken):
            taken.append(part.place)
            more.append(part)
    return more
