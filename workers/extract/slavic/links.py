"""Links between the claims of one article: told again, parts of a total, figures replaced, jammed drones counted in."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from workers.extract.slavic.claims import Claim

_LONG: Final = frozenset({"cumulative", "multi_day"})
_SMALL: Final = 12
"""Up to here the same number on two nights is no surprise."""
_TINY: Final = 3
"""Up to here the same number twice in one text is two things."""
_ROUNDING: Final = 1.25
"""A headline's "over 200" is the 218 of the text, not the 260."""


def link(claims: list[Claim]) -> tuple[list[Claim], list[Claim]]:
    """The claims of an article, and the places that tell one of them again; parts and totals are linked."""
    _casualties(claims)
    kept, again = _distinct(claims)
    kept = [c for c in kept if not _is_rounded(c, kept)]
    _count_in(kept)
    _revise(kept)
    _apart(kept)
    for n, claim in enumerate(kept):
        claim.part_of = _whole_of(claim, n, kept)
    return kept, [claim for claim in again if claim.same_as in kept]


def _casualties(claims: list[Claim]) -> None:
    """ "74 постраждалих, із них 19 загинули": the 74 are the dead and the hurt."""
    for n, claim in enumerate(claims[1:], 1):
        before = claims[n - 1]
        both = (before.measure, claim.measure) == ("injured", "killed")
        if both and claim.what.pointing and before.said is claim.said and before.value > claim.value:
            before.measure = "casualties"


def _distinct(claims: list[Claim]) -> tuple[list[Claim], list[Claim]]:
    buckets: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    kept: list[Claim] = []
    again: list[Claim] = []
    for claim in sorted(claims, key=lambda c: (c.said.field == "title", c.said.field == "summary")):
        bucket = buckets[claim.object, claim.measure, claim.value, claim.what.high]
        first = next((other for other in bucket if _same(other, claim)), None)
        if first is None:
            bucket.append(claim)
            kept.append(claim)
        else:
            claim.same_as = first
            again.append(claim)
            _fill(first, claim)
    return kept, again


def _same(first: Claim, claim: Claim) -> bool:
    if first.said is claim.said or (claim.value <= _TINY and first.said.field == claim.said.field):
        return False
    if first.value <= _SMALL and _night(first) and _night(claim) and _night(first) != _night(claim):
        return False
    if (_period(first) in _LONG) != (_period(claim) in _LONG):
        return False
    if first.place is not None and claim.place is not None and first.place.place.name != claim.place.place.name:
        return False
    return _agree(first.target, claim.target) and first.what.status == claim.what.status


def _agree(a: str | None, b: str | None) -> bool:
    return a is None or b is None or a == b


def _night(claim: Claim) -> object:
    return claim.span.night_of if claim.span else None


def _period(claim: Claim) -> str:
    return claim.span.period if claim.span else "unknown"


def _fill(first: Claim, claim: Claim) -> None:
    first.voice = first.voice or claim.voice
    if first.what.qualifier == "exact":
        first.what.qualifier = claim.what.qualifier


def _is_rounded(claim: Claim, claims: list[Claim]) -> bool:
    """True for "dozens" and a headline's "over 200" where the text tells how many."""
    what = claim.what
    vague = what.qualifier == "at_least" and claim.said.words[what.i].qualifier == "at_least"
    loose = claim.said.field == "title" and what.qualifier in ("over", "about")
    if not (vague or loose or what.qualifier == "over"):
        return False
    return any(_specifies(other, claim, vague) for other in claims if other is not claim)


def _specifies(exact: Claim, claim: Claim, vague: bool) -> bool:
    alike = (exact.object, exact.measure) == (claim.object, claim.measure) and exact.what.qualifier == "exact"
    near = exact.value >= claim.value if vague else claim.value / _ROUNDING <= exact.value <= claim.value * _ROUNDING
    close = vague or claim.said.field == "title" or (exact.said is claim.said and exact.what.i - claim.what.j <= 4)
    return alike and near and close and _agree(exact.target, claim.target) and _period(exact) == _period(claim)


def _count_in(claims: list[Claim]) -> None:
    """What was jammed is lost where it is told apart from what was shot down, else it is one figure of both."""
    shot = [c for c in claims if c.measure == "intercepted"]
    for claim in claims:
        verb = claim.said.predicates.get(claim.what.verb) if claim.what.verb is not None else None
        if claim.measure != "lost" or verb is None or verb.verb.name != "jam":
            continue
        beside = [c for c in shot if c.object == claim.object and _agree(c.target, claim.target)]
        sums = {c.value for c in beside}
        if not beside or any(value - claim.value in sums for value in sums):
            claim.measure = "intercepted"


def _revise(claims: list[Claim]) -> None:
    """An older figure of the same thing gives way; one that stands alone is background."""
    for claim in claims:
        if not claim.what.older:
            continue
        newer = next(
            (c for c in claims if c is not claim and not c.what.older and _alike(c, claim) and c.revises is None), None
        )
        if newer is not None and newer.value != claim.value:
            newer.revises = claim
        elif claim.object != "person" or claim.span is None or claim.span.basis == "publication":
            claim.recap = True


def _apart(claims: list[Claim]) -> None:
    """ "28 ракет ... ще вісім": two disjoint parts, where no total of both is told."""
    for n, claim in enumerate(claims):
        if not claim.more or claim.what.pointing:
            continue
        first = next((c for c in claims[:n] if not c.local and not c.more and _beside(c, claim)), None)
        places = [c for c in claims if c.local and not c.more and _beside(c, claim)]
        if first and claim.local and places and sum(c.value for c in places) + claim.value <= first.value:
            claim.more = False  # the next place of a total
            continue
        if first is not None and not any(_beside(c, claim) and c.value >= first.value + claim.value for c in claims):
            first.split = True


def _beside(a: Claim, b: Claim) -> bool:
    """True for two figures of one thing in one night."""
    same = (a.object, a.measure, _period(a), _night(a)) == (b.object, b.measure, _period(b), _night(b))
    return same and a.value != b.value and _agree(a.target, b.target) and a.what.head is None and not a.recap


def _alike(a: Claim, b: Claim) -> bool:
    if (a.object, a.measure) != (b.object, b.measure) or not _agree(a.target, b.target):
        return False
    apart = a.place and b.place and a.place.place.name != b.place.place.name
    return not apart and a.part_of is None and not a.what.pointing


def _whole_of(claim: Claim, n: int, claims: list[Claim]) -> Claim | None:
    """The total that a claim is a part of: the head of its list, the figure it points back to, or the national one."""
    head = next((c for c in claims if c.what is claim.what.head), None)
    apart = head is not None and head.place is not None and claim.place is not None and not claim.what.pointing
    if head is not None and not apart and _holds(head, claim):
        return head
    if claim.what.whole or (claim.more and claim.part_of is None and not claim.what.pointing):
        return None
    if claim.what.pointing:
        fit = [c for c in reversed(claims[:n]) if _holds(c, claim)]
        return next((c for c in fit if not c.what.pointing), fit[0] if fit else None)
    if claim.local:
        return next((c for c in claims if not c.local and not c.more and _holds(c, claim)), None)
    return None


def _holds(total: Claim, part: Claim) -> bool:
    """True where the one figure can contain the other."""
    mixed = total.object == "aerial_target" and part.object in ("drone", "missile")
    if (not mixed and total.object != part.object) or total.measure != part.measure or total is part:
        return False
    same_time = _period(total) == _period(part) and _night(total) == _night(part)
    return total.value > part.value and same_time and _agree(total.target, part.target) and total.part_of is not part
