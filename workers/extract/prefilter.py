"""Which articles and sentences are worth reading: a look for subject words before any grammar."""

from __future__ import annotations

import re
from typing import Final

from workers.extract.lexicon import Lexicon, NominalSense, NounSense, VerbSense
from workers.extract.numerals import NumberReader

_WORDS: Final = re.compile(r"[^\W\d_]+|\d")
_FATE: Final = frozenset({"killed", "injured", "casualties", "missing", "arrested", "abducted"})
_ONES: Final = frozenset({"a", "an", "half", "one", "first", "second", "third", "pair", "score", "tens", "couple"})
_OTHERS: Final = frozenset({"all", "both", "another", "remaining", "rest"})


class Prefilter:
    """Sorts sentences by their words alone.

    `strong` words make a sentence worth reading by themselves, `weak` ones only beside a number.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        strong: set[str] = set()
        weak: set[str] = set()
        everyday = lexicon.cues["everyday"]
        for first, entries in lexicon.entries.items():
            for rest, _, sense in entries:
                words = [w for w in (first, *rest) if w.isalpha() and len(w) > 2 and w not in everyday]
                if isinstance(sense, NounSense) and sense.kind != "person":
                    (strong if sense.kind in ("air", "craft") else weak).update(words[-1:])
                elif isinstance(sense, NominalSense | VerbSense) and words:
                    (strong if self._telling(sense) and words[0] == first else weak).add(words[0])
        for rule in lexicon.spec.typed:
            strong.update(rule.triggers)
        self.strong = frozenset(strong)
        self.weak = frozenset(weak - strong)
        reader = NumberReader(lexicon)
        self.numbers = frozenset("0123456789") | (reader.starters - _ONES) | _OTHERS
        self.any = self.strong | self.weak

    def _telling(self, sense: NominalSense | VerbSense) -> bool:
        """True for words of attack and of what happens to people."""
        if isinstance(sense, NominalSense):
            return "air" in sense.of or sense.count in _FATE
        tables = (sense.patient, sense.agent)
        return any(measure in _FATE or measure == "intercepted" for table in tables for measure in table.values())

    def article(self, text: str) -> bool:
        """True when any subject word stands in the text."""
        return not self.any.isdisjoint(_WORDS.findall(text.lower()))

    def sentence(self, text: str, going: bool) -> bool:
        """True when a sentence is worth reading; `going` says that one shortly before was."""
        words = _WORDS.findall(text.lower())
        if not self.strong.isdisjoint(words):
            return True
        if self.numbers.isdisjoint(words):
            return False
        return going or not self.weak.isdisjoint(words)
