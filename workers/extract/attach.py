"""Which predicate a quantity belongs to: its own subject or object place in the clause, or a noun that acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from workers.extract.items import Item, Reading
from workers.extract.lexicon import Lexicon
from workers.extract.quantities import Quantity

_REACH: Final = 45
_TOGETHER: Final = frozenset({"along", "together", "as", "plus", "alongside", "in", "accompanied", "followed", "besides", "with"})
_LINKS: Final = frozenset({"comma", "conj"})
_LIGHT: Final = frozenset(
    {"prep", "geo", "det", "adv", "skip", "time", "dash", "poss", "quote", "office", "noun", "pron", "additional"}
)
_USING: Final = frozenset({"with", "using", "by", "of", "from", "involving", "employing", "including", "comprising", "firing",
                           "launching", "featuring", "deploying", "totalling", "totaling", "numbering", "as"})  # fmt: skip


@dataclass(slots=True)
class Attachment:
    """One way in which a quantity hangs on a predicate or nominal: the measure, and how close the tie is."""

    item: Item
    measure: str
    way: str
    """object, subject, passive, reduced, relative ("that they sent"), described ("that crossed"), instrument, nominal."""
    rank: int = 0

    @property
    def modifies(self) -> bool:
        """True where the predicate only describes the noun."""
        return self.way in ("relative", "reduced", "described")


class Attacher:
    """Finds the attachments of every quantity of a sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def attach(self, reading: Reading) -> dict[int, list[Attachment]]:
        """Attachments by id of quantity; right to left, so that coordinated subjects share the predicate."""
        self.marks = reading.marks
        found: dict[int, list[Attachment]] = {}
        for q in reversed(reading.quantities):
            found[id(q)] = self._right(reading, q, found)
        for q in reading.quantities:
            left = self._left(reading, q, found)
            if left:
                found[id(q)] = left + [a for a in found[id(q)] if a.way != "subject"]
        return found

    def _make(self, q: Quantity, item: Item, way: str) -> Attachment | None:
        obj = q.object or (q.count.object if q.count else None)
        if item.nominal is not None:
            table = item.nominal.of if way == "of" else item.nominal.with_
            return self._made(self.lexicon.measure_for(table, obj) if table else None, item, "nominal")
        best: Attachment | None = None
        for sense in item.v.senses if item.v else ():
            if sense.active and item.v and item.v.voice != "active":
                continue
            if sense.to and item.v and self._handed_over(item.j, q):
                return self._made(sense.to, item, way)
            key = {"subject": sense.agent, "described": sense.agent, "instrument": sense.instrument}.get(way, sense.patient)
            if way == "instrument" and sense.launch and item.v and item.v.voice == "active":
                measure: str | None = "launched"
            elif not key:
                continue
            else:
                measure = self.lexicon.measure_for(key, obj or sense.object)
            made = self._made(measure, item, way)
            if made and (best is None or made.rank > best.rank):
                best = made
        return best

    def _handed_over(self, end: int, q: Quantity) -> bool:
        """True for "sent to the army": the receiver is an office or forces, not a target."""
        marks = self.marks
        k = q.j if q.i >= end else end
        if marks.tok.word(k) != "to":
            return False
        return any("office" in marks.cues.get(n, {}) for n in range(k + 1, k + 6))

    def _made(self, measure: str | None, item: Item, way: str) -> Attachment | None:
        if measure is None or measure == "none":
            return None
        spec = self.lexicon.measures.get(measure)
        return Attachment(item, measure, way, spec.rank if spec else 0)

    # --- to the right: the quantity is subject or is described -----------------------------------------

    def _right(self, reading: Reading, q: Quantity, known: dict[int, list[Attachment]]) -> list[Attachment]:
        walk = _RightWalk(self, reading, q, known)
        start = reading.position[id(q.whole)] if q.whole is not None else reading.position[id(q)]
        for item in reading.items[start + 1 : start + _REACH]:
            if walk.step(item):
                break
        return walk.found

    # --- to the left: the quantity is object or instrument ---------------------------------------------

    def _left(self, reading: Reading, q: Quantity, known: dict[int, list[Attachment]]) -> list[Attachment]:
        if q.part is not None:
            return []
        n = reading.position[id(q)] - 1
        before = reading.items[n] if n >= 0 else None
        way, linked, unknown, together = "object", False, 0, False
        joined = False
        if before is not None and before.word in ("were", "was", "are"):
            return self._inverted(reading, q, n)
        if before is not None and before.word in _USING and before.kind in ("prep", "conj", "w", "subset", "sub"):
            way = "instrument"
            n -= 1
        while n >= 0 and unknown < 5:
            item = reading.items[n]
            if item.kind == "v" and linked and together and item.v is not None and item.v.voice != "active":
                made = self._make(q, item, "passive")
                return [made] if made else []
            if item.kind == "v" and linked and item.v is not None and item.v.voice == "reduced":
                n -= 1
                continue
            if item.kind == "v":
                return [] if linked else self._object_of(q, item, way, before, known)
            if item.kind == "nominal" and not linked:
                made = self._nominal_of(reading, q, item, n, way, before)
                if made or way == "object":
                    return made
            elif item.kind == "q":
                shares = linked and way == "object" and not (q.number.kind == "article" and not joined)
                return self._shared(q, item, known) if shares else []
            elif item.kind in _LINKS:
                linked = True
                joined = joined or item.kind == "conj"
                together = together or (item.kind == "conj" and item.word in _TOGETHER)
                if item.kind == "conj" and item.word == "with" and way == "object" and item is before:
                    way, linked = "instrument", False
            elif item.word == "it" and way == "object":
                return []
            elif item.kind == "subset":
                return self._included(reading, q, item, n)
            elif item.kind in ("rel", "sub", "semi", "colon", "claims", "open", "stop"):
                return []
            elif item.kind not in _LIGHT:
                unknown += 1
            n -= 1
        return []

    def _included(self, reading: Reading, q: Quantity, item: Item, n: int) -> list[Attachment]:
        """ "The attack included 30 cruise missiles"."""
        if item.word not in ("included", "includes", "include", "comprised", "comprising"):
            return []
        for before in reversed(reading.items[max(0, n - 12) : n]):
            if before.kind in ("q", "v", "semi"):
                return []
            if before.nominal is not None and (made := self._make(q, before, "with")):
                return [made]
        return []

    def _inverted(self, reading: Reading, q: Quantity, n: int) -> list[Attachment]:
        """ "Also shot down, it said, were two missiles"."""
        for item in reading.items[max(0, n - 9) : n]:
            if item.v is not None and item.v.voice == "reduced" and item.i <= 3:
                made = self._make(q, item, "passive")
                return [made] if made else []
        return []

    def _object_of(
        self, q: Quantity, item: Item, way: str, before: Item | None, known: dict[int, list[Attachment]]
    ) -> list[Attachment]:
        if item.v is None:
            return []
        if item.v.voice == "passive" and way == "object":
            if before is None or before.word not in ("were", "was", "are"):
                return []
            way = "passive"
        if item.v.voice == "reduced" and way == "object" and any(not a.modifies for a in known[id(q)]):
            return []
        if way == "instrument" and before is not None and before.word in ("of", "from", "as", "including"):
            return []
        made = self._make(q, item, way)
        return [made] if made else []

    def _nominal_of(
        self, reading: Reading, q: Quantity, item: Item, n: int, way: str, before: Item | None
    ) -> list[Attachment]:
        if way != "instrument" or before is None:
            return []
        made = self._make(q, item, "of" if before.word in ("of", "from", "totalling", "numbering") else "with")
        return [made] if made else []

    def _shared(self, q: Quantity, item: Item, known: dict[int, list[Attachment]]) -> list[Attachment]:
        """The attachments of a coordinated quantity to the left that this one shares."""
        if item.q is None:
            return []
        owner = item.q.part if item.q.part is not None else item.q
        shared = [a for a in known.get(id(owner), []) if a.way in ("object", "instrument", "nominal")]
        if any(not a.modifies for a in known[id(q)]):
            return []
        remade = [self._make(q, a.item, way) for a in shared for way in (("of", "with") if a.way == "nominal" else (a.way,))]
        return [a for a in remade if a][:1]


