"""Numbers that stand after what they count: "the death toll rose to 34", "bringing the total to 77"."""

from __future__ import annotations

from typing import Final

from workers.extract.drafts import Draft
from workers.extract.items import Item, Reading
from workers.extract.lexicon import Lexicon
from workers.extract.quantity import Quantity

_REACH: Final = 16
_BEFORE: Final = frozenset(
    {
        "to",
        "at",
        "is",
        "was",
        "of",
        "reached",
        "number",
        "numbered",
        "numbering",
        "totals",
        "total",
        "totalled",
        "totaled",
    }
    | {"totalling", "totaling", "were", "being", "exceeds", "exceeded", "passed", "surpassed", "topped", "hit", "as"}
    | {"stands", "stood", "be", ",", "reaches", "reaching", "likely", "comes"}
)
_FATES: Final = frozenset(
    {
        "death",
        "deaths",
        "dead",
        "fatalities",
        "injured",
        "wounded",
        "arrests",
        "casualties",
        "injuries",
        "interceptions",
    }
)
_FORMERLY: Final = (["up", "from"], ["down", "from"])
"""Before the figure that held until now: "risen to 12, up from seven"."""
_SUMS: Final = frozenset({"total", "toll", "tally", "count", "totals", "numbering", "figure"})


class TotalReader:
    """Finds the head of a number that follows a total word."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def read(self, reading: Reading, q: Quantity, new: list[Draft], told: list[Draft]) -> Draft | None:
        """The draft of a number after "toll", "number of drones ... at", "the total to"; None where it is none."""
        if reading.tok.words[q.i - 2 : q.i] in _FORMERLY and q.noun is None and new and new[-1].object == "person":
            return self._like(reading, q, new[-1])
        window = self._window(reading, q)
        if q.noun is not None:
            if not window or reading.tok.word(q.i - 1) not in ("at", "to"):
                return None
            counted = self._numbered(reading, q, window) or self._tally(reading, q, window)
            return counted or self._losses(reading, q, window)
        return (self._numbered(reading, q, window) or self._sum(reading, q, window, new, told)) if window else None

    def counted(self, reading: Reading, q: Quantity) -> Draft | None:
        """The draft of a number after "death toll", "the dead now number"; None where it is none."""
        window = self._window(reading, q)
        return self._counted(reading, q, window) if window else None

    def _window(self, reading: Reading, q: Quantity) -> list[Item]:
        """The items before a number that follows a word such as "to", "at", "reached"; empty otherwise."""
        n = reading.position[id(q)]
        if reading.tok.word(q.i - 1) not in _BEFORE and reading.tok.word(q.number.i - 1) not in _BEFORE:
            return []
        return reading.items[max(0, n - _REACH) : n]

    def _counted(self, reading: Reading, q: Quantity, window: list[Item]) -> Draft | None:
        """ "the death toll climbed to 34", "the dead now number 3,419"."""
        for item in reversed(window):
            if item.kind in ("semi", "stop"):
                return None
            nominal = item.nominal
            if nominal is None or not nominal.count or reading.tok.word(item.i) not in _FATES:
                continue
            if obj := nominal.object or q.object:
                return self._draft(reading, q, obj, nominal.count)
        return None

    def _numbered(self, reading: Reading, q: Quantity, window: list[Item]) -> Draft | None:
        """ "the number of drones shot down at nine", "the number of people killed climbed to 5,000"."""
        for k, item in enumerate(window):
            if item.word not in ("number", "total", "figure", "count", "tally") or k + 1 >= len(window):
                continue
            noun = next((i for i in window[k:] if i.kind in ("noun", "geo") and self._object(reading, i)), None)
            if noun is None:
                continue
            obj = self._object(reading, noun) or ""
            for verb in window[window.index(noun) :]:
                if verb.v is not None:
                    for table in (verb.v.senses[0].patient, verb.v.senses[0].agent):
                        measure = self.lexicon.measure_for(table, obj) if table else None
                        if measure and measure not in ("none", "="):
                            return self._draft(reading, q, obj, measure)
        return None

    def _tally(self, reading: Reading, q: Quantity, window: list[Item]) -> Draft | None:
        """ "The total destroyed since the start comes to 467 aircraft": losses are destroyed, whatever they are."""
        heads = [k for k, item in enumerate(window) if item.word in ("total", "tally")]
        verb = next((i.v for i in window[heads[0] :] if i.v is not None), None) if heads else None
        if verb is None or q.object is None:
            return None
        measure = self.lexicon.measure_for(verb.senses[0].patient, q.object)
        return (
            self._draft(reading, q, q.object, "destroyed" if measure == "intercepted" else measure) if measure else None
        )

    def _losses(self, reading: Reading, q: Quantity, window: list[Item]) -> Draft | None:
        """ "puts Russian losses at 422 aircraft"."""
        lost = any(item.nominal is not None and item.word == "losses" for item in window)
        return self._draft(reading, q, q.object, "destroyed") if lost and q.object is not None else None

    def _object(self, reading: Reading, item: Item) -> str | None:
        if item.kind == "noun":
            return reading.marks.nouns[item.i][1].object
        return "person" if item.geo and item.geo.form == "people" else None

    def _sum(
        self, reading: Reading, q: Quantity, window: list[Item], new: list[Draft], told: list[Draft]
    ) -> Draft | None:
        """ "bringing the total to 77", "the overall toll thus reached 5,102"."""
        words = {item.word for item in window[-9:]} | set(reading.tok.words[q.i : q.number.i])
        if not words & _SUMS and [item.word for item in window[-2:]] != ["number", "at"]:
            return None
        if "toll" in words:
            return self._draft(reading, q, "person", "killed")
        noun = next((i for i in reversed(window) if i.kind == "noun"), None)
        last = next((d for d in reversed([*told, *new])), None)
        if last is None:
            return self._premodified(reading, q, noun)
        return self._like(reading, q, last)

    def _like(self, reading: Reading, q: Quantity, last: Draft) -> Draft:
        """A draft of the same measure as another."""
        draft = self._draft(reading, q, last.object, last.measure)
        draft.attachment, draft.head, draft.source = last.attachment, last, last.attachment_reading
        return draft

    def _premodified(self, reading: Reading, q: Quantity, noun: Item | None) -> Draft | None:
        """ "the neutralised drones now total 77"."""
        if noun is None or (mark := reading.marks.verbs.get(noun.i - 1)) is None:
            return None
        obj = self._object(reading, noun)
        measure = self.lexicon.measure_for(mark[1].patient, obj)
        return self._draft(reading, q, obj or "", measure) if measure and measure != "none" else None

    def _draft(self, reading: Reading, q: Quantity, obj: str, measure: str) -> Draft:
        return Draft(reading, q, obj, measure, "total", None, q.number.value, q.number.high)
