"""Sentences as offsets: ends of sentences, abbreviations, datelines, bullets and headlines between paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_STOP: Final = re.compile(
    r"""[.!?\n•▪●*](?:(?<=[.!?])["')\]]{0,3}(?=[\s"'(\[]|[A-Z])|(?<=\n)\n*|(?<=\s[•▪●*])(?=\s))"""
)
"""Signs first and what they need around them after, so that the search runs over one class of characters."""
_LAST_WORD: Final = re.compile(r"[^\s\"'(\[]{1,12}$")
_ABBREVIATIONS: Final = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "gen",
        "lt",
        "col",
        "maj",
        "capt",
        "sgt",
        "adm",
        "cmdr",
        "brig",
        "gov",
        "sen",
        "rep",
        "pres",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thurs",
        "fri",
        "sat",
        "sun",
        "no",
        "nos",
        "st",
        "mt",
        "ft",
        "vs",
        "etc",
        "approx",
        "inc",
        "ltd",
        "co",
        "corp",
        "jr",
        "sr",
        "fig",
        "dept",
        "u.s",
        "u.k",
        "u.n",
        "e.u",
        "d.c",
        "a.m",
        "p.m",
        "e.g",
        "i.e",
        "ed",
        "obl",
    ]
)
_STARTERS: Final = re.compile(
    r"(?:The|A|An|In|On|At|Of|It|He|She|They|We|This|These|That|Those|There|Nobody|No|Another|Also|As|By|For|From|"
    r"According|After|Before|Earlier|Meanwhile|However|But|And|Its|His|Her|Their|Some|Two|Three|One|Russia|Ukraine)\b"
)
_MAY_END: Final = frozenset(["u.s", "u.k", "u.n", "e.u", "d.c", "a.m", "p.m", "etc", "inc", "ltd", "co", "corp", "jr"])
"""Short forms that also stand at the end of a sentence."""
_LONG: Final = 1 + max(map(len, _ABBREVIATIONS))
"""Letters in a row that are no short form."""


def _abbreviated(text: str, start: int, dot: int) -> bool:
    """True when the full stop at `dot` belongs to a short form, an initial, or a dateline."""
    if dot - start >= _LONG and text[dot - _LONG : dot].isalpha():
        return False
    found = _LAST_WORD.search(text, max(start, dot - 13), dot)
    if not found:
        return False
    word = found.group()
    if len(word) == 1 and word.isupper():
        return True
    low = word.lower()
    if low in _MAY_END:
        return not _STARTERS.match(text, min(len(text), dot + 2))
    return low in _ABBREVIATIONS


def _runs_on(text: str, end: int) -> bool:
    """True when the line after a single break goes on in lower case: a hard-wrapped line."""
    return end < len(text) and text[end].islower() and text[end - 1] == "\n" and text[end - 2 : end - 1] != "\n"


def _continues(text: str, end: int) -> bool:
    """True when the next word begins in lower case, so that the sign ends no sentence."""
    while end < len(text) and text[end] in " \"'(":
        end += 1
    return end < len(text) and text[end].islower()


def _ends_here(text: str, start: int, found: re.Match[str]) -> bool:
    mark, end = found.group(), found.end()
    if mark[0] == "\n":
        return not _runs_on(text, end)
    if _continues(text, end):
        return False
    if mark[0] != ".":
        return True
    if text[end : end + 1].isupper() and not _STARTERS.match(text, end):
        return False
    return not _abbreviated(text, start, found.start())


def split(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every sentence of a plain text, in order, without surrounding space."""
    start = 0
    for found in _STOP.finditer(text):
        if _ends_here(text, start, found):
            if sentence := _trimmed(text, start, found.end()):
                yield sentence
            start = found.end()
    if sentence := _trimmed(text, start, len(text)):
        yield sentence


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The stretch without surrounding space, or None where nothing else stands in it."""
    stretch = text[start:end].rstrip()
    bare = stretch.lstrip()
    end = start + len(stretch)
    return (end - len(bare), end) if bare else None
