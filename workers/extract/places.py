"""Places in running text: countries, regions, towns and waters, with their coordinates, found in linear time.

A token trie in plain Python (a dictionary from first word to the longest name it can begin) instead of an
Aho-Corasick automaton: only capitalised words are looked at, it starts faster than an automaton can be built
or unpickled, and it needs no compiled wheel. See docs/decisions/gazetteer.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from schemas.event import Place
from workers.extract import places_rules
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
_WORD = re.compile(
    rf"\b(?:(?:[A-Z]\.){{2,}}|(?:(?:{'|'.join(sorted(PARTICLES))})-)?[{_UPPER}]\w{{0,40}}(?:['’ʼ]\w{{1,20}})?)"
)
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


class Gazetteer:
    """Finds places in a text by an index of names; stateless, safe to share between threads."""

    def __init__(self, index: Index) -> None:
        self._names, self._firsts = index

    @staticmethod
    @cache
    def default() -> Gazetteer:
        """The gazetteer of the package, built once."""
        return Gazetteer(latin())

    def lookup(self, name: str, context: Collection[str] = ()) -> PlaceMention | None:
        """The place that a whole string names, or None; `context` are country codes that break ties."""
        readings = self._names.get(key_of(name)) or self._names.get(fold(name))
        if not readings:
            return None
        whole = [entry for entry in readings if not entry.stem] or list(readings)
        return mention(0, len(name), places_rules.prefer(whole, frozenset(context)))

    def find(self, text: str, context: Collection[str] = ()) -> list[PlaceMention]:
        """All places of a text from left to right, longest match first, none overlapping another."""
        hits = self._hits(text)
        settled = places_rules.settle(text, hits, frozenset(context))
        return [mention(*hit) for hit in settled]

    def _hits(self, text: str) -> list[places_rules.Hit]:
        hits: list[places_rules.Hit] = []
        firsts, done = self._firsts, 0
        for match in _WORD.finditer(text):
            start = match.start()
            if start < done:
                continue
            word = match.group()
            count = firsts.get(word.lower()) or firsts.get(word) or self._odd(word)
            if not count:
                continue
            hit = self._longest(text, start, match.end(), count)
            if hit:
                hits.append(hit)
                done = hit.end
        return hits

    def _odd(self, word: str) -> int:
        """The most words after a first word with dots, an apostrophe, a hyphen or diacritics; 0 for a plain one."""
        if word.isalpha() and word.isascii():
            return 0
        for form in (word, _without_possessive(word)):
            count = self._firsts.get(key_of(form)) or self._firsts.get(fold(form))
            if count:
                return count
        return 0

    def _longest(self, text: str, start: int, end: int, count: int) -> places_rules.Hit | None:
        ends = [end]
        while len(ends) < count + 1:
            following = _NEXT.match(text, ends[-1])
            if following is None:
                break
            ends.append(following.end())
        for stop in reversed(ends):
            name = text[start:stop]
            for form in (name, _without_possessive(name)):
                readings = self._names.get(key_of(form)) or self._long(form)
                if readings:
                    return places_rules.Hit(start, start + len(form), readings)
        return None

    def _long(self, name: str) -> tuple[Entry, ...] | None:
        """Readings of a name that is no acronym; short words all in capitals are acronyms."""
        return None if name.isupper() and len(name) <= 3 else self._names.get(fold(name))


def _without_possessive(name: str) -> str:
    return name[:-2] if name.endswith(_POSSESSIVE) else name


def mention(start: int, end: int, entry: Entry) -> PlaceMention:
    """The mention of a reading at a span."""
    region = region_names().get(entry.region, entry.region) or None
    place = Place(
        name=entry.name,
        country=entry.country,
        region=entry.name if entry.kind == "region" else region,
        latitude=entry.latitude,
        longitude=entry.longitude,
    )
    return PlaceMention(start, end, place, entry.kind, entry.form, entry.held_by, entry.capital_of)
