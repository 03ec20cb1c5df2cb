"""Parts of an incident: which statements are disjoint, and what they add up to."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from schemas.event import Qualifier
from workers.resolve.places import PlaceKey, overlap
from workers.resolve.statements import BOUNDS, Number, Statement, best, weighed

Told = tuple[Number, PlaceKey | None]
"""What may be taken back: a value, of a place or of the whole."""

Accounts = list[list[Statement]]
"""For each article the disjoint parts that it tells, in the order of its text."""


def standing(rows: Sequence[Statement]) -> list[Statement]:
    """The statements without what repeats another of them, and without what was revised, whoever has repeated it."""
    linked = [row for row in rows if row.linked]
    if not linked:
        return list(rows)
    every = {row.claim.event: row for row in rows}
    gone = {row.claim.event for row in linked if row.claim.same_as in every} | {row.claim.revises for row in linked}
    back = _taken_back(linked, every)
    return [row for row in rows if row.claim.event not in gone and (row.corrects or row.rank < _rank_of(row, back))]


def _taken_back(linked: Iterable[Statement], every: Mapping[str, Statement]) -> dict[Told, int]:
    """The figures that a correction has replaced, each with the best word on which that was done."""
    ranks: dict[Told, int] = {}
    for row in linked:
        old = every.get(row.claim.revises or "")
        if old is not None:
            ranks[_told(old)] = min(row.rank, ranks.get(_told(old), row.rank))
    return ranks


def _rank_of(row: Statement, back: Mapping[Told, int]) -> float:
    """The rank from which on the figure of a statement no longer counts."""
    return back.get(_told(row), math.inf)


def _told(row: Statement) -> Told:
    return (row.value, row.place if row.local else None)


def top_level(rows: Sequence[Statement]) -> list[Statement]:
    """Local statements that are no part of another local one, and no repetition."""
    local = {row.claim.event for row in rows if row.local}
    return [row for row in standing(rows) if row.local and row.claim.part_of not in local]


def accounts(rows: Iterable[Statement]) -> Accounts:
    """What may be added within each article, by article id."""
    by_article: dict[str, list[Statement]] = defaultdict(list)
    for row in rows:
        by_article[row.article].append(row)
    return [disjoint(by_article[article]) for article in sorted(by_article)]


def disjoint(rows: Iterable[Statement]) -> list[Statement]:
    """Parts that may be added: told as additional, or elsewhere, or of another model.

    What names no place may lie anywhere, so it is not added to what names one: the larger of the two stands.
    """
    ordered = list(rows)
    if len(ordered) < 2:
        return ordered
    placed = _apart_from_each_other(row for row in ordered if row.place is not None or row.claim.additional)
    anywhere = _apart_from_each_other(row for row in ordered if row.place is None or row.claim.additional)
    return max(placed, anywhere, key=lambda account: sum(row.value for row in account))


def _apart_from_each_other(rows: Iterable[Statement]) -> list[Statement]:
    """Of figures for one place the first, of parts that may share ground the larger; and all that is additional."""
    ordered = sorted(rows, key=lambda row: row.position)
    more = [row for row in ordered if row.claim.additional]
    stated: dict[object, Statement] = {}
    for row in ordered:
        if not row.claim.additional:
            stated.setdefault(row.place or row.claim.event, row)
    taken: list[Statement] = []
    for row in sorted(stated.values(), key=lambda row: (-row.value, row.position)):
        if all(_apart(row, other) for other in taken):
            taken.append(row)
    return sorted([*taken, *more], key=lambda row: row.position)


def _apart(one: Statement, other: Statement) -> bool:
    if one.place is not None and other.place is not None:
        return not overlap(one.place, other.place)
    models = {one.claim.model, other.claim.model}
    return one.place is None and other.place is None and None not in models and len(models) == 2


def added(parts: Sequence[Statement]) -> Statement:
    """Several statements as one: their sum, on the weakest word among them."""
    if len(parts) == 1:
        return parts[0]
    head = max(parts, key=lambda part: (part.rank, part.said, part.article, part.position))
    return head._replace(
        value=sum(part.value for part in parts),
        high=sum(part.top for part in parts) if any(part.high is not None for part in parts) else None,
        qualifier=_degraded({part.qualifier for part in parts}),
        timed=all(part.timed for part in parts),
        claims=tuple(claim for part in parts for claim in part.claims),
        corrects=any(part.corrects for part in parts),
        derived=True,
    )


def _degraded(qualifiers: set[Qualifier]) -> Qualifier:
    """The qualifier of a sum: a lower bound among exact parts makes a lower bound."""
    if qualifiers == {"exact"}:
        return "exact"
    return "about" if qualifiers - {"exact", *BOUNDS} else "at_least"


def by_place(rows: Sequence[Statement]) -> dict[PlaceKey, list[Statement]]:
    """Local statements by the place that they name."""
    local: dict[PlaceKey, list[Statement]] = defaultdict(list)
    for row in rows:
        if row.place is not None and row.local:
            local[row.place].append(row)
    return {place: local[place] for place in sorted(local)}


def at_place(rows: Sequence[Statement]) -> Statement:
    """The best statement for one place, of all that speak of it."""
    return best(weighed([added(account) for account in accounts(top_level(rows))] or rows))


def sum_of_parts(rows: Sequence[Statement], places: Mapping[PlaceKey, Statement]) -> Statement | None:
    """What the disjoint parts come to: the most complete account, places brought up to date, other places added.

    An account with a part that names no place ("over eight other regions") takes no places from elsewhere,
    which might lie among those.
    """
    told = accounts(top_level(rows))
    if not told:
        return None
    account = max(told, key=lambda parts: (len(parts), added(parts).weight))
    total = added([_newest(row, account, places) for row in account])
    if any(row.place is None for row in account):
        return total
    others = _elsewhere(account, told)
    if not others:
        return total
    more = added([total, *(places[place] for place in others)])
    return more._replace(qualifier="about" if more.qualifier == "about" else "at_least")


def _newest(row: Statement, account: Sequence[Statement], places: Mapping[PlaceKey, Statement]) -> Statement:
    """The best figure for the place of a part, unless the account tells several parts of that place."""
    if row.place is None or sum(other.place == row.place for other in account) > 1:
        return row
    return places[row.place]


def _elsewhere(account: Sequence[Statement], told: Accounts) -> list[PlaceKey]:
    """Further places that lie apart from all that is counted."""
    taken = [row.place for row in account if row.place is not None]
    more: list[PlaceKey] = []
    for place in sorted({row.place for parts in told for row in parts if row.place is not None}):
        if not any(overlap(place, other) for other in taken):
            taken.append(place)
            more.append(place)
    return more
