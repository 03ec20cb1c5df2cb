"""The language of an article: what its feed says, unless script or words say otherwise."""

from __future__ import annotations

import re
from typing import Final

from workers.extract.pack import Prose

LOOK: Final = 400
"""Characters of an article that are looked at; a lead tells the language."""
ENGLISH: Final = "en"
UNKNOWN: Final = "und"
"""ISO 639-2 for a language that nobody has told."""
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORD: Final = re.compile(r"[a-z\u00df-\u024f]+")
_APART: Final = bytes(code if chr(code).islower() else ord(" ") for code in range(128)).ljust(256)
"""Parts a plain text into the same words by its signs, many times as fast."""
_UKRAINIAN: Final = re.compile("[іїєґ]")
_RUSSIAN: Final = re.compile("[ыэъё]")
_SLAVIC: Final = frozenset({"uk", "ru", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn"})
"""Languages that are written in Cyrillic letters."""
_MARKED: Final = 40
"""So many letters of Ukrainian are hardly ever without one that Russian lacks."""
_GLUE: Final = frozenset({"the", "and", "of"})
_COMMON: Final = _GLUE | frozenset(
    {"to", "in", "a", "is", "was", "were", "by", "for", "on", "with", "that", "at", "from", "as", "it", "said"}
    | {"has", "have", "had", "an", "are", "be"}
)
_SHARE: Final = 0.1
"""Of the words of an English text at least this share is among the commonest, in lists of places too."""
_FEW: Final = 40
"""A headline may have none of them, so that fewer words than this disprove no English."""


def language_of(article: Prose) -> str:
    """The ISO 639-1 code of an article's language, or `und`."""
    text = f"{article.title}\n{article.summary}\n{article.text[:LOOK]}"[:LOOK]
    told = (article.lang or "").replace("_", "-").partition("-")[0].lower()
    if not text.isascii() and _CYRILLIC.search(text) and 2 * len(_CYRILLIC.findall(text)) > len(_LETTER.findall(text)):
        return _slavic(text.lower(), told)
    if _LATIN.search(text) or not _LETTER.search(text):
        return _western(text.lower(), told)
    return told if told and told != ENGLISH else UNKNOWN


def _slavic(text: str, told: str) -> str:
    """Ukrainian and Russian by the letters that only one of them has."""
    ukrainian, russian = len(_UKRAINIAN.findall(text)), len(_RUSSIAN.findall(text))
    if told in _SLAVIC - {"uk", "ru"}:
        return told
    if ukrainian != russian:
        return "uk" if ukrainian > russian else "ru"
    if told in _SLAVIC:
        return told
    return "ru" if len(_CYRILLIC.findall(text)) >= _MARKED else UNKNOWN


def _western(text: str, told: str) -> str:
    """English by its commonest words; in a text too short for them by what the feed says, or for want of that."""
    words = text.encode().translate(_APART).decode().split() if text.isascii() else _WORD.findall(text)
    common = sum(map(_COMMON.__contains__, words))
    english = common >= _SHARE * len(words) and not _GLUE.isdisjoint(words)
    if len(words) >= _FEW and not english:
        return told if told and told != ENGLISH else UNKNOWN
    return told if told and told not in _SLAVIC and not english else ENGLISH
