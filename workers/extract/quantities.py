"""Quantities: a number bound to its noun, with qualifier, "X of Y", "all 14", "another 12", or with its noun left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemas.event import Qualifier
from workers.extract.guards import Guards
from workers.extract.lexicon import Lexicon, NominalSense, NounSense, VerbSense
from workers.extract.marks import Geo, Marks
from workers.extract.numerals import Number, NumberReader
from workers.extract.tokens import NUMBER, WORD

_QUALIFIERS: Final = ("over", "at_least", "about", "up_to")
_BEFORE: Final = (*_QUALIFIERS, "additional", "remaining", "filler")
_NOUN_REACH: Final = 7
"""Tokens between a number and its noun: "six long-range Iranian-designed one-way attack drones"."""
_PRONOUNS: Final = frozenset({"them", "these", "those", "which", "whom"})
_STOP_KINDS: Final = frozenset({"prep", "rel", "sub", "pron", "be", "have", "modal", "det", "claims", "conj"})
_FAILED: Final = frozenset({"failed", "attempted", "unsuccessful", "foiled", "thwarted", "planned", "alleged", "suspected"})


@dataclass(slots=True)
class Quantity:
    """A number at tokens [i, j) and what it counts; `noun` is null where the text leaves it out."""

    i: int
    j: int
    number: Number
    qualifier: Qualifier = "exact"
    noun: NounSense | None = None
    model: str | None = None
    count: NominalSense | None = None
    premod: VerbSense | None = None
    nation: Geo | None = None
    whole: Quantity | None = None
    part: Quantity | None = None
    all: bool = False
    additional: bool = False
    remaining: bool = False
    others: bool = False
    """True for "17 others": the noun is that of the number before."""
    share: bool = False
    """True for "99% of the 300 missiles": the whole of a share."""
    pointing: bool = False
    """True for "nine of them": counts a part of what was told before."""
    enemy: bool = False
    unknown: str | None = None
    """The word that is counted where it is no object of the lexicon."""
    mixed: bool = False
    guess: str | None = None
    """The object told before, where this one leaves its noun out."""

    @property
    def elided(self) -> bool:
        """True where the text leaves out the noun."""
        return self.noun is None and self.count is None and self.unknown is None

    @property
    def object(self) -> str | None:
        """The object where the noun says it."""
        if self.mixed:
            return "aerial_target"
        return self.noun.object if self.noun else self.guess


class QuantityReader:
    """Finds the quantities of a sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.numbers = NumberReader(lexicon)
        self.guards = Guards(lexicon)
        self.compound = lexicon.cues["compound"]
        self.stop = frozenset().union(*(lexicon.cues[kind] for kind in _STOP_KINDS)) - {"one", "all", "other"}
        self.enemy = lexicon.cues["enemy"]

    def find(self, marks: Marks) -> tuple[list[Quantity], list[tuple[Number, str]]]:
        """The quantities left to right, and the numbers that count nothing with the reason."""
        found: list[Quantity] = []
        refused: list[tuple[Number, str]] = []
        reach = 0
        for number in self._candidates(marks):
            if number.i < reach:
                continue
            if why := self.guards.reason(marks.tok, number):
                refused.append((number, why))
                continue
            if quantity := self._quantity(marks, number):
                reach = quantity.whole.j if quantity.whole else quantity.j
                found.extend([quantity, quantity.whole] if quantity.whole else [quantity])
        self._gapped(marks, found)
        found = [q for q in found if q.unknown is None]
        return found, refused

    def _gapped(self, marks: Marks, found: list[Quantity]) -> None:
        """ "102 aerial and six naval drones", "12 cruise and 3 ballistic missiles": the second noun serves both."""
        for q, after in zip(found, found[1:], strict=False):
            gap = marks.tok.words[q.j : after.i]
            if q.elided and gap in (["and"], ["or"]) and (after.noun or after.count):
                q.noun, q.count = after.noun, after.count
            if q.unknown and after.noun is not None and 2 <= len(gap) <= 3 and gap[-1] in ("and", "or"):
                plain = marks.nouns.get(after.j - 1)
                q.noun, q.unknown = (plain[1] if plain else after.noun), None
                q.j += len(gap) - 1

    def _candidates(self, marks: Marks) -> list[Number]:
        """Numbers, and articles before a singular object noun: "a drone", "another missile"."""
        tok = marks.tok
        numbers = self.numbers.find(tok)
        taken = {k for n in numbers for k in range(n.i, n.j)}
        for i, word in enumerate(tok.words):
            if word == "all" and i not in taken and i + 1 not in taken and i + 2 not in taken and i + 3 not in taken:
                numbers.append(Number(i, i + 1, 0, kind="anaphor"))
            free = i + 1 not in taken or tok.word(i + 2) == "-"
            if word in ("a", "an", "another", "zero", "no", "both") and i not in taken and free:
                value = {"zero": 0, "no": 0, "both": 2}.get(word, 1)
                numbers.append(Number(i, i + 1, value, kind="article"))
        return sorted(numbers, key=lambda n: n.i)

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
        if marks.tok.words[q.i - 2 : q.i] == ["all", "but"] and "of" in marks.tok.words[q.j : q.j + 2]:
            of = self._of(marks, q)
            return of if of is not None and of.whole is not None else None
        if (of := self._of(marks, q)) is not None:
            return of
        if not q.others:
            self._noun(marks, q, q.j)
        return q

    def _before(self, marks: Marks, q: Quantity) -> None:
        """Take qualifiers and fillers to the left of the number."""
        while found := marks.back(q.i, *_BEFORE):
            start, kind = found
            if kind in _QUALIFIERS:
                if (
                    kind == "about"
                    and marks.tok.word(start) in ("near", "under", "some")
                    and q.number.kind == "article"
                ):
                    break
                q.qualifier = kind  # type: ignore[assignment]
            elif kind == "additional":
                q.additional = True
            elif kind == "remaining":
                q.remaining = True
            q.i = start
        if marks.tok.word(q.i - 1) == "of" and q.i <= 2:
            q.share = True
        if marks.tok.word(q.i - 1) == "of" and marks.tok.word(q.i - 2) in ("%", "percent", "most", "majority", "half", "nearly all"):
            q.share = True
        if marks.tok.word(q.i - 1) in ("all", "every"):
            q.all, q.i = marks.tok.word(q.i - 2) not in ("of", "at", "in", "after"), q.i - 1
        elif marks.tok.words[q.i : q.i + 2] == ["all", "of"]:
            q.all = True
        elif marks.tok.word(q.i - 2) == "all" and marks.tok.word(q.i - 1) == "of":
            q.all, q.i = True, q.i - 2

    def _after(self, marks: Marks, q: Quantity) -> None:
        """Take "or more", "more", "further" to the right of the number."""
        for kind in ("at_least", "up_to"):
            if marks.tok.word(q.j) == "or" and (end := marks.cue(q.j, kind)):
                q.qualifier, q.j = kind, end  # type: ignore[assignment]
        if marks.tok.word(q.j) in ("more", "further", "additional", "other", "others"):
            q.others = marks.tok.word(q.j) == "others"
            q.additional, q.j = True, q.j + 1

    def _article(self, marks: Marks, q: Quantity) -> Quantity | None:
        """ "a drone": only with a singular noun that is no part of a compound."""
        word = marks.tok.word(q.number.i)
        if word == "another":
            q.additional = True
        self._noun(marks, q, q.j)
        if q.noun is None or q.mixed:
            zero = q.count is not None and q.number.value == 0
            return q if zero else None
        if word in ("a", "an", "another") and not q.noun.singular:
            return None
        return q if q.noun.kind in ("air", "craft", "person") and not self._apposition(marks, q) else None

    def _apposition(self, marks: Marks, q: Quantity) -> bool:
        """ "a Kh-59, a guided missile": the second says what the first is."""
        before = q.i - 1
        return marks.tok.word(before) == "," and any(
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
        self._noun(marks, q, k)
        return q if q.noun is not None and q.noun.kind == "air" and not q.mixed else None

    def _ordinal(self, marks: Marks, q: Quantity) -> Quantity | None:
        """ "the third was destroyed": one of those told before."""
        after = marks.tok.word(q.j)
        if after not in ("was", "is", "were", "had", "drone", "missile", "rocket", "uav", "one") or q.number.i == 0:
            return None
        q.pointing = True
        self._noun(marks, q, q.j)
        return q if q.noun is None else None

    # --- X of Y --------------------------------------------------------------------------------------

    def _of(self, marks: Marks, q: Quantity) -> Quantity | None:
        """ "33 out of 62 drones", "nine of them", "all but one of the 20", "14 of the drones"; None for none."""
        tok, k = marks.tok, q.j
        if tok.words[k : k + 2] == ["out", "of"]:
            k += 2
        elif tok.word(k) in ("of", "from"):
            k += 1
        else:
            return None
        while tok.word(k) in ("the", "those", "a", "total", "all", "its", "their", "some") and tok.word(k + 1) not in (
            "which",
        ):
            if tok.word(k) == "those" and tok.word(k + 1) not in self.numbers.starters and k not in marks.nouns:
                break
            k += 1
        if tok.word(k) in _PRONOUNS:
            q.pointing, q.j = True, k + 1
            self._named_after(marks, q)
            return q
        return self._whole(marks, q, k)

    def _named_after(self, marks: Marks, q: Quantity) -> None:
        """ "100 of them ballistic missiles": the noun behind the pronoun."""
        for k in range(q.j, min(q.j + 2, len(marks.tok))):
            if k in marks.nouns:
                self._head(marks, q, k)
                return
            if marks.tok.kinds[k] != WORD or marks.tok.word(k) in self.stop or k in marks.verbs:
                return

    def _whole(self, marks: Marks, q: Quantity, k: int) -> Quantity | None:
        tok = marks.tok
        number = self._number_at(marks, k)
        if number is not None and self.guards.reason(tok, number) is None:
            whole = Quantity(number.i, number.j, number, qualifier=number.qualifier or "exact")
            self._after(marks, whole)
            self._noun(marks, whole, whole.j)
            if whole.unknown and tok.word(q.j) != "out":
                return None
            q.whole, whole.part, q.noun, q.model = whole, q, whole.noun, whole.model
            q.nation, q.enemy, q.mixed = whole.nation, whole.enemy, whole.mixed
            self._but(marks, q)
            return q
        if k > q.j + 1 or tok.word(k) in self.enemy:
            old = q.j
            self._noun(marks, q, k)
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
        window = self.numbers._at(marks.tok, k) if k < len(marks.tok) else None
        return window

    # --- the noun phrase -----------------------------------------------------------------------------

    def _noun(self, marks: Marks, q: Quantity, start: int) -> None:
        """Find the noun from `start` on, past adjectives; sets noun, model, nation, count or unknown."""
        k, seen = start, False
        grouped = q.number.kind == "vague" or marks.tok.word(q.number.j - 1) in self.numbers.group
        if marks.tok.word(k) == "of" and grouped:
            k += 1
        limit = min(len(marks.tok), k + _NOUN_REACH)
        while k < limit:
            if k in marks.nouns:
                if self._head(marks, q, k):
                    return
                k = marks.nouns[k][0]
                seen = True
                continue
            if self._people(marks, q, k) or self._counted_nominal(marks, q, k):
                return
            step = self._premodifier(marks, q, k)
            if not step:
                break
            seen = seen or step > k
            k = step
        if seen:
            q.unknown = marks.tok.word(start)

    def _head(self, marks: Marks, q: Quantity, k: int) -> bool:
        """Take the noun at `k` when it is the head; False when another noun or a compound follows."""
        end, sense = marks.nouns[k]
        tok, after = marks.tok, marks.tok.word(end)
        if end in marks.nouns and marks.nouns[end][1].kind == sense.kind and not tok.word(end).startswith("("):
            q.model = q.model or sense.model
            return False
        if after == "-" and tok.glued(end) and tok.glued(end + 1):
            return False  # "Shahed-type drones": the noun before a hyphen only describes
        if self._is_compound(marks, q, sense, end):
            return False
        if q.premod is None and marks.tok.word(k - 1) in _FAILED:
            q.unknown = marks.tok.word(k - 1)
            return True
        q.noun, q.model, q.j = sense, sense.model or q.model, end
        self._coordinated(marks, q)
        return True

    def _is_compound(self, marks: Marks, q: Quantity, sense: NounSense, end: int) -> bool:
        after = marks.tok.word(end)
        if after in self.compound:
            if end in marks.verbs and (not sense.singular or self._object_follows(marks, end + 1)):
                return False
            return not (
                sense.plural and after in ("type", "debris", "parts", "force", "forces", "launch", "unit", "units")
            )
        singular_of_many = not sense.plural and q.number.value > 1 and q.number.kind != "article"
        if singular_of_many and after and marks.tok.kinds[end] == WORD and sense.model is None:
            return after not in self.stop and end not in marks.verbs
        return False

    def _object_follows(self, marks: Marks, k: int) -> bool:
        """True where the word before is a verb: "a drone hit the roof"."""
        return marks.cue(k, "det") > 0 or k in marks.geo or k in marks.nouns or marks.tok.word(k) in ("into", "near", "at")

    def _counted_nominal(self, marks: Marks, q: Quantity, k: int) -> bool:
        """ "567 arrests", "11 dead": the number counts what happened."""
        if k not in marks.nominals:
            return False
        end, sense = marks.nominals[k]
        if sense.count is None or (end in marks.nouns and k not in marks.verbs):
            return False
        if k in marks.verbs and "part" in marks.verbs[k][1].forms and marks.tok.word(end) in ("by", "when", "in", "after", "as", "during", "at", "on"):
            return False
        if marks.tok.word(k - 1) in _FAILED:
            q.unknown = marks.tok.word(k - 1)
            return True
        q.count, q.j = sense, end
        return True

    def _premodifier(self, marks: Marks, q: Quantity, k: int) -> int:
        """The position after a word that may stand between number and noun, or 0."""
        tok = marks.tok
        if k in marks.geo and marks.geo[k].form != "people":
            if q.nation is None or marks.geo[k].form == "adjective":
                q.nation = marks.geo[k]
            return marks.geo[k].j + (tok.word(marks.geo[k].j) == "'s")
        word, kind = tok.words[k], tok.kinds[k]
        if kind == WORD:
            return self._word_between(marks, q, k, word)
        if kind == NUMBER:
            return k + 1 if tok.glued(k) or (tok.word(k + 1) == "-" and tok.glued(k + 1)) else 0
        if word in ("-", "/") and tok.glued(k):
            return k + 1
        return k + 1 if word == '"' else 0

    def _word_between(self, marks: Marks, q: Quantity, k: int, word: str) -> int:
        if word in self.stop and word not in ("other", "more", "one"):
            return 0
        if word in self.enemy:
            q.enemy = True
        if k in marks.verbs:
            sense = marks.verbs[k][1]
            if not sense.forms & {"part", "ing"} and k not in marks.nominals:
                return 0
            if marks.tok.word(k + 1) in self.stop:
                return 0
            q.premod = sense if sense.forms & {"part"} else q.premod
        return k + 1

    def _people(self, marks: Marks, q: Quantity, k: int) -> bool:
        """ "19 Palestinians": a people is its persons."""
        geo = marks.geo.get(k)
        if geo is None or geo.form != "people" or geo.j in marks.nouns:
            return False
        q.noun, q.nation, q.j = NounSense("person", "person", plural=True, singular=False), geo, geo.j
        return True

    def _coordinated(self, marks: Marks, q: Quantity) -> None:
        """ "300 drones and missiles", "40 ballistic missiles, cruise missiles and drones": one number for several kinds."""
        if q.noun is None or q.noun.kind != "air":
            return
        k = q.j
        while (found := self._next_kind(marks, k)) is not None:
            end, sense = found
            if marks.tok.word(end) in self.compound:
                q.unknown, q.noun, q.mixed = marks.tok.word(end), None, False
                return
            if sense.object != q.noun.object:
                q.mixed, q.model = True, None
            k = q.j = end

    def _next_kind(self, marks: Marks, k: int) -> tuple[int, NounSense] | None:
        """The end and meaning of the plural noun joined at `k` without a number of its own."""
        tok = marks.tok
        if tok.word(k) not in ("and", ",", "or", "/", "&"):
            return None
        k += 1 + (tok.word(k) == "," and tok.word(k + 1) in ("and", "or"))
        for step in range(k, min(k + 4, len(tok))):
            if step in marks.nouns:
                end, sense = marks.nouns[step]
                while end in marks.nouns and marks.nouns[end][1].kind == "air":
                    end, sense = marks.nouns[end]
                return (end, sense) if sense.kind == "air" and sense.plural else None
            if tok.kinds[step] != WORD or tok.word(step) in self.stop or step in marks.verbs or step in marks.geo:
                return None
            if tok.word(step) in self.numbers.starters:
                return None
        return None
