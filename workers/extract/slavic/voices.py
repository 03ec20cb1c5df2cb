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


@cache
def _tells() -> re.Pattern[str]:
    return re.compile("|".join(table("voices")["tells"]["any"]))


@cache
def _voices() -> tuple[tuple[re.Pattern[str], Voice], ...]:
    rows = table("voices")["voice"]
    return tuple(
        (re.compile(rf"(?<![\w-])(?:{'|'.join(r['words'])})(?![\w-])"), Voice(r["name"], r["side"])) for r in rows
    )


def voice_of(low: str) -> Voice | None:
    """The first voice that a sentence in small letters names, where it tells that somebody speaks."""
    found = [(match.start(), voice) for pattern, voice in _voices() if (match := pattern.search(low))]
    if not found or _tells().search(low) is None:
        return None
    return min(found)[1]


def spoken(low: str) -> list[tuple[int, int]]:
    """Where voices stand in a sentence, with a word on either side: whoever speaks there does nothing."""
    spans = []
    for pattern, _ in _voices():
        for match in pattern.finditer(low):
            start = low.rfind(" ", 0, max(0, match.start() - 1)) + 1
            end = low.find(" ", min(len(low), match.end() + 1))
            spans.append((start, end if end >= 0 else len(low)))
    return spans


@cache
def _sides() -> dict[str, re.Pattern[str]]:
    return {code: stems(words) for code, words in table("voices")["sides"].items()}


@lru_cache(maxsize=REMEMBERED)
def side_of(word: str) -> str | None:
    """The side that a word stands for."""
    return next((code for code, pattern in _sides().items() if pattern.match(word)), None)
