"""What may be the number of a quantity: numbers, "a drone", "another", "all of them", "no one"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from workers.extract.marks import Marks
from workers.extract.noun_phrases import NOUN_REACH
from workers.extract.numerals import Number, NumberReader
from workers.extract.people import KIN, harmed
from workers.extract.tokens import Tokens

_CANDIDATES: Final = frozenset({"all", "a", "an", "another", "zero", "no", "both", "nobody"}) | KIN
ABOVE: Final = frozenset({"over", "above"})
"""Words behind an "another" that leaves out its noun: "31 over Bryansk and another over Tula"."""
_DEFINITE: Final = 4
"""Words at the beginning of a sentence within which "the missile" ends."""
_WAS: Final = frozenset({"was", "has"})
_ARTICLES: Final = frozenset({"a", "an", "another"})


def candidates(marks: Marks, reader: NumberReader) -> list[Number]:
    """Numbers, and articles before a singular object noun: "a drone", "another missile"."""
    tok = marks.tok
    numbers = [_nobody(tok, number) for number in reader.find(tok)]
    if tok.words[:1] == ["the"] and not (numbers and numbers[0].i == 0) and _known(marks):
        numbers.insert(0, Number(0, 1, 1, kind="article"))
    if _CANDIDATES.isdisjoint(tok.words):
        return numbers
    others = [(i, word) for i, word in enumerate(tok.words) if word in _CANDIDATES and _may_count(marks, i, word)]
    if not others:
        return numbers
    taken = {k for n in numbers for k in range(n.i, n.j) if n.kind != "ordinal"}
    for i, word in others:
        if word == "all" and i not in taken and i + 1 not in taken and i + 2 not in taken and i + 3 not in taken:
            numbers.append(Number(i, i + 1, 0, kind="anaphor"))
        free = i + 1 not in taken or tok.word(i + 2) == "-"
        if word != "all" and i not in taken and free:
            value = 0 if _not_one(tok, i) else {"zero": 0, "no": 0, "nobody": 0, "both": 2}.get(word, 1)
            numbers.append(Number(i, i + 1, value, kind="article"))
    return sorted(numbers, key=lambda n: n.i)


def _known(marks: Marks) -> bool:
    """True for "The missile was" and "The Houthi drone has", which may be the one of the sentence before."""
    found = next((marks.nouns[k] for k in range(1, _DEFINITE) if k in marks.nouns), None)
    return found is not None and found[1].kind == "air" and not found[1].plural and marks.tok.word(found[0]) in _WAS


def _nobody(tok: Tokens, number: Number) -> Number:
    """ "No one" is nobody, and not a count of one."""
    if number.j - number.i == 1 and tok.word(number.i) == "one" and tok.word(number.i - 1) in ("no", "not"):
        return replace(number, i=number.i - 1, value=0)
    return number


def _not_one(tok: Tokens, i: int) -> bool:
    """ "Not a single drone" is none."""
    return tok.word(i - 1) == "not" and tok.word(i + 1) == "single"


def _may_count(marks: Marks, i: int, word: str) -> bool:
    """False for an article with no noun of the lexicon behind it, as most are."""
    if word in KIN:
        noun = marks.nouns[i + 1][1] if i + 1 in marks.nouns and marks.tok.word(i - 1) in ("and", ",") else None
        return noun is not None and noun.kind == "person" and not noun.plural
    return (
        word not in _ARTICLES
        or (word == "another" and marks.tok.word(i + 1) in ABOVE)
        or (bool(marks.nouns) and not marks.nouns.keys().isdisjoint(range(i + 1, i + NOUN_REACH + 1)))
        or (word != "another" and harmed(marks, i + 1) > 0)
    )
