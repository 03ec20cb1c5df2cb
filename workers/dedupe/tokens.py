"""Words and numbers of a text, as they are compared and as they are written."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, overload

LONGEST: Final = 32_000
"""Characters of a text that are compared; what is longer is never called a near copy."""

STEM: Final = 4
"""Letters by which inflected forms of one word are taken for one."""

TOKEN: Final = re.compile(
    r"[^\W\d_]+(?:'[^\W\d_]+)*|\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?![\d.,]*\d)|\d+(?:[.,:]\d+)*"
)
_BLOCK: Final = re.compile(r"(?i)</(?:p|li|div|h\d|figure|figcaption)>|<br\s*/?>")
_TAG: Final = re.compile(r"<[^<>]{1,300}>")
_WORD: Final = re.compile(r"\w+")
_MARK_OR_DIGIT: Final = re.compile(r"(\d)|[^a-zA-Z']")
_ASCII: Final = "".join(map(chr, range(128)))
_BEYOND: Final = bytes(range(128, 256))
_FOLDED: Final = re.sub(r"\W", " ", _ASCII).casefold().encode() + _BEYOND
"""To each byte of a text in UTF-8 the one that is hashed: a blank for a mark, a small letter for a capital."""
_LETTERS: Final = _MARK_OR_DIGIT.sub(lambda match: "0" if match[1] else " ", _ASCII).encode() + _BEYOND
"""The same with capitals, a 0 for a digit, and apostrophes."""
_MARKS: Final = "«»—–„“”’‘…"
"""The marks of our languages beyond ASCII."""
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+")
_FOLD: Final = (
    ("’", "'"), ("ʼ", "'"), ("`", "'"), ("ʹ", "'"), ("ё", "е"), ("Ё", "Е"), ("\u00ad", ""), ("\u0301", ""),
)  # fmt: skip
_PARTED: Final = re.compile(r"\d[\s.,:]\d")
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


class Tokens(Sequence[Token]):
    """The tokens of a text, in columns: most are only ever looked at as forms, and one is made when it is asked for."""

    __slots__ = ("firsts", "forms", "written")

    def __init__(self, forms: list[str], written: list[str], firsts: list[bool]) -> None:
        self.forms, self.written, self.firsts = forms, written, firsts

    def add(self, forms: list[str], written: list[str]) -> None:
        """Put one sentence to the end."""
        if forms:
            self.forms += forms
            self.written += written
            self.firsts += (True, *(False,) * (len(forms) - 1))

    def __len__(self) -> int:
        return len(self.forms)

    @overload
    def __getitem__(self, place: int) -> Token: ...
    @overload
    def __getitem__(self, place: slice) -> Tokens: ...
    def __getitem__(self, place: int | slice) -> Token | Tokens:
        if isinstance(place, slice):
            return Tokens(self.forms[place], self.written[place], self.firsts[place])
        return Token(self.forms[place], self.written[place], self.firsts[place])

    def __iter__(self) -> Iterator[Token]:
        return map(Token, self.forms, self.written, self.firsts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tokens) and (self.written, self.firsts) == (other.written, other.firsts)

    def __hash__(self) -> int:
        return hash(tuple(self.written))


def plain(text: str) -> str:
    """The text without web addresses and leftovers of HTML, with one spelling of apostrophes and accents.

    What HTML sets apart as a paragraph is one.
    """
    if "://" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    if "<" in text:
        text = _TAG.sub(" ", _BLOCK.sub("\n\n", text))
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return text.replace("`", "'")
    for letter, other in _FOLD:
        text = text.replace(letter, other)
    return unicodedata.normalize("NFC", text)


def words(text: str) -> list[bytes]:
    """The runs of letters and digits of plain text, folded, in UTF-8: quick, for keys; numbers may come in pieces.

    Blanks for marks and one split cost a tenth of a search with a regular expression, which is kept for
    texts with marks that are not expected.
    """
    if not text.isascii():
        text = _without_marks(text)
        if not text.isascii():
            return _words_beyond_ascii(text.casefold())
    return text.encode("ascii").translate(_FOLDED).split()


def _words_beyond_ascii(folded: str) -> list[bytes]:
    found = folded.encode("utf-8", "surrogatepass").translate(_FOLDED).decode("utf-8", "surrogatepass").split()
    if not "".join(found).replace("_", "").isalnum():
        found = _WORD.findall(folded)
    return " ".join(found).encode("utf-8", "surrogatepass").split()


def _without_marks(text: str) -> str:
    for mark in _MARKS:
        text = text.replace(mark, " ")
    return text


def letters_of(text: str) -> str:
    """The text with a blank for each mark and a 0 for each digit; other marks than expected are left as they are."""
    if text.isascii():
        return text.encode("ascii").translate(_LETTERS).decode("ascii")
    return _without_marks(text).encode("utf-8", "surrogatepass").translate(_LETTERS).decode("utf-8", "surrogatepass")


def sentence_tokens(sentence: str) -> Tokens:
    """The tokens of one sentence; the first is marked."""
    return one_sentence(*forms_of(sentence, letters_of(sentence)))


def one_sentence(forms: list[str], written: list[str]) -> Tokens:
    """Tokens of which the first begins a sentence."""
    return Tokens(forms, written, [True, *[False] * (len(forms) - 1)] if forms else [])


def forms_of(sentence: str, letters: str) -> tuple[list[str], list[str]]:
    """The tokens of a sentence as they are compared, and as they are written; `letters` is what `letters_of` gives.

    Where nothing but blanks stands between words one split finds them; the rest takes a regular expression.
    """
    written = letters.split()
    if "0" in letters or ("'" in letters and _has_quotation(written)):
        written = TOKEN.findall(sentence)
    elif letters.isascii():
        return letters.casefold().split(), written
    elif not "".join(written).replace("'", "").isalpha():
        written = TOKEN.findall(sentence)
    forms = "\n".join(written).casefold().split("\n") if written else []
    if _PARTED.search(sentence):
        forms = [_digits(form) if form[0].isdecimal() else form for form in forms]
    return forms, written


def _has_quotation(written: list[str]) -> bool:
    """Whether an apostrophe stands elsewhere than between two letters."""
    framed = f" {' '.join(written)} "
    return " '" in framed or "' " in framed or "''" in framed


def _digits(token: str) -> str:
    """One spelling of a number in digits: no thousands separators, a point before decimals, no minutes at the hour."""
    if _GROUPED.fullmatch(token):
        return re.sub(r"\D", "", token)
    hour, _, minutes = token.partition(":")
    return hour if minutes == "00" else token.replace(",", ".")
