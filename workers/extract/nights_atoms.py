"""The smallest expressions of time in a text, found by the table of patterns.

A pattern is tried only where one of its head words stands, and the words before it are looked at afterwards, so
that plain prose costs one pass of a word search: the scan is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from workers.extract.nights_table import JOIN, MONTHS, TABLE, UNIT, VAGUE, WORDS


class Atom(NamedTuple):
    """One matched pattern: its name in the table and its named parts."""

    start: int
    end: int
    name: str
    parts: dict[str, str]


_Row = tuple[str, re.Pattern[str], re.Pattern[str] | None]


def _by_head() -> dict[str, tuple[_Row, ...]]:
    """Head words to the compiled patterns they may begin, in the table's order."""
    found: dict[str, list[_Row]] = {}
    for name, heads, body, before in TABLE:
        row = (name, re.compile(body), re.compile(before) if before else None)
        for head in heads:
            found.setdefault(head, []).append(row)
    return {head: tuple(rows) for head, rows in found.items()}


_HEADS = _by_head()
_SIGNS = "\n\t\r\u00a0\u202f\u2009-–—―/’'ʼ\"“”„«»,.;:!?()[]{}*|…<>#"
"""What may stand right beside a word; each is replaced by one space, so that places stay."""
_ASCII_SIGNS = [sign for sign in _SIGNS if sign.isascii()]
_DIGITS = re.compile(
    r"[0-9]++(?:(?P<year>(?<=19\d\d)|(?<=20\d\d))|(?=(?P<sign>[:.-]\d)|(?P<half>\s?[ap]\.?\s?m\b)"
    rf"|(?P<month>(?:st|nd|rd|th)?(?:{JOIN}\d{{1,2}}(?:st|nd|rd|th)?)?\s(?:of\s)?(?:{'|'.join(MONTHS)}))"
    rf"|(?P<unit>[\s-]?(?:{UNIT}|consecutive|straight|gmt|utc|local|cet|msk|bst|h\b))))?"
)
"""Every run of digits, so that a long one is read once; it has a group where something tells of time."""
_CAPITAL = frozenset({"may", "march", "mar"})
_LOOK_BACK = 32


def lower(text: str) -> str:
    """A text in small letters in which every character keeps its place."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def atoms(text: str) -> Iterator[Atom]:
    """All atoms of a text from left to right, none overlapping another."""
    low, done = lower(text), 0
    for start, head in _starts(low):
        if start < done or (head in _CAPITAL and not text[start].isupper()):
            continue
        atom = _atom(low, start, _HEADS[head])
        if atom:
            done = atom.end
            yield atom


def _starts(low: str) -> list[tuple[int, str]]:
    """Where head words and promising digits stand; splitting costs a third of what a search for any of them does."""
    starts = [(match.start(), f"#{match.lastgroup}") for match in _DIGITS.finditer(low) if match.lastgroup]
    spaced = low
    for sign in _ASCII_SIGNS if low.isascii() else _SIGNS:
        spaced = spaced.replace(sign, " ")
    spaced, place = f" {spaced} ", 0
    for word in [word for word in spaced.split() if word in _HEADS]:
        place = spaced.find(f" {word} ", place)
        if place < 0:
            break
        starts.append((place, word))
        place += len(word)
    starts.sort()
    return starts


def _atom(low: str, start: int, rows: tuple[_Row, ...]) -> Atom | None:
    for name, pattern, before in rows:
        match = pattern.match(low, start)
        if match and (before is None or before.search(low, max(0, start - _LOOK_BACK), start)):
            parts = {key: value for key, value in match.groupdict().items() if value is not None}
            return Atom(start, match.end(), name, parts)
    return None


def month_number(word: str) -> int:
    """1 to 12 from a month's name or abbreviation."""
    return MONTHS.index(word[:3].lower()) + 1


def count_of(word: str) -> int:
    """The number that a count word means; vague words mean the least they can."""
    bare = word.strip().split(" ")[0]
    if bare.isdigit():
        return int(bare)
    return WORDS.index(bare) + 1 if bare in WORDS else VAGUE.get(bare, 3)
