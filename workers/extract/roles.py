"""Who attacks whom: from nationality, the doer of the verb, its target, the place hit, and the side that speaks."""

from __future__ import annotations

from collections import Counter
from typing import Final

from workers.extract.drafts import Draft
from workers.extract.items import Item, Reading
from workers.extract.lexicon import Lexicon
from workers.extract.lists import place_after
from workers.extract.marks import LOCAL, Geo

_DEFENCE: Final = frozenset({"intercepted", "lost"})
_TOWARDS: Final = frozenset(
    {"against", "at", "on", "toward", "towards", "into", "for", "across", "over", "targeting", "in"}
)
_REACH: Final = 14


class Roles:
    """Fills attacker, target country and place of every draft of an article, first from the sentence, then around it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def fill(self, drafts: list[Draft], voices: Counter[str]) -> None:
        """Fill all drafts; `voices` counts the sides that the article names."""
        for draft in drafts:
            if draft.place is None:
                draft.place = self._place(draft)
            self._own(draft)
        for draft in drafts:
            self._inherit(draft)
        pairs = Counter(
            (d.attacker, d.target)
            for d in drafts
            if (d.attacker and d.target and "nation" in d.notes) or "doer" in d.notes
        )
        for n, draft in enumerate(drafts):
            self._complete(draft, drafts[:n], pairs, voices)

    # --- from the sentence -----------------------------------------------------------------------------

    def _own(self, draft: Draft) -> None:
        if draft.object == "person":
            self._person(draft)
            return
        self._nation(draft)
        self._doer(draft)
        self._towards(draft)
        self._placed(draft)

    def _nation(self, draft: Draft) -> None:
        """ "Ukrainian drones" are Ukraine's; a downed or hit aircraft is its owner's too."""
        code = self._owner(draft)
        if code is None:
            return
        lost_craft = draft.measure in ("destroyed", "hit", "damaged") and self.lexicon.kinds.get(draft.object) != "air"
        if lost_craft:
            draft.target = code
        else:
            draft.attacker = code
        draft.notes.add("nation")

    def _owner(self, draft: Draft) -> str | None:
        q = draft.q
        if q.nation is not None and not self._made_by(draft, q.nation):
            return self._code(q.nation)
        items, n = draft.reading.items, draft.reading.position[id(q)]
        if n >= 2 and items[n - 1].kind == "poss" and items[n - 2].geo is not None:
            return self._code(items[n - 2].geo)
        if n + 2 < len(items) and items[n + 1].word == "of" and (geo := items[n + 2].geo) is not None:
            return self._code(geo) if geo.acts else None
        return None

    def _made_by(self, draft: Draft, geo: Geo) -> bool:
        """ "Iranian-made": says where it was built, not whose it is."""
        tok = draft.reading.tok
        return tok.word(geo.j) == "-" and tok.glued(geo.j)

    def _doer(self, draft: Draft) -> None:
        """The subject of an active verb or the "by" of a passive one."""
        side = self._measure_side(draft)
        if side is None or draft.attachment is None:
            return
        geo, defence = self._doer_of(draft)
        if geo is None or (code := self._code(geo)) is None:
            return
        if draft.attachment.measure == "=":
            return
        launched = draft.attachment.measure in ("launched", "entered", "hit")
        if launched and not defence:
            if draft.attacker is None or draft.attacker == code:
                draft.attacker = code
                draft.notes.add("doer")
        elif not launched and side == "target" and draft.target is None and draft.attacker != code:
            draft.target = code
            draft.notes.add("doer")
        elif not launched and side == "attacker" and draft.attacker is None and draft.target != code:
            draft.attacker = code
            draft.notes.add("doer")

    def _measure_side(self, draft: Draft) -> str | None:
        measure = draft.attachment.measure if draft.attachment else draft.measure
        spec = self.lexicon.measures.get(measure)
        return spec.agent if spec and spec.agent != "none" else None

    def _doer_of(self, draft: Draft) -> tuple[Geo | None, bool]:
        assert draft.attachment is not None
        item, reading = draft.attachment.item, draft.attachment_reading
        n = reading.items.index(item)
        if item.v is not None and item.v.voice != "active":
            return self._after_by(reading, n)
        if item.nominal is not None:
            return self._possessor(reading, n)
        return self._before(reading, n)

    def _after_by(self, reading: Reading, n: int) -> tuple[Geo | None, bool]:
        """The actor after "by", within the clause; an "air defence" in between is a defence."""
        items = reading.items
        for k in range(n + 1, min(n + _REACH, len(items))):
            if items[k].word == "by":
                return self._actor_from(items, k + 1)
            if items[k].kind in ("semi", "claims", "sub", "rel", "v") or (items[k].kind == "q" and k > n + 2):
                break
        return None, False

    def _actor_from(self, items: list[Item], start: int) -> tuple[Geo | None, bool]:
        geo, defence = None, False
        for item in items[start : start + 8]:
            if item.kind == "geo" and item.geo is not None and geo is None and item.geo.form != "noun_":
                geo = item.geo
            elif item.kind == "office":
                defence = defence or "defen" in item.word or item.word in ("iron",)
            elif item.kind in ("comma", "v", "claims", "sub", "rel", "q", "quote") or item.word in (
                "over",
                "in",
                "above",
                "during",
                "on",
                "near",
                "at",
            ):
                break
        return geo, defence

    def _before(self, reading: Reading, n: int) -> tuple[Geo | None, bool]:
        """The actor that is the subject to the left of an active verb."""
        defence = False
        for k in range(n - 1, max(-1, n - 1 - _REACH), -1):
            item = reading.items[k]
            if item.geo is not None and (item.geo.acts or reading.items[min(k + 1, n)].kind == "poss"):
                if (
                    reading.tok.word(item.i - 1) in ("over", "in", "near", "against", "at", "on")
                    and item.geo.form == "noun"
                ):
                    continue
                return item.geo, defence
            if item.kind == "office":
                defence = defence or "defen" in item.word or "air" in item.word
            if item.kind in ("semi", "colon", "sub") or (item.kind == "claims" and item.word != "reported"):
                return None, defence
        return None, defence

    def _possessor(self, reading: Reading, n: int) -> tuple[Geo | None, bool]:
        """ "Russia's attack with", "an Iranian barrage of"."""
        for k in range(n - 1, max(-1, n - 6), -1):
            item = reading.items[k]
            if item.geo is not None and item.geo.acts:
                return item.geo, False
            if item.kind in ("v", "q", "semi", "claims", "prep"):
                break
        return self._after_by(reading, n)

    def _towards(self, draft: Draft) -> None:
        """The target of a launch: "against Ukraine", "at Haifa", or what the attack verb attacks."""
        if draft.attachment is None or draft.attachment.measure not in (
            "launched",
            "hit",
            "entered",
            "lost",
            "intercepted",
        ):
            return
        reading = draft.attachment_reading
        n = reading.items.index(draft.attachment.item)
        items = reading.items
        start = min(n, reading.position.get(id(draft.q), n))
        for k in range(start + 1, min(n + _REACH + 4, len(items))):
            item = items[k]
            if item.kind in ("semi", "claims", "colon") or (
                item.kind == "q" and item.q is not draft.q and item.q is not draft.q.whole and k > n
            ):
                break
            if item.geo is None or item.geo.place is None or item.geo.form != "noun":
                continue
            word = reading.tok.word(item.i - 1)
            word = reading.tok.word(item.i - 2) if word == "the" else word
            direct = k == n + 1 and draft.attachment.item.v is not None and draft.attachment.item.v.voice == "active"
            if word in _TOWARDS or direct:
                self._set_target(draft, item.geo, "towards")
                return

    def _set_target(self, draft: Draft, geo: Geo, note: str) -> None:
        code = self._ground(geo, draft.attacker)
        if code and draft.target is None and code != draft.attacker:
            draft.target = code
            draft.notes.add(note)

    def _placed(self, draft: Draft) -> None:
        if draft.place is not None:
            self._set_target(draft, draft.place, "place")

    def _place(self, draft: Draft) -> Geo | None:
        """The place of the quantity itself, of its predicate, or in front of the clause."""
        reading = draft.reading
        n = reading.position[id(draft.q)]
        if (geo := place_after(reading, n)) is not None and geo.place is not None:
            return geo
        items = reading.items
        if draft.attachment is not None and draft.attachment_reading is reading:
            m = items.index(draft.attachment.item)
            for k in range(max(n, m) + 1, min(max(n, m) + 10, len(items))):
                if items[k].kind in ("q", "semi", "colon", "rel", "sub", "v", "stop"):
                    break
                if (found := self._located(reading, items[k])) is not None:
                    return found
        for k in range(n - 1, max(-1, n - 8), -1):
            if items[k].kind in ("q", "v", "semi", "claims"):
                break
            if (found := self._located(reading, items[k])) is not None:
                return found
        return None

    def _located(self, reading: Reading, item: Item) -> Geo | None:
        geo = item.geo
        if geo is None or geo.place is None or geo.form != "noun" or (geo.kind == "country" and not geo.local):
            return None
        word = reading.tok.word(item.i - 1)
        word = reading.tok.word(item.i - 2) if word == "the" else word
        return geo if word in LOCAL or geo.kind in ("region", "district", "water") else None

    def _ground(self, geo: Geo, attacker: str | None) -> str | None:
        """Whose ground a place is for an attack: an occupied place is its holder's when its owner attacks."""
        country = geo.place.country if geo.place else geo.code
        if geo.occupied_by is None:
            return country
        if attacker == country:
            return geo.occupied_by
        if attacker is None and geo.place is not None and geo.place.region == "Crimea":
            return geo.occupied_by
        return country if attacker is not None else None

    def _code(self, geo: Geo) -> str | None:
        return geo.code or (geo.place.country if geo.place else None)

    # --- people ----------------------------------------------------------------------------------------

    def _person(self, draft: Draft) -> None:
        code = self._owner(draft)
        if code:
            draft.target = code
            draft.notes.add("nation")
        elif draft.place is not None:
            draft.target = draft.place.place.country if draft.place.place else None
            draft.notes.add("place")

    # --- from the article ------------------------------------------------------------------------------

    def _inherit(self, draft: Draft) -> None:
        """A list item takes from its head what it does not say itself."""
        head = draft.head
        if head is None:
            return
        if draft.attacker is None and draft.target != head.attacker:
            draft.attacker = head.attacker
        if draft.target is None and draft.attacker != head.target:
            draft.target = head.target
        draft.notes.add("head")

    def _complete(
        self, draft: Draft, before: list[Draft], pairs: Counter[tuple[str | None, str | None]], voices: Counter[str]
    ) -> None:
        self._by_speaker(draft)
        self._by_neighbour(draft, before)
        self._by_conflict(draft, voices)
        if draft.place is not None and draft.object != "person" and draft.place.occupied_by and draft.attacker:
            draft.target = self._ground(draft.place, draft.attacker)

    def _by_speaker(self, draft: Draft) -> None:
        """Who reports an interception made it; who reports enemy drones is their target."""
        side = draft.claimant
        if side is None or draft.object == "person" or self.lexicon.kinds.get(draft.object) not in ("air", "craft"):
            return
        if draft.target is None and draft.attacker != side and side in self.lexicon.conflicts:
            if draft.measure in _DEFENCE or draft.attacker in (None, *self.lexicon.conflicts.get(side, ())):
                draft.target = side
                draft.notes.add("speaker")

    def _by_neighbour(self, draft: Draft, before: list[Draft]) -> None:
        """An earlier claim that agrees in what is known lends the rest."""
        if draft.attacker and draft.target:
            return
        for other in reversed(before):
            if not (other.attacker and other.target):
                continue
            fits = draft.attacker in (None, other.attacker) and draft.target in (None, other.target)
            if fits and (draft.object == "person") <= (draft.target is not None or other.reading is draft.reading):
                draft.attacker, draft.target = other.attacker, other.target
                draft.notes.add("neighbour")
                return

    def _by_conflict(self, draft: Draft, voices: Counter[str]) -> None:
        """The other side of a known conflict, first one that the article names."""
        if draft.target and not draft.attacker:
            draft.attacker = self._enemy(draft.target, voices)
        elif draft.attacker and not draft.target:
            draft.target = self._enemy(draft.attacker, voices)

    def _enemy(self, side: str, voices: Counter[str]) -> str | None:
        enemies = self.lexicon.conflicts.get(side, ())
        named = [code for code in enemies if voices[code]]
        return named[0] if named else None
