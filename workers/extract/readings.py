"""The sentences of an article that are worth reading, in order; each is read as far as it is asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from workers.extract import sentences
from workers.extract.items import ItemReader, Reading
from workers.extract.lexicon import Lexicon
from workers.extract.marks import Marks
from workers.extract.pack import LONGEST_SENTENCE
from workers.extract.prefilter import Prefilter, Worth
from workers.extract.tokens import Tokens, flat
from workers.extract.world import Gazetteer

PATIENCE: Final = 3
"""Idle sentences after which a bare number no longer goes on with what was counted."""
CONTEXTS: Final = 6
"""Sentences without a figure that are read for who attacks whom."""

_GOES_ON: Final = re.compile(
    r"\b(?:it (?:said|says|added|adds)|(?:over|at|in|against) the (?:region|oblast|province|city|town|port))\b"
)
"""What leads back to the sentence before, for who speaks there or which place it names."""


class ReadingMaker:
    """Parts the text of an article into readings."""

    def __init__(self, lexicon: Lexicon, prefilter: Prefilter, gazetteer: Gazetteer) -> None:
        self._lexicon = lexicon
        self._prefilter = prefilter
        self._gazetteer = gazetteer
        self._items = ItemReader(lexicon)

    def make(self, text: dict[str, str]) -> list[Reading]:
        """The sentences of all fields that are worth it."""
        readings: list[Reading] = []
        mark = _Marker(text, self._gazetteer, self._lexicon).mark
        contexts = 0
        for field, words in text.items():
            idle, last = PATIENCE, None
            low = flat(words)
            for start, end in sentences.split(words) if words else ():
                end = min(end, start + LONGEST_SENTENCE)
                worth = self._prefilter.sentence(low[start:end], idle < PATIENCE)
                if worth is Worth.SKIP or (worth is Worth.CONTEXT and contexts >= CONTEXTS):
                    idle, last = idle + 1, (start, end)
                    continue
                idle_before, idle = idle, 0
                contexts += worth is Worth.CONTEXT
                reading = Reading(Tokens(words, start, end), mark, self._items)
                reading.previous = readings[-1] if readings else None
                reading.before, last = last, (start, end)
                reading.field, reading.start, reading.end, reading.index = field, start, end, len(readings)
                if reading.before is not None and idle_before and _GOES_ON.search(low, start, end):
                    reading.passed = self._passed(words, reading, mark)
                reading.opens = "\n" in words[max(0, start - 2) : start] or start == 0
                readings.append(reading)
        return readings

    def _passed(self, words: str, reading: Reading, mark: Callable[[Reading], Marks]) -> Reading:
        """The sentence before one that goes on with it, not worth reading but for that."""
        start, end = reading.before or (0, 0)
        passed = Reading(Tokens(words, start, end), mark, self._items)
        passed.field, passed.start, passed.end, passed.previous = reading.field, start, end, reading.previous
        return passed


class _Marker:
    """Marks the sentences of one article; holds none of them, so that all are freed as soon as the article is read."""

    def __init__(self, text: dict[str, str], gazetteer: Gazetteer, lexicon: Lexicon) -> None:
        self._text, self._gazetteer, self._lexicon = text, gazetteer, lexicon
        self._countries: Counter[str] | None = None

    def mark(self, reading: Reading) -> Marks:
        """The marks of a sentence; the countries told before it settle a name that several have."""
        sentence, previous = self._text[reading.field][reading.start : reading.end], reading.previous
        find = self._gazetteer.find
        return Marks(reading.tok, self._lexicon, lambda: find(sentence, _told(previous), self._around))

    def _around(self) -> Counter[str]:
        """How often the article names each country; counted once, and only where a name needs it."""
        if self._countries is None:
            self._countries = self._gazetteer.countries("\n\n".join(self._text.values()))
        return self._countries


def _told(reading: Reading | None) -> Iterator[str]:
    """The countries and sides named up to a sentence; gone through only where a name needs them."""
    unknown: list[Reading] = []
    while reading is not None and reading.told is None:
        unknown.append(reading)
        reading = reading.previous
    told = reading.told if reading is not None and reading.told is not None else frozenset[str]()
    for each in reversed(unknown):
        told = each.told = told | {geo.code for geo in each.marks.geo.values() if geo.code}
    yield from told
