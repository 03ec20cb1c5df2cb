"""To the right of a quantity: where it is the subject, or a clause describes it."""

from __future__ import annotations

from typing import Final

from workers.extract.items import Item, Reading
from workers.extract.quantity import Quantity
from workers.extract.ties import Attachment, TieMaker
from workers.extract.tokens import NUMBER

_DATING: Final = frozenset({"since", "before", "after", "until"})
_PLACING: Final = frozenset({"of", "by", "from", "in", "over", "at", "on", "against"})
_SETTING: Final = frozenset({"in", "during", "on", "at", "after", "under", "near", "for", "from", "to"})
"""Before "which" these begin a clause with a subject of its own: "a night in which homes were struck"."""
_PORTIONS: Final = frozenset({"half", "most", "many", "some", "several", "all", "both"})
_BEING: Final = frozenset({"are", "were", "is", "was", "reported", "confirmed", "presumed", "declared", "found"})
_LEAVING: Final = frozenset({"left", "leaves", "leaving", "leave"})
_RELATIVE: Final = 3
"""Items within which the verb of "the drones Russia sent" stands; behind a comma it tells something else."""
_JOINING: Final = frozenset({"conj", "det", "w", "adv", "skip", "prep"})
"""Kinds of items between two kinds of one subject."""
_CLAUSE: Final = 6
"""Items within which another kind of one subject is named."""
_OTHERS: Final = 3
"""Words back from a noun in which "other" joins it to what was counted."""
REACH: Final = 45
"""Items that are looked at."""
_STATES: Final = frozenset({"dead", "wounded", "injured"})
_TOLLS: Final = _STATES | {"fatalities", "deaths", "casualties"}
"""Behind "among the" these say what became of whom the figure counts."""


def _participle(reading: Reading, item: Item) -> bool:
    """True for a bare participle, which begins a clause of its own: "coming down before ..."."""
    return reading.tok.word(item.i).endswith("ing")


