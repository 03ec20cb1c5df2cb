"""Places in running text: countries, regions, towns and waters, with their coordinates, found in linear time.

A token trie in plain Python (a dictionary from first word to the longest name it can begin) instead of an
Aho-Corasick automaton: only capitalised words are looked at, it starts faster than an automaton can be built
or unpickled, and it needs no compiled wheel. See docs/decisions/0008-gazetteer.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from schemas.event import Place
from workers.extract import places_rules
from workers.extract.places_cyrillic import cyrillic, nominatives
from workers.extract.places_cyrillic import readings as inflected
from workers.extract.places_data import (
    PARTICLES,
    Entry,
    Form,
    Index,
    Kind,
    fold,
    key_of,
    latin,
    region_names,
)

_UPPER = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0141\u015a\u0160\u017b\u017d\u0150\u0410-\u042f\u0401\u0404\u0406\u0407\u0490"
_WORD = re.compile(rf"[{_UPPER}](?:(?:\.[A-Z])+\.|\w{{0,40}}(?:['’ʼ]\w{{1,20}})?)")
_NEXT = re.compile(r"(?:[ \u00a0-]|\n(?!\n)|\. )((?:[A-Z]\.){2,}|\w{1,40}(?:['’ʼ]\w{1,20})?)")
_POSSESSIVE = ("'s", "’s", "ʼs", "'S", "’S")


class PlaceMention(NamedTuple):
    """A place named in a text; `[start, end)` is the name without a possessive ending.

    `form` says how it is named: "Ukraine" noun, "Ukrainian" adjective, "Ukrainians" people, "the Kremlin"
    government. `capital_of` is a country code when the name may stand for that country's government.
    `occupied_by` is the country that has held the place for years although it is another's.
    """

    start: int
    end: int
    place: Place
    kind: Kind
    form: Form = "noun"
    occupied_by: str | None = None
    capital_of: str | None = None


class _Known(NamedTuple):
    """What the index says of a first word as written: its own readings, and how many words a name may have."""

    form: str
    readings: tuple[Entry, ...]
    longest: int
    seconds: frozenset[str]


_UNKNOWN = _Known("", (), 0, frozenset())
_MEMO = 20_000  # words as written that are remembered: more than a day of news has


class Gazetteer:
    """Finds places in a text by an index of names; safe to share between threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._memo: dict[str, _Known] = {}

    @staticmethod
    @cache
    def default() -> Gazetteer:
        """The gazetteer of the package, built once."""
        return Gazetteer(latin())

    def lookup(self, name: str, context: Collection[str] = ()) -> PlaceMention | None:
        """The place that a whole string names, or None; `context` are country codes that break ties."""
        readings = self._readings(name)
        if not readings:
            return None
        whole = [entry for entry in readings if not entry.stem] or list(readings)
        return mention(0, len(name), places_rules.prefer(whole, frozenset(context)))

    def find(
        self, text: str, context: Iterable[str] = (), around: Callable[[], Counter[str]] | None = None
    ) -> list[PlaceMention]:
        """All places of a text from left to right, longest match first, none overlapping another.

        `context` is gone through only where a name has readings in several countries; `around` counts the countries
        of the whole article, and is asked where those do not decide.
        """
        hits = self._hits(text)
        if not hits:
            return []
        open_ones = [hit for hit in hits if places_rules.is_open(hit.readings)]
        known = frozenset(context) if open_ones else frozenset()
        for hit in open_ones if around is not None else ():
            if places_rules.is_doubtful(hit.readings, known):
                named = around()  # type: ignore[misc]
                known |= {max((e.country or "" for e in hit.readings), key=lambda code: named[code])}
        return [mention(*hit) for hit in places_rules.settle(text, hits, known)]

    def countries(self, text: str) -> Counter[str]:
        """How often a text names each country by names that mean nothing else."""
        codes = (places_rules.plain_country(text, hit) for hit in self._hits(text))
        return Counter(code for code in codes if code)

    def _hits(self, text: str) -> list[places_rules.Hit]:
        hits: list[places_rules.Hit] = []
        memo, done = self._memo, 0
        for match in _WORD.finditer(text):
            start = match.start()
            if start < done:
                continue
            word = match.group()
            before = text[start - 1] if start else " "
            if before != " " and not before.isspace():
                if before.isalnum():
                    continue
                start, word = _with_article(text, start, word)
            known = memo.get(word) or self._remember(word)
            if known.longest:
                hit = self._hit(text, start, match.end(), known)
                if hit:
                    hits.append(hit)
                    done = hit.end
        return hits

    def _remember(self, word: str) -> _Known:
        """What a first word may begin, kept for its next occurrence."""
        known = _UNKNOWN
        for form in (word, _without_possessive(word)):
            first = self._first(form)
            readings = self._readings(form)
            if first or readings:
                known = _Known(form, readings, *(first or (1, frozenset())))
                break
        if len(self._memo) >= _MEMO:
            self._memo.clear()
        self._memo[word] = known
        return known

    def _first(self, word: str) -> tuple[int, frozenset[str]] | None:
        """How many words a name beginning with this one may have, and what may come second."""
        if _is_cyrillic(word):
            guesses = (cyrillic().firsts.get(guess) for guess in nominatives(fold(word)))
            return next(((longest, frozenset()) for longest, _ in filter(None, guesses)), None)
        return self._index.firsts.get(key_of(word)) or self._index.firsts.get(fold(word))

    def _readings(self, name: str) -> tuple[Entry, ...]:
        """Readings of a whole name; short words all in capitals are acronyms and nothing else."""
        if _is_cyrillic(name):
            return inflected(fold(name), cyrillic().names)
        found = self._index.names.get(key_of(name))
        return found or (() if name.isupper() and len(name) <= 3 else self._index.names.get(fold(name), ()))

    def _hit(self, text: str, start: int, end: int, known: _Known) -> places_rules.Hit | None:
        if known.longest > 1:
            following = _NEXT.match(text, end)
            if following and _may_follow(following.group(1), known):
                hit = self._longest(text, start, following.end(), known.longest)
                if hit:
                    return hit
        return places_rules.Hit(start, start + len(known.form), known.readings) if known.readings else None

    def _longest(self, text: str, start: int, end: int, count: int) -> places_rules.Hit | None:
        """The longest name of at least two words."""
        ends = [end]
        while len(ends) < count:
            following = _NEXT.match(text, ends[-1])
            if following is None:
                break
            ends.append(following.end())
        for stop in reversed(ends):
            name = text[start:stop]
            for form in (name, _without_possessive(name)):
                readings = self._readings(form)
                if readings:
                    return places_rules.Hit(start, start + len(form), readings)
        return None


