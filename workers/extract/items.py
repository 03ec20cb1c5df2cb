"""A sentence as a row of items: quantities, predicates, places, nominals and the small words that join them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from workers.extract.lexicon import HintsSpec, Lexicon, NominalSense
from workers.extract.marks import Geo, Marks, cues_of
from workers.extract.offices import name_heads
from workers.extract.predicates import Predicate, PredicateReader
from workers.extract.quantities import QuantityReader
from workers.extract.quantity import Quantity
from workers.extract.tokens import REMEMBERED, SIGN, Tokens
from workers.lazy import lazy

_SIGNS: Final = {
    ",": "comma", ";": "semi", ":": "colon", "(": "open", ")": "close", "-": "dash", "\u2013": "dash", '"': "quote",
    "'s": "poss", ".": "stop", "[": "open", "]": "close",
}  # fmt: skip
_SHORT: Final = 4
"""Letters of the longest word that a point shortens inside a sentence."""
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
    """A sentence: its words at once, its marks, quantities and items when they are asked for.

    Most sentences of an article are asked for little or nothing.
    """

    def __init__(self, tok: Tokens, mark: Callable[[Reading], Marks], reader: ItemReader) -> None:
        self.tok = tok
        self._mark = mark
        self._reader = reader
        self.field = "text"
        self.start = self.end = self.index = 0
        self.before: tuple[int, int] | None = None
        """Start and end of the sentence before, which need not have been read."""
        self.previous: Reading | None = None
        """The sentence that is read before this one."""
        self.passed: Reading | None = None
        """The sentence right before, where it was not worth reading and this one leads back to it ("it said")."""
        self.told: frozenset[str] | None = None
        """The countries and sides named up to this sentence, once a name has asked for them."""
        self.opens = False
        """True where the sentence opens a paragraph."""

    @property
    def hints(self) -> HintsSpec:
        """The words of the lexicon that tell what a sentence is about."""
        return self._reader.hints

    @lazy
    def marks(self) -> Marks:
        """What the lexicon and the gazetteer know of the words."""
        return self._mark(self)

    @lazy
    def quantities(self) -> list[Quantity]:
        """The quantities, left to right."""
        return self._reader.quantities.find(self.marks)

    @lazy
    def items(self) -> list[Item]:
        """The sentence as a row of items."""
        return self._reader.items(self.marks, self.quantities)

    @lazy
    def position(self) -> dict[int, int]:
        """By id of a quantity: which item it is."""
        return {id(item.q): n for n, item in enumerate(self.items) if item.q is not None}


@lru_cache(maxsize=1024)
def _leading(cues: tuple[str, ...]) -> str:
    """The kind of item that a word with these cues is, or the empty string for none."""
    if ("be" in cues or "have" in cues or "modal" in cues) and "prep" not in cues:
        return "aux"
    return next((kind for kind in _CUE_ORDER if kind in cues), "")


class _Plain(dict[str, str]):
    """The kind of item that a word is where it stands alone and means nothing, by lower-case word."""

    def __init__(self, times: frozenset[str], cues: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__(dict.fromkeys(times, "time") | _SIGNS)
        self._cues = cues

    def __missing__(self, word: str) -> str:
        if len(self) >= REMEMBERED:
            return self._kind(word)
        kind = self[word] = self._kind(word)
        return kind

    def _kind(self, word: str) -> str:
        if len(word) == 1 and not word.isalnum():
            return "sign"
        return _leading(self._cues(word)) or ("adv" if word.endswith("ly") else "w")


class ItemReader:
    """Lays a sentence out as items."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.hints = lexicon.hints
        self.quantities = QuantityReader(lexicon)
        self.predicates = PredicateReader(lexicon)
        self.times = _TIMES | lexicon.cues["months"]
        self.plain = _Plain(self.times, lambda word: cues_of(lexicon, word))

    def items(self, marks: Marks, quantities: list[Quantity]) -> list[Item]:
        """Quantities first, then predicates around them, then the rest."""
        starts = {q.i: Item("q", q.i, q.j, q=q) for q in quantities}
        for v in self.predicates.find(marks, quantities):
            end = next((k for k in range(v.i + 1, v.j) if k in marks.counted), v.j)
            starts.setdefault(v.i, Item("v", v.i, end, v=v))
        meant = marks.geo.keys() | marks.nominals.keys() | marks.nouns.keys() | marks.cue_phrases
        told = starts.keys() | meant | self._points(marks)
        plain, reach = self.plain, 0
        items: list[Item] = []
        for k, word in enumerate(marks.tok.words):
            if k < reach:
                continue  # inside the item before
            if k not in told:
                items.append(Item(plain[word], k, k + 1, word))  # most of a sentence means nothing by itself
                continue
            if k in starts:
                item = starts[k]
            else:
                item = self._meant(marks, k, starts) if k in meant else Item("skip", k, k + 1, ".")
            items.append(item)
            reach = item.j
        if not self.hints.heads.isdisjoint(marks.tok.words):
            name_heads(items, self.hints.heads)
        return items

    def _points(self, marks: Marks) -> set[int]:
        """The points inside the sentence that only shorten a word."""
        words = marks.tok.words
        if words.count(".") == (words[-1:] == ["."]):
            return set()
        return {k for k, word in enumerate(words) if word == "." and self._shortened(marks, k)}

    def _shortened(self, marks: Marks, k: int) -> bool:
        """True for the point of "Harry S. Truman" and "Oct. 17", which ends nothing."""
        tok = marks.tok
        return 0 < k < len(tok) - 1 and tok.glued(k) and tok.capital(k - 1) and len(tok.words[k - 1]) <= _SHORT

    def _meant(self, marks: Marks, k: int, starts: dict[int, Item]) -> Item:
        """The item at a token that is a place or begins a phrase of the lexicon."""
        if k in marks.geo:
            geo = marks.geo[k]
            return self._clip(Item("geo", k, geo.j, geo=geo), starts)
        tok = marks.tok
        word = tok.words[k]
        if word in self.times or tok.kinds[k] == SIGN or word == "'s":
            return Item(self.plain[word], k, k + 1, word)
        if k in marks.nominals and not self._named(marks, k):
            end, nominal = marks.nominals[k]
            return self._clip(Item("nominal", k, end, word, nominal=nominal), starts)
        if k in marks.nouns:
            return self._clip(Item("noun", k, marks.nouns[k][0], word), starts)
        cues = marks.cues.get(k)
        if cues and (size := max(cues.values())) > 1 and size == cues.get("conj"):
            return self._clip(Item("conj", k, k + size, word), starts)  # "as well as" before "as"
        kind = _leading(tuple(cues)) if cues else ""
        if cues and kind and kind != "aux":
            return self._clip(Item(kind, k, k + cues[kind], word), starts)
        return Item(kind or self.plain[word], k, k + 1, word)

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
                item.j = k
                break
        return item
