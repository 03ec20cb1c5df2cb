"""Numbers that leave out their noun: "12 were shot down" counts what was counted last, perhaps sentences before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from workers.extract.items import Item, Reading
from workers.extract.lexicon import Lexicon, NounSense
from workers.extract.quantity import Quantity

_ON_THE_MOVE: Final = frozenset({"to", "into", "from"})
"""Behind "sent hundreds of thousands" these say that people are meant."""
_RECENT: Final = 6
"""Sentences back to the planes that "the aircraft" may be."""
_CRAFT: Final = frozenset({"aircraft", "planes"})
_WEAPONS: Final = frozenset({"drone", "missile", "rocket"})
"""What an attack may be named by; each is an object of the lexicon, too."""
_TOPIC: Final = 4
"""Items within which a sentence without figures names what it is about."""


@dataclass(slots=True)
class Counted:
    """What was counted last, and what flew last, up to a sentence."""

    last: str | None = None
    flying: str | None = None
    behind: list[Reading] = field(default_factory=list)
    """Sentences that have not been looked at for the object they count last."""


class EllipsisReader:
    """Gives every number without a noun the object that was counted last."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def guess(self, reading: Reading, told: Counted) -> None:
        """Sets `guess` of the quantities of a sentence, which is read after those in `told`."""
        if any(_noun_left_out(q) or _is_a_craft(reading, q) for q in reading.quantities):
            for before in told.behind:
                self._go_on(before, told)
            told.behind.clear()
            self._go_on(reading, told)
            return
        if any(q.noun is not None for q in reading.quantities):
            told.behind.clear()  # whatever they count, this sentence counts something else after them
        told.behind.append(reading)

    def _go_on(self, reading: Reading, told: Counted) -> None:
        """Goes through a sentence, and what it counts."""
        if told.last is None:
            told.last = told.flying = _of_attacks(reading)
        if not any(_flies(noun) for _, noun in reading.marks.nouns.values()):
            for q in reading.quantities:
                self._count(reading, q, told)  # no noun stands between them, so that no item is asked for
            return
        for n, item in enumerate(reading.items):
            if item.kind == "noun" and self._counts(reading, item):
                self._named(reading, n, told)
                self._fly_on(told)
            elif item.q is not None:
                self._count(reading, item.q, told)
        if _told_by_kinds(reading):
            told.last = told.flying = "aerial_target"

    def _count(self, reading: Reading, q: Quantity, told: Counted) -> None:
        """Takes up one quantity: what it counts, or the guess where its noun is left out."""
        if told.last == "drone" and _is_a_craft(reading, q):
            q.noun = NounSense("drone", "air", plural=True, singular=False)
        if q.noun is not None:
            told.last = told.last if _aside(reading, q) else q.object
        elif _noun_left_out(q):
            moves = q.number.kind == "vague" and reading.tok.word(q.j) in _ON_THE_MOVE
            q.guess = None if moves else self._suited(reading, q, told)
        self._fly_on(told)

    def _fly_on(self, told: Counted) -> None:
        """Keeps what flew last."""
        told.flying = told.last if self._plain(told.last) == "air" else told.flying

    def _named(self, reading: Reading, n: int, told: Counted) -> None:
        """A noun without a number: what shot the drones down is not what the next number counts."""
        noun = reading.marks.nouns[reading.items[n].i][1]
        ahead = reading.items[n + 1 : n + 3]
        if [item.kind for item in ahead] == ["v", "q"] and ahead[1].q is not None and _noun_left_out(ahead[1].q):
            return  # "F-35s brought down three": who did it
        known = self._plain(told.last)
        topic = not reading.quantities and n <= _TOPIC and noun.plural
        if topic or not (known == noun.kind or (known == "air" and noun.kind == "craft")):
            told.last = noun.object

    def _suited(self, reading: Reading, q: Quantity, told: Counted) -> str | None:
        """The object counted last, or what flew last where only that can do it: "one struck a house"."""
        verbless = not (reading.marks.verbs or reading.marks.phrasals)
        if verbless or told.flying is None or self._plain(told.last) == "air":
            return told.last
        ahead = reading.position[id(q)] + 1
        v = reading.items[ahead].v if ahead < len(reading.items) else None
        if v is None:
            return told.last
        table = v.senses[0].agent if v.voice == "active" else v.senses[0].patient
        idle = not table or self.lexicon.measure_for(table, told.last) in (None, "none")
        flies = bool(table) and self.lexicon.measure_for(table, told.flying) not in (None, "none")
        return told.flying if idle and flies else told.last

    def _counts(self, reading: Reading, item: Item) -> bool:
        """True for a noun that flies and is no part of a compound such as "missile units"."""
        end, noun = reading.marks.nouns[item.i]
        return _flies(noun) and not reading.marks.cue(end, "compound")

    def _plain(self, obj: str | None) -> str | None:
        return self.lexicon.kinds.get(obj) if obj else None


def _noun_left_out(q: Quantity) -> bool:
    return q.noun is None and not (q.count is not None and q.count.object)


def _told_by_kinds(reading: Reading) -> bool:
    """True for "412 weapons, 394 of them drones and 18 missiles": the next sentence goes on with all of them."""
    whole = next((q for q in reading.quantities if q.object == "aerial_target"), None)
    if whole is None:
        return False
    kinds = [q for q in reading.quantities if q.i > whole.i and q.noun is not None and _flies(q.noun)]
    if not kinds or sum(q.number.value for q in kinds) > whole.number.value:
        return False
    first, last = reading.position[id(whole)], reading.position[id(kinds[-1])]
    return all(item.kind != "v" for item in reading.items[first:last])


def _is_a_craft(reading: Reading, q: Quantity) -> bool:
    """True for "58 of the aircraft", which may be the drones told before."""
    named = q.pointing and q.model is None and q.noun is not None and q.noun.object == "aircraft"
    return named and reading.tok.word(q.j - 1) in _CRAFT and not _tells_of_planes(reading)


def _tells_of_planes(reading: Reading) -> bool:
    """Whether one of the last sentences names planes that somebody flies, which "the aircraft" may be then."""
    before: Reading | None = reading.previous
    for _ in range(_RECENT):
        if before is None:
            break
        if any(noun.kind == "craft" for _, noun in before.marks.nouns.values()):
            return True
        before = before.previous
    return False


def _flies(noun: NounSense) -> bool:
    return noun.kind in ("air", "craft")


def _of_attacks(reading: Reading) -> str | None:
    """What "heavy drone attacks" count where nothing has been counted yet: "Kyiv said 92 had been sent"."""
    words = reading.tok.words
    named = (words[i] for i, (_, noun) in reading.marks.nouns.items() if noun.object == "attack")
    return next((word for word in named if word in _WEAPONS), None)


def _aside(reading: Reading, q: Quantity) -> bool:
    """True for "no drones" and for somebody who speaks: "a senior officer said"."""
    if q.number.kind != "article":
        return q.number.value == 0 and q.number.kind != "anaphor"
    ahead = reading.position[id(q)] + 1
    return q.number.value == 0 or (ahead < len(reading.items) and reading.items[ahead].kind == "claims")
