"""Who attacks whom: from nationality, the doer of the verb, its target, the place hit, and the side that speaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from workers.extract import losses
from workers.extract.arsenals import haunter_of, owner_of
from workers.extract.countries import country_name
from workers.extract.doers import Doer, code_of, doer, of_origin
from workers.extract.drafts import Draft
from workers.extract.frames import Frames, Pair, agree
from workers.extract.items import Item
from workers.extract.lexicon import Lexicon
from workers.extract.marks import Geo
from workers.extract.remits import remit_of
from workers.extract.spots import ground, origin_of, place_of, target_of

Find = Callable[[Draft, list[Draft], Frames], Pair | None]
_DEFENCE: Final = frozenset({"intercepted", "lost"})
_AIMED: Final = ("launched", "entered")
_RUINED: Final = frozenset({"destroyed", "damaged", "burned"})
_LAUNCH: Final = frozenset({"launched", "entered", "hit"})


class Roles:
    """Fills attacker, target country and place of every draft: from the sentence first, then from around it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def fill(self, drafts: list[Draft], frames: Frames) -> None:
        """Fill all drafts of an article in order."""
        for draft in drafts:
            draft.place = draft.place or place_of(draft) or remit_of(draft)
            if draft.object == "person":
                self._person(draft)
            else:
                self._armed(draft)
                losses.settle(draft, drafts, frames)
        for draft in drafts:
            self._point(draft, drafts)
            self._inherit(draft)
            if draft.object != "person":
                self._weapon(draft, frames)
                self._speaker(draft)
                self._complete(draft, drafts, frames)
        for draft in drafts:
            if draft.object != "person" and not (draft.attacker and draft.target):
                self._late(draft, drafts, frames)
        self._third_parties(drafts)
        for draft in drafts:
            if draft.object == "person":
                self._complete_person(draft, drafts, frames)
            elif draft.target is None and draft.measure in _RUINED and self.lexicon.kinds[draft.object] == "thing":
                draft.target = self._country(draft, drafts, frames)

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
            draft.attacker = code if code != draft.target else None
        if draft.place is not None and not self._speaks_for_other_ground(draft, draft.place):
            self._set_target(draft, draft.place, "place")

    def _speaks_for_other_ground(self, draft: Draft, geo: Geo) -> bool:
        """True when a side tells what it shot down over its enemy's ground: at the front, by its own defence."""
        country = geo.place.country if geo.place else None
        return draft.measure in _DEFENCE and country in self.lexicon.conflicts.get(draft.claimant or "", ())

    def _nation(self, draft: Draft) -> None:
        """ "Ukrainian drones" are Ukraine's; an aircraft that is hit is its owner's too."""
        code = self._owner(draft)
        if code is None:
            return
        if self.lexicon.kinds.get(draft.object) != "air" and draft.measure in ("destroyed", "hit", "damaged"):
            draft.target = code
        else:
            draft.attacker = code
        draft.notes.add("nation")

    def _owner(self, draft: Draft) -> str | None:
        q, reading = draft.q, draft.reading
        if q.nation is not None and not of_origin(reading, q.nation):
            return code_of(q.nation)
        items, n = reading.items, reading.position[id(q)]
        if n >= 2 and items[n - 1].kind == "poss" and items[n - 2].geo is not None:
            return self._code(items[n - 2])
        for k in (n + 1, n + 2):
            geo = items[k].geo if k < len(items) else None
            if geo is not None and items[k - 1].word in ("of", "from") and geo.acts and not of_origin(reading, geo):
                return code_of(geo) if items[k - 1].word == "of" or geo.place is not None else None
        return None

    def _code(self, item: Item) -> str | None:
        return code_of(item.geo) if item.geo is not None else None

    def _doer(self, draft: Draft) -> None:
        """The subject of an active verb or the "by" of a passive one."""
        tie = draft.attachment
        spec = self.lexicon.measures.get(tie.measure) if tie is not None else None
        if tie is None or spec is None or spec.agent == "none" or tie.way == "subject" or draft.way == "whole_":
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
        if draft.place is None and draft.way == "listed" and not draft.additional:
            draft.place = head.place
        if draft.attacker is None and draft.target != head.attacker:
            draft.attacker = head.attacker
        if draft.target is None and draft.attacker != head.target:
            draft.target = head.target

    def _weapon(self, draft: Draft, frames: Frames) -> None:
        if draft.attacker is None and (owner := owner_of(draft, frames, self.lexicon)) is not None:
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
        if pair is None and draft.attacker and side and side != draft.attacker and draft.measure in _LAUNCH:
            pair = Pair(draft.attacker, side)
        if pair is not None:
            draft.attacker, draft.target = draft.attacker or pair.attacker, draft.target or pair.target
            draft.notes.add("neighbour")

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
        for draft in drafts:
            target = aimed.get(draft.attacker or "")
            friendly = draft.target not in self.lexicon.conflicts.get(draft.attacker or "", ())
            if draft.measure in _DEFENCE and target and draft.target != target and friendly and draft.place is None:
                draft.target = target

    # --- people ----------------------------------------------------------------------------------------

    def _person(self, draft: Draft) -> None:
        code = self._owner(draft)
        group = code is not None and country_name(code) == code
        if (code is None or group) and draft.place is not None and draft.place.place is not None:
            code = draft.place.place.country
            draft.notes.add("place")
        if code is None and draft.claimed_by is not None and "health" in draft.claimed_by.lower():
            code = draft.claimant  # a health ministry counts its own
        draft.target = code
        if draft.attachment is not None and draft.measure in ("killed", "injured", "casualties"):
            item = draft.attachment.item
            who = doer(draft.attachment_reading, item)
            side = draft.claimant if who.we else who.code
            if side and any(s.doer == "target" for s in (item.v.senses if item.v else ())):
                draft.target = side
            elif side and not who.defence:
                self._struck(draft, side)

    def _struck(self, draft: Draft, attacker: str) -> None:
        """Who was hit: "Islamabad said 31 were killed by Indian missiles in Punjab" is the side that speaks."""
        if attacker != draft.target:
            draft.attacker = attacker
        elif "place" in draft.notes and draft.claimant in self.lexicon.conflicts.get(attacker, ()):
            draft.attacker, draft.target = attacker, draft.claimant

    def _complete_person(self, draft: Draft, drafts: list[Draft], frames: Frames) -> None:
        """The country where they are, and who attacks it in this article."""
        if draft.head is not None and draft.target is None:
            draft.target = draft.head.target
        if draft.target is None:
            draft.target = self._country(draft, drafts, frames)
        if draft.attacker == draft.target and draft.attacker in self.lexicon.conflicts:
            draft.attacker = None
        if draft.attacker is None and draft.target is not None:
            pair = frames.near(draft.reading, Pair(None, draft.target)) or frames.main(Pair(None, draft.target))
            told = next(
                (d for d in reversed(drafts) if d.target == draft.target and d.attacker and d.object != "person"), None
            )
            if pair is None and told is None and self._under_fire(draft):
                pair = frames.completed(Pair(None, draft.target))
            alone = None if pair else frames.attacker(draft.reading)
            draft.attacker = pair.attacker if pair else (told.attacker if told else None)
            draft.attacker = alone if alone not in (None, draft.target) else draft.attacker

    def _under_fire(self, draft: Draft) -> bool:
        """True when the sentence names a weapon or an attack from the air."""
        marks = draft.reading.marks
        words = {noun.object for _, noun in marks.nouns.values() if noun.kind == "air"}
        return bool(words) or any(word in ("drone", "missile", "rocket", "shelling") for word in marks.tok.words)

    def _country(self, draft: Draft, drafts: list[Draft], frames: Frames) -> str | None:
        """The country of the sentence, of the attack told with it, of the claim before, or of the article."""
        here = [
            g for g in draft.reading.marks.geo.values() if g.place is not None and g.form == "noun" and g.kind != "bloc"
        ]
        if here:
            return min(here, key=lambda g: abs(g.i - draft.q.i)).place.country  # type: ignore[union-attr]
        if (pair := frames.near(draft.reading, Pair(draft.attacker, None), back=0)) is not None:
            return pair.target
        last = next((d for d in reversed(drafts[: drafts.index(draft)])), None)
        if (
            last is not None
            and last.object == "person"
            and last.target
            and draft.reading.index - last.reading.index == 1
        ):
            return last.target
        if (pair := frames.near(draft.reading, Pair(draft.attacker, None))) is not None:
            return pair.target
        before = [d for d in drafts[: drafts.index(draft)] if d.target]
        if before and draft.reading.index - before[-1].reading.index <= 3:
            return before[-1].target
        if (pair := frames.main(Pair(draft.attacker, None))) is not None:
            return pair.target
        if frames.scene is not None:
            return frames.scene
        return frames.voices.most_common(1)[0][0] if frames.voices else None
