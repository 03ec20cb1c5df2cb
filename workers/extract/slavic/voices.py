"""Who speaks in a sentence, by the name that all packs give that voice, and the sides that words stand for."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from workers.extract.slavic.words import stems, table
from workers.extract.tokens import REMEMBERED


class Voice(NamedTuple):
    """A claimant and the side that it speaks for."""

    name: str
    side: str
    local: bool = False
    """True for one who counts for a town or a region."""
    holds: bool = False
    """True for one who speaks for ground that his side holds and that is another country's."""


@cache
def _tells() -> re.Pattern[str]:
    return re.compile("|".join(table("voices")["tells"]["any"]))


@cache
def _voices() -> tuple[re.Pattern[str], tuple[Voice, ...]]:
    """All names in one pattern, each row a group, and the voices in the order of these groups."""
    rows = table("voices")["voice"]
    names = "|".join(f"({'|'.join(row['words'])})" for row in rows)
    voices = (Voice(row["name"], row["side"], row.get("local", False), row.get("holds", False)) for row in rows)
    return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])"), tuple(voices)


def named(low: str) -> list[tuple[int, int, Voice]]:
    """The voices that a sentence in small letters names, and where."""
    pattern, voices = _voices()
    return [(*match.span(), voices[(match.lastindex or 1) - 1]) for match in pattern.finditer(low)]


def speaker(low: str, found: list[tuple[int, int, Voice]]) -> Voice | None:
    """The first voice that is named, where the sentence tells that somebody speaks."""
    return found[0][2] if found and _tells().search(low) else None


def around(low: str, found: list[tuple[int, int, Voice]]) -> list[tuple[int, int]]:
    """Where voices stand with a word on either side ("Украинский генштаб"): whoever speaks there does nothing."""
    wide = []
    for start, end, _ in found:
        first = low.rfind(" ", 0, max(0, start - 1)) + 1
        last = low.find(" ", min(len(low), end + 1))
        wide.append((first, last if last >= 0 else len(low)))
    return wide


@cache
def _sides() -> dict[str, re.Pattern[str]]:
    return {code: stems(words) for code, words in table("voices")["sides"].items()}


@cache
def hosts() -> frozenset[str]:
    """Countries that attack nobody, whose sky others cross."""
    return frozenset(table("voices")["hosts"]["any"])


@cache
def _abroad() -> re.Pattern[str]:
    return stems(table("voices")["abroad"]["any"])


def is_abroad(word: str) -> bool:
    """True for a word of a country that is far from this war."""
    return _abroad().match(word) is not None


@lru_cache(maxsize=REMEMBERED)
def side_of(word: str) -> str | None:
    """The side that a word stands for."""
    return next((code for code, pattern in _sides().items() if pattern.match(word)), None)
