"""Who was killed and hurt, and by whom: whose people they are, where they were, and who attacks there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from workers.extract.countries import country_name
from workers.extract.doers import Doer, doer
from workers.extract.drafts import Draft
from workers.extract.frames import HOME, Frames, Pair
from workers.extract.items import Reading
from workers.extract.lexicon import Lexicon
from workers.extract.marks import Geo
from workers.extract.nations import nation_of
from workers.extract.spots import before

_HARM: Final = frozenset({"killed", "injured", "casualties"})
_REGULARS: Final = frozenset(
    {"soldier", "soldiers", "troops", "servicemen", "personnel", "policeman", "policemen", "officers", "paramilitaries"}
)
_IRREGULARS: Final = frozenset(
    {"militant", "militants", "terrorist", "terrorists", "insurgent", "insurgents", "rebel", "rebels", "gunmen"}
    | {"operative", "operatives", "jihadist", "jihadists", "separatists", "fighters"}
)
"""What an army calls those whom it fights and who are no army."""
_CLAUSE: Final = 8
"""Items in front of a number in which "in which" may stand."""


class Victims:
    """Fills attacker and target country of counts of people."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._voices = frozenset(voice for actor in lexicon.spec.actors.values() for voice in actor.voices)

    def begin(self, draft: Draft) -> None:
        """From the sentence: whose they are, where they are, who did it, and who counts them."""
        code = nation_of(draft)
        group = code is not None and country_name(code) == code
        if (code is None or group) and draft.place is not None and draft.place.place is not None:
            code = draft.place.place.country
            draft.notes.add("place")
        draft.target = code
        if draft.attachment is not None and draft.measure in _HARM and draft.attachment.way != "subject":
            item = draft.attachment.item
            who = doer(draft.attachment_reading, item)
            side = self._side(draft, who)
            if side and any(s.doer == "target" for s in (item.v.senses if item.v else ())):
                draft.target = side if side != HOME else draft.target
            elif side and not who.defence:
                self._struck(draft, side)
        if draft.attacker is None and (side := _raider(draft)) is not None:
            draft.attacker = side
            draft.notes.add("raid")
        own = self._counts_its_own(draft) or (self._at_war(draft) and self._beside_its_enemy(draft))
        if draft.target is None and draft.claimant != draft.attacker and own:
            draft.target = draft.claimant
        if draft.attacker is None and self._killed_them(draft):
            draft.attacker = draft.claimant

    def _at_war(self, draft: Draft) -> bool:
        return draft.claimant in self._lexicon.conflicts

    def _killed_them(self, draft: Draft) -> bool:
        """True for "and, according to the army, killed dozens of operatives": who counts them struck them."""
        words = draft.reading.tok.words[draft.q.i : draft.q.j]
        tie, name = draft.attachment, (draft.claimed_by or "").lower()
        army = any(word in name for word in self._lexicon.hints.armies)
        foes = (None, *self._lexicon.conflicts.get(draft.claimant or "", ()))
        irregular = not _IRREGULARS.isdisjoint(words) and army and self._at_war(draft) and draft.target in foes
        return irregular and draft.measure in _HARM and tie is not None and tie.way == "object"

    def _side(self, draft: Draft, who: Doer) -> str | None:
        """The side of a doer; an army without a country is that of the side that speaks of its enemy, or at home."""
        if who.code is not None or not (who.we or who.home):
            return who.code
        enemy = draft.target in self._lexicon.conflicts.get(draft.claimant or "", ())
        return draft.claimant if who.we or enemy else HOME

    def _counts_its_own(self, draft: Draft) -> bool:
        """True for civilians counted by a ministry, a mayor or medics, who count their own."""
        name = (draft.claimed_by or "").lower()
        if draft.claimant is None or not (" " in name or name in self._voices):
            return False  # a bare nationality is as often that of the weapon
        words = draft.reading.tok.words[draft.q.i : draft.q.j]
        hints = self._lexicon.hints
        peaceful = "health" in name or not hints.civilians.isdisjoint(words)
        return hints.fighters.isdisjoint(words) and (peaceful or not any(word in name for word in hints.armies))

    def _fights(self, draft: Draft) -> bool:
        return not self._lexicon.hints.fighters.isdisjoint(draft.reading.tok.words[draft.q.i : draft.q.j])

    def _beside_its_enemy(self, draft: Draft) -> bool:
        """True for the soldiers of "60 militants and nine soldiers were killed": an army counts its own beside them."""
        words = draft.reading.tok.words
        regulars = not _REGULARS.isdisjoint(words[draft.q.i : draft.q.j])
        return regulars and any(
            not _IRREGULARS.isdisjoint(words[q.i : q.j]) for q in draft.reading.quantities if q is not draft.q
        )

    def _counts_its_enemy(self, draft: Draft, target: str) -> bool:
        """True for "Ukraine's commander said 400 Russian soldiers had been killed": a side that counts its enemy's."""
        fighters = self._fights(draft) and not self._beside_its_enemy(draft)
        enemies = self._lexicon.conflicts.get(draft.claimant or "", ())
        return fighters and draft.measure in _HARM and (target in enemies or nation_of(draft) in enemies)

    def _struck(self, draft: Draft, attacker: str) -> None:
        """Who was hit: "Islamabad said 31 were killed by Indian missiles in Punjab" is the side that speaks."""
        if attacker == HOME:
            draft.attacker = draft.target if self._lexicon.strikes_itself(draft.target) else None
        elif attacker != draft.target or (self._lexicon.strikes_itself(attacker) and _under_fire(draft.reading)):
            draft.attacker = attacker
        elif "place" in draft.notes and draft.claimant in self._lexicon.conflicts.get(attacker, ()):
            draft.attacker, draft.target = attacker, draft.claimant

    def complete(self, draft: Draft, drafts: Sequence[Draft], frames: Frames) -> None:
        """From the article: the country where they are, and who attacks it."""
        if "place" in draft.notes and draft.place is not None and frames.is_stray(draft.place):
            draft.target = None
        if draft.head is not None and draft.target is None:
            draft.target = draft.head.target
        if draft.target is None:
            draft.target = self.country(draft, drafts, frames)
        if draft.attacker == draft.target and not self._lexicon.strikes_itself(draft.target):
            draft.attacker = None
        if draft.attacker is None and draft.target is not None:
            draft.attacker = self._attacker(draft, draft.target, drafts, frames)

    def _attacker(self, draft: Draft, target: str, drafts: Sequence[Draft], frames: Frames) -> str | None:
        if self._counts_its_enemy(draft, target):
            return draft.claimant
        struck = Pair(None, target)
        pair = frames.near(draft.reading, struck) or frames.main(struck)
        told = next(
            (d for d in reversed(drafts) if d.target == draft.target and d.attacker and d.object != "person"), None
        )
        if pair is None and told is None and self._at_home(draft.reading, target, frames):
            return target
        if pair is None and told is None and _under_fire(draft.reading):
            pair = frames.completed(struck)
        alone = None if pair else frames.attacker(draft.reading)
        if alone == HOME:
            alone = target if self._lexicon.strikes_itself(target) else None
        elif alone == target:
            alone = None
        if alone is not None:
            return alone
        if pair is not None or told is not None:
            return pair.attacker if pair else told.attacker  # type: ignore[union-attr]
        striker = frames.striker(target)
        near = (draft.reading, draft.reading.previous)
        if striker == target and not any(_under_fire(reading) for reading in near if reading is not None):
            striker = None  # a gas explosion, told by the country's own fire brigade
        return striker or self._account(draft, drafts)

    def _at_home(self, reading: Reading, target: str, frames: Frames) -> bool:
        """True for "killed when a Sudanese army drone hit a market" in Sudan, whose army strikes its own ground."""
        return self._lexicon.strikes_itself(target) and frames.attacker(reading) in (HOME, target)

    def _account(self, draft: Draft, drafts: Sequence[Draft]) -> str | None:
        """Who struck the same country's people in the account told before: two sides count one attack."""
        before = reversed(drafts[: drafts.index(draft)])
        return next(
            (d.attacker for d in before if d.object == "person" and d.attacker and d.target == draft.target), None
        )

    def country(self, draft: Draft, drafts: Sequence[Draft], frames: Frames) -> str | None:
        """The country of the sentence, of the attack told with it, of the claim before, or of the article."""
        pair = frames.near(draft.reading, Pair(draft.attacker, None), back=0)
        if pair is not None and "raid" in draft.notes:
            return pair.target
        here = [geo for geo in draft.reading.marks.geo.values() if _is_scene(draft.reading, geo, pair)]
        here = [geo for geo in here if not frames.is_stray(geo)]
        if here:
            return min(here, key=lambda g: abs(g.i - draft.q.i)).place.country  # type: ignore[union-attr]
        if pair is not None:
            return pair.target
        earlier = drafts[: drafts.index(draft)]
        last = earlier[-1] if earlier else None
        beside = last is not None and draft.reading.index - last.reading.index == 1
        if last is not None and beside and last.object == "person" and last.target:
            return last.target
        if (pair := frames.near(draft.reading, Pair(draft.attacker, None))) is not None:
            return pair.target
        aimed = [d for d in earlier if d.target]
        if aimed and draft.reading.index - aimed[-1].reading.index <= 3:
            return aimed[-1].target
        if (pair := frames.main(Pair(draft.attacker, None))) is not None:
            return pair.target
        if frames.scene is not None:
            return frames.scene
        return frames.voices.most_common(1)[0][0] if frames.voices else None


