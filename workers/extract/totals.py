"""Numbers that stand after what they count: "the death toll rose to 34", "bringing the total to 77"."""

from __future__ import annotations

from typing import Final

from workers.extract.drafts import FLOWN, Draft
from workers.extract.items import Item, Reading
from workers.extract.lexicon import Lexicon
from workers.extract.quantity import Quantity
from workers.extract.tallies import counts_the_war, head_of
from workers.extract.ties import Attachment

_REACH: Final = 24
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
_RISEN: Final = frozenset(
    {"rose", "rises", "risen", "fell", "fallen", "grew", "climbed", "dropped", "jumped", "doubled"}
)
_PASSED: Final = frozenset({"hit", "topped", "passed", "reached", "exceeded"})
_FATES: Final = frozenset(
    {
        "death",
        "body",
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
_COMING_TO: Final = frozenset(
    {"at", "to", "reached", "reaches", "totals", "totalled", "totaled", "exceeds", "exceeded"}
)
"""In front of a figure that has its noun: "the number of projectiles has reached 241 missiles"."""
_FORMERLY: Final = (["up", "from"], ["down", "from"])
"""Before the figure that held until now: "risen to 12, up from seven"."""
_OPENING: Final = 4
"""Words that may lead up to such a figure, and claims back to the one that it stands beside."""
_NEAR: Final = 9
"""Items in front of a figure in which a word of sums stands."""
_SOURCES: Final = frozenset({"according", "by", "per"})
"""In front of a tally these say who counts."""
_IN_ALL: Final = (["in", "all"], ["in", "total"], ["altogether", ","], ["altogether", "."])
"""Words behind the figure of all that came."""
_RECORD: Final = frozenset({",", "of", "was", "is", "at", ":", "-", "with"})
_NUMBERS: Final = frozenset({"number", "total", "figure", "count", "tally"})
_HURT: Final = frozenset({"injury", "injured", "wounded", "injuries"})
_SUMS: Final = frozenset({"total", "toll", "tally", "count", "totals", "numbering", "figure"})


class TotalReader:
    """Finds the head of a number that follows a total word."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def read(self, reading: Reading, q: Quantity, new: list[Draft], told: list[Draft]) -> Draft | None:
        """The draft of a number after "toll", "number of drones ... at", "the total to"; None where it is none."""
        if (ahead := self._ahead(reading, q)) is not None:
            return ahead
        if reading.tok.words[q.i - 2 : q.i] in _FORMERLY and q.noun is None and new and new[-1].object == "person":
            return self._like(reading, q, new[-1])
        if (there := self._in_all(reading, q, told)) is not None:
            return there
        if self._former(reading, q, new):
            return self._like(reading, q, new[-1])
        if (beside := self._beside(reading, q, told)) is not None:
            return beside
        if (lost := self._row_of_losses(reading, q)) is not None:
            return lost
        window = self._window(reading, q)
        if q.noun is not None:
            if not window or reading.tok.word(q.i - 1) not in _COMING_TO:
                return None
            counted = self._numbered(reading, q, window) or self._tally(reading, q, window)
            return counted or self._losses(reading, q, window)
        if not window:
            return None
        counted = self._numbered(reading, q, window) or self._rose(reading, q, window, told)
        return counted or self._sum(reading, q, window, new, told)

    def _former(self, reading: Reading, q: Quantity, new: list[Draft]) -> bool:
        """ "climbed to 63 on Friday from 48 on Thursday": the toll of people that held before."""
        if reading.tok.word(q.i - 1) != "from" or not q.elided or not new or new[-1].way != "total":
            return False
        between = reading.items[reading.position[id(new[-1].q)] + 1 : reading.position[id(q)]]
        return new[-1].object == "person" and all(item.kind in ("time", "prep", "w", "det") for item in between)

    def _beside(self, reading: Reading, q: Quantity, told: list[Draft]) -> Draft | None:
        """ "Add 198 missiles", "The previous record, 550 targets": launched like those told before."""
        words = reading.tok.words
        added = words[:1] == ["add"] and q.i <= _OPENING
        record = "record" in words[max(0, q.i - _OPENING) : q.i] and words[q.i - 1] in _RECORD
        if not (added or record) or q.noun is None or q.noun.kind != "air":
            return None
        near = (d for d in reversed(told[-_OPENING:]) if d.measure == "launched" and self._flies(d.object))
        last = next(near, None)
        if last is None:
            return None
        draft = self._draft(reading, q, q.object or "", "launched")
        draft.way, draft.attachment, draft.source = "beside", last.attachment, last.attachment_reading
        return draft

    def _in_all(self, reading: Reading, q: Quantity, told: list[Draft]) -> Draft | None:
        """ "There were 29 drones in all", behind what became of some of them: so many were launched."""
        words = reading.tok.words
        opens = words[:2] in (["there", "were"], ["there", "had"]) and q.i <= _OPENING
        if not opens or q.object is None or not self._flies(q.object) or words[q.j : q.j + 2] not in _IN_ALL:
            return None
        known = any(d.object == q.object and d.measure in FLOWN and d.value <= q.number.value for d in told[-_OPENING:])
        return self._draft(reading, q, q.object, "launched") if known else None

    def _flies(self, obj: str) -> bool:
        return self.lexicon.kinds.get(obj) == "air"

    def _ahead(self, reading: Reading, q: Quantity) -> Draft | None:
        """ "taking to 84 the number brought down since May": the figure before what it counts."""
        words = reading.tok.words
        if words[q.i - 1 : q.i] != ["to"] or words[q.j : q.j + 1] not in (["the"], ["its"]) or not q.elided:
            return None
        n = reading.position[id(q)]
        window = reading.items[n + 1 : n + _REACH]
        if n < 2 or len(window) < 2 or window[1].word not in _NUMBERS:
            return None
        return self._numbered(reading, q, window) or self._numbered_before(reading, q, window)

    def _numbered_before(self, reading: Reading, q: Quantity, window: list[Item]) -> Draft | None:
        """The same with its noun left out: what is counted was told before."""
        verb = next((item.v for item in window[:5] if item.v is not None), None)
        measure = self.lexicon.measure_for(verb.senses[0].patient, q.guess) if verb is not None and q.guess else None
        return self._draft(reading, q, q.guess or "", measure) if measure and measure not in ("none", "=") else None

    def counted(self, reading: Reading, q: Quantity) -> Draft | None:
        """The draft of a number after "death toll", "the dead now number"; None where it is none."""
        window = self._window(reading, q)
        if not window:
            return None
        told = self._counted(reading, q, window)
        if told is None and reading.tok.word(q.i - 1) in _PASSED:
            return self._numbered(reading, q, window)  # "the number of drones launched in May hit 4,200"
        return told

    def _window(self, reading: Reading, q: Quantity) -> list[Item]:
        """The items before a number that follows a word such as "to", "at", "reached"; empty otherwise."""
        if reading.tok.word(q.i - 1) not in _BEFORE and reading.tok.word(q.number.i - 1) not in _BEFORE:
            return []
        n = reading.position[id(q)]
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
            if item.word not in _NUMBERS or k + 1 >= len(window):
                continue
            noun = next((i for i in window[k:] if i.kind in ("noun", "geo") and self._object(reading, i)), None)
            if noun is None:
                continue
            obj = self._object(reading, noun) or ""
            if (measure := self._participle(reading, noun, obj)) is not None:
                return self._draft(reading, q, self._kind(q, obj), measure)
            for verb in window[window.index(noun) :]:
                if verb.v is not None:
                    for table in (verb.v.senses[0].patient, verb.v.senses[0].agent):
                        measure = self.lexicon.measure_for(table, obj) if table else None
                        if measure and measure not in ("none", "="):
                            draft = self._draft(reading, q, self._kind(q, obj), measure)
                            draft.attachment = Attachment(verb, measure, "reduced")
                            return draft
        return None

    def _kind(self, q: Quantity, obj: str) -> str:
        """What the figure itself names, where it does: "the number of projectiles has reached 241 missiles"."""
        return (q.object if q.noun is not None else None) or obj

    def _participle(self, reading: Reading, noun: Item, obj: str) -> str | None:
        """The measure of "the number of downed drones", from the participle before the noun."""
        mark = reading.marks.verbs.get(noun.i - 1)
        measure = self.lexicon.measure_for(mark[1].patient, obj) if mark is not None else None
        return measure if measure not in ("none", "=") else None

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
        return self._lost(reading, q) if lost else None

    def _lost(self, reading: Reading, q: Quantity) -> Draft | None:
        """What a tally of losses counts: equipment is destroyed, people are killed or wounded."""
        if q.object is None:
            return None
        people = self.lexicon.kinds.get(q.object) == "person"
        return self._draft(reading, q, q.object, "casualties" if people else "destroyed")

    def _row_of_losses(self, reading: Reading, q: Quantity) -> Draft | None:
        """ "Enemy losses as of 14 May: 950,000 personnel, 10,700 tanks"."""
        head = head_of(reading, q) if q.noun is not None else None
        draft = self._lost(reading, q) if head is not None else None
        if draft is not None and head is not None:
            draft.source = head
            if counts_the_war(head, q):
                draft.notes.add("tally")
        return draft

    def _rose(self, reading: Reading, q: Quantity, window: list[Item], told: list[Draft]) -> Draft | None:
        """ "The number of missiles rose to 270", which were launched as the drones told before were."""
        verb = _RISEN.isdisjoint(reading.tok.words[max(0, q.i - _OPENING) : q.i])
        head = next((k for k, item in enumerate(window) if item.word in _NUMBERS), None)
        if verb or head is None or (last := next(iter(reversed(told)), None)) is None or not self._flies(last.object):
            return None
        noun = next(
            (i for i in window[head:] if i.kind == "noun" and self._flies(self._object(reading, i) or "")), None
        )
        if noun is None:
            return None
        draft = self._like(reading, q, last)
        draft.object, draft.head = self._object(reading, noun) or last.object, None
        return draft

    def _object(self, reading: Reading, item: Item) -> str | None:
        if item.kind == "noun":
            return reading.marks.nouns[item.i][1].object
        return "person" if item.geo and item.geo.form == "people" else None

    def _sum(
        self, reading: Reading, q: Quantity, window: list[Item], new: list[Draft], told: list[Draft]
    ) -> Draft | None:
        """ "bringing the total to 77", "the overall toll thus reached 5,102"."""
        near = _since_the_last_figure(window) if reading.tok.word(q.i - 1) == "," else window[-_NEAR:]
        words = {item.word for item in near} | set(reading.tok.words[q.i : q.number.i])
        if not words & _SUMS and [item.word for item in window[-2:]] != ["number", "at"]:
            return None
        if "toll" in words:
            return self._draft(reading, q, "person", "killed" if words.isdisjoint(_HURT) else "injured")
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
        obj = self._object(reading, noun) if noun is not None else None
        measure = self._participle(reading, noun, obj) if noun is not None and obj is not None else None
        return self._draft(reading, q, obj or "", measure) if measure else None

    def _draft(self, reading: Reading, q: Quantity, obj: str, measure: str) -> Draft:
        return Draft(reading, q, obj, measure, "total", None, q.number.value, q.number.high)


def _since_the_last_figure(window: list[Item]) -> list[Item]:
    """What a comma joins to a figure: nothing in front of another one, no "by its own tally," as a source."""
    near = window[-_NEAR:]
    last = next((k for k in range(len(near) - 1, -1, -1) if near[k].kind == "q"), -1)
    near = near[last + 1 :]
    return [] if any(item.word in _SOURCES for item in near) else near
