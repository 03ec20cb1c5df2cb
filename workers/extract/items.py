"""A sentence as a row of items: quantities, predicates, places, nominals and the small words that join them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from workers.extract.lexicon import Lexicon, NominalSense
from workers.extract.marks import Geo, Marks
from workers.extract.predicates import Predicate, PredicateReader
from workers.extract.quantities import QuantityReader
from workers.extract.quantity import Quantity
from workers.extract.tokens import SIGN

_SIGNS: Final = {
    ",": "comma", ";": "semi", ":": "colon", "(": "open", ")": "close", "-": "dash", "\u2013": "dash", '"': "quote",
    "'s": "poss", ".": "stop", "[": "open", "]": "close",
}  # fmt: skip
_CUE_ORDER: Final = ("subset", "office", "claims", "rel", "sub", "conj", "prep", "pron", "det", "skip", "additional")
_TIMES: Final = frozenset(
    [
        "overnight",
        "night",
        "nights",
        "tonight",
        "today",
        "yesterday",
        "morning",
        "evening",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "day",
        "hours",
        "early",
        "late",
        "last",
        "past",
        "previous",
        "afternoon",
        "noon",
        "midnight",
        "dawn",
        "week",
        "month",
        "year",
        "same",
        "on",
    ]
)


@dataclass(slots=True, eq=False)
class Item:
    """One item at tokens [i, j); the same only as itself, and not frozen, since there is one for nearly every word."""

    kind: str
    i: int
    j: int
    word: str = ""
    q: Quantity | None = None
    v: Predicate | None = None
    geo: Geo | None = None
    nominal: NominalSense | None = None


class Reading:
    """A sentence as read: its marks, quantities and items, and which item each quantity is."""

    __slots__ = (
        "before",
        "end",
        "field",
        "index",
        "items",
        "marks",
        "opens",
        "position",
        "quantities",
        "refused",
        "start",
        "tok",
    )

    def __init__(self, marks: Marks, items: list[Item], quantities: list[Quantity]) -> None:
        self.marks = marks
        self.tok = marks.tok
        self.items = items
        self.quantities = quantities
        self.position = {id(item.q): n for n, item in enumerate(items) if item.q is not None}
        self.refused: list[tuple[int, int, str]] = []
        self.field = "text"
        self.start = self.end = self.index = 0
        self.before: str | None = None
        """The country named first in the sentence before; only looked up where an event without a number needs it."""
        self.opens = False
        """True where the sentence opens a paragraph."""


@lru_cache(maxsize=1024)
def _leading(cues: tuple[str, ...]) -> str:
    """The kind of item that a word with these cues is, or the empty string for none."""
    if ("be" in cues or "have" in cues or "modal" in cues) and "prep" not in cues:
        return "aux"
    return next((kind for kind in _CUE_ORDER if kind in cues), "")


class ItemReader:
    """Lays a sentence out as items."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.quantities = QuantityReader(lexicon)
        self.predicates = PredicateReader(lexicon)
        self.times = _TIMES | lexicon.cues["months"]

    def read(self, marks: Marks) -> Reading:
        """Quantities first, then predicates around them, then the rest."""
        quantities, refused = self.quantities.find(marks)
        starts: dict[int, Item] = {}
        for q in quantities:
            starts[q.i] = Item("q", q.i, q.j, q=q)
        for v in self.predicates.find(marks, quantities):
            starts.setdefault(v.i, Item("v", v.i, v.j, v=v))
        items: list[Item] = []
        k, size = 0, len(marks.tok)
        while k < size:
            item = starts.get(k) or self._other(marks, k, starts)
            items.append(item)
            k = item.j if item.j > k else k + 1
        reading = Reading(marks, items, quantities)
        reading.refused = [(n.i, n.j, why) for n, why in refused]
        return reading

    def _other(self, marks: Marks, k: int, starts: dict[int, Item]) -> Item:
        if k in marks.geo:
            geo = marks.geo[k]
            return self._clip(Item("geo", k, geo.j, "", None, None, geo), starts)
        tok = marks.tok
        word = tok.words[k]
        if tok.kinds[k] == SIGN or word == "'s":
            return Item(_SIGNS.get(word, "sign"), k, k + 1, word)
        if word in self.times:
            return Item("time", k, k + 1, word)
        if k in marks.nominals and not self._named(marks, k):
            end, nominal = marks.nominals[k]
            return self._clip(Item("nominal", k, end, word, nominal=nominal), starts)
        if k in marks.nouns:
            return self._clip(Item("noun", k, marks.nouns[k][0], word), starts)
        cues = marks.cues.get(k)
        if cues and (end := max(cues.values())) > k + 1 and end == cues.get("conj"):
            return self._clip(Item("conj", k, end, word), starts)  # "as well as" before "as"
        if cues:
            kind = _leading(tuple(cues))
            if kind == "aux":
                return Item(kind, k, k + 1, word)
            if kind:
                return self._clip(Item(kind, k, cues[kind], word), starts)
        return Item("adv" if word.endswith("ly") else "w", k, k + 1, word)

    def _named(self, marks: Marks, k: int) -> bool:
        """True inside a name in running text: "the 3rd Assault Brigade"."""
        tok, end = marks.tok, marks.nominals[k][0]
        small = marks.cues.get(end, {}).keys() - {"compound", "office"}
        if not (tok.capital(k) and tok.capital(end)) or end in marks.geo or small:
            return False
        return k > 0 and not all(tok.raw[n][0].isupper() for n in range(len(tok)) if len(tok.raw[n]) > 4)

    def _clip(self, item: Item, starts: dict[int, Item]) -> Item:
        """End an item where a quantity or a predicate begins inside it."""
        if item.j - item.i == 1:
            return item
        for k in range(item.i + 1, item.j):
            if k in starts:
                return Item(item.kind, item.i, k, item.word, geo=item.geo, nominal=item.nominal)
        return item
