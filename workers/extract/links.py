"""Links between the claims of one article: the same figure told twice, parts of a total, and figures replaced."""

from __future__ import annotations

from typing import Final, NamedTuple

from workers.extract.corrections import REPLACED, revised
from workers.extract.drafts import Draft
from workers.extract.spots import there

_LOCAL_KINDS: Final = frozenset({"region", "city", "district", "water", "facility"})
_ANYBODY: Final = frozenset({"", "person", "resident", "civilian", "local", "victim", "citizen", "employee", "worker"})
_SMALL: Final = 12
"""Up to here the same number on two nights is no surprise; a larger one is the same figure told again."""
_KINDS_OF: Final = frozenset({"object", "instrument", "nominal", "passive", "listed"})
_LONG: Final = frozenset({"cumulative", "multi_day"})


class Linked(NamedTuple):
    """The claims of an article, and the places that tell one of them again."""

    claims: list[Draft]
    again: list[Draft]


def link(drafts: list[Draft]) -> Linked:
    """The drafts parted into claims and repetitions, with scope, part_of, revises and same_as filled."""
    kept = _exact_only(_distinct(drafts))
    for draft in kept:
        _count_in(draft, kept)
    for draft in kept:
        draft.scope = "part" if _local(draft) or draft.scope == "part" else "total"
    for draft in kept:
        if draft.scope == "total" and there(draft) and any(_outnumbers(other, draft) for other in kept):
            draft.scope = "part"
    for n, draft in enumerate(kept):
        draft.part_of = _whole_of(draft, n, kept)
        if draft.part_of is not None:
            draft.scope = "part"
            if draft.part_of.part_of is None and draft.part_of.scope == "part" and not _inside(draft, draft.part_of):
                draft.part_of.scope = "total"
        draft.revises = _first_of(draft.revises, kept) or revised(draft, n, kept)
    for draft in kept:
        if draft.additional and draft.part_of is None and _beside(draft, kept):
            draft.scope = "part"
    _part_kinds(kept)
    return Linked(kept, _again(drafts, kept))


def _first_of(draft: Draft | None, kept: list[Draft]) -> Draft | None:
    """The claim that a figure is told as, for one that was told before."""
    while draft is not None and draft.same_as is not None:
        draft = draft.same_as
    return draft if draft is not None and any(claim is draft for claim in kept) else None


def _again(drafts: list[Draft], kept: list[Draft]) -> list[Draft]:
    """The repetitions of what is kept, each leading straight to its claim."""
    found = []
    for draft in drafts:
        first = _first_of(draft.same_as, kept)
        if first is not None and first.q is not draft.q:
            draft.same_as, draft.uncounted = first, "told-again"
            found.append(draft)
    return found


def _outnumbers(other: Draft, draft: Draft) -> bool:
    """True for a larger figure of the same things that is told of no one place."""
    alike = (other.object, other.attacker, other.target) == (draft.object, draft.attacker, draft.target)
    return alike and other.value > draft.value and other.scope == "total" and not there(other) and not other.recap


def _part_kinds(drafts: list[Draft]) -> None:
    """The kinds of one list are disjoint parts: "30 cruise missiles and 120 ballistic missiles"."""
    for n, draft in enumerate(drafts):
        first = next((other for other in drafts[:n] if _another_kind(other, draft)), None)
        if first is not None:
            first.scope = draft.scope = "part"
            draft.additional = True


def _another_kind(first: Draft, draft: Draft) -> bool:
    """True for two kinds of one object that one predicate, or the head of one list, tells beside each other."""
    told = (first.attachment and first.attachment.item) is (draft.attachment and draft.attachment.item)
    listed = first.head is draft.head and first.way == draft.way and first.way in _KINDS_OF
    alike = (first.object, first.measure) == (draft.object, draft.measure) and first.object != "person"
    return told and listed and alike and bool(_kind(first)) and bool(_kind(draft)) and _kind(first) != _kind(draft)


def _kind(draft: Draft) -> list[str]:
    """The words that name what is counted; none where the noun is left out or a place tells the items apart."""
    q = draft.q
    plain = q.noun is not None and not q.pointing and q.whole is None and q.part is None
    return list(draft.reading.tok.words[q.number.j : q.j]) if plain else []


def _beside(draft: Draft, drafts: list[Draft]) -> bool:
    """True for "20 over Moscow, along with an additional 124": two disjoint parts in one sentence."""
    return any(
        other is not draft
        and other.reading is draft.reading
        and (other.object, other.measure, other.target) == (draft.object, draft.measure, draft.target)
        and other.way != "total"
        for other in drafts
    )


