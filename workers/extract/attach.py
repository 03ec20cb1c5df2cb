"""Which predicate a quantity belongs to: its subject or object place in the clause, or a noun that acts."""

from __future__ import annotations

from workers.extract.asides import past_aside
from workers.extract.items import Reading
from workers.extract.leftward import LeftWalk
from workers.extract.lexicon import Lexicon
from workers.extract.quantity import Quantity
from workers.extract.rightward import REACH, RightWalk
from workers.extract.ties import Attachment, TieMaker


class Attacher:
    """Finds the attachments of every quantity of a sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.maker = TieMaker(lexicon)

    def attach(self, reading: Reading) -> dict[int, list[Attachment]]:
        """Attachments by id of quantity; right to left, so that coordinated subjects share the predicate."""
        if not any(self.maker.may_hang(reading.marks, q) for q in reading.quantities):
            return {id(q): [] for q in reading.quantities}  # "45 people came to the fair": told before any item is made
        found: dict[int, list[Attachment]] = {}
        for q in reversed(reading.quantities):
            found[id(q)] = self._raid(reading, q) if q.raid is not None else self._right(reading, q, found)
        for q in reading.quantities:
            settled = q.part is not None or q.raid is not None or _begins_a_sentence(reading, q, found[id(q)])
            left = [] if settled else self._left(reading, q, found)
            if left:
                found[id(q)] = left + [a for a in found[id(q)] if a.way != "subject"]
        return found

    def _left(self, reading: Reading, q: Quantity, found: dict[int, list[Attachment]]) -> list[Attachment]:
        """The ties to the left; they go before one that was lent by a quantity of the clause that follows."""
        right = found[id(q)]
        lent = next((a.lent_by for a in right if a.lent_by is not None), None)
        apart = lent is not None and _opens_a_clause(reading, lent) and not _opens_a_clause(reading, q)
        if apart:
            found[id(q)] = [a for a in right if a.lent_by is None]
        left = LeftWalk(self.maker, reading, q, found).find()
        if apart and not any(a.way == "object" for a in left):
            found[id(q)] = right
            left = LeftWalk(self.maker, reading, q, found).find()
        return left

    def _raid(self, reading: Reading, q: Quantity) -> list[Attachment]:
        """The tie of a size to its attack: "a 58-drone raid"."""
        attack = next((item for item in reading.items if item.i == q.raid and item.nominal is not None), None)
        made = self.maker.make(reading, q, attack, "with") if attack is not None else None
        return [made] if made is not None else []

    def _right(self, reading: Reading, q: Quantity, known: dict[int, list[Attachment]]) -> list[Attachment]:
        walk = RightWalk(self.maker, reading, q, known)
        start = reading.position[id(q.whole if q.whole is not None else q)]
        start = past_aside(reading.items, start + 1)
        walk.at = start - 1
        for item in reading.items[start : start + REACH]:
            if walk.step(item):
                break
        return walk.found


def _begins_a_sentence(reading: Reading, q: Quantity, right: list[Attachment]) -> bool:
    """True behind a comma, in front of its own verb: "shot down 60 drones, 25 drones were lost", "60, 25 lost"."""
    n = reading.position[id(q)]
    items = reading.items
    v = items[n + 1].v if 0 < n < len(items) - 1 else None
    if v is None or not (v.voice == "passive" or (v.voice == "reduced" and q.elided)):
        return False
    comma = items[n - 1].kind == "comma" or _opens_a_clause(reading, q)
    own = (a for a in right if a.item is items[n + 1])
    return comma and any(v.voice == "reduced" or (a.way == "passive" and not a.modifies) for a in own)


def _opens_a_clause(reading: Reading, q: Quantity) -> bool:
    """True behind a comma and a link: "shot down 51 drones and four missiles, and seven drones hit a depot"."""
    n = reading.position[id(q)]
    return n > 1 and reading.items[n - 1].kind in ("conj", "sub") and reading.items[n - 2].kind == "comma"
