"""Words and numbers of a text, as they are compared and as they are written."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from functools import partial
from itertools import chain, repeat
from typing import Final, NamedTuple

LONGEST: Final = 32_000
"""Characters of a text that are compared; what is longer is never called a near copy."""

TOKEN: Final = re.compile(
    r"[^\W\d_]+(?:'[^\W\d_]+)*|\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?![\d.,]*\d)|\d+(?:[.,:]\d+)*"
)
_TAG: Final = re.compile(r"<[^<>]{1,300}>")
_WORD: Final = re.compile(r"\w+")
_ASCII_MARKS: Final = {code: " " for code in range(128) if not _WORD.match(chr(code))}
_MARK_BYTES: Final = bytes(32 if code in _ASCII_MARKS else code for code in range(256))
_MARKS: Final = "«»—–„“”’‘…"
"""The marks of our languages beyond ASCII."""
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+")
_FOLD: Final = (
    ("’", "'"), ("ʼ", "'"), ("`", "'"), ("ʹ", "'"), ("ё", "е"), ("Ё", "Е"), ("\u00ad", ""), ("\u0301", ""),
)  # fmt: skip
_DIGIT: Final = re.compile(r"\d")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[ \u00a0\u202f\u2009.,]\d{3})+")


class Token(NamedTuple):
    """One word or number: `form` is compared, `written` tells of capitals, `first` whether it begins a sentence."""

    form: str
    written: str
    first: bool

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits."""
        return self.form[0].isdecimal()


_token: Final[Callable[[tuple[str, str, bool]], Token]] = partial(tuple.__new__, Token)
"""A token of its three fields: a named tuple's own constructor takes three times as long, for 500 tokens a text."""


def plain(text: str) -> str:
    """The text without web addresses and leftovers of HTML, with one spelling of apostrophes and accents."""
    if "://" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return text.replace("`", "'")
    for letter, other in _FOLD:
        text = text.replace(letter, other)
    return unicodedata.normalize("NFC", text)


def words(text: str) -> list[str]:
    """The runs of letters and digits of plain text, folded: quick, for keys; numbers may come in pieces.

    Blanks for marks and one split cost a third of a search with a regular expression, which is kept for
    texts with marks that are not expected.
    """
    folded = text.casefold()
    if folded.isascii():
        return folded.translate(_ASCII_MARKS).split()
    blanked = folded.encode("utf-8", "surrogatepass").translate(_MARK_BYTES).decode("utf-8", "surrogatepass")
    for mark in _MARKS:
        blanked = blanked.replace(mark, " ")
    found = blanked.split()
    return found if "".join(found).replace("_", "").isalnum() else _WORD.findall(folded)


def sentence_tokens(sentence: str) -> list[Token]:
    """The tokens of one sentence with their writing; the first is marked."""
    written = TOKEN.findall(sentence)
    if _DIGIT.search(sentence):
        folded = [_digits(token) if token[0].isdecimal() else token.casefold() for token in written]
    else:
        folded = list(map(str.casefold, written))
    return list(map(_token, zip(folded, written, chain((True,), repeat(False)), strict=False)))


def _digits(token: str) -> str:
    """One spelling of a number in digits: no thousands separators, a point before decimals, no minutes at the hour."""
    if _GROUPED.fullmatch(token):
        return re.sub(r"\D", "", token)
    hour, _, minutes = token.partition(":")
    return hour if minutes == "00" else token.replace(",", ".")
