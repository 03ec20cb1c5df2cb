"""One figure as somebody states it, and the written order in which statements count (docs/incidents.md)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

from schemas.event import Qualifier
from schemas.incident import Claim
from workers.recall import Recall, RecallMany
from workers.resolve.authority import NEWSROOM, OTHER, OWN_NAME, REPORTS, Claimant
from workers.resolve.places import PlaceKey, is_country, place_key
from workers.resolve.policy import Policy
from workers.resolve.voices import Mark

Number = float | int

BOUNDS: Final = ("at_least", "over")
"""Qualifiers of a figure that is a lower bound."""

CAUTION: Final[tuple[Qualifier, ...]] = ("exact", "over", "at_least", "about", "up_to")
"""Which qualifier stands when equally many say each, first to last."""

ROUNDING: Final = 0.1
"""How far an exact figure may lie from one that is told as "about"."""

REMEMBERED: Final = 10_000
"""Claims between two sides of which it is remembered what they come to: those of some busy nights."""

REMEMBERED_FIGURES: Final = 1_000
"""Figures of which it is remembered how those that state them weigh: those of some busy nights."""

FIELDS: Final = {"title": 0, "summary": 1, "text": 2}

Weight = tuple[int, bool, datetime, int, str, int, int]
"""Sorts ascending: authority, a told time, when it was said, by how many; in one article the first stands."""


Order = tuple[datetime, str, tuple[int, int], str]


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
    corrects: bool
    """Whether it is told as a correction of an earlier figure."""
    linked: bool
    """Whether it repeats or corrects another figure of its article."""
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
        """What it weighs by itself."""
        return self.weight_if(self.said, self.support)

    def weight_if(self, said: datetime, support: int) -> Weight:
        """What it weighs when the figure was said first at that time, and is stated by so many articles."""
        field, start = self.position
        return (-self.rank, self.timed, said, support, self.article, -field, -start)


class Weighed(NamedTuple):
    """A statement in the light of all others."""

    weight: Weight
    row: Statement

    @property
    def said(self) -> datetime:
        """When the figure was said first."""
        return self.weight[2]

    @property
    def told(self) -> Statement:
        """The statement with the time and the support that it has in that light."""
        _, _, said, support, *_ = self.weight
        return self.row._replace(said=said, support=support)


class Heard(NamedTuple):
    """One claim, and what is made of it alone."""

    order: Order
    """Where it stands among others, see `claim_order`."""
    claim: Claim
    statement: Statement | None
    """What it states; None for what is denied."""
    marks: frozenset[Mark]
    """What makes it one voice with others."""


ORDER: Final = itemgetter(0)


class Scale:
    """Weighs the claims of incidents: the sides of the attack and the tables.

    An incident is built anew of all its claims whenever one comes, so what was made of each claim is remembered.
    """

    def __init__(self, policy: Policy, attacker: str | None, target: str | None) -> None:
        self.policy, self.attacker, self.target = policy, attacker, target
        self._weights: dict[tuple[str, str | None], tuple[Claimant, int]] = {}
        self._heard = Recall(self._hear, REMEMBERED)

    def hear(self, claims: Iterable[Claim]) -> list[Heard]:
        """Claims with what is made of each, in the order of `claim_order`."""
        return sorted(self._heard.each(claims), key=ORDER)

    def _hear(self, claim: Claim) -> Heard:
        told = self._statement(claim) if claim.status == "asserted" else None
        return Heard(claim_order(claim), claim, told, self.policy.owners.marks(claim))

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
            corrects=bool(claim.revises),
            linked=claim.revises is not None or claim.same_as is not None,
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


def claim_order(claim: Claim) -> Order:
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


def weighed(rows: Sequence[Statement]) -> list[Weighed]:
    """Statements in the light of all: when each figure was said first at its rank, and by how many articles.

    Who repeats a figure says nothing new, unless it is told as a correction.
    """
    equals: dict[tuple[int, Number], list[Statement]] = defaultdict(list)
    keys = [(row.rank, row.value) for row in rows]
    for key, row in zip(keys, rows, strict=True):
        equals[key].append(row)
    told = {key: iter(EQUALS(same)) for key, same in equals.items()}
    return [next(told[key]) for key in keys]


def _equals(rows: Sequence[Statement]) -> list[Weighed]:
    """Statements of one figure at one rank, in the light of each other."""
    first, support = min([row.said for row in rows]), len({row.article for row in rows})
    return [Weighed(row.weight_if(row.said if row.corrects else first, support), row) for row in rows]


EQUALS: Final = RecallMany(_equals, REMEMBERED_FIGURES)
"""A further article mostly states figures that few others do."""


HEAVIEST: Final = itemgetter(0)


def best(rows: Sequence[Weighed]) -> Statement:
    """The statement that counts, of at least one: see the order in docs/incidents.md."""
    head = max(rows, key=HEAVIEST)
    if not head.row.exact:
        head = max((each for each in rows if _sharpens(each, head)), key=HEAVIEST, default=head)
    return head.told._replace(qualifier=_qualifier(head.row, rows))


def _sharpens(one: Weighed, other: Weighed) -> bool:
    """Whether a statement says the same as an imprecise head, more precisely, and on as good a word."""
    row, head = one.row, other.row
    if row.exact:
        same_side = row.claimant.country is not None and row.claimant.country == head.claimant.country
        beside = row.article == head.article and head.qualifier in BOUNDS
        return (row.rank <= head.rank or same_side or beside) and agrees(row.value, head)
    lower = head.qualifier in BOUNDS and row.qualifier in BOUNDS
    beside = row.article == head.article or one.said == other.said
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


def latest(rows: Iterable[Weighed]) -> list[Statement]:
    """The last word of every claimant; what it said before is superseded."""
    last: dict[str, Weighed] = {}
    for each in rows:
        known = last.get(each.row.voice)
        if known is None or each.weight >= known.weight:
            last[each.row.voice] = each
    return [last[voice].told for voice in sorted(last)]


def _qualifier(head: Statement, rows: Iterable[Weighed]) -> Qualifier:
    """How the figure is qualified by most articles that state it at that rank."""
    value, rank = head.value, head.rank
    equals = {(row.article, row.qualifier) for _, row in rows if row.value == value and row.rank == rank}
    said = Counter(qualifier for _, qualifier in equals)
    return min(said, key=lambda qualifier: (-said[qualifier], CAUTION.index(qualifier)))