def _local(draft: Draft) -> bool:
    return draft.place is not None and draft.place.kind in _LOCAL_KINDS


def _name(draft: Draft) -> str | None:
    return draft.place.place.name if draft.place is not None and draft.place.place is not None else None


def _inside(draft: Draft, other: Draft) -> bool:
    """True when the other claim's place is a place among several of its own article, not the whole."""
    return other.head is not None


# --- the same figure again -----------------------------------------------------------------------------


def _distinct(drafts: list[Draft]) -> list[Draft]:
    kept: list[Draft] = []
    for draft in drafts:
        same = next((k for k, other in enumerate(kept) if _same(other, draft)), None)
        if same is None:
            kept.append(draft)
        elif _fuller(draft, kept[same]):
            _fill(draft, kept[same])
            _redirect(drafts, kept[same], draft)
            kept[same].same_as = draft
            kept[same] = draft
        else:
            draft.same_as = kept[same]
            _fill(kept[same], draft)
            _redirect(drafts, draft, kept[same])
    return kept


def _exact_only(drafts: list[Draft]) -> list[Draft]:
    """Without "dozens of drones" where the article also tells how many."""
    return [d for d in drafts if d.q.number.kind != "vague" or not any(_specifies(other, d) for other in drafts)]


def _specifies(exact: Draft, vague: Draft) -> bool:
    return (
        exact.q.number.kind != "vague"
        and exact.measure == vague.measure
        and exact is not vague
        and exact.object == vague.object
        and exact.value >= vague.value
        and _agree(exact.attacker, vague.attacker)
        and _agree(exact.target, vague.target)
        and (exact.period in _LONG) == (vague.period in _LONG)
    )


def _count_in(draft: Draft, drafts: list[Draft]) -> None:
    """Jammed drones are intercepted where the source counts them in: parts of one stated figure."""
    if draft.measure != "lost" or (draft.way == "listed" and draft.head is not None and draft.head.measure == "lost"):
        return
    for total in drafts:
        if total.measure != "intercepted" or total.object != draft.object:
            continue
        rest = total.value - draft.value
        adds_up = _accounts_for_all(draft, drafts) or (
            rest > 0 and any(d.measure == "intercepted" and d.value == rest and d is not total for d in drafts)
        )
        jammed = draft.additional and _jammed(draft) and not any(_launch_beside(d, draft) for d in drafts)
        if adds_up or jammed or (draft.q.pointing and not _agree_lost(total, draft)):
            draft.measure = "intercepted"
            return


def _accounts_for_all(lost: Draft, drafts: list[Draft]) -> bool:
    """True where what was shot down and what was jammed are all that was launched."""
    if not _jammed(lost):
        return False
    shot = {d.value for d in drafts if d.measure == "intercepted" and d.object == lost.object}
    return any(_launch_beside(d, lost) and d.value - lost.value in shot for d in drafts)


def _jammed(lost: Draft) -> bool:
    """True for what electronic warfare stopped, not for what merely vanished."""
    v = lost.attachment.item.v if lost.attachment is not None else None
    return v is not None and v.senses[0].lemma not in ("lose", "be lost") and bool(v.senses[0].patient)


def _launch_beside(launch: Draft, lost: Draft) -> bool:
    """True when the article tells how many of them were launched: the lost ones are told apart then."""
    return launch.measure == "launched" and launch.object == lost.object and not launch.recap


def _agree_lost(total: Draft, lost: Draft) -> bool:
    """True when the lost ones come on top of the intercepted ones: both parts of a launched figure."""
    return total.reading is lost.reading and not lost.q.pointing


def _redirect(drafts: list[Draft], old: Draft, new: Draft) -> None:
    """Let list items of a repetition hang on the claim that is kept."""
    for draft in drafts:
        if draft.head is old and draft is not new:
            draft.head = new


def _same(a: Draft, b: Draft) -> bool:
    if (a.object, a.measure, a.value, a.high) != (b.object, b.measure, b.value, b.high):
        return False
    if a.reading is b.reading and a.q is not b.q:
        return False
    if a.q is b.q:
        return _name(a) == _name(b)
    if a.night and b.night and a.night != b.night and a.value <= _SMALL:
        return False
    if a.status != b.status or ((a.period in _LONG) != (b.period in _LONG) and a.value < 1000):
        return False
    if _two_persons(a, b):
        return False
    if a.object == "person" and a.q.pointing != b.q.pointing and a.reading.field == b.reading.field:
        return False  # "one of them later died" and "one woman was killed"
    if (
        a.object == "person"
        and a.claimed_by
        and b.claimed_by
        and a.claimed_by != b.claimed_by
        and a.reading.field == b.reading.field
    ):
        return False
    return _agree(a.attacker, b.attacker) and _agree(a.target, b.target) and _places_agree(a, b)


