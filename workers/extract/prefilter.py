"""Which articles and sentences are worth reading: a look for subject words before any grammar."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from workers.extract.lexicon import Lexicon, NominalSense, NounSense, VerbSense
from workers.extract.numerals import NumberReader

_DIGIT: Final = re.compile(r"\d")
_FATE: Final = frozenset({"killed", "injured", "casualties", "missing", "arrested", "abducted"})
_ONES: Final = frozenset({"a", "an", "half", "one", "first", "second", "third", "pair", "score", "tens", "couple"})
_OTHERS: Final = frozenset({"all", "both", "another", "remaining", "rest"})


def _attack(sense: object) -> bool:
    return isinstance(sense, NominalSense) and "air" in sense.with_


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
        self.strong = frozenset(strong)
        attacks = {first for first, found in lexicon.entries.items() if any(_attack(entry.sense) for entry in found)}
        self.fate = frozenset(fate - attacks)
        self.weak = frozenset(weak - strong) | lexicon.cues["numbered"]
        reader = NumberReader(lexicon)
        self.numbers = reader.starters - _ONES
        self.loose = self.numbers | _OTHERS
        self.any = self.strong | self.weak

    def _telling(self, sense: NominalSense | VerbSense) -> bool:
        """True for words of attack and of what happens to people."""
        if isinstance(sense, NominalSense):
            return "air" in sense.of or sense.count in _FATE
        tables = (sense.patient, sense.agent)
        return any(measure in _FATE or measure == "intercepted" for table in tables for measure in table.values())

    def article(self, words: str) -> bool:
        """True when any subject word stands in a text made flat."""
        return not self.any.isdisjoint(words.split())

    def sentence(self, words: str, going: bool) -> Worth:
        """What a sentence made flat is worth; `going` says that one shortly before was read."""
        found = words.split()
        if not self.strong.isdisjoint(found):
            if not self.fate.isdisjoint(found) or self._numbered(words, found, self.numbers):
                return Worth.READ
            return Worth.CONTEXT
        if (going or not self.weak.isdisjoint(found)) and self._numbered(words, found, self.loose):
            return Worth.READ
        return Worth.SKIP

    def _numbered(self, words: str, found: list[str], numbers: frozenset[str]) -> bool:
        return not numbers.isdisjoint(found) or _DIGIT.search(words) is not None
