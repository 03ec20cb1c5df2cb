"""The places of a Slavic sentence: those of the gazetteer, regions by their adjective alone, and where a count was."""

from __future__ import annotations

import re
from typing import Final

from workers.extract.slavic.counts import Count
from workers.extract.slavic.tokens import Token
from workers.extract.slavic.words import kind_of
from workers.extract.world import Gazetteer, PlaceMention

_LOCAL: Final = frozenset({"region", "city", "district", "water", "facility"})
_REGION: Final = re.compile(r"(?<![\w-])([А-ЯІЇЄҐ][\w'-]+?)(?:ск|ськ|цьк|зьк|цк)(ой|ою|ій|ая|ую|а|у)(?![\w'-])")
_NOUNS: Final = {
    "ой": "ой области",
    "ою": "ою областю",
    "ій": "ій області",
    "ая": "ая область",
    "ую": "ую область",
    "а": "а область",
    "у": "у область",
}
_REACH: Final = 3
"""Words between a preposition and its place: "над територією Курської області"."""
_BREAK: Final = frozenset(";()")


def places_of(gazetteer: Gazetteer, text: str) -> list[PlaceMention]:
    """All places of a sentence, "над Курской, Орловской" among them."""
    found = gazetteer.find(text)
    taken = [(m.start, m.end) for m in found]
    for match in _REGION.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        whole = match[0][: -len(match[2])] + _NOUNS[match[2]]
        for m in gazetteer.find(whole)[:1]:
            if m.kind in _LOCAL and m.start == 0:
                found.append(m._replace(start=match.start(), end=match.end()))
    return sorted(found, key=lambda m: m.start)


def is_local(mention: PlaceMention) -> bool:
    """True for ground that is less than a country."""
    return mention.kind in _LOCAL


def is_origin(words: list[Token], mention: PlaceMention, offset: int) -> bool:
    """True for "з Курської області": where things came from."""
    before = [t for t in words if t.end <= mention.start + offset][-_REACH:]
    for token in reversed(before):
        role = kind_of("ground", token.word)
        if role is not None:
            return role == "origin"
        if token.word in _BREAK or token.word == ",":
            return False
    return False


def place_at(
    words: list[Token], offset: int, count: Count, others: list[Count], places: list[PlaceMention]
) -> PlaceMention | None:
    """Where a count was: the place behind it before the next number, else the nearest in front of it."""
    spots = _spots(words, offset, places)
    start, end = words[count.i].start - offset, words[count.j - 1].end - offset
    following = min((words[o.i].start - offset for o in others if o.i >= count.j), default=10**9)
    behind = next(
        (m for m in spots if end <= m.start < following and not _walled(words, end + offset, m.start + offset)), None
    )
    preceding = max((words[o.j - 1].end - offset for o in others if o.j <= count.i), default=-1)
    before = [
        m
        for m in spots
        if preceding <= m.start and m.end <= start and not _walled(words, m.end + offset, start + offset)
    ]
    if count.way == "listed" and before and _labels(words, before[-1].end + offset, start + offset):
        return before[-1]
    if behind is None or not before:
        return behind or (before[-1] if before else None)
    near = _commas(words, before[-1].end + offset, start + offset) < _commas(words, end + offset, behind.start + offset)
    return before[-1] if near else behind


def _commas(words: list[Token], start: int, end: int) -> int:
    return sum(t.word == "," for t in words if start <= t.start < end)


def _spots(words: list[Token], offset: int, places: list[PlaceMention]) -> list[PlaceMention]:
    """Places where something was; "із напрямків Курськ, Орел" are origins, the second as the first."""
    found: list[PlaceMention] = []
    last: PlaceMention | None = None
    for m in places:
        follows = last is not None and all(
            t.word in (",", "та", "і", "и", "-") for t in words if last.end <= t.start - offset < m.start
        )
        if follows or is_origin(words, m, offset):
            last = m
        elif is_local(m):
            found.append(m)
    return found


def _labels(words: list[Token], start: int, end: int) -> bool:
    """True for "Брянская область – 14" and "Крым (6)"."""
    between = [t.word for t in words if start <= t.start < end]
    return bool(between) and between[-1] in ("\u2013", "-", "(", ":")


def _walled(words: list[Token], start: int, end: int) -> bool:
    return any(t.word in (";", ".") for t in words if start <= t.start < end)


def country_of(mention: PlaceMention) -> str | None:
    """The country whose ground it is; Crimea counts as its holder's."""
    crimean = mention.place.region in ("Crimea", "Sevastopol") or mention.place.name == "Crimea"
    return (mention.occupied_by if crimean else None) or mention.place.country