def _two_persons(a: Draft, b: Draft) -> bool:
    """True for "a pensioner was killed" and "a tractor driver was killed": two who were told one by one."""
    names = {_trade(draft) for draft in (a, b)}
    return len(names) > 1 and names.isdisjoint(_ANYBODY) and a.reading.field == b.reading.field


def _trade(draft: Draft) -> str:
    """The word that names the person counted; empty where a number counts more than one."""
    one = draft.object == "person" and draft.q.number.kind == "article"
    return draft.reading.tok.words[draft.q.j - 1] if one else ""


def _agree(a: str | None, b: str | None) -> bool:
    return a is None or b is None or a == b


def _places_agree(a: Draft, b: Draft) -> bool:
    return not (_local(a) and _local(b)) or _name(a) == _name(b)


def _fuller(new: Draft, old: Draft) -> bool:
    """True when the later telling says more, or says it in the body instead of the title."""
    return _weight(new) > _weight(old)


def _weight(draft: Draft) -> int:
    told = sum(x is not None for x in (draft.attacker, draft.target, draft.place, draft.time, draft.claimed_by))
    return (
        told
        + draft.timed
        + 2 * (draft.reading.field == "text")
        + 2 * (draft.head is not None)
        + (draft.q.qualifier != "exact")
    )


def _fill(keep: Draft, other: Draft) -> None:
    """Take over what only the repetition says."""
    keep.attacker = keep.attacker or other.attacker
    keep.target = keep.target or other.target
    keep.claimed_by = keep.claimed_by or other.claimed_by
    keep.revises = keep.revises or other.revises
    keep.notes |= other.notes & {REPLACED}
    if keep.q.qualifier == "exact":
        keep.q.qualifier = other.q.qualifier


# --- parts ---------------------------------------------------------------------------------------------


def _whole_of(draft: Draft, n: int, drafts: list[Draft]) -> Draft | None:
    """The total that this claim is a part of: its list's head, what it points back to, or the national figure."""
    if draft.notes & {"whole"}:
        return None
    head = draft.head if draft.head in drafts[:n] else None
    apart = draft.additional and "subset" not in draft.notes
    if head is not None and draft.way != "total" and not apart and _can_hold(head, draft):
        beside = _local(head) and _local(draft) and _name(head) != _name(draft) and "subset" not in draft.notes
        if not beside:
            return head
        if head.part_of is not None:
            return head.part_of
    if draft.way == "total":
        return None
    pointing = draft.q.pointing
    candidates = [d for k, d in enumerate(drafts) if k != n and _can_hold(d, draft)]
    if pointing or draft.q.remaining:
        return next((d for d in reversed(candidates) if drafts.index(d) < n), None)
    if draft.additional:
        return next((d for d in candidates if _adds_up(d, draft, drafts)), None)
    if _local(draft):
        return next(
            (d for d in candidates if d is not draft.head and (not _local(d) or _name(d) != _name(draft))), None
        )
    return None


def _can_hold(total: Draft, part: Draft) -> bool:
    """True when the one figure can contain the other."""
    if (total.object, total.measure) != (part.object, part.measure) and not _mixed(total, part):
        return False
    if total.value <= part.value or (total.part_of is not None and total.part_of is part):
        return False
    if not (_agree(total.attacker, part.attacker) and _agree(total.target, part.target)):
        return False
    if (total.period in _LONG) != (part.period in _LONG) or total.recap != part.recap:
        return False
    if _local(total) and total is not part.head and not part.q.pointing:
        return False
    return (not total.additional or total is part.head) and total.status == part.status


def _mixed(total: Draft, part: Draft) -> bool:
    return total.object == "aerial_target" and total.measure == part.measure and part.object in ("drone", "missile")


def _adds_up(total: Draft, part: Draft, drafts: list[Draft]) -> bool:
    """True when the parts told with this one come to the total: "nine ... another 33" of 42."""
    others = [d for d in drafts if d is not total and d is not part and d.part_of is total and d.head is None]
    return sum(d.value for d in others) + part.value == total.value
