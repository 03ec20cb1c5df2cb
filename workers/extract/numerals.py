"""Numbers in digits and words: separators, ranges, dozens and scores, vague plurals; values as the words say."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from schemas.event import Qualifier
from workers.extract.lexicon import Lexicon
from workers.extract.tokens import NUMBER, Tokens

_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DOTTED: Final = re.compile(r"\d{1,3}(?:\.\d{3}){2,3}")
_LONGEST: Final = 15
"""Digits that a count can have; longer runs are identifiers."""
_RANGE_SIGNS: Final = frozenset({"-", "\u2013", "to", "or"})
_CHANGES: Final = frozenset(
    {"rose", "risen", "rise", "rises", "raised", "revised", "increased", "grew", "grown", "climbed", "went", "jumped"}
    | {"fell", "dropped", "reduced", "lowered", "corrected", "updated", "up", "down", "changed", "cut"}
)
"""Before "from 17 to 21" these make it a change and no range."""
_ANOTHER: Final = frozenset({"further", "another", "additional"})
_SEVERAL: Final = frozenset({"several", "few", "many"})


@dataclass(slots=True, eq=False)
class Number:
    """A number at tokens [i, j): its value, the upper end of a range, and what its words imply; never changed."""

    i: int
    j: int
    value: float | int
    high: float | int | None = None
    qualifier: Qualifier | None = None
    kind: str = "digits"
    """digits, word, vague, ordinal or article."""


def digits(text: str) -> float | int | None:
    """The value of a run of digits with separators, or None where it cannot be one number."""
    if len(text) > _LONGEST + 5:
        return None
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    elif _DOTTED.fullmatch(text):
        text = text.replace(".", "")
    elif "," in text:
        return None
    try:
        value = float(text) if "." in text else int(text)
    except ValueError:
        return None
    return value


class NumberReader:
    """Reads numbers by a language's table of number words."""

    def __init__(self, lexicon: Lexicon) -> None:
        table = lexicon.spec.numbers
        self.words, self.scale, self.group = table.words, table.scale, table.group
        self.vague, self.ordinals = table.vague, table.ordinals
        self.months = lexicon.cues.get("months", frozenset())
        self._behind_article = self.scale.keys() | self.group.keys() | {"few", "couple"}
        self.starters = frozenset(
            [*self.words, *self.scale, *self.group, *self.vague, *self.ordinals, "half", "a", "an"]
        )

    def find(self, tok: Tokens) -> list[Number]:
        """All numbers of a stretch, left to right, ranges joined."""
        found: list[Number] = []
        if NUMBER not in tok.kinds and self.starters.isdisjoint(tok.words):
            return found
        starters, kinds, reach = self.starters, tok.kinds, 0
        for i in [i for i, word in enumerate(tok.words) if word in starters or kinds[i] == NUMBER]:
            if i < reach or (number := self.at(tok, i)) is None:
                continue
            if found and (joined := self._range(tok, found[-1], number)):
                found[-1] = joined
            else:
                found.append(number)
            reach = number.j
        return found

    def at(self, tok: Tokens, i: int) -> Number | None:
        """The number that begins at token `i`, or None."""
        if tok.kinds[i] == NUMBER:
            return self._digits(tok, i)
        word = tok.words[i]
        if word not in self.starters:
            return None
        if word in ("a", "an", "half"):
            return self._article(tok, i)
        if word in self.vague:
            return self._vague(tok, i, i, self.vague[word])
        if word in self.ordinals and word not in self.words:
            return Number(i, i + 1, 1, kind="ordinal") if tok.word(i - 1) == "the" else None
        return self._words(tok, i)

    def _digits(self, tok: Tokens, i: int) -> Number | None:
        value = digits(tok.words[i])
        if value is None:
            return None
        j = i + 1
        if self._spaced(tok, i):
            value, j = int(tok.words[i] + tok.words[j]), j + 1
        return self._scaled(tok, Number(i, j, value))

    def _spaced(self, tok: Tokens, i: int) -> bool:
        """True for "12 345", thousands set off by a space."""
        return (
            i + 1 < len(tok)
            and tok.kinds[i + 1] == NUMBER
            and len(tok.words[i]) <= 3
            and len(tok.words[i + 1]) == 3
            and tok.words[i].isdecimal()
            and tok.words[i + 1].isdecimal()
            and tok.starts[i + 1] == tok.ends[i] + 1
            and tok.word(i - 1) not in self.months
            and not self._calibre(tok, i + 2)
        )

    def _calibre(self, tok: Tokens, j: int) -> bool:
        """True behind the second number of "47 122mm rockets", "47 155-mm shells"."""
        word = tok.word(j + (tok.word(j) == "-"))
        return word in ("mm", "millimetre", "millimeter", "kg")

    def _scaled(self, tok: Tokens, number: Number) -> Number:
        """The number times the words that follow it: million, dozen, hundred thousand."""
        value, j = number.value, number.j
        while (word := tok.word(j)) in self.scale or word in self.group:
            if word == "k" and not tok.glued(j):
                break
            value, j = value * (self.scale.get(word) or self.group[word]), j + 1
        if j == number.j:
            return number
        value = int(value) if float(value).is_integer() else value
        return replace(number, value=value, j=j)

    def _article(self, tok: Tokens, i: int) -> Number | None:
        """ "a dozen", "a hundred", "half a million", "half a dozen"."""
        half = tok.words[i] == "half"
        start = i + 1 if half else i
        if tok.word(start + 1) not in self._behind_article or (half and tok.word(start) not in ("a", "an")):
            return None
        if tok.word(start + 1) in ("few", "couple"):
            last = start + 2 + (tok.word(start + 2) == "of")
            if tok.word(last) in self.scale or tok.word(last) in self.group:
                return self._vague(tok, i, last, 2 * (self.scale | self.group)[tok.word(last)])
        if tok.word(start + 1) not in self.scale and tok.word(start + 1) not in self.group:
            return None
        number = self._scaled(tok, Number(i, start + 1, 1, kind="word"))
        if not half and self._joins(tok, number.j) and (rest := self._words(tok, number.j + 1)) is not None:
            return replace(number, value=number.value + rest.value, j=rest.j)  # "a hundred and five"
        value = number.value / 2 if half else number.value
        about: Qualifier | None = "about" if tok.word(start + 1) in ("dozen", "score") else None
        return replace(number, value=int(value) if float(value).is_integer() else value, qualifier=about)

    def _vague(self, tok: Tokens, i: int, last: int, value: int) -> Number:
        """ "dozens", "hundreds of thousands", "tens of thousands": the least that the plural means."""
        j = last + 1
        if tok.word(j) == "of" and tok.word(j + 1) in self.vague and self.vague[tok.word(j + 1)] >= 200:
            value, j = value * self.vague[tok.word(j + 1)] // 2, j + 2
        elif tok.words[last] == "tens":
            return Number(i, j, 20, qualifier="at_least", kind="vague")
        return Number(i, j, value, qualifier="at_least", kind="vague")

    def _words(self, tok: Tokens, i: int) -> Number | None:
        word = tok.words[i]
        if word in self.group and tok.word(i - 1) in _ANOTHER:
            return Number(i, i + 1, self.group[word], qualifier="about", kind="word")  # "a further dozen"
        if word in self.scale or word in self.group:
            if tok.word(i - 1) not in _SEVERAL:
                return None
            return self._vague(tok, i - 1, i, 2 * (self.scale | self.group)[word])
        total, current, j = 0, 0, i
        while (word := tok.word(j)) in self.words or (word in self.scale and word != "k") or self._joins(tok, j):
            if word in self.words:
                if current % 10 and j > i and tok.word(j - 1) in self.words:
                    break
                current += self.words[word]
            elif word in self.scale:
                current *= self.scale[word] or 1
                if self.scale[word] >= 1000:
                    total, current = total + current, 0
            j += 1
        return self._grouped(tok, Number(i, j, total + current, kind="word"))

    def _grouped(self, tok: Tokens, number: Number) -> Number:
        if tok.word(number.j) not in self.group:
            return number
        value = int(number.value) * self.group[tok.word(number.j)]
        return replace(number, value=value, j=number.j + 1)

    def _joins(self, tok: Tokens, j: int) -> bool:
        """True for the hyphen of "twenty-three" and the "and" of "one hundred and five"."""
        after, before = tok.word(j + 1), tok.word(j - 1)
        if after not in self.words:
            return False
        if tok.word(j) == "-":
            return self.words.get(before, 0) >= 20
        return tok.word(j) == "and" and before in self.scale

    def _range(self, tok: Tokens, low: Number, high: Number) -> Number | None:
        """ "300-350", "300 to 400", "between 20 and 30"; None where the two are no range."""
        gap = high.i - low.j
        between = tok.word(low.j)
        if gap != 1 or low.high is not None or "ordinal" in (low.kind, high.kind):
            return None
        if between == "to" and tok.word(low.i - 1) in ("from", "by") and not _CHANGES.isdisjoint(tok.words[: low.i]):
            return None  # "revised from 17 to 21"
        spread = between in _RANGE_SIGNS or (between == "and" and tok.word(low.i - 1) == "between")
        if not spread or not low.value < high.value or high.value > 20 * max(low.value, 1):
            return None
        if between == "-" and tok.glued(low.j) != tok.glued(high.i):
            return None
        return replace(low, j=high.j, high=high.value)