def reading_ing(reading: Reading, item: Item) -> bool:
    """True for a bare participle, which begins a clause of its own: "coming down before ..."."""
    return reading.tok.word(item.i).endswith("ing")


class _RightWalk:
    """One walk to the right of a quantity: collects attachments until the clause ends."""

    def __init__(self, attacher: Attacher, reading: Reading, q: Quantity, known: dict[int, list[Attachment]]) -> None:
        self.attacher, self.reading, self.q, self.known = attacher, reading, q, known
        self.found: list[Attachment] = []
        self.relative = self.subject = self.linked = self.said = False
        self.depth = self.unknown = self.steps = 0
        self.done = False
        self.before = ""

    def step(self, item: Item) -> bool:
        """Take one item; True ends the walk."""
        self.steps += 1
        if item.kind in ("open", "close"):
            self.depth = max(0, self.depth + (1 if item.kind == "open" else -1))
            return False
        if self.depth:
            return False
        if self.done:
            return self._after_main(item)
        handler = getattr(self, "_" + item.kind, None)
        return bool(handler(item)) if handler else False

    def _after_main(self, item: Item) -> bool:
        """ "was spotted over the beach and brought down": a second participle of the same subject."""
        before, self.before = self.before, item.kind
        if item.kind == "v" and item.v is not None:
            if before == "conj" and item.v.voice == "reduced":
                self._add(item, "passive")
            return True
        return item.kind in ("q", "comma", "claims", "sub", "semi", "rel", "colon", "pron", "noun", "stop")

    def _v(self, item: Item) -> bool:
        assert item.v is not None
        if item.v.voice == "active":
            return self._active(item)
        if item.v.voice == "reduced" and (self.subject or self.unknown > 6):
            return True
        way = "relative" if self.relative else ("passive" if item.v.voice == "passive" else "reduced")
        if way == "passive" and (self.subject or self._disagrees(item)):
            return True
        told = self._add(item, way)
        self.relative = False
        self.done = way == "passive" and told
        return False

    def _disagrees(self, item: Item) -> bool:
        """True for a singular verb behind a plural number: the subject is something else."""
        first = self.reading.tok.word(item.i)
        plural = self.q.number.value > 1 and not self.q.whole and self.reading.tok.word(self.q.number.i - 1) != "of"
        return first in ("was", "is", "has") and plural and not self.relative and self.q.noun is not None

    def _active(self, item: Item) -> bool:
        assert item.v is not None
        if self.relative:
            self._add(item, "relative" if self.subject else "described")
            self.relative = self.subject = False
            return False
        if self.subject:
            if self.steps <= 3:
                self._add(item, "relative")
                self.subject = False
                return False
            return True
        if item.v.gerund and reading_ing(self.reading, item):
            return self.linked
        if item.v.infinitive and not self._add(item, "subject"):
            return False
        if not item.v.infinitive:
            self._add(item, "subject")
        return True

    def _add(self, item: Item, way: str) -> bool:
        made = self.attacher._make(self.q, item, way)
        if made:
            self.found.append(made)
        return made is not None

    def _nominal(self, item: Item) -> bool:
        """ "15 protesters dead"."""
        if self.steps == 1 and item.nominal is not None and item.nominal.count and item.word in ("dead", "wounded", "injured"):
            if made := self.attacher._made(item.nominal.count, item, "reduced"):
                self.found.append(made)
        return False

    def _noun(self, item: Item) -> bool:
        """A new noun after a link is the subject of what follows."""
        if self.linked and not self.relative:
            self.subject = True
        return False

    def _q(self, item: Item) -> bool:
        assert item.q is not None
        if item.q is self.q.whole:
            return False
        if not self.linked or self.unknown > 1 or self.found or item.q.pointing or item.q.part or self.said:
            return True
        for a in self.known.get(id(item.q), []):
            cleft = a.way == "relative" and self.reading.tok.word(self.q.i - 1) in ("was", "were", "is")
            if (cleft or a.way in ("passive", "subject", "reduced")) and (made := self.attacher._make(self.q, a.item, a.way)):
                self.found.append(made)
        return True

    def _subset(self, item: Item) -> bool:
        """ "of which 41 were shot down" is about others; "including two over Moscow" is an aside."""
        return item.word == "of"

    def _rel(self, item: Item) -> bool:
        self.relative, self.subject = True, False
        return False

    def _geo(self, item: Item) -> bool:
        assert item.geo is not None
        if item.geo.acts and not self._after_preposition(item):
            self.subject = True
        return False

    def _after_preposition(self, item: Item) -> bool:
        words = self.reading.tok
        return words.word(item.i - 1) in ("of", "by", "from", "in", "over", "at", "on", "against") or (
            words.word(item.i - 1) == "the"
            and words.word(item.i - 2) in ("of", "by", "from", "in", "over", "at", "on", "against")
        )

    def _pron(self, item: Item) -> bool:
        if item.word not in ("this", "these", "those", "there"):
            self.subject = not self.said and item.word != "one"
        return False

    def _office(self, item: Item) -> bool:
        if self.steps > 1 and not self._after_preposition(item):
            self.subject = True
        return False

    def _conj(self, item: Item) -> bool:
        self.linked = True
        return False

    def _comma(self, item: Item) -> bool:
        self.linked = True
        if self.said:
            self.subject = False
        return False

    def _claims(self, item: Item) -> bool:
        self.said = True
        self.subject = False
        return False

    def _sub(self, item: Item) -> bool:
        listed = item.word == "as" and self.reading.tok.word(item.i - 1) in ("listed", "counted", "recorded", "described", "registered")
        return not (item.word == "as" and self.linked) and not listed

    def _semi(self, item: Item) -> bool:
        return True

    def _colon(self, item: Item) -> bool:
        return True

    def _stop(self, item: Item) -> bool:
        return self.unknown > 3

    def _w(self, item: Item) -> bool:
        self.unknown += 1
        return self.unknown > 14
