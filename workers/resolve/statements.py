"""One figure as somebody states it, and the written order in which statements count (docs/incidents.md)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from schemas.event import Qualifier
from schemas.incident import Claim
from workers.recall import Recall
from workers.resolve.authority import NEWSROOM, OTHER, OWN_NAME, REPORTS, Claimant
from workers.resolve.places import PlaceKey, is_country, place_key
from workers.resolve.policy import Policy

Number = float | int

BOUNDS: Final = ("at_least", "over")
"""Qualifiers of a figure that is a lower bound."""

CAUTION: Final[tuple[Qualifier, ...]] = ("exact", "over", "at_least", "about", "up_to")
"""Which qualifier stands when equally many say each, first to last."""

ROUNDING: Final = 0.1
"""How far an exact figure may lie from one that is told as "about"."""

REMEMBERED: Final = 10_000
"""Claims between two sides of which it is remembered what they come to: those of some busy nights."""

FIELDS: Final = {"title": 0, "summary": 1, "text": 2}

Weight = tuple[int, bool, datetime, int, str, int, int]


class Statement(NamedTuple):
    """A value with who says it and when it was said first; `claims` are one, or the parts that it was added up of."""

    value: Number
    high: Number | None
    qualifier: Qualifier
    claimant: Claimant
    voice: str
    """Whose own later figures replace this one."""
    rank: int
    said: datetime
    article: str
    position: tuple[int, int]
    place: PlaceKey | None
    local: bool
    """Whether it speaks of less than the whole: a part, or the total of one place."""
    timed: bool
    """Whether the text says when it was: what was taken from the publication may be about the day after."""
    claims: tuple[Claim, ...]
    derived: bool = False
    support: int = 1
    """How many articles state the figure at that rank."""

    @property
    def claim(self) -> Claim:
        """The claim, of a statement that is made of one."""
        return self.claims[0]

    @property
    def exact(self) -> bool:
        """Whether the figure is one number, without a qualifier and without a range."""
        return self.qualifier == "exact" and self.high in (None, self.value)

    @property
    def top(self) -> Number:
        """The upper end of a range, or the value."""
        return self.value if self.high is None else self.high

    @property
    def weight(self) -> Weight:
        """Sorts ascending: authority, a told time, when it was said, by how many; in one article the first stands."""
        return (-self.rank, self.timed, self.said, self.support, self.article, -self.position[0], -self.position[1])


class Scale:
    """Weighs the claims of incidents: the sides of the attack and the tables.

    An incident is built anew of all its claims whenever one comes, so what was made of each claim is remembered.
    """

    def __init__(self, policy: Policy, attacker: str | None, target: str | None) -> None:
        self.policy, self.attacker, self.target = policy, attacker, target
        self._weights: dict[tuple[str, str | None], tuple[Claimant, int]] = {}
        self.statement = Recall(self._statement, REMEMBERED)
        """One claim as a statement."""
        self.order = Recall(claim_order, REMEMBERED)
        """Where a claim stands among others, see `claim_order`."""

    def _statement(self, claim: Claim) -> Statement:
        claimant, rank = self._weight(claim.measure, claim.claimed_by)
        place = claim.place
        return Statement(
            value=claim.value,
            high=claim.high,
            qualifier=claim.qualifier,
            claimant=claimant,
            voice=_voice(claim, claimant),
            rank=rank,
            said=claim.time,
            article=claim.article,
            position=position(claim),
            place=place_key(place) if place else None,
            local=claim.scope == "part" or (place is not None and not is_country(place)),
            timed=claim.dated and claim.period != "unknown",
            claims=(claim,),
        )

    def _weight(self, measure: str, name: str | None) -> tuple[Claimant, int]:
        """Who a name is and where that stands in the order of a measure; looked up once."""
        if (measure, name) not in self._weights:
            authority = self.policy.authority
            claimant = authority.claimant(name)
            if claimant.kind == OTHER and self.policy.owners.agency(name):
                claimant = Claimant(None, REPORTS)
            self._weights[measure, name] = claimant, authority.rank(measure, claimant, self.attacker, self.target)
        return self._weights[measure, name]


@lru_cache(maxsize=64)
def scale_of(policy: Policy, attacker: str | None, target: str | None) -> Scale:
    """The scale for the incidents between two sides."""
    return Scale(policy, attacker, target)


def claim_order(claim: Claim) -> tuple[object, ...]:
    """The order in which claims are listed and never depends on arrival: time, article, place in the text."""
    return (claim.time, claim.article, position(claim), claim.event)


def position(claim: Claim) -> tuple[int, int]:
    """Where a claim stands in its article."""
    return (FIELDS[claim.field], claim.span[0])


def _voice(claim: Claim, claimant: Claimant) -> str:
    if claimant.kind == NEWSROOM:
        return f"newsroom {claim.owner or claim.source or claim.article}"
    name = (claim.claimed_by or "").casefold() if claimant.kind in OWN_NAME else ""
    return f"{claimant.country}.{claimant.kind} {name}"


def weighed(statements: Iterable[Statement]) -> list[Statement]:
    """The same in the light of all: when each figure was said first at its rank, and by how many articles.

    Who repeats a figure says nothing new, unless it is told as a correction.
    """
    rows = list(statements)
    equals: dict[tuple[int, Number], list[Statement]] = defaultdict(list)
    for row in rows:
        equals[row.rank, row.value].append(row)
    told = {key: (min(r.said for r in same), len({r.article for r in same})) for key, same in equals.items()}
    return [_among(row, *told[row.rank, row.value]) for row in rows]


def _among(row: Statement, first: datetime, support: int) -> Statement:
    if support == 1 and row.said == first:
        return row
    corrects = any(claim.revises for claim in row.claims)
    return row._replace(said=row.said if corrects else first, support=support)


def best(statements: Sequence[Statement]) -> Statement:
    """The statement that counts, of at least one: see the order in docs/incidents.md."""
    rows = sorted(weighed(statements), key=lambda row: row.weight, reverse=True)
    head = rows[0]
    if not head.exact:
        head = next((row for row in rows if _sharpens(row, head)), head)
    return head._replace(qualifier=_qualifier(head, rows))


def _sharpens(row: Statement, head: Statement) -> bool:
    """Whether a statement says the same as an imprecise head, more precisely, and on as good a word."""
    if row.exact:
        same_side = row.claimant.country is not None and row.claimant.country == head.claimant.country
        return (row.rank <= head.rank or same_side) and agrees(row.value, head)
    lower = head.qualifier in BOUNDS and row.qualifier in BOUNDS
    beside = row.article == head.article or row.said == head.said
    return lower and beside and row.rank <= head.rank and row.value > head.value


def agrees(value: Number, bound: Statement) -> bool:
    """Whether an exact value can be what a statement means."""
    limit = bound.value
    if bound.high is not None and bound.high > limit:
        return limit <= value <= bound.high
    if bound.qualifier in BOUNDS:
        return value >= limit
    if bound.qualifier == "up_to":
        return value <= limit
    return abs(value - limit) <= (max(1, ROUNDING * limit) if bound.qualifier == "about" else 0)


def exclude(one: Statement, other: Statement) -> bool:
    """Whether two statements cannot both be true."""
    if one.exact:
        return not agrees(one.value, other)
    if other.exact:
        return not agrees(other.value, one)
    if one.qualifier in BOUNDS or other.qualifier in BOUNDS:
        return False
    low, high = sorted((one, other), key=lambda row: (row.value, row.weight))
    return low.top * (1 + ROUNDING) < high.value


def latest(statements: Sequence[Statement]) -> list[Statement]:
    """The last word of every claimant; what it said before is superseded."""
    last = {row.voice: row for row in sorted(weighed(statements), key=lambda row: row.weight)}
    return [last[voice] for voice in sorted(last)]


def _qualifier(head: Statement, rows: Sequence[Statement]) -> Qualifier:
    """How the figure is qualified by most articles that state it at that rank."""
    equals = {(row.article, row.qualifier) for row in rows if (row.value, row.rank) == (head.value, head.rank)}
    said = Counter(qualifier for _, qualifier in equals)
    return min(said, key=lambda qualifier: (-said[qualifier], CAUTION.index(qualifier)))
