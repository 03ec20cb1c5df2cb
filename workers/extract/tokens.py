"""Tokens with exact offsets: letters, numbers and single signs, and what stands glued together."""

from __future__ import annotations

import re
from typing import Final

WORD: Final = "w"
NUMBER: Final = "n"
SIGN: Final = "s"

# Alternatives without nested repetition, so the scan is linear in the length of the text.
# No IGNORECASE either, which folds every character: the letters that fold to ASCII ones are spelled out instead.
_SIGNS: Final = r"|('[A-Za-z\u0130\u0131\u017f\u212a]{1,2}(?![^\W_]))|(\S)"
_TOKEN: Final = re.compile(r"(\d+(?:[.,]\d+)*)|([^\W\d_]+)" + _SIGNS)
_ASCII_TOKEN: Final = re.compile(r"([0-9]+(?:[.,][0-9]+)*)|([A-Za-z]+)" + _SIGNS, re.ASCII)
"""The same for plain ASCII, which is most of English and three times as fast."""
_KINDS: Final = ("", NUMBER, WORD, WORD, SIGN)

_SAME_LENGTH: Final = (
    *((sign, "'") for sign in "\u2018\u2019\u02bc\u2032\u00b4"),
    *((sign, '"') for sign in "\u201c\u201d\u201e\u00ab\u00bb\u2033"),
    *((sign, "-") for sign in "\u2010\u2011\u2012\u2212"),
    *((sign, "\u2013") for sign in "\u2014\u2015"),
    *((sign, " ") for sign in "\u00a0\u2007\u2009\u202f\u200b\u00ad"),
)
_FLAT: Final = ".,;:!?()[]'\"-/\u2013"


class Tokens:
    """The tokens of one stretch of text, as parallel lists: lower-case words, kinds, starts and ends."""

    __slots__ = ("ends", "kinds", "raw", "starts", "words")

    def __init__(self, text: str, offset: int, limit: int) -> None:
        words = text[offset:limit]
        pattern = _ASCII_TOKEN if words.isascii() else _TOKEN
        found = list(pattern.finditer(text, offset, limit))
        spans = [match.span() for match in found]
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.raw = [match.group() for match in found]
        self.words = "\n".join(self.raw).lower().split("\n") if found else []
        self.kinds = [_KINDS[match.lastindex or 4] for match in found]

    def __len__(self) -> int:
        return len(self.words)

    def glued(self, i: int) -> bool:
        """True when token `i` follows the one before it without a space."""
        return 0 < i < len(self.words) and self.starts[i] == self.ends[i - 1]

    def word(self, i: int) -> str:
        """The lower-case word at `i`, or the empty string outside the stretch."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def capital(self, i: int) -> bool:
        """True when the word at `i` begins with a capital letter."""
        return 0 <= i < len(self.raw) and self.raw[i][:1].isupper()


def plain(text: str) -> str:
    """The text with typographic quotes, dashes and spaces made plain, code point for code point."""
    text = text.replace("`", "'")
    if not text.isascii():
        for old, new in _SAME_LENGTH:
            if old in text:
                text = text.replace(old, new)
    return text


def flat(text: str) -> str:
    """Lower case with signs blanked, code point for code point, to be split into words."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    for sign in _FLAT:
        low = low.replace(sign, " ")
    return low
