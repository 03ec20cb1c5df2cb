"""Which predicate a quantity belongs to: its subject or object place in the clause, or a noun that acts."""

from __future__ import annotations

from workers.extract.items import Reading
from workers.extract.leftward import LeftWalk
from workers.extract.lexicon import Lexicon
from workers.extract.quantity import Quantity
from workers.extract.rightward import REACH, RightWalk
from workers.extract.ties import Attachment, TieMaker


class Attacher:
    """Finds the attachments of every quantity of a sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._maker = TieMaker(lexicon)

    def attach(self, reading: Reading) -> dict[int, list[Attachment]]:
        """Attachments by id of quantity; right to left, so that coordinated subjects share the predicate."""
        found: dict[int, list[Attachment]] = {}
        for q in reversed(reading.quantities):
            found[id(q)] = self._right(reading, q, found)
        for q in reading.quantities:
            left = [] if q.part is not None else LeftWalk(self._maker, reading, q, found).find()
            if left:
                found[id(q)] = left + [a for a in found[id(q)] if a.way != "subject"]
        return found

    def _right(self, reading: Reading, q: Quantity, known: dict[int, list[Attachment]]) -> list[Attachment]:
        walk = RightWalk(self._maker, reading, q, known)
        start = reading.position[id(q.whole if q.whole is not None else q)]
        for item in reading.items[start + 1 : start + REACH]:
            if walk.step(item):
                break
        return walk.found
