"""Ties between a quantity and a predicate or nominal, and the measure that each gives."""

from __future__ import annotations

from dataclasses import dataclass

from workers.extract.items import Item, Reading
from workers.extract.lexicon import Lexicon
from workers.extract.quantity import Quantity
from workers.extract.tokens import SIGN


@dataclass(slots=True)
class Attachment:
    """One way in which a quantity hangs on a predicate or nominal: the measure, and how close the tie is."""

    item: Item
    measure: str
    way: str
    """object, subject, passive, reduced, relative ("that they sent"), described ("that crossed"), instrument
    or nominal."""
    rank: int = 0

    @property
    def modifies(self) -> bool:
        """True where the predicate only describes the noun."""
        return self.way in ("relative", "reduced", "described")


class TieMaker:
    """Asks the lexicon what a tie means."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def make(self, reading: Reading, q: Quantity, item: Item, way: str) -> Attachment | None:
        """The tie between a quantity and an item in the given way, or None where it gives no measure."""
        obj = q.object or (q.count.object if q.count else None)
        if item.nominal is not None:
            table = item.nominal.of if way == "of" else item.nominal.with_
            return self.made(self.lexicon.measure_for(table, obj) if table else None, item, "nominal")
        best: Attachment | None = None
        for sense in item.v.senses if item.v else ():
            if (sense.active and item.v and item.v.voice != "active") or (sense.named and q.elided):
                continue
            if sense.to and item.v and self._handed_over(reading, item.j, q):
                return self.made(sense.to, item, way)
            key = {"subject": sense.agent, "described": sense.agent, "instrument": sense.instrument}.get(
                way, sense.patient
            )
            if way == "instrument" and sense.launch and item.v and item.v.voice == "active":
                measure: str | None = "launched"
            elif not key:
                continue
            else:
                aerial = obj == "target" and key.get("craft") in ("intercepted", "lost")
                measure = self.lexicon.measure_for(key, "aerial_target" if aerial else obj or sense.object)
                if measure is None and q.elided and sense.object:
                    measure = self.lexicon.measure_for(key, sense.object)  # "left four dead and nine wounded"
            made = self.made(measure, item, way)
            if made and (best is None or made.rank > best.rank):
                best = made
        return best

    def _handed_over(self, reading: Reading, end: int, q: Quantity) -> bool:
        """True for "sent to the army": the receiver is an office or forces, not a target."""
        marks = reading.marks
        k = q.j if q.i >= end else end
        if marks.tok.word(k) != "to":
            return False
        for n in range(k + 1, min(k + 6, len(marks.tok))):
            if marks.tok.kinds[n] == SIGN and marks.tok.word(n) != "-":
                return False
            if "office" in marks.cues.get(n, {}):
                return True
        return False

    def made(self, measure: str | None, item: Item, way: str) -> Attachment | None:
        """A tie with a known measure."""
        if measure is None or measure == "none":
            return None
        spec = self.lexicon.measures.get(measure)
        return Attachment(item, measure, way, spec.rank if spec else 0)
