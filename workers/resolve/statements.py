"""One figure as somebody states it, and the written order in which statements count (docs/incidents.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from schemas.event import Qualifier
from schemas.incident import Claim
from workers.resolve.authority import NEWSROOM, OWN_NAME, Claimant
from workers.resolve.policy import Policy

Number = float | int

BOUNDS: Final = ("at_least", "over")
"""Qualifiers of a figure that is a lower bound."""

CAUTION: Final[tuple[Qualifier, ...]] = ("exact", "over", "at_least", "about", "up_to")
"""Which qualifier stands when equally many say each, first to last."""

ROUNDING: Final = 0.1
"""How far an exact figure may lie from one that is told as "about"."""

FIELDS: Final = {"title": 0, "summary": 1, "text": 2}


@dataclass(frozen=True, slots=True)
class Statement:
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
    claims: tuple[Claim, ...]
    derived: bool = False

    @property
    def exact(self) -> bool:
        """Whether the figure is one number, without a qualifier and without a range."""
        return self.qualifier == "exact" and self.high in (None, self.value)

    @property
    def order(self) -> tuple[int, datetime, str, tuple[int, int]]:
        """Sorts ascending by weight: authority, then time, then article id; in one article the first stands."""
        return (-self.rank, self.said, self.article, (-self.position[0], -self.position[1]))


class Scale:
    """Weighs the claims of one incident: the sides of the attack and the tables."""

    def __init__(self, policy: Policy, attacker: str | None, target: str | None) -> None:
        self.policy, self.attacker, self.target = policy, attacker, target

    def statement(self, claim: Claim) -> Statement:
        """One claim as a statement."""
        claimant = self.policy.authority.claimant(claim.claimed_by)
        return Statement(
            value=claim.value,
            high=claim.high,
            qualifier=claim.qualifier,
            claimant=claimant,
            voice=_voice(claim, claimant),
            rank=self.policy.authority.rank(claim.measure, claimant, self.attacker, self.target),
            said=claim.time,
            article=claim.article,
            position=position(claim),
            claims=(claim,),
        )


def position(claim: Claim) -> tuple[int, int]:
    """Where a claim stands in its article."""
    return (FIELDS[claim.field], claim.span[0])


def _voice(claim: Claim, claimant: Claimant) -> str:
    if claimant.kind == NEWSROOM:
        return f"newsroom {claim.owner or claim.source or claim.article}"
    name = (claim.claimed_by or "").casefold() if claimant.kind in OWN_NAME else ""
    return f"{claimant.country}.{claimant.kind} {name}"


def first_said(statements: Iterable[Statement]) -> list[Statement]:
    """The same with the time at which each figure was said first at its rank: who repeats says nothing new."""
    rows = list(statements)
    first: dict[tuple[int, Number], datetime] = {}
    for row in rows:
        key = (row.rank, row.value)
        first[key] = min(first.get(key, row.said), row.said)
    return [row if _corrects(row) else replace(row, said=first[row.rank, row.value]) for row in rows]


def _corrects(row: Statement) -> bool:
    return any(claim.revises for claim in row.claims)


def best(statements: Sequence[Statement]) -> Statement:
    """The statement that counts, of at least one: see the order in docs/incidents.md."""
    rows = sorted(first_said(statements), key=lambda row: row.order, reverse=True)
    head = rows[0]
    if not head.exact:
        head = next((row for row in rows if _sharpens(row, head)), head)
    return replace(head, qualifier=_qualifier(head, rows))


def _sharpens(row: Statement, head: Statement) -> bool:
    """Whether a statement says the same as an imprecise head, more precisely, and on as good a word."""
    if row.exact:
        same_side = row.claimant.country is not None and row.claimant.country == head.claimant.country
        return (row.rank <= head.rank or same_side) and agrees(row.value, head)
    lower = head.qualifier in BOUNDS and row.qualifier in BOUNDS
    return lower and row.article == head.article and row.rank <= head.rank and row.value > head.value


def agrees(value: Number, bound: Statement) -> bool:
    """Whether an exact value can be what a statement means."""
    if bound.high is not None and bound.high > bound.value:
        return bound.value <= value <= bound.high
    checks: dict[str, Callable[[Number], bool]] = {
        "exact": lambda limit: value == limit,
        "at_least": lambda limit: value >= limit,
        "over": lambda limit: value >= limit,
        "about": lambda limit: abs(value - limit) <= max(1, ROUNDING * limit),
        "up_to": lambda limit: value <= limit,
    }
    return checks[bound.qualifier](bound.value)


def exclude(one: Statement, other: Statement) -> bool:
    """Whether two statements cannot both be true."""
    if one.exact:
        return not agrees(one.value, other)
    if other.exact:
        return not agrees(other.value, one)
    if one.qualifier in BOUNDS or other.qualifier in BOUNDS:
        return False
    low, high = sorted((one, other), key=lambda row: (row.value, row.order))
    return (low.high or low.value) * (1 + ROUNDING) < high.value


def latest(statements: Sequence[Statement]) -> list[Statement]:
    """The last word of every claimant; what it said before is superseded."""
    last: dict[str, Statement] = {}
    for row in sorted(first_said(statements), key=lambda row: row.order):
        last[row.voice] = row
    return [last[voice] for voice in sorted(last)]


def _qualifier(head: Statement, rows: Sequence[Statement]) -> Qualifier:
    """How the figure is qualified by most articles that state it at that rank."""
    said = Counter({row.qualifier: 0 for row in rows})
    equals = {(row.article, row.qualifier) for row in rows if (row.value, row.rank) == (head.value, head.rank)}
    said.update(qualifier for _, qualifier in equals)
    return min(said, key=lambda qualifier: (-said[qualifier], CAUTION.index(qualifier)))
