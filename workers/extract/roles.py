"""Who attacks whom: from nationality, the doer of the verb, its target, the place hit, and the side that speaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from workers.extract import losses
from workers.extract.arsenals import haunter_of, owner_of, user_of
from workers.extract.doers import Doer, code_of, doer
from workers.extract.drafts import FLOWN, Draft
from workers.extract.frames import Frames, Pair, agree
from workers.extract.grounded import GROUNDED
from workers.extract.lexicon import Lexicon
from workers.extract.marks import Geo
from workers.extract.nations import nation_of
from workers.extract.remits import remit_of, told_locally
from workers.extract.spots import ground, origin_of, place_of, target_of
from workers.extract.victims import Victims

Find = Callable[[Draft, list[Draft], Frames], Pair | None]
_DEFENCE: Final = frozenset({"intercepted", "lost"})
_AIMED: Final = ("launched", "entered")
_RUINED: Final = frozenset({"destroyed", "damaged", "burned"})
_LAUNCH: Final = frozenset({"launched", "entered", "hit"})


class Roles:
    """Fills attacker, target country and place of every draft: from the sentence first, then from around it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._victims = Victims(lexicon)

    def fill(self, drafts: list[Draft], frames: Frames) -> None:
        """Fill all drafts of an article in order."""
        for draft in drafts:
            self._locate(draft, drafts)
            if draft.object == "person":
                self._victims.begin(draft)
            else:
                self._armed(draft)
            losses.settle(draft, drafts, frames)
        for draft in drafts:
            self._point(draft, drafts)
            self._inherit(draft)
            if draft.object != "person":
                self._speaker(draft)
                self._weapon(draft, frames)
                self._complete(draft, drafts, frames)
        for draft in drafts:
            if draft.object != "person" and not (draft.attacker and draft.target):
                self._late(draft, drafts, frames)
        self._third_parties(drafts)
        for draft in drafts:
            if draft.object == "person":
                self._victims.complete(draft, drafts, frames)
            elif draft.target is None and draft.measure in _RUINED and self.lexicon.kinds[draft.object] == "thing":
                draft.target = self._victims.country(draft, drafts, frames)

    def _locate(self, draft: Draft, drafts: list[Draft]) -> None:
        draft.place = draft.place or place_of(draft) or remit_of(draft) or _shared_place(draft, drafts)
        if draft.place is None and told_locally(draft):
            draft.scope = "part"

    # --- from the sentence -----------------------------------------------------------------------------

    def _armed(self, draft: Draft) -> None:
        self._nation(draft)
        self._doer(draft)
        self._relative(draft)
        if (geo := target_of(draft)) is not None:
            self._set_target(draft, geo, "towards")
            if draft.place is None and geo.form == "noun" and geo.kind != "country" and draft.measure in _LAUNCH:
                draft.place = geo
        if draft.attacker is None and (origin := origin_of(draft)) is not None:
            held = origin.occupied_by or code_of(origin)
            code = self.lexicon.spec.stands_for.get(held or "", held)
            draft.attacker = code if code != draft.target and code in self.lexicon.conflicts else None
        if draft.place is not None and not self._speaks_for_other_ground(draft, draft.place):
            self._set_target(draft, draft.place, "place")

    def _speaks_for_other_ground(self, draft: Draft, geo: Geo) -> bool:
        """True when a side tells what it shot down over its enemy's ground: at the front, by its own defence."""
        country = geo.place.country if geo.place else None
        return draft.measure in _DEFENCE and country in self.lexicon.conflicts.get(draft.claimant or "", ())

    def _nation(self, draft: Draft) -> None:
        """ "Ukrainian drones" are Ukraine's; an aircraft that is hit is its owner's too."""
        code = nation_of(draft)
        if code is None:
            return
        stood = GROUNDED in draft.notes or self.lexicon.kinds.get(draft.object) != "air"
        if stood and draft.measure in ("destroyed", "hit", "damaged"):
            draft.target = code
        else:
            draft.attacker = code
        draft.notes.add("nation")

    def _doer(self, draft: Draft) -> None:
        """The subject of an active verb or the "by" of a passive one."""
        tie = draft.attachment
        spec = self.lexicon.measures.get(tie.measure) if tie is not None else None
        if tie is None or spec is None or spec.agent == "none" or tie.way == "subject":
            return
        who = doer(draft.attachment_reading, tie.item)
        code = draft.claimant if who.we else who.code
        side = next((s.doer for s in (tie.item.v.senses if tie.item.v else ()) if s.doer), spec.agent)
        self._assign(draft, who, code, side)

    def _relative(self, draft: Draft) -> None:
        """ "the drones that Iran sent towards Israel": a clause on the noun tells both sides."""
        for tie in draft.ties:
            if tie is not draft.attachment and tie.measure == "launched" and tie.modifies:
                code = doer(draft.attachment_reading, tie.item).code
                if draft.attacker is None and code is not None:
                    draft.attacker = code
                    draft.target = None if draft.target == code else draft.target
                    draft.notes.add("doer")

    def _assign(self, draft: Draft, who: Doer, code: str | None, side: str) -> None:
        if code is None or (side == "attacker" and who.defence):
            return
        if side == "attacker" and draft.attacker in (None, code) and draft.target != code:
            draft.attacker = code
            draft.notes.add("doer")
        elif side == "target" and draft.target is None and draft.attacker != code:
            draft.target = code
            draft.notes.add("doer")

    def _set_target(self, draft: Draft, geo: Geo, note: str) -> None:
        code = ground(geo, draft.attacker, self.lexicon.conflicts)
        if code and draft.target is None and code != draft.attacker:
            draft.target = code
            draft.notes.add(note)

    # --- from the article ------------------------------------------------------------------------------

    def _point(self, draft: Draft, drafts: list[Draft]) -> None:
        """ "38 of them": the direction is that of what it points back to."""
        pointing = draft.q.pointing or "of which" in draft.notes
        if not pointing or draft.object == "person" or "nation" in draft.notes:
            return
        for other in reversed(drafts[: drafts.index(draft)]):
            if (
                other.object == draft.object
                and other.attacker
                and other.target
                and draft.reading.index - other.reading.index <= 3
            ):
                draft.attacker, draft.target = other.attacker, other.target
                draft.notes.add("head")
                return

    def _inherit(self, draft: Draft) -> None:
        """A list item takes from its head what it does not say itself."""
        head = draft.head
        if head is None:
            return
        draft.notes.add("head")
        if draft.place is None and draft.way == "listed" and not draft.additional and draft.value <= head.value:
            draft.place = head.place
        if draft.attacker is None and draft.target != head.attacker:
            draft.attacker = head.attacker
        if draft.target is None and draft.attacker != head.target:
            draft.target = head.target

    def _weapon(self, draft: Draft, frames: Frames) -> None:
        if "nation" in draft.notes and draft.attacker and draft.target:
            draft.attacker = user_of(draft, self.lexicon) or draft.attacker
        elif draft.attacker is None and (owner := owner_of(draft, frames, self.lexicon)) is not None:
            draft.attacker = owner
            draft.notes.add("neighbour")

    def _speaker(self, draft: Draft) -> None:
        """Who reports an interception made it; who reports its enemy's drones is their target."""
        side = draft.claimant
        if side is None or draft.target is not None or draft.attacker == side:
            return
        enemies = self.lexicon.conflicts.get(side, ())
        if (
            enemies
            and (draft.measure in _DEFENCE or draft.attacker in enemies)
            and self.lexicon.kinds[draft.object] in ("air", "craft")
        ):
            draft.target = side
            draft.notes.add("speaker")

    def _complete(self, draft: Draft, drafts: list[Draft], frames: Frames) -> None:
        """Take the missing side from the sentence, from claims before, from the article, from the conflict."""
        order: tuple[Find, ...] = (self._here, self._before, self._near, self._main, self._war, self._any)
        if draft.q.pointing or draft.additional or draft.q.remaining:
            order = (self._before, self._near, self._main, self._war)
        if draft.measure == "entered" and draft.target is None:
            first = next(
                (g for _, g in sorted(draft.reading.marks.geo.items()) if g.acts and code_of(g) != draft.attacker), None
            )
            draft.target = code_of(first) if first is not None else None
        for find in order:
            if draft.attacker and draft.target:
                break
            pair = find(draft, drafts, frames)
            if pair is not None:
                draft.attacker, draft.target = draft.attacker or pair.attacker, draft.target or pair.target
                draft.notes.add("neighbour")
        if draft.place is not None and draft.place.occupied_by and draft.attacker:
            draft.target = ground(draft.place, draft.attacker, self.lexicon.conflicts) or draft.target

    def _known(self, draft: Draft) -> Pair:
        return Pair(draft.attacker, draft.target)

    def _late(self, draft: Draft, drafts: list[Draft], frames: Frames) -> None:
        """What later claims tell, and at last: a party to a war speaks of what flies at itself."""
        pair = self._any(draft, drafts, frames)
        side = draft.claimant
        if pair is None and draft.attacker is None and draft.target is None and side in self.lexicon.conflicts:
            pair = frames.completed(Pair(None, side))
        if draft.attacker is None and (haunts := haunter_of(draft, self.lexicon)) not in (None, draft.target):
            draft.attacker = haunts
        if draft.attacker is None and draft.measure == "entered" and (whole := frames.main(Pair(None, None))):
            draft.attacker = whole.attacker if whole.attacker != draft.target else None  # strays over a third country
        if pair is None and draft.attacker and side and side != draft.attacker and draft.measure in _LAUNCH:
            pair = Pair(draft.attacker, side)
        if pair is not None:
            draft.attacker, draft.target = draft.attacker or pair.attacker, draft.target or pair.target
            draft.notes.add("neighbour")
        if draft.attacker is None and draft.target is None and draft.measure in FLOWN:
            draft.target = frames.home  # rebels and juntas, cartels and gangs: whoever it was, it was there

    def _here(self, draft: Draft, drafts: list[Draft], frames: Frames) -> Pair | None:
        return frames.near(draft.reading, self._known(draft), back=0)

    def _any(self, draft: Draft, drafts: list[Draft], frames: Frames) -> Pair | None:
        """Any other claim of the article that tells both sides."""
        told = (d for d in drafts if d.attacker and d.target and d.object != "person")
        return next((self._known(d) for d in told if agree(self._known(d), self._known(draft))), None)

    def _near(self, draft: Draft, drafts: list[Draft], frames: Frames) -> Pair | None:
        return frames.near(draft.reading, self._known(draft))

    def _main(self, draft: Draft, drafts: list[Draft], frames: Frames) -> Pair | None:
        return frames.main(self._known(draft))

    def _war(self, draft: Draft, drafts: list[Draft], frames: Frames) -> Pair | None:
        return frames.completed(self._known(draft))

    def _before(self, draft: Draft, drafts: list[Draft], frames: Frames) -> Pair | None:
        """The nearest claim before that tells both sides and agrees."""
        mine = self._known(draft)
        for other in reversed(drafts[: drafts.index(draft)]):
            whole = other.attacker and other.target and other.object != "person"
            if whole and agree(self._known(other), mine):
                return self._known(other)
        return None

    def _third_parties(self, drafts: list[Draft]) -> None:
        """An ally that shoots down what flies at somebody else is not the target."""
        aimed = {d.attacker: d.target for d in drafts if d.measure in _AIMED and d.attacker and d.target}
        under_attack = {d.target for d in drafts if d.measure in _AIMED}
        for draft in drafts:
            target = aimed.get(draft.attacker or "")
            friendly = draft.target not in self.lexicon.conflicts.get(draft.attacker or "", ())
            if draft.measure not in _DEFENCE or draft.target in under_attack:
                continue
            if target and draft.target != target and friendly and draft.place is None:
                draft.target = target


def _shared_place(draft: Draft, drafts: list[Draft]) -> Geo | None:
    """The place of the whole in "of seven drones launched at the region, four had been downed"."""
    if not draft.q.elided or draft.object == "person":
        return None
    near = (d for d in drafts if d.reading is draft.reading and d.q.share and d.q.i < draft.q.i)
    return next((d.place for d in near if d.object == draft.object and d.value >= draft.value), None)
