"""One pass over a sentence: which words of the lexicon stand where, and which places the gazetteer finds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

from schemas.event import Place
from workers.extract.lexicon import ActorSense, Entry, Lexicon, NominalSense, NounSense, Sense, TypedSense, VerbSense
from workers.extract.places_data import PARTICLES
from workers.extract.tokens import Tokens
from workers.extract.world import PlaceMention
from workers.lazy import lazy

LOCAL: Final = frozenset(
    {"in", "over", "above", "near", "at", "on", "across", "into", "toward", "towards", "against"}
    | {"around", "outside", "inside", "within", "throughout", "off", "onto", "upon", "between", "for", "to"}
)


_BUILT: Final = frozenset(
    {"made", "built", "designed", "supplied", "produced", "manufactured", "developed", "donated", "provided", "sourced"}
    | {"backed", "aligned", "allied", "sponsored", "funded", "armed", "trained", "supported", "linked", "affiliated"}
    | {"friendly", "flagged", "registered", "owned", "born", "bound", "era", "style", "type", "equipped", "based"}
)
"""Behind a hyphen these say where something was built or who is behind it, not whose it is or who acts."""
BESIDE: Final = frozenset(
    {"the", "northern", "southern", "eastern", "western", "central", "north", "south", "east", "west", "downtown"}
)
"""Words between a preposition of place and a name: "in southern Lebanon"."""
_DATELINE: Final = 9
"""Tokens of the longest dateline: "PORT-AU-PRINCE, Haiti (Reuters) -"."""


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


_ENDS_DATELINE: Final = frozenset({"-", "\u2013", "\u2014", ":"})
PHRASE: Final = 4
"""Words of the longest cue that is looked for to the left of a number."""
Phrases = dict[str, tuple[tuple[int, Entry], ...]]
"""Phrases of several words by their second word, with their lengths, the longest first."""


_TABLES: Final = (NounSense, NominalSense, VerbSense)
"""Senses of which a token keeps the first one, each kind in a table of its own."""


class _Row(NamedTuple):
    """What a word means alone, and the phrases that it begins.

    `tabled` are the senses of `_TABLES`, the first of each, with the number of its table; `others` go by their kinds.
    """

    tabled: tuple[tuple[int, Sense], ...]
    others: tuple[tuple[str, Sense], ...]
    longer: Phrases


class _CueRow(NamedTuple):
    """The cues that a word is, each one word long, and those of several words that it begins."""

    alone: dict[str, int]
    longer: Phrases


class _Table(NamedTuple):
    """The entries of a lexicon by first word, cues apart from the rest: they are asked for more seldom."""

    meanings: dict[str, _Row]
    cues: dict[str, _CueRow]


@lru_cache(maxsize=8)
def _table(lexicon: Lexicon) -> _Table:
    meanings, cues = dict[str, _Row](), dict[str, _CueRow]()
    for first, entries in lexicon.entries.items():
        told = [entry for entry in entries if entry.kind == "cue"]
        if told:
            cues[first] = _CueRow({str(entry.sense): 1 for entry in told if not entry.rest}, _longer(told))
        rest = [entry for entry in entries if entry.kind != "cue"]
        if rest:
            meanings[first] = _row(rest)
    return _Table(meanings, cues)


def _row(entries: list[Entry]) -> _Row:
    tabled: dict[int, Sense] = {}
    others: list[tuple[str, Sense]] = []
    for entry in entries:
        if entry.rest:
            continue
        table = _table_of(entry)
        if table is None:
            others.append((entry.kind, entry.sense))
        else:
            tabled.setdefault(table, entry.sense)
    return _Row(tuple(tabled.items()), tuple(others), _longer(entries))


def _table_of(entry: Entry) -> int | None:
    """The table of a sense, or None where it has none: a verb that waits for its particle is no verb yet."""
    if entry.kind.startswith("phrasal"):
        return None
    return next((n for n, kind in enumerate(_TABLES) if isinstance(entry.sense, kind)), None)


def _longer(entries: list[Entry]) -> Phrases:
    longer: dict[str, list[tuple[int, Entry]]] = {}
    for entry in entries:
        if entry.rest:
            longer.setdefault(entry.rest[0], []).append((len(entry.rest) + 1, entry))
    return {second: tuple(phrases) for second, phrases in longer.items()}


def cues_of(lexicon: Lexicon, word: str) -> tuple[str, ...]:
    """The cues that a word is by itself."""
    row = _table(lexicon).cues.get(word)
    return tuple(row.alone) if row is not None else ()


class Marks:
    """What stands at each token: noun, verb, nominal, cues and places; ends are exclusive.

    Cues and places are looked up when they are first asked for: many sentences never are.
    """

    def __init__(self, tok: Tokens, lexicon: Lexicon, find: Callable[[], list[PlaceMention]] | None = None) -> None:
        """`find` gives the places that the sentence names."""
        self.tok = tok
        self.nouns: dict[int, tuple[int, NounSense]] = {}
        self.verbs: dict[int, tuple[int, VerbSense]] = {}
        self.nominals: dict[int, tuple[int, NominalSense]] = {}
        self.phrasals: dict[int, list[tuple[str, VerbSense]]] = {}
        self.typed: dict[int, list[tuple[int, int, bool]]] = {}
        """By rule: start and end of a word of an event without a number, and whether it is the verb."""
        self.counted: set[int] = set()
        """Tokens inside quantities, once those are found."""
        self._find = find
        self._actors: dict[int, Geo] = {}
        self.hints = lexicon.hints
        self._table = _table(lexicon)
        self._match()

    def _match(self) -> None:
        """Enter what every word means; the longest phrase of a kind comes first in the lexicon and wins."""
        words, put = self.tok.words, self._put
        tables: tuple[dict[int, tuple[int, Any]], ...] = (self.nouns, self.nominals, self.verbs)
        for i, row in enumerate(map(self._table.meanings.get, words)):
            if row is None:
                continue
            tabled, others, longer = row
            if longer and i + 1 < len(words) and (found := longer.get(words[i + 1])):
                for end, entry in self._standing(i, found):
                    put(i, end, entry.kind, entry.sense)
            for number, sense in tabled:
                if i not in tables[number]:
                    tables[number][i] = (i + 1, sense)
            for kind, sense in others:
                put(i, i + 1, kind, sense)

    def _standing(self, i: int, found: tuple[tuple[int, Entry], ...]) -> Iterator[tuple[int, Entry]]:
        """Those phrases of several words that stand at `i`, with their ends."""
        words = self.tok.words
        for size, entry in found:
            if size == 2 or tuple(words[i + 1 : i + size]) == entry.rest:
                yield i + size, entry

    def _put(self, i: int, end: int, kind: str, sense: Sense) -> None:
        if isinstance(sense, TypedSense):
            self.typed.setdefault(sense.rule, []).append((i, end, sense.verb))
        elif isinstance(sense, NounSense):
            self.nouns.setdefault(i, (end, sense))
        elif isinstance(sense, NominalSense):
            self.nominals.setdefault(i, (end, sense))
        elif isinstance(sense, ActorSense):
            self._actors.setdefault(i, Geo(i, end, sense.code, voice=sense.voice))
        elif isinstance(sense, VerbSense):
            if kind == "verb":
                self.verbs.setdefault(i, (end, sense))
            else:
                self.phrasals.setdefault(i, []).append((kind.partition(":")[2], sense))

    @lazy
    def cues(self) -> dict[int, dict[str, int]]:
        """The cues at each token: kind to the number of words."""
        return self._all_cues[0]

    @lazy
    def cue_phrases(self) -> set[int]:
        """Tokens at which a cue of several words begins."""
        return self._all_cues[1]

    @lazy
    def _all_cues(self) -> tuple[dict[int, dict[str, int]], set[int]]:
        cues: dict[int, dict[str, int]] = {}
        begun: set[int] = set()
        words = self.tok.words
        for i, row in enumerate(map(self._table.cues.get, words)):
            if row is None:
                continue
            alone, longer = row
            if alone:
                cues[i] = alone
            found = longer.get(words[i + 1]) if longer and i + 1 < len(words) else None
            if found and self._longer_cues(cues, i, found):
                begun.add(i)
        return cues, begun

    def _longer_cues(self, cues: dict[int, dict[str, int]], i: int, found: tuple[tuple[int, Entry], ...]) -> bool:
        """Enter the cues of several words at `i`, the longest of a kind, before the word alone; true for any."""
        here: dict[str, int] = {}
        for end, entry in self._standing(i, found):
            here.setdefault(str(entry.sense), end - i)
        if here:
            cues[i] = cues.get(i, _NO_CUES) | here
        return bool(here)

    def cue(self, i: int, kind: str) -> int:
        """The end of the cue of a kind at `i`, or 0."""
        size = self.cues.get(i, _NO_CUES).get(kind)
        return i + size if size else 0

    def back(self, end: int, *kinds: str) -> tuple[int, str] | None:
        """The cue of one of the kinds that ends exactly at `end`, longest first: its start and its kind."""
        cues = self.cues
        for start in range(max(0, end - PHRASE), end):
            here = cues.get(start, _NO_CUES)
            size = end - start
            if size in here.values():
                for kind in kinds:
                    if here.get(kind) == size:
                        return start, kind
        return None

    @lazy
    def geo(self) -> dict[int, Geo]:
        """The places and actors at each token."""
        geo = self._actors
        if self._find is not None:
            for found in self._find():
                self._lay(geo, found)
            if len(geo) > 1:
                geo = _outermost(geo)
            if (first := geo.get(0)) is not None and first.kind == "city":
                self._set_dateline(geo, first)
        return geo

    def place_at(self, i: int) -> Geo | None:
        """The place or actor that begins at a token; a word in small letters asks no gazetteer."""
        if not 0 <= i < len(self.tok):
            return None
        raw = self.tok.raw[i]
        if raw[0].isupper() or raw in PARTICLES or i in self._actors:
            return self.geo.get(i)
        return None

    @lazy
    def geo_before(self) -> dict[int, Geo]:
        """The place or actor that ends right before a token."""
        return {geo.j: geo for geo in reversed(self.geo.values())}

    def _lay(self, geo: dict[int, Geo], found: PlaceMention) -> None:
        """Lay a place over the actors of the lexicon, except where they are longer."""
        tok = self.tok
        starts, ends = tok.starts, tok.ends
        start, end = found.start + tok.offset, found.end + tok.offset
        i = bisect_left(starts, start)
        j = bisect_left(ends, end, i) + 1
        if i == len(starts) or j > len(ends) or starts[i] != start or ends[j - 1] != end:
            return
        old = geo.get(i)
        if tok.word(j) == "-" and tok.word(j + 1) in _BUILT:
            if old is not None and old.j == j:
                del geo[i]
        elif old is None or old.j < j or (old.j == j and not old.voice and not tok.raw[i].islower()):
            geo[i] = self._placed(i, j, found, old)

    def _set_dateline(self, geo: dict[int, Geo], first: Geo) -> None:
        """Names in front of "BANGKOK -" or "Bogota (EFE) -" say where it was written, and are nobody who acts."""
        raw = self.tok.raw
        loud = raw[0].isupper() and len(raw[0]) > len("US")
        end = next((k for k in range(first.j, min(_DATELINE, len(raw))) if raw[k] in _ENDS_DATELINE), 0)
        if not end or raw[end - 1].islower() or not (loud or raw[end - 1] in ".)"):
            return
        if raw[end] == ":" and not loud:
            return
        for i, each in geo.items():
            each.local = each.local or i < end

    def _placed(self, i: int, j: int, found: PlaceMention, old: Geo | None) -> Geo:
        code = old.code if old and found.form != "noun" else found.place.country
        before, second = self.tok.word(i - 1), self.tok.word(i - 2)
        local = (before in LOCAL and second != "according") or (before in BESIDE and second in LOCAL)
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


def _outermost(geo: dict[int, Geo]) -> dict[int, Geo]:
    """The marks without those inside a longer one."""
    reach = 0
    for i in sorted(geo):
        if i < reach:
            del geo[i]
        else:
            reach = geo[i].j
    return geo


_NO_CUES: Final[dict[str, int]] = {}