def _is_scene(reading: Reading, geo: Geo, pair: Pair | None) -> bool:
    """True for a place where victims can be: not the attacker by name, nor where a weapon was launched from."""
    if geo.place is None or geo.form != "noun" or geo.kind == "bloc":
        return False
    if pair is not None and geo.acts and geo.place.country == pair.attacker:
        return False  # "two dead as Iran fires 30 missiles"
    return before(reading, geo) != "from"


def _raider(draft: Draft) -> str | None:
    """Who made the attack that a clause hangs on: "after a Hamas attack in which about 1,200 people were killed"."""
    items, n = draft.reading.items, draft.reading.position[id(draft.q)]
    for k in range(n - 1, max(1, n - _CLAUSE), -1):
        if items[k].word in ("which", "when") and items[k - 1].word in ("in", "attack", "raid", "strike"):
            raid = items[k - 2] if items[k - 1].word == "in" else items[k - 1]
            return doer(draft.reading, raid).code if raid.nominal is not None else None
        if items[k].kind in ("v", "semi", "claims", "stop"):
            return None
    return None


def _under_fire(reading: Reading) -> bool:
    """True when the sentence names a weapon or an attack from the air."""
    weapons = any(noun.kind == "air" for _, noun in reading.marks.nouns.values())
    return weapons or not reading.hints.fire.isdisjoint(reading.tok.words)