class RightWalk:
    """One walk to the right of a quantity: collects attachments until the clause ends."""

    def __init__(self, maker: TieMaker, reading: Reading, q: Quantity, known: dict[int, list[Attachment]]) -> None:
        self.maker, self.reading, self.q, self.known = maker, reading, q, known
        self.found: list[Attachment] = []
        self.relative = self.subject = self.linked = self.said = False
        self.depth = self.unknown = self.steps = 0
        self.done = self.garden = self.aside = self.foreign = False
        self.at = reading.position[id(q.whole if q.whole is not None else q)]
        """The item that is taken; an aside behind the quantity may move it on before the first step."""
        self.before = ""

    def step(self, item: Item) -> bool:
        """Take one item; True ends the walk."""
        self.at += 1
        self.steps += 1
        if item.kind in ("open", "close"):
            self.depth = max(0, self.depth + (1 if item.kind == "open" else -1))
            return False
        if self.depth:
            return False
        if self.aside:
            self.aside = item.kind != "comma"
            return item.kind in ("v", "semi", "colon", "claims")
        if self.done:
            return self._after_main(item)
        if self.garden:
            return self._garden_path(item)
        handler = _HANDLERS.get(item.kind)
        return bool(handler(self, item)) if handler is not None else False

    def _garden_path(self, item: Item) -> bool:
        """ "11 drones headed for Moscow had been shot down": the first verb only describes."""
        if item.v is not None and item.v.voice == "passive" and self._add(item, "passive"):
            self.found = [a for a in self.found if a.way != "subject"]
            return True
        return item.kind not in ("geo", "prep", "det", "adv", "time", "poss", "w", "skip")

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
        if self.foreign:
            self.foreign = self.relative = False
            return False
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
        several = self.q.number.value > 1 and self.q.number.kind != "article"  # "a couple was killed"
        plural = several and not self.q.whole and self.reading.tok.word(self.q.number.i - 1) != "of"
        return (
            first in ("was", "is", "has")
            and plural
            and not self.relative
            and (self.q.noun is not None or self.q.pointing)
        )

    def _active(self, item: Item) -> bool:
        assert item.v is not None
        if self.relative:
            self._add(item, "relative" if self.subject else "described")
            self.relative = self.subject = False
            return False
        if self.subject:
            if self._of_which() or (self.steps <= _RELATIVE and not self.linked):
                self._add(item, "relative")
                self.subject = False
                return False
            return True
        if item.v.gerund and _participle(self.reading, item):
            if self.steps == 1 and not self.linked:
                self._add(item, "described")  # "at least two drones striking a refinery"
            return self.linked
        if self.steps == 2 and self.reading.tok.word(item.i - 1) == "," and self._closes_an_aside():
            return True
        if item.v.infinitive and not self._add(item, "subject"):
            return False
        if not item.v.infinitive:
            self._add(item, "subject")
            self.garden = not item.v.perfect and item.v.modal is None
        return not self.garden

    def _closes_an_aside(self) -> bool:
        """True in "the raid, carried out with 29 drones and three missiles, damaged a substation"."""
        noun, start = self.q.noun, self.reading.position[id(self.q)]
        opened = any(item.word == "with" for item in self.reading.items[max(0, start - 3) : start])
        return opened and noun is not None and noun.kind == "air"

    def _add(self, item: Item, way: str) -> bool:
        made = self.maker.make(self.reading, self.q, item, way)
        if made:
            self.found.append(made)
        return made is not None

    def _nominal(self, item: Item) -> bool:
        """ "15 protesters dead", "nine children are among the dead"."""
        count = item.nominal.count if item.nominal is not None else None
        among = self.reading.tok.words[item.i - 2 : item.i] in (["among", "the"], ["among", "those"])
        if not count or item.word not in (_TOLLS if among else _STATES):
            return False
        told = self.steps <= 3 and self.reading.tok.word(item.i - 1) in _BEING
        left = self.steps <= 5 and self.reading.tok.word(self.q.i - 1) in _LEAVING
        if (among or told or left or self.steps == 1) and (
            made := self.maker.made(count, item, "passive" if among else "reduced")
        ):
            self.found.append(made)
        return among

    def _noun(self, item: Item) -> bool:
        """A new noun after a link is the subject of what follows."""
        other = "other" in self.reading.tok.words[item.i - _OTHERS : item.i]  # "tanks and other armoured vehicles"
        if self.linked and not self.relative and not other and not self._joins(item):
            self.subject = True
        return False

    def _kind_ahead(self) -> bool:
        """True where another kind of what flies follows the word at hand."""
        for item in self.reading.items[self.at + 1 : self.at + _CLAUSE]:
            if item.kind == "noun":
                return self._joins(item)
            if item.kind not in _JOINING:
                break
        return False

    def _joins(self, item: Item) -> bool:
        """True for the missiles of "dozens of drones and several missiles were used", a part of the same subject."""
        mine, noun = self.q.noun, self.reading.marks.nouns[item.i][1]
        if mine is None or (mine.kind, noun.kind) != ("air", "air") or not noun.plural:
            return False
        start = self.reading.position[id(self.q)]
        return all(i.kind in _JOINING for i in self.reading.items[start + 1 : self.reading.items.index(item)])

    def _q(self, item: Item) -> bool:
        assert item.q is not None
        if item.q is self.q.whole:
            return False
        if item.q.pointing and self.steps == 2 and self.linked:
            self.aside = True  # "60 people, 12 of them children, died"
            return False
        if item.q.elided and not self.q.elided:
            return True
        if not self.linked or self.unknown > 1 or self.found or item.q.pointing or item.q.part or self.said:
            return True
        if self.relative or (self.q.elided and not self.q.others and not item.q.elided):
            return True  # ", and that five missiles struck"; "28 were aimed at Kyiv and five people were killed"
        for a in self.known.get(id(item.q), []):
            cleft = a.way == "relative" and self.reading.tok.word(self.q.i - 1) in ("was", "were", "is")
            if (cleft or a.way in ("passive", "subject", "reduced")) and (made := self._lent(a)):
                made.lent_by = item.q
                self.found.append(made)
        return True

    def _lent(self, a: Attachment) -> Attachment | None:
        """The tie of a coordinated quantity, as this one has it too."""
        if a.item.nominal is not None:
            return self.maker.made(a.measure, a.item, a.way)  # "six women and two boys are among the dead"
        return self.maker.make(self.reading, self.q, a.item, a.way)

    def _subset(self, item: Item) -> bool:
        """ "of which 41 were shot down" is about others; "including two over Moscow" is an aside."""
        if item.word == "of" and self.linked and self.reading.tok.word(item.i - 1) in _PORTIONS:
            self.aside = True  # "60 people, half of them children, died"
            return False
        return item.word == "of"

    def _rel(self, item: Item) -> bool:
        if item.word == "that" and self.reading.items[self.at - 1].kind == "conj" and not self.found:
            return True  # "said Moscow had sent 92 and that it had destroyed 70"
        self.relative, self.subject = True, False
        before = self.reading.items[self.at - 1]
        self.foreign = before.nominal is not None or before.word in _SETTING  # "in a volley that came from the sea"
        return item.word == "what"  # "and subtracts what is used": a clause of its own

    def _geo(self, item: Item) -> bool:
        assert item.geo is not None
        listed = self.reading.items[self.at - 1].geo is not None  # "sent by the Afghan Taliban"
        if item.geo.acts and not listed and not self._after_preposition(item):
            self.subject = True
        return False

    def _after_preposition(self, item: Item) -> bool:
        """True for "by Houthis", "by the Houthis" and "by Yemen's Houthis"."""
        word, k = self.reading.tok.word, item.i - 1
        if word(k) == "'s":
            k = next((geo.i - 1 for geo in self.reading.marks.geo.values() if geo.j == k), k)
        return word(k - 1 if word(k) in ("the", "a", "an") else k) in _PLACING

    def _pron(self, item: Item) -> bool:
        if item.word == "those" and (made := self.maker.among_those(self.reading, self.q, item)) is not None:
            self.found.append(made)
            return True
        if item.word not in ("this", "these", "those", "there"):
            self.subject = not self.said and item.word != "one"
        return False

    def _office(self, item: Item) -> bool:
        named = self.reading.items[self.at - 1].geo is not None and not self.subject  # "sent by the Taliban regime"
        if (self.steps > 1 or self._of_which()) and not named and not self._after_preposition(item):
            self.subject = True
        return False

    def _of_which(self) -> bool:
        """True for "79 of which", behind which the subject of a clause may stand: "air defence shot down"."""
        return self.q.pointing and self.reading.tok.word(self.q.j - 1) in ("which", "whom")

    def _conj(self, item: Item) -> bool:
        self.linked = True
        return False

    def _comma(self, item: Item) -> bool:
        self.linked = True
        if self.said:
            self.subject = False
        return False

    def _det(self, item: Item) -> bool:
        """ "most fell in open areas": others are the subject now."""
        if self.linked and item.word != "most" and self._kind_ahead():
            return False  # "64 drones and several cruise missiles"
        if self.linked and item.word in ("most", "some", "several", "many"):
            self.subject = True
        if self.linked and self.steps == 2 and item.word in ("a", "an"):
            self.aside = True  # "a third person, a railway worker, was killed"
        return False

    def _claims(self, item: Item) -> bool:
        if item.word.endswith("ing") or self.reading.items[self.at - 1].kind == "rel":
            return True  # "fired at Israel, which said that ..."
        self.said = True
        self.subject = False
        return False

    def _sub(self, item: Item) -> bool:
        listed = item.word == "as" and self.reading.tok.word(item.i - 1) in (
            "listed",
            "counted",
            "recorded",
            "described",
            "registered",
        )
        return not (item.word == "as" and self.linked) and not listed and not self._dates(item)

    def _dates(self, item: Item) -> bool:
        """True for "since Monday evening" and "before dawn", which begin no clause."""
        ahead = self.reading.items[self.at + 1 : self.at + 3]
        bare = [i for i in ahead if i.kind != "det"]
        return item.word in _DATING and bool(bare) and bare[0].kind == "time"

    def _semi(self, item: Item) -> bool:
        return True

    def _colon(self, item: Item) -> bool:
        return True

    def _stop(self, item: Item) -> bool:
        return self.unknown > 3

    def _w(self, item: Item) -> bool:
        self.unknown += self.reading.tok.kinds[item.i] != NUMBER and item.word != "aged"
        return self.unknown > 14


_HANDLERS: Final = {
    "v": RightWalk._v, "nominal": RightWalk._nominal, "noun": RightWalk._noun, "q": RightWalk._q,
    "subset": RightWalk._subset, "rel": RightWalk._rel, "geo": RightWalk._geo, "pron": RightWalk._pron,
    "office": RightWalk._office, "conj": RightWalk._conj, "comma": RightWalk._comma, "det": RightWalk._det,
    "claims": RightWalk._claims, "sub": RightWalk._sub, "semi": RightWalk._semi, "colon": RightWalk._colon,
    "stop": RightWalk._stop, "w": RightWalk._w,
}  # fmt: skip
"""What an item of each kind does to the walk; one of another kind is passed over."""