def _is_cyrillic(name: str) -> bool:
    return "\u0400" <= name[:1] <= "\u04ff"


def _may_follow(word: str, known: _Known) -> bool:
    """Whether a word can be the second of a name; inflected ones are not known beforehand."""
    if _is_cyrillic(known.form):
        return True
    if fold(word) in known.seconds:
        return True
    return word.endswith(_POSSESSIVE) and fold(_without_possessive(word)) in known.seconds


def _with_article(text: str, start: int, word: str) -> tuple[int, str]:
    """A name with the Arabic article before it, as in "al-Fasher"."""
    for size in (3, 4):
        article = text[max(0, start - size) : start]
        if article[-1:] == "-" and article[:-1] in PARTICLES and not text[start - size - 1 : start - size].isalnum():
            return start - size, article + word
    return start, word


def _without_possessive(name: str) -> str:
    return name[:-2] if name.endswith(_POSSESSIVE) else name


def mention(start: int, end: int, entry: Entry) -> PlaceMention:
    """The mention of a reading at a span."""
    return PlaceMention(start, end, _place(entry), entry.kind, entry.form, entry.held_by, entry.capital_of)


@lru_cache(maxsize=4096)
def _place(entry: Entry) -> Place:
    region = region_names().get(entry.region, entry.region) or (entry.name if entry.kind == "region" else None)
    return Place(
        name=entry.name,
        country=entry.country,
        region=region,
        latitude=entry.latitude,
        longitude=entry.longitude,
    )
