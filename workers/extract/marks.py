"""One pass over a sentence: which words of the lexicon stand where, and which places the gazetteer finds."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from schemas.event import Place
from workers.extract.lexicon import ActorSense, Entry, Lexicon, NominalSense, NounSense, Sense, TypedSense, VerbSense
from workers.extract.tokens import Tokens
from workers.extract.world import Gazetteer, PlaceMention

LOCAL: Final = frozenset(
    [
        "in",
        "over",
        "above",
        "near",
        "at",
        "on",
        "across",
        "into",
        "toward",
        "towards",
        "against",
        "around",
        "outside",
        "inside",
        "within",
        "throughout",
        "off",
        "onto",
        "upon",
        "between",
        "for",
        "to",
    ]
)


_BUILT: Final = frozenset({"made", "built", "designed", "supplied", "produced"})
"""Behind a hyphen these say where a weapon was built, not whose it is."""


@dataclass(slots=True, eq=False)
class Geo:
    """A place or an actor at tokens [i, j): the country or side it means, and the place where it is one.

    The same only as itself; not frozen, since that makes it four times as slow to build.
    """

    i: int
    j: int
    code: str | None
    place: Place | None = None
    kind: str = "actor"
    form: str = "noun"
    occupied_by: str | None = None
    capital: bool = False
    voice: bool = False
    local: bool = False
    """True after a preposition of place: "over Moscow" is the city, "Moscow said" the government."""

    @property
    def acts(self) -> bool:
        """True when this can be somebody who does something."""
        if self.place is None or self.form != "noun":
            return True
        return (self.kind == "country" or self.capital) and not self.local


class _Row(NamedTuple):
    """The phrases that a word begins: longer ones by their second word, the word alone, and its cues as they come."""

    longer: dict[str, tuple[tuple[int, Entry], ...]]
    alone: tuple[tuple[str, Sense], ...]
    cues: tuple[str, ...]


@lru_cache(maxsize=8)
def _table(lexicon: Lexicon) -> dict[str, _Row]:
    """The entries of a lexicon, laid out for one look-up a word."""
    return {first: _row(entries) for first, entries in lexicon.entries.items()}


def _row(entries: tuple[Entry, ...]) -> _Row:
    longer: dict[str, list[tuple[int, Entry]]] = {}
    for entry in entries:
        if entry.rest:
            longer.setdefault(entry.rest[0], []).append((len(entry.rest) + 1, entry))
    alone = tuple(entry for entry in entries if not entry.rest)
    return _Row(
        {second: tuple(found) for second, found in longer.items()},
        tuple((entry.kind, entry.sense) for entry in alone if entry.kind != "cue"),
        tuple(dict.fromkeys(str(entry.sense) for entry in alone if entry.kind == "cue")),
    )


class Marks:
    """What stands at each token: noun, verb, nominal, cues (kind to end) and places; ends are exclusive."""

    __slots__ = ("counted", "cues", "geo", "nominals", "nouns", "phrasals", "tok", "typed", "verbs")

    def __init__(self, tok: Tokens, lexicon: Lexicon) -> None:
        self.tok = tok
        self.nouns: dict[int, tuple[int, NounSense]] = {}
        self.verbs: dict[int, tuple[int, VerbSense]] = {}
        self.nominals: dict[int, tuple[int, NominalSense]] = {}
        self.cues: dict[int, dict[str, int]] = {}
        self.phrasals: dict[int, list[tuple[str, VerbSense]]] = {}
        self.geo: dict[int, Geo] = {}
        self.typed: dict[int, list[tuple[int, int, bool]]] = {}
        """By rule: start and end of a word of an event without a number, and whether it is the verb."""
        self.counted: set[int] = set()
        """Tokens inside quantities, once those are found."""
        self._match(lexicon)

    def _match(self, lexicon: Lexicon) -> None:
        """Look every token up; the longest phrase of a kind comes first in the lexicon and wins."""
        words, cues, put = self.tok.words, self.cues, self._put
        rows, last = map(_table(lexicon).get, words), len(words) - 1
        for i, row in enumerate(rows):
            if row is None:
                continue
            longer, alone, kinds = row
            if longer and i < last and (found := longer.get(words[i + 1])):
                self._longer(i, found)
            for kind, sense in alone:
                put(i, i + 1, kind, sense)
            if kinds:
                here = dict.fromkeys(kinds, i + 1)
                cues[i] = cues[i] | {k: end for k, end in here.items() if k not in cues[i]} if i in cues else here

    def _longer(self, i: int, found: tuple[tuple[int, Entry], ...]) -> None:
        """Enter the phrases of several words that stand at `i`."""
        words = self.tok.words
        for size, (rest, kind, sense) in found:
            end = i + size
            if size > 2 and tuple(words[i + 1 : end]) != rest:
                continue
            if kind == "cue":
                self.cues.setdefault(i, {}).setdefault(sense, end)  # type: ignore[arg-type]
            else:
                self._put(i, end, kind, sense)

    def _put(self, i: int, end: int, kind: str, sense: Sense) -> None:
        if isinstance(sense, TypedSense):
            self.typed.setdefault(sense.rule, []).append((i, end, sense.verb))
        elif isinstance(sense, NounSense):
            self.nouns.setdefault(i, (end, sense))
        elif isinstance(sense, NominalSense):
            self.nominals.setdefault(i, (end, sense))
        elif isinstance(sense, ActorSense):
            self.geo.setdefault(i, Geo(i, end, sense.code, voice=sense.voice))
        elif isinstance(sense, VerbSense):
            if kind == "verb":
                self.verbs.setdefault(i, (end, sense))
            else:
                self.phrasals.setdefault(i, []).append((kind.partition(":")[2], sense))

    def cue(self, i: int, kind: str) -> int:
        """The end of the cue of a kind at `i`, or 0."""
        return self.cues.get(i, _NO_CUES).get(kind, 0)

    def back(self, end: int, *kinds: str) -> tuple[int, str] | None:
        """The cue of one of the kinds that ends exactly at `end`, longest first: its start and its kind."""
        for start in range(max(0, end - 4), end):
            here = self.cues.get(start)
            if not here or end not in here.values():
                continue
            for kind in kinds:
                if here.get(kind) == end:
                    return start, kind
        return None

    def add_places(self, text: str, offset: int, gazetteer: Gazetteer, context: frozenset[str]) -> None:
        """Find the places of the sentence and lay them over actors of the lexicon, except where those are longer."""
        starts, ends = self.tok.starts, self.tok.ends
        for found in gazetteer.find(text, context):
            start, end = found.start + offset, found.end + offset
            i = bisect_left(starts, start)
            j = bisect_left(ends, end, i) + 1
            if i == len(starts) or j > len(ends) or starts[i] != start or ends[j - 1] != end:
                continue
            if self.tok.word(j) == "-" and self.tok.word(j + 1) in _BUILT:
                continue
            old = self.geo.get(i)
            if old is None or old.j < j or (old.j == j and not old.voice and not self._capitalless(i)):
                self.geo[i] = self._geo(i, j, found, old)
        if len(self.geo) > 1:
            self._drop_inner()

    def _capitalless(self, i: int) -> bool:
        return self.tok.raw[i].islower()

    def _geo(self, i: int, j: int, found: PlaceMention, old: Geo | None) -> Geo:
        code = old.code if old and found.form != "noun" else found.place.country
        before, second = self.tok.word(i - 1), self.tok.word(i - 2)
        local = (before in LOCAL and second != "according") or (before == "the" and second in LOCAL)
        return Geo(
            i,
            j,
            code,
            found.place,
            found.kind,
            found.form,
            found.occupied_by,
            found.capital_of is not None,
            local=local,
        )

    def _drop_inner(self) -> None:
        """Remove marks inside a longer one."""
        reach = 0
        for i in sorted(self.geo):
            if i < reach:
                del self.geo[i]
            else:
                reach = self.geo[i].j


_NO_CUES: Final[dict[str, int]] = {}
