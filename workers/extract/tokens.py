"""Tokens with exact offsets: letters, numbers and single signs, and what stands glued together."""

from __future__ import annotations

import re
from itertools import accumulate
from string import ascii_letters, digits
from typing import Final

from schemas.article import WHITE

WORD: Final = "w"
NUMBER: Final = "n"
SIGN: Final = "s"

# Alternatives without nested repetition, so the scan is linear in the length of the text; without flags that fold
# letters, so that it makes plain strings: letters that fold to ASCII ones are spelled out.
_REST: Final = r"|'[A-Za-z\u0130\u0131\u017f\u212a]{1,2}(?![^\W_])|\S"
_TOKEN: Final = re.compile(r"([^\W\d_]+|\d+(?:[.,]\d+)*" + _REST + ")")
_ASCII_TOKEN: Final = re.compile(r"([A-Za-z]+|[0-9]+(?:[.,][0-9]+)*" + _REST + ")", re.ASCII)
"""The same for plain ASCII, which is most of English and faster."""
_FIRSTS: Final = dict.fromkeys(ascii_letters, WORD) | dict.fromkeys(digits, NUMBER)
REMEMBERED: Final = 20_000
"""Words that are remembered with what was worked out for them: more than a day of news has."""

_SAME_LENGTH: Final = (
    *((sign, "'") for sign in "\u2018\u2019\u02bc\u2032\u00b4"),
    *((sign, '"') for sign in "\u201c\u201d\u201e\u00ab\u00bb\u2033"),
    *((sign, "-") for sign in "\u2010\u2011\u2012\u2212"),
    *((sign, "\u2013") for sign in "\u2014\u2015"),
    *((sign, " ") for sign in "\u00a0\u2007\u2009\u202f\u200b\u00ad"),
)
_FLAT: Final = ".,;:!?()[]'\"-/\u2013"
APART: Final = f" `{WHITE}{_FLAT}{''.join(sign for sign, _ in _SAME_LENGTH)}"
"""All signs that part the words of a text, once it is plain and flat."""


def _kind(token: str) -> str:
    """The kind of a token that begins with no ASCII letter or digit."""
    if token[0].isdecimal():
        return NUMBER
    return WORD if len(token) > 1 or token[0].isalnum() else SIGN


class _Kinds(dict[str, str]):
    """The kinds of tokens as written, each worked out once."""

    def __missing__(self, token: str) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        kind = self[token] = _FIRSTS.get(token[0]) or _kind(token)
        return kind


_KINDS: Final = _Kinds()


class Tokens:
    """The tokens of one stretch of text, as parallel rows: as written, in lower case, kinds, starts and ends."""

    __slots__ = ("_ends", "_pieces", "_starts", "kinds", "offset", "raw", "words")

    def __init__(self, text: str, offset: int, limit: int) -> None:
        stretch = text[offset:limit]
        self._pieces = (_ASCII_TOKEN if stretch.isascii() else _TOKEN).split(stretch)
        """Space and tokens by turns; the space may be empty."""
        self.raw = self._pieces[1::2]
        self.words = "\n".join(self.raw).lower().split("\n") if self.raw else []
        self.kinds = list(map(_KINDS.__getitem__, self.raw))
        self.offset = offset
        self._starts: list[int] = []
        self._ends: list[int] = []

    def __len__(self) -> int:
        return len(self.raw)

    @property
    def starts(self) -> list[int]:
        """Where each token begins in the text."""
        return self._starts or self._places()

    @property
    def ends(self) -> list[int]:
        """Where each token ends in the text."""
        if not self._starts:
            self._places()
        return self._ends

    def _places(self) -> list[int]:
        """Work out the offsets, which few sentences are asked for."""
        places = list(accumulate(map(len, self._pieces), initial=self.offset))
        self._starts, self._ends = places[1:-1:2], places[2:-1:2]
        return self._starts

    def glued(self, i: int) -> bool:
        """True when token `i` follows the one before it without a space."""
        return 0 < i < len(self.raw) and not self._pieces[2 * i]

    def word(self, i: int) -> str:
        """The lower-case word at `i`, or the empty string outside the stretch."""
        if i < 0:
            return ""
        try:
            return self.words[i]
        except IndexError:
            return ""

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
