"""From quantities to drafts: decides the measure of every number of a sentence, or says why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from workers.extract.attach import Attacher
from workers.extract.below import below
from workers.extract.doers import doer
from workers.extract.drafts import Draft
from workers.extract.ellipses import Counted, EllipsisReader
from workers.extract.grounded import count_as_grounded
from workers.extract.headlines import fronted, told_apart
from workers.extract.items import Reading
from workers.extract.lexicon import Lexicon
from workers.extract.lists import ListReader
from workers.extract.people import handed_over
from workers.extract.quantity import Quantity
from workers.extract.retold import beside_noun, retold
from workers.extract.singles import is_doubtful
from workers.extract.tallies import count_as_losses
from workers.extract.ties import Attachment
from workers.extract.totals import TotalReader

_ROCKETS: Final = frozenset({"rocket", "rockets"})
_WHENCE: Final = frozenset({"delivered", "produced", "ordered"})
"""Measures that a clause on the noun gives without being what was done with it."""
_BEFORE_PART: Final = frozenset({"launched", "entered"})
_FLYING_ON: Final = frozenset({"are", "is", "still", "now", "remain", "remained", "continue", "continued"})
"""Words between a figure and its verb that tell of what nobody has brought down yet."""
SHARE_OPENS: Final = 2
"""Words before the number in "Of the 45 drones downed, 30 ...", which opens its sentence."""


@dataclass(slots=True)
class Discourse:
    """What the sentences before have told: the objects counted last, and the claims in order."""

    drafts: list[Draft] = field(default_factory=list)
    refused: list[tuple[Reading, int, int, str]] = field(default_factory=list)
    counted: Counted = field(default_factory=Counted)
    """What the numbers without a noun count."""
    words: list[Sequence[str]] = field(default_factory=list)
    """The words of every sentence so far."""

    @property
    def last(self) -> Draft | None:
        """The claim told last."""
        return self.drafts[-1] if self.drafts else None

    @property
    def rockets(self) -> bool:
        """True once the article has named rockets: its projectiles are those."""
        return any(not _ROCKETS.isdisjoint(words) for words in self.words)


class MeasureReader:
    """Binds every quantity of a sentence to a measure."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.attacher = Attacher(lexicon)
        self.lists = ListReader(lexicon)
        self.totals = TotalReader(lexicon)
        self.ellipses = EllipsisReader(lexicon)

    def read(self, reading: Reading, told: Discourse) -> list[Draft]:
        """The drafts of one sentence, appended to the discourse."""
        told.words.append(reading.tok.words)
        self.ellipses.guess(reading, told.counted)
        if not reading.quantities:
            return []
        attached = self.attacher.attach(reading)
        new: list[Draft] = []
        for q in reading.quantities:
            made = self._drafts(reading, q, attached[id(q)], new, told)
            if not made and q.number.kind not in ("article", "anaphor", "ordinal"):
                told.refused.append((reading, q.i, q.j, "no-noun" if q.elided else "no-predicate"))
            for draft in made:
                part = "subset" in draft.notes or ("of which" in draft.notes and draft.object == "person")
                if part and draft.head is None and new and new[-1].measure == draft.measure:
                    draft.head = new[-1]
            new.extend(made)
        count_as_losses(new, self.lexicon)
        count_as_grounded(new)
        told.drafts.extend(new)
        return new

    def _drafts(
        self, reading: Reading, q: Quantity, found: list[Attachment], new: list[Draft], told: Discourse
    ) -> list[Draft]:
        if q.part is not None:
            return self._whole(reading, q, found, new, told)
        given = q.count is not None and handed_over(q.count, reading.tok.words)  # "1,200 bodies were returned"
        if q.count is not None and q.count.count and not given and (obj := q.count.object or q.object):
            died = next((a for a in found if a.measure == "killed"), None)
            if died is not None and q.count.count == "injured" and reading.tok.word(q.number.j) == "of":
                return [self._draft(reading, q, obj, "killed", "counted", died)]  # "four of the wounded died"
            nobody = q.count.count == "casualties" and not q.number.value
            return [self._draft(reading, q, obj, "killed" if nobody else q.count.count, "counted")]
        if is_doubtful(reading, q, found, told.last):
            return []
        first = self._pointed(reading, q, found, new, told) or self._subset(reading, q, found, new, told)
        if first:
            return first
        if q.elided and (total := self.totals.counted(reading, q) or retold(reading, q, found, new, told.drafts)):
            return [total]
        best = self._best(q, found)
        if best and not (best.measure in _BEFORE_PART and self._premodified(q) == "intercepted"):
            return self._attached(reading, q, best, found, new, told)
        return self._unattached(reading, q, new, told)

    def _premodified(self, q: Quantity) -> str | None:
        """The measure that a participle before the noun gives: "22 downed drones"."""
        measure = self.lexicon.measure_for(q.premod.patient, q.object) if q.premod is not None else None
        return None if measure == "none" else measure

    def _unattached(self, reading: Reading, q: Quantity, new: list[Draft], told: Discourse) -> list[Draft]:
        """A number without a predicate: behind a total word, in a list, or with a participle before its noun."""
        if total := self.totals.read(reading, q, new, told.drafts):
            return [total]
        if q.number.kind == "article" and not q.additional:
            return []
        if (tie := beside_noun(self.attacher.maker, reading, q)) is not None:
            return self._attached(reading, q, tie, [tie], new, told)
        if (row := below(self.attacher.maker, reading, q)) is not None:
            return [row]
        if told_apart(reading, q) or (fronted(reading, q) and self._told(q, new, told) is None):
            return [self._draft(reading, q, q.object or "", "launched", "headed")]
        if inherited := self.lists.inherit(reading, q, new, told.drafts):
            return inherited
        measure = self._premodified(q)
        if measure is None or q.object is None:
            return []
        return [self._draft(reading, q, q.object, measure, "premodifier")]

    def _pointed(
        self, reading: Reading, q: Quantity, found: list[Attachment], new: list[Draft], told: Discourse
    ) -> list[Draft]:
        """ "three were downed, one of which was flying towards Moscow": the head's outcome."""
        best = self._best(q, found) if q.pointing or q.elided else None
        left_out = q.elided and not q.additional and _had_been_on_its_way(reading, q, best)
        if not (q.pointing or (left_out and new)) or (not new and not told.drafts):
            return []
        clause = reading.tok.words[q.j - 2 : q.j] in (["of", "which"], ["of", "whom"])
        under = _under_way(best)  # "nine of the drones were on their way to Moscow"
        if not under and not (clause and new):
            return []
        head = self.lists.head(q, new, told.drafts)
        if head is None or not self._outranked(q, found, head) or q.number.value > head.value:
            return []
        return [self.lists.part(reading, q, head, "listed")]

    def _outranked(self, q: Quantity, found: list[Attachment], head: Draft) -> bool:
        """True where a clause tells of a part only how it came, and its head what became of it."""
        best = self._best(q, found)
        ranks = self.lexicon.measures
        return best is None or (best.measure in _BEFORE_PART and ranks[head.measure].rank > ranks["hit"].rank)

    def _subset(
        self, reading: Reading, q: Quantity, found: list[Attachment], new: list[Draft], told: Discourse
    ) -> list[Draft] | None:
        """ "including nine that were heading for Moscow": the head's outcome, not the clause's launch."""
        if not new:
            return None
        n = reading.position[id(q)]
        own = self._best(q, found)
        if not n or reading.items[n - 1].kind != "subset":
            return None
        head = self.lists.head(q, new, told.drafts)
        if head not in new or head is None:
            return None
        if own and (own.measure not in _BEFORE_PART or not (own.modifies or self._outranked(q, found, head))):
            return None
        part = self.lists.part(reading, q, head, "listed")
        return self.lists.each(part) or [part]

    def _best(self, q: Quantity, found: list[Attachment]) -> Attachment | None:
        """The outcome among the attachments: of two verbs on one number the higher rank is the claim."""
        if q.share:
            own = [a for a in found if a.modifies]
            opens = q.i <= SHARE_OPENS
            found = [a for a in own if a.measure in _BEFORE_PART] or (own if opens else [])
        if q.pointing:
            # "Fragments of two of them" tells nothing of the two.
            found = [a for a in found if a.item.nominal is None or not a.item.nominal.weak]
        if q.whole is not None:
            found = [a for a in found if a.measure not in _BEFORE_PART] or [a for a in found if not a.modifies]
        if q.elided and q.guess is None:
            found = [a for a in found if a.measure != "=" and self.lexicon.measures[a.measure].object]
        if any(a.measure == "casualties" and a.modifies for a in found):  # "lost 900 soldiers killed and wounded"
            return replace(next((a for a in found if not a.modifies), found[0]), measure="casualties")
        if len(found) > 1:  # "fired five missiles supplied by Pyongyang"
            found = [a for a in found if not (a.modifies and a.measure in _WHENCE)] or found
        return max(found, key=lambda a: a.rank) if found else None

    def _attached(
        self,
        reading: Reading,
        q: Quantity,
        best: Attachment,
        found: list[Attachment],
        new: list[Draft],
        told: Discourse,
    ) -> list[Draft]:
        if best.measure == "=" and doer(reading, best.item).defence:
            best.measure = "intercepted"  # "air defences accounted for 63 drones"
        if best.measure == "=":
            head = self.lists.head(q, new, told.drafts)
            return [self.lists.part(reading, q, head, "accounted")] if head else []
        obj = self._object(q, best, told)
        if obj is None:
            return []
        if q.number.kind == "anaphor":
            return self._anaphor(reading, q, best, new, told)
        q.pointing = q.pointing or (best.way == "passive" and best.item.nominal is not None)  # "are among the dead"
        draft = self._draft(reading, q, obj, best.measure, best.way, best)
        draft.ties = found
        if expanded := self.lists.each(draft):
            return expanded
        out = [draft]
        if q.all and best.measure in ("intercepted", "lost") and obj != "person":
            launch = next((a for a in found if a.measure == "launched"), None)
            out.append(self._draft(reading, q, obj, "launched", "all", launch or best))
        return out

    def _anaphor(
        self, reading: Reading, q: Quantity, best: Attachment, new: list[Draft], told: Discourse
    ) -> list[Draft]:
        """ "All of them were shot down": as many as were launched before."""
        if best.measure not in ("intercepted", "lost", "hit"):
            return []
        for draft in reversed([*told.drafts, *new]):
            enough = draft.value > q.number.value and draft.status == "asserted"
            if draft.measure == "launched" and draft.object == q.object and enough:
                made = self._draft(reading, q, draft.object, best.measure, best.way, best)
                made.value, made.high, made.head = draft.value - q.number.value, draft.high, draft
                return [made]
        return []

    def _object(self, q: Quantity, best: Attachment, told: Discourse) -> str | None:
        own = self.lexicon.measures[best.measure].object
        if q.noun is None and own:
            return own
        if q.object == "target" and best.measure in ("intercepted", "lost"):
            return "aerial_target"
        if q.object == "troops" and own:
            return own
        if q.object == "projectile" and told.rockets:
            return "rocket"
        return q.object

    def _whole(
        self, reading: Reading, q: Quantity, found: list[Attachment], new: list[Draft], told: Discourse
    ) -> list[Draft]:
        """The Y of "X of Y": what was launched, unless a clause of its own says more."""
        part = next((d for d in new if d.q is q.part), None)
        if part is None or q.object is None:
            return []
        if part.object == "aerial_target" and q.object == "target":
            q.mixed = True  # "69 of the 94 targets were shot down"
        if (known := self._told(q, new, told)) is not None:
            draft = self._draft(reading, q, q.object, known.measure, "whole", part.attachment)
            draft.notes.add("whole")
            return [draft]
        own = [a for a in found if a.modifies and a.measure in _BEFORE_PART]
        spec = self.lexicon.kinds.get(q.object, "thing")
        measure = own[0].measure if own else ("launched" if spec == "air" else part.measure)
        if spec != "air" and not own:
            return []
        draft = self._draft(reading, q, q.object, measure, "whole", own[0] if own else part.attachment)
        draft.notes.add("whole")
        return [draft]

    def _told(self, q: Quantity, new: list[Draft], told: Discourse) -> Draft | None:
        """The figure told before that "12 of the 90" is a part of."""
        return next(
            (d for d in (*told.drafts, *new) if (d.object, d.value) == (q.object, q.number.value) and d.q is not q),
            None,
        )

    def _draft(
        self, reading: Reading, q: Quantity, obj: str, measure: str, way: str, attachment: Attachment | None = None
    ) -> Draft:
        draft = Draft(reading, q, obj, measure, way, attachment, q.number.value, q.number.high)
        draft.additional = q.additional
        n = reading.position[id(q)]
        if n and reading.items[n - 1].kind == "subset":
            draft.notes.add("of which" if reading.items[n - 1].word == "of" else "subset")
        return draft


def _under_way(a: Attachment | None) -> bool:
    """True for drones that were heading for a place: a part of those told before, whatever became of them."""
    v = a.item.v if a is not None else None
    return a is not None and v is not None and a.measure == "launched" and a.way == "subject" and not v.infinitive


def _had_been_on_its_way(reading: Reading, q: Quantity, a: Attachment | None) -> bool:
    """True for "adding that six were flying towards the capital", and not for "six are still flying there"."""
    return a is not None and _under_way(a) and _FLYING_ON.isdisjoint(reading.tok.words[q.j : a.item.j])
