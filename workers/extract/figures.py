"""Figures in other dress: the size of an attack ("a 58-drone raid"), and words of wonder before a number."""

from __future__ import annotations

from typing import Final

from workers.extract.lexicon import Lexicon, NounSense
from workers.extract.marks import Marks
from workers.extract.numerals import Number
from workers.extract.quantity import Quantity
from workers.extract.tokens import WORD

_RAID_REACH: Final = 8
"""Tokens between the hyphened weapon and its attack: "a 400-drone, 30-missile overnight attack"."""
_PAST: Final = frozenset({"and", "-", ",", "plus"})
_ARTICLES: Final = frozenset({"a", "an"})
_SPREAD: Final = frozenset({"between", "from"})


class RaidReader:
    """Reads the size of an attack that is told as one word: "a 58-drone attack", "its 12-missile salvo"."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._weapons = {
            first: sense
            for first, entries in lexicon.entries.items()
            for rest, _, sense in entries
            if not rest and isinstance(sense, NounSense) and sense.kind in ("air", "craft") and sense.singular
        }

    def read(self, marks: Marks, number: Number) -> Quantity | None:
        """The quantity of a number that is hyphened to a weapon in front of an attack, or None."""
        k = number.j + 1
        noun = self._weapons.get(marks.tok.word(k))
        if noun is None or (raid := self._attack(marks, k + 1)) is None:
            return None
        return Quantity(number.i, k + 1, number, qualifier=number.qualifier or "exact", noun=noun, raid=raid)

    def _attack(self, marks: Marks, start: int) -> int | None:
        """The token of the attack, which must follow without a verb or a preposition between."""
        tok = marks.tok
        for k in range(start, min(start + _RAID_REACH, len(tok))):
            if k in marks.nominals:
                return k if "air" in marks.nominals[k][1].with_ else None
            if (tok.kinds[k] != WORD or marks.cues.get(k)) and tok.word(k) not in _PAST and not tok.word(k).isdecimal():
                return None
        return None


def dressed(marks: Marks, q: Quantity) -> None:
    """Take "between" of a range and "an unprecedented" to the number behind them."""
    word = marks.tok.word
    if q.number.high is not None and word(q.i - 1) in _SPREAD:
        q.i -= 1
        return
    if q.number.kind in ("article", "ordinal", "anaphor") or q.number.value < 2:
        return
    k = q.i - 1
    if word(k - 1) == "-":
        k -= 2  # "a record-breaking 58"
    if word(k - 1) in _ARTICLES and _wonders(marks, k):
        q.i = k - 1


def _wonders(marks: Marks, k: int) -> bool:
    """True for a plain adjective: no word that the lexicon knows otherwise, and no place."""
    known = k in marks.nouns or k in marks.nominals or marks.place_at(k) is not None
    return not known and marks.tok.kinds[k] == WORD and marks.cues.get(k, {}).keys() <= {"filler", "everyday", "skip"}
