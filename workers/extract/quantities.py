"""Quantities of a sentence: numbers with qualifier and noun, "X of Y", "all 14", "another 12", or without a noun."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

from schemas.event import Qualifier
from workers.extract.candidates import ABOVE, candidates
from workers.extract.figures import RaidReader, dressed
from workers.extract.guards import Guards
from workers.extract.lexicon import Lexicon
from workers.extract.marks import PHRASE, Marks
from workers.extract.noun_phrases import NounPhraseReader
from workers.extract.numerals import Number, NumberReader
from workers.extract.people import KIN, OPENS_AN_ASIDE, PEOPLE, harmed, harmed_by, of_a_name, past_age, summed
from workers.extract.quantity import Quantity
from workers.extract.tallies import take_the_change, takes_the_noun_in_front
from workers.extract.tokens import WORD

_QUALIFIERS: Final[tuple[Qualifier, ...]] = ("over", "at_least", "about", "up_to")
_BEFORE: Final = (*_QUALIFIERS, "additional", "remaining", "filler")
_PRONOUNS: Final = frozenset({"them", "these", "those", "which", "whom"})
_SHARES: Final = frozenset({"%", "percent", "most", "majority", "half", "that", ":"})
_OUT: Final = frozenset({"out", "of", "from", "among"})
_LOT: Final = frozenset({"total", "lot"})
_DEVICES: Final = frozenset({"devices", "machines", "apparatuses", "apparatus"})
"""What drones told before are called."""
_OF_THE: Final = frozenset({"the", "those", "a", "total", "all", "its", "their", "some", "overall", "lot", "last"})
_ARTICLES: Final = frozenset({"a", "an", "another"})
_NTH: Final = frozenset({"second", "third", "fourth", "fifth", "sixth"})
_ORDERED: Final = frozenset(
    {"was", "is", "were", "had", "drone", "missile", "rocket", "uav", "one", "hit", "struck", "fell", "crashed"}
)


_TIMES: Final = 6
"""Words back to "times", which a pronoun may stand for."""


def _says_what(marks: Marks, one: Quantity, q: Quantity) -> bool:
    """True for the second of "one of them a volunteer" and "one, a girl of seven, is in hospital"."""
    if q.number.kind != "article" or q.number.value != 1:
        return False
    beside = one.number.value == 1 and one.number.kind != "article" and marks.tok.words[one.j : q.i] == [","]
    return beside or (one.pointing and one.j == q.i)


class QuantityReader:
    """Finds the quantities of a sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.numbers = NumberReader(lexicon)
        self.guards = Guards(lexicon)
        self.nouns = NounPhraseReader(lexicon)
        self.raids = RaidReader(lexicon)
        self._qualifying = lexicon.beginning(*_BEFORE)

    def find(self, marks: Marks) -> list[Quantity]:
        """The quantities left to right; numbers that are no counts are left out."""
        found: list[Quantity] = []
        reach = 0
        for number in candidates(marks, self.numbers):
            if number.i < reach:
                continue
            if quantity := self._counted(marks, number):
                reach = quantity.whole.j if quantity.whole else quantity.j
                if found and _says_what(marks, found[-1], quantity):
                    continue
                found.extend([quantity, quantity.whole] if quantity.whole else [quantity])
        if len(found) > 1:
            self._gapped(marks, found)
        if found:
            found = summed(marks, found)
        kept = [q for q in found if q.unknown is None]
        for q in kept:
            if q.whole is not None and q.whole.unknown is not None:
                q.whole = None  # "385 out of 472 Russia ...", cut off
        return kept

    def _counted(self, marks: Marks, number: Number) -> Quantity | None:
        """The quantity of a number that no guard puts aside; "a 58-drone attack" is the only compound that counts."""
        why = self.guards.reason(marks.tok, number)
        if why is None:
            return self._quantity(marks, number)
        raid = self.raids.read(marks, number) if why == "compound" else None
        if raid is not None:
            self._before(marks, raid)
        return raid

    def _gapped(self, marks: Marks, found: list[Quantity]) -> None:
        """ "102 aerial and six naval drones", "12 cruise and 3 ballistic missiles": the second noun serves both."""
        for q, after in pairwise(found):
            gap = marks.tok.words[q.j : after.i]
            if q.elided and gap in (["and"], ["or"]) and (after.noun or after.count):
                q.noun, q.count = after.noun, after.count
            kinds = 2 <= len(gap) <= 3 and gap[-1] in ("and", "or") and not gap[-2].endswith("s")
            if q.unknown and after.noun is not None and kinds:
                plain = marks.nouns.get(after.j - 1)
                q.noun, q.unknown = (plain[1] if plain else after.noun), None
                q.j += len(gap) - 1

    # --- the number and its noun ---------------------------------------------------------------------

    def _quantity(self, marks: Marks, number: Number) -> Quantity | None:
        q = Quantity(number.i, number.j, number)
        q.qualifier = number.qualifier or "exact"
        self._before(marks, q)
        if number.kind == "article":
            return self._article(marks, q)
        if number.kind == "ordinal":
            return self._ordinal(marks, q)
        if number.kind == "anaphor":
            return self._anaphor(marks, q)
        self._after(marks, q)
        if marks.tok.words[q.i - 2 : q.i] == ["all", "but"]:
            return self._all_but(marks, q)
        if (of := self._of(marks, q)) is not None:
            return of
        if not q.others and not takes_the_noun_in_front(marks, q):
            self.nouns.read(marks, q, q.j)
            if q.elided and marks.tok.words[number.i : number.j] == ["no", "one"]:
                q.noun = PEOPLE
            if q.elided and self._in_name(marks, q):
                q.unknown = marks.tok.word(q.i - 1)
            if q.unknown and (end := harmed(marks, q.j) or harmed_by(marks, q.i, q.j)):
                q.noun, q.unknown, q.j = PEOPLE, None, end
            self._out_of(marks, q)
            take_the_change(marks.tok, q)
        return q

    def _all_but(self, marks: Marks, q: Quantity) -> Quantity | None:
        """ "all but two of the 20"; "and all but three were destroyed", of those told before."""
        if marks.tok.word(q.j) == "of" and marks.tok.word(q.j + 1) in _PRONOUNS:
            q.number, q.i, q.j, q.pointing = replace(q.number, kind="anaphor"), q.i - 2, q.j + 2, True
            return q
        if "of" in marks.tok.words[q.j : q.j + 2]:
            of = self._of(marks, q)
            return of if of is not None and of.whole is not None else None
        self.nouns.read(marks, q, q.j)
        q.number, q.i, q.pointing = replace(q.number, kind="anaphor"), q.i - 2, True
        return q if q.unknown is None else None

    def _out_of(self, marks: Marks, q: Quantity) -> None:
        """ "17 drones out of 32": the whole behind the noun."""
        if q.noun is None or q.mixed or marks.tok.words[q.j : q.j + 2] != ["out", "of"]:
            return
        number = self._number_at(marks, q.j + 2 + (marks.tok.word(q.j + 2) in _OF_THE))
        if number is None or number.value < q.number.value or self.guards.reason(marks.tok, number):
            return
        whole = Quantity(number.i, number.j, number, qualifier=number.qualifier or "exact")
        self.nouns.read(marks, whole, whole.j)
        whole.noun, whole.unknown = whole.noun or q.noun, None
        q.whole, whole.part = whole, q

    def _in_name(self, marks: Marks, q: Quantity) -> bool:
        """ "Tower 22": a number that ends a name."""
        tok, k = marks.tok, q.i - 1
        if any(geo.i < q.i < geo.j for geo in marks.geo.values()):
            return True
        named = k > 0 and tok.capital(k) and tok.kinds[k] == WORD and q.number.kind == "digits" and q.i == q.number.i
        return named and not marks.cues.get(k) and not any(g.i <= k < g.j for g in marks.geo.values())

    def _before(self, marks: Marks, q: Quantity) -> None:
        """Take qualifiers and fillers to the left of the number."""
        dressed(marks, q)
        near = marks.tok.words[max(0, q.i - PHRASE) : q.i]
        while not self._qualifying.isdisjoint(near) and (found := marks.back(q.i, *_BEFORE)):
            start, kind = found
            if q.number.kind == "article" and marks.tok.word(start) in ("near", "under", "some"):
                break
            q.additional = q.additional or kind == "additional"
            q.remaining = q.remaining or kind == "remaining"
            q.qualifier = next((each for each in _QUALIFIERS if each == kind), q.qualifier)
            q.i = start
            near = marks.tok.words[max(0, q.i - PHRASE) : q.i]
        self._share(marks, q)
        self._all(marks, q)

    def _share(self, marks: Marks, q: Quantity) -> None:
        """ "99% of the 300 missiles", "Of the 300 missiles, ...": the number is a whole."""
        own = marks.cue(q.number.j, "be") or marks.cue(q.number.j, "have")  # "Of these 30 were shot down"
        if marks.tok.word(q.i - 1) == "of" and not own:
            opens = q.i == 1 or (q.i == 2 and marks.tok.kinds[0] != WORD)  # "Hits of 21 drones" shares nothing
            q.share = opens or marks.tok.word(q.i - 2) in _SHARES or _OUT.issuperset(marks.tok.words[: q.i])

    def _all(self, marks: Marks, q: Quantity) -> None:
        """ "all 14", "all of the 14"."""
        word = marks.tok.word
        if word(q.i - 1) in ("all", "every"):
            q.all, q.i = word(q.i - 2) not in ("of", "at", "in", "after"), q.i - 1
        elif word(q.i) == "all" and word(q.i + 1) == "of":
            q.all = True
        elif word(q.i - 2) == "all" and word(q.i - 1) == "of":
            q.all, q.i = True, q.i - 2

    def _after(self, marks: Marks, q: Quantity) -> None:
        """Take "or more", "more", "further" to the right of the number."""
        if marks.tok.word(q.j) == "+" and marks.tok.glued(q.j):
            q.qualifier, q.j = "at_least", q.j + 1
        for kind in _QUALIFIERS if marks.tok.word(q.j) == "or" else ():
            if marks.tok.word(q.j) == "or" and (end := marks.cue(q.j, kind)):
                q.qualifier, q.j = kind, end
        take_the_change(marks.tok, q)
        if marks.tok.word(q.j) in ("more", "further", "additional", "other", "others"):
            q.others = marks.tok.word(q.j) == "others"
            q.additional, q.j = True, q.j + 1

    def _article(self, marks: Marks, q: Quantity) -> Quantity | None:
        """ "a drone": only with a singular noun that is no part of a compound."""
        word = marks.tok.word(q.number.i)
        if word == "another":
            q.additional = True
        if marks.tok.word(q.j) in _NTH and word == "a":
            q.additional, q.number = True, replace(q.number, kind="ordinal")  # "a third drone was shot down"
        if word == "nobody":
            q.noun = PEOPLE
            return q
        self.nouns.read(marks, q, q.j)
        if word == "another" and q.elided and marks.tok.word(q.j) in ABOVE:
            return q  # "31 over Bryansk and another over Tula"
        if word == "both" and q.noun is None and marks.tok.word(q.number.j) in ("were", "was", "had", "have"):
            q.pointing, q.unknown, q.j = True, None, q.number.j
            return q
        if q.noun is None and word in ("a", "an") and (end := harmed(marks, q.j)) and marks.tok.word(end) != "were":
            q.noun, q.unknown, q.j = PEOPLE, None, end
        if q.noun is None or q.mixed:
            zero = q.count is not None and q.number.value == 0
            return q if zero else None
        if word in _ARTICLES and not q.noun.singular:
            return None
        q.apposed = word not in KIN and self._apposition(marks, q)
        apart = not q.apposed or (q.noun.kind == "person" and not of_a_name(marks, q.i - 1))
        return q if q.noun.kind in ("air", "craft", "person") and apart else None

    def _apposition(self, marks: Marks, q: Quantity) -> bool:
        """ "a Kh-59, a guided missile": the second says what the first is."""
        before = q.i - 1
        if q.noun is not None and q.noun.kind == "person" and of_a_name(marks, before):
            return True
        people = q.noun is not None and q.noun.kind == "person" and marks.tok.word(before) in OPENS_AN_ASIDE
        return (people or marks.tok.word(before) == ",") and any(
            end in (before, before - 1) and noun.kind == q.noun.kind for end, noun in marks.nouns.values() if q.noun
        )

    def _anaphor(self, marks: Marks, q: Quantity) -> Quantity | None:
        """ "all of them", "all of which", "all the enemy drones": as many as were told before."""
        tok, k = marks.tok, q.j
        if tok.word(k) == "of":
            k += 1
        if tok.word(k) in _PRONOUNS:
            q.j, q.pointing = k + 1, True
            return q
        if tok.word(k) in ("the", "these", "those"):
            k += 1
        elif k == q.j and tok.word(k) in ("were", "was", "had", "have"):
            return q
        self.nouns.read(marks, q, k)
        return q if q.noun is not None and q.noun.kind == "air" and not q.mixed else None

    def _ordinal(self, marks: Marks, q: Quantity) -> Quantity | None:
        """ "the third was destroyed": one of those told before."""
        after = marks.tok.word(q.j)
        if after not in _ORDERED or q.number.i == 0:
            return None
        q.pointing = True
        self.nouns.read(marks, q, q.j)
        return q if q.noun is None else None

    # --- X of Y --------------------------------------------------------------------------------------

    def _of(self, marks: Marks, q: Quantity) -> Quantity | None:
        """ "33 out of 62 drones", "nine of them", "all but one of the 20", "14 of the drones"; None for none."""
        tok, k = marks.tok, q.j
        if tok.words[k : k + 2] == ["out", "of"]:
            k += 2
        elif tok.word(k) == "of" or (tok.word(k) == "from" and tok.word(q.i - 1) != "to"):  # "cut to 48 from 84"
            k += 1
        else:
            return None
        while tok.word(k) in _OF_THE and tok.word(k + 1) != "which":
            bare = tok.word(k + 1) not in self.numbers.starters and tok.word(k + 1) not in _DEVICES
            if tok.word(k) == "those" and bare and k not in marks.nouns:
                break
            k += 1
        if k > q.j + 1 and tok.word(k - 1) in _LOT and k not in marks.nouns and not self._number_at(marks, k):
            q.pointing, q.j = True, k  # "88 of the total"
            return q
        if k > q.j + 1 and tok.word(k) in _DEVICES and k not in marks.nouns:
            q.pointing, q.j = True, k + 1  # "five of the devices"
            return q
        if tok.word(k) in _PRONOUNS:
            q.pointing, q.j = True, k + 1
            if "times" in tok.words[max(0, q.i - _TIMES) : q.i]:
                q.unknown = "times"  # "shelled positions 4,800 times, 90 of them with rocket launchers"
            self._named_after(marks, q)
            return q
        return self._whole(marks, q, k)

    def _named_after(self, marks: Marks, q: Quantity) -> None:
        """ "100 of them ballistic missiles": the noun behind the pronoun."""
        start = past_age(marks.tok, q.j)  # "one of them a 12-year-old boy"
        for k in range(start, min(start + 2, len(marks.tok))):
            if k in marks.nouns:
                self.nouns.head(marks, q, k)
                return
            if marks.tok.kinds[k] != WORD or marks.tok.word(k) in self.nouns.stop or k in marks.verbs:
                return

    def _whole(self, marks: Marks, q: Quantity, k: int) -> Quantity | None:
        tok = marks.tok
        number = self._number_at(marks, k)
        if number is not None and self.guards.reason(tok, number) is None:
            whole = Quantity(number.i, number.j, number, qualifier=number.qualifier or "exact")
            self._after(marks, whole)
            self.nouns.read(marks, whole, whole.j)
            if whole.unknown and tok.word(q.j) != "out":
                return None
            q.whole, whole.part, q.noun, q.model = whole, q, whole.noun, whole.model
            q.nation, q.enemy, q.mixed = whole.nation, whole.enemy, whole.mixed
            self._but(marks, q)
            return q
        owned = tok.word(k) in self.nouns.enemy or ((geo := marks.place_at(k)) is not None and geo.form != "people")
        if k > q.j + 1 or owned:
            old = q.j
            self.nouns.read(marks, q, k)
            if q.count is not None and q.count.object == "person":
                return q  # "four of the dead"
            if q.noun is not None:
                q.pointing = True
                return q
            q.j, q.unknown = old, tok.word(k) or None
            return q
        return None

    def _but(self, marks: Marks, q: Quantity) -> None:
        """ "all but two of the 20": the part is what is left."""
        tok = marks.tok
        if q.whole and tok.word(q.i - 1) == "but" and tok.word(q.i - 2) in ("all", "every"):
            rest = q.whole.number.value - q.number.value
            if rest >= 0:
                q.number = Number(q.i - 2, q.number.j, rest, kind=q.number.kind)
                q.i -= 2

    def _number_at(self, marks: Marks, k: int) -> Number | None:
        for kind in _QUALIFIERS:
            if end := marks.cue(k, kind):
                k = end
        return self.numbers.at(marks.tok, k) if k < len(marks.tok) else None
