"""Tokens with exact offsets: letters, numbers and single signs, and what stands glued together."""

from __future__ import annotations

import re
from typing import Final

WORD: Final = "w"
NUMBER: Final = "n"
SIGN: Final = "s"

# Three alternatives without nested repetition, so the scan is linear in the length of the text.
_TOKEN: Final = re.compile(r"(\d+(?:[.,]\d+)*)|([^\W\d_]+)|('[a-z]{1,2}(?![^\W_]))|(\S)", re.IGNORECASE)
_KINDS: Final = ("", NUMBER, WORD, WORD, SIGN)

_SAME_LENGTH: Final = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u2032\u0060\u00b4"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb\u2033"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u2013\u2014\u2015"), "\u2013"),
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u200b\u00ad"), " "),
}


class Tokens:
    """The tokens of one stretch of text, as parallel lists: lower-case words, kinds, starts and ends."""

    __slots__ = ("ends", "kinds", "raw", "starts", "words")

    def __init__(self, text: str, offset: int, limit: int) -> None:
        self.raw: list[str] = []
        self.words: list[str] = []
        self.kinds: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for found in _TOKEN.finditer(text, offset, limit):
            word = found.group()
            self.raw.append(word)
            self.words.append(word.lower())
            self.kinds.append(_KINDS[found.lastindex or 4])
            self.starts.append(found.start())
            self.ends.append(found.end())

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
    return text.translate(_SAME_LENGTH)
