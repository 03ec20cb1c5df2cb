"""Cuts a text: lines that only the width of a page has broken, the dateline, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from workers.dedupe.lexicons import CALENDAR, DOTTED
from workers.dedupe.tokens import forms_of, letters_of, sentence_tokens

_STOPPED_BY: Final = re.compile(r"[.!?…\n](?:(?<=\n)\n*|(?<!\n)[\"'”»)]*\s+(?=[\W_]*[^\W_a-zа-яіїєґ]))")
"""The end of a sentence, beginning with its stop: a search for one of a few signs is quick."""
_CREDITED: Final = re.compile(r"\s+(?=\((?:[A-Z][a-z]+ )(?:[a-z]+ )?by [A-Z])")
"""Before a credit in brackets, also behind an abbreviation."""
_INITIALS: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_SIGN_OF_INITIALS: Final = re.compile(r"\.[^\W\d_]\.")
_CUT_SHORT: Final = 5
"""Letters of the longest abbreviation."""
_BLANKS: Final = re.compile(r"[^\S\n]{2,}")
_WIDTH: Final = 55
_ENDED: Final = re.compile(r"[.!?…:]\W*$")
_DASHED: Final = re.compile(r"^\W{0,3}(?P<line>[^\n]{2,90}?)\s*(?:--|[—–-])\s+(?=\S)")
_STOPPED: Final = re.compile(
    r"^(?P<line>[^\W\d_][^.\n]{1,30}\.\s+\d{1,2}\s+[^\W\d_]{3,10}\.?\s+(?:[^\W\d_a-zа-яіїєґ]{2,}\.\s+)?)"
)
_SHOUTED: Final = re.compile(r"^\s*(?P<line>[^\W\d_a-zа-яіїєґ]{3,}(?: [^\W\d_a-zа-яіїєґ]{2,}){0,2}):\s+(?=[^\W\d_])")
_SOURCE: Final = re.compile(r"\([^()]{2,30}\)|/[^/\n]{2,20}/")


def undotted(text: str) -> str:
    """The text without the full stops of abbreviations: `U.S.` as `US`, `Gen. X` as `Gen X`."""
    if _SIGN_OF_INITIALS.search(text):
        text = _INITIALS.sub(lambda match: match[0].replace(".", ""), text)
    first, *others = text.split(".")
    parts, before = [first], f" {first}"
    for part in others:
        abbreviated = part[:1].isspace() and _is_abbreviated(before)
        parts.append(part if abbreviated else f".{part}")
        before = part
    return "".join(parts)


def _is_abbreviated(before: str) -> bool:
    """Whether the last word before a stop is one that is cut short."""
    _, blank, word = before[-_CUT_SHORT:].rpartition(" ")
    return (bool(blank) or len(before) >= _CUT_SHORT) and word.casefold() in DOTTED


def unwrapped(text: str) -> str:
    """The text with lines joined that only the width of a page has broken: long ones, and before a small letter."""
    if "  " in text or not text.replace("\n", "").isprintable():
        text = _BLANKS.sub(" ", text)
    if "\n" not in text:
        return text
    lines = text.split("\n")
    joined = lines[0]
    for before, line in pairwise(lines):
        wrapped = len(before.rstrip()) >= _WIDTH and not _ENDED.search(before)
        joined += f" {line}" if line[:1].islower() or (wrapped and line.strip()) else f"\n{line}"
    return joined


def sentences_of(text: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """The sentences of a text, each with its tokens as they are compared and as they are written."""
    letters = letters_of(text)
    for start, end in _spans(text):
        sentence = text[start:end]
        yield sentence, *forms_of(sentence, letters[start:end])


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text begin and end."""
    gaps = [(stop.start() + (stop[0][0] != "\n"), stop.end()) for stop in _STOPPED_BY.finditer(text)]
    if " by " in text and "(" in text:
        gaps = sorted([*gaps, *(credit.span() for credit in _CREDITED.finditer(text))])
    start = 0
    for end, begin in gaps:
        yield start, end
        start = max(start, begin)
    yield start, len(text)


def split_dateline(text: str) -> tuple[str, str]:
    """The dateline and the rest of a text; a dash after other words than place, date and agency is no dateline."""
    match = _DASHED.match(text)
    if match and _is_dateline(match["line"]):
        return match["line"], text[match.end() :]
    match = _SHOUTED.match(text)
    if match:
        return match["line"], text[match.end() :]
    match = _STOPPED.match(text)
    if match and any(token.form in CALENDAR for token in sentence_tokens(match["line"])):
        return match["line"], text[match.end() :]
    return "", text


def _is_dateline(line: str) -> bool:
    tokens = sentence_tokens(_SOURCE.sub(" ", line))
    if not tokens and _SOURCE.search(line):
        return True
    if len(tokens) > 8 or not tokens or tokens[0].is_number:
        return False
    names = [token for token in tokens if not token.is_number and token.form not in CALENDAR]
    if not all(token.written[0].isupper() for token in names):
        return False
    capitals = len(names[0].written) > 2 and names[0].written.isupper() if names else False
    dated = any(token.form in CALENDAR for token in tokens)
    return bool(_SOURCE.search(line)) or capitals or dated
