"""Which articles and sentences are worth reading: a look for subject words before any grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from typing import Any, Final

import re2

from workers.extract.lexicon import Lexicon, NominalSense, NounSense, VerbSense
from workers.extract.numerals import NumberReader
from workers.extract.tokens import APART

_DIGIT: Final = re.compile(r"\d")
_FATE: Final = frozenset({"killed", "injured", "casualties", "missing", "arrested", "abducted"})
_ONES: Final = frozenset({"a", "an", "half", "one", "first", "second", "third", "pair", "score", "tens", "couple"})
_OTHERS: Final = frozenset({"all", "nobody", "both", "another", "remaining", "rest"})


_BRAND: Final = 2
"""Letters before the number of a missile: Kh-101, KN-23."""
_STRONG, _FATED, _WEAK, _NUMBER, _OTHER = 1, 2, 4, 8, 16
"""What a word says of its sentence, as bits: one look-up a word."""


def _attack(sense: object) -> bool:
    return isinstance(sense, NominalSense) and "air" in sense.with_


def _any_word(words: Iterable[str]) -> Any:
    """A pattern for any of some words that stands alone, in whatever case."""
    options = re2.Options()
    options.case_sensitive, options.never_capture = False, True
    apart = "".join(f"\\x{{{ord(sign):x}}}" for sign in APART)
    listed = "|".join(sorted(map(re2.escape, words)))
    return re2.compile(f"(?:^|[{apart}])(?:{listed})(?:$|[{apart}])", options=options)


class Worth(Enum):
    """What a sentence is worth: to be read, to be read for who attacks whom while that is scarce, or nothing."""

    SKIP = 0
    CONTEXT = 1
    READ = 2


class Prefilter:
    """Sorts sentences by their words alone.

    `strong` words are weapons, attacks and fates; those of `fate` make a sentence worth reading without a number,
    the others only tell who attacks whom. `weak` ones count beside a number alone.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        strong: set[str] = set()
        fate: set[str] = set()
        weak: set[str] = set()
        everyday = lexicon.cues["everyday"]
        for first, entries in lexicon.entries.items():
            for rest, _, sense in entries:
                words = [w for w in (first, *rest) if w.isalpha() and len(w) > 2 and w not in everyday]
                if not words and isinstance(sense, NounSense) and sense.kind == "air" and len(first) == _BRAND:
                    strong.add(first)  # "24 KN-23s", which has no other word
                if isinstance(sense, NounSense) and sense.kind != "person":
                    (strong if sense.kind in ("air", "craft") else weak).update(words[-1:])
                elif isinstance(sense, NominalSense | VerbSense) and words:
                    telling = self._telling(sense) and words[0] == first
                    (strong if telling else weak).add(words[0])
                    if telling and (isinstance(sense, VerbSense) or sense.count):
                        fate.add(words[0])
        for rule in lexicon.spec.typed:
            strong.update(rule.triggers)
            fate.update(rule.triggers)
        self.strong = frozenset(strong) | lexicon.cues["assailed"]
        attacks = {first for first, found in lexicon.entries.items() if any(_attack(entry.sense) for entry in found)}
        self.fate = frozenset(fate - attacks)
        self.weak = frozenset(weak - strong) | lexicon.cues["numbered"]
        reader = NumberReader(lexicon)
        self.any = self.strong | self.weak
        self._subject = _any_word(self.any)
        numbers = reader.starters - _ONES
        self._says: dict[str, int] = dict.fromkeys(self.any | numbers | _OTHERS, 0)
        for bit, saying in (
            (_STRONG, self.strong), (_FATED, self.fate), (_WEAK, self.weak), (_NUMBER, numbers), (_OTHER, _OTHERS),
        ):  # fmt: skip
            for word in saying:
                self._says[word] |= bit

    def _telling(self, sense: NominalSense | VerbSense) -> bool:
        """True for words of attack and of what happens to people."""
        if isinstance(sense, NominalSense):
            return "air" in sense.of or sense.count in _FATE
        tables = (sense.patient, sense.agent)
        return any(measure in _FATE or measure == "intercepted" for table in tables for measure in table.values())

    def article(self, text: str) -> bool:
        """True when any subject word stands in a text as written: one pass, whatever the number of words."""
        return self._subject.search(text.encode("utf-8", "replace")) is not None

    def sentence(self, words: str, going: bool) -> Worth:
        """What a sentence made flat is worth; `going` says that one shortly before was read."""
        told = 0
        for bits in set(map(self._says.get, words.split())):
            told |= bits or 0
        if told & _STRONG:
            numbered = told & (_FATED | _NUMBER) or _DIGIT.search(words)
            return Worth.READ if numbered else Worth.CONTEXT
        if (going or told & _WEAK) and (told & (_NUMBER | _OTHER) or _DIGIT.search(words)):
            return Worth.READ
        return Worth.SKIP
