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
def _voices() -> tuple[tuple[re.Pattern[str], Voice], ...]:
    rows = table("voices")["voice"]
    return tuple(
        (
            re.compile(rf"(?<![\w-])(?:{'|'.join(r['words'])})(?![\w-])"),
            Voice(r["name"], r["side"], r.get("local", False), r.get("holds", False)),
        )
        for r in rows
    )


def voice_of(low: str) -> Voice | None:
    """The first voice that a sentence in small letters names, where it tells that somebody speaks."""
    found = [(match.start(), voice) for pattern, voice in _voices() if (match := pattern.search(low))]
    if not found or _tells().search(low) is None:
        return None
    return min(found)[1]


def spoken(low: str) -> list[tuple[int, int]]:
    """Where voices stand in a sentence: whoever speaks there does nothing."""
    return [match.span() for pattern, _ in _voices() for match in pattern.finditer(low)]


def widened(low: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans with a word on either side: "Украинский генштаб", "президент Украины"."""
    wide = []
    for start, end in spans:
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
