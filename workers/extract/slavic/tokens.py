"""Words and numbers of a Slavic sentence, with exact offsets; "двадцять два" and "4,5 тисячі" are one number each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from schemas.event import Qualifier
from workers.extract.slavic.words import known, table
from workers.extract.tokens import REMEMBERED

_TOKEN: Final = re.compile(
    r"\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,:]\d+)*(?:-[а-яіїє]+)?"
    r"|(?i:тис|тыс|млн)\.|[^\W\d_]+(?:['-][^\W\d_]+)*(?:-\d+[^\W_]*)?(?:/\d+)*|\S"
)
_DIGITS: Final = re.compile(r"(\d{1,3}(?: \d{3})+|\d{1,9})(?:-(?:ма|ми|ти|х|ю|мя|та|ть|и|ех|ох|рьох|рьома))?")
_DECIMAL: Final = re.compile(r"\d+,\d+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?:-\w+)?")
_LOOKALIKES: Final = str.maketrans("aceiopxyё", "асеіорхуе")
_CYRILLIC: Final = re.compile("[а-яіїєґ]")
_HIGHEST: Final = 10**9


class Token(NamedTuple):
    """A word, a number or a sign at `[start, end)` of its field; `value` where it is a number that can count."""

    word: str
    start: int
    end: int
    capital: bool = False
    value: int | None = None
    qualifier: Qualifier = "exact"
    in_words: bool = False
    """True for a number of words, which the next number word may go on with."""


class _Meaning(NamedTuple):
    """What a word alone says of a number: its value, or what it multiplies the number before it with."""

    value: float | None = None
    scale: int | None = None
    qualifier: Qualifier = "exact"


@cache
def _meanings() -> dict[str, _Meaning]:
    """What every number word says."""
    found: dict[str, dict[str, float]] = {}
    for name, rows in table("numbers").items():
        if name == "ordinals":
            continue
        for value, forms in rows.items():
            for form in forms.split("|"):
                found.setdefault(form, {})[name] = float(value)
    return {form: _read(senses) for form, senses in found.items()}


def _read(found: dict[str, float]) -> _Meaning:
    scale = int(found["scale"]) if "scale" in found else None
    if "vague" in found:
        return _Meaning(found["vague"], scale, "at_least")
    if "rough" in found:
        return _Meaning(found["rough"], scale, "about")
    if "halves" in found:
        return _Meaning(found["halves"])
    return _Meaning(found.get("words"), scale)


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of a stretch of plain text."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text, start, end):
        token = _token(match)
        joined = _joined(found[-1], token) if found and not token.word[0].isdecimal() else None
        if joined is not None:
            found[-1] = joined
        else:
            found.append(token)
    return found


@lru_cache(maxsize=REMEMBERED)
def folded(word: str) -> str:
    """A word in small letters, its Latin look-alikes made Cyrillic, with е for ё."""
    word = word.lower()
    return word.translate(_LOOKALIKES) if _CYRILLIC.search(word) else word


def _token(match: re.Match[str]) -> Token:
    word = folded(match[0].rstrip(".") or match[0])
    value, qualifier, in_words = _value(word)
    return Token(word, match.start(), match.end(), match[0][:1].isupper(), value, qualifier, in_words)


def _value(word: str) -> tuple[int | None, Qualifier, bool]:
    if word[0].isdecimal():
        digits = _DIGITS.fullmatch(word)
        counts = digits is not None and not _YEAR.fullmatch(word)
        return (int(digits[1].replace(" ", "")) if digits and counts else None), "exact", False
    meaning = _meanings().get(word)
    if meaning is None or meaning.value is None or not float(meaning.value).is_integer():
        return None, "exact", meaning is not None
    return int(meaning.value), meaning.qualifier, True


def _joined(before: Token, token: Token) -> Token | None:
    """The two as one number: "сто двадцять", "дві тисячі", "4,5 тис", "пів сотні", "кілька десятків"."""
    meaning = _meanings().get(token.word)
    if meaning is None:
        return None
    if meaning.scale is not None and (amount := _amount(before)) is not None:
        return _merged(before, token, amount * meaning.scale, before.qualifier)
    if before.in_words and before.value and meaning.value is not None and _goes_on(before.value, meaning.value):
        return _merged(before, token, before.value + meaning.value, before.qualifier)
    return None


def _amount(token: Token) -> float | None:
    """What stands before a multiplier."""
    if token.value is not None:
        return float(token.value) if token.value and token.qualifier == "exact" else None
    if _DECIMAL.fullmatch(token.word):
        return float(token.word.replace(",", "."))
    meaning = _meanings().get(token.word)
    return meaning.value if meaning is not None else None


def _goes_on(value: int, more: float) -> bool:
    """True where a smaller number word fits behind a round one."""
    return (0 < more < 1000 and any(value % unit == 0 and more < unit for unit in (1000, 100))) or (
        0 < more < 10 and value % 100 >= 20 and value % 10 == 0
    )


def _merged(before: Token, token: Token, value: float, qualifier: Qualifier) -> Token | None:
    if value > _HIGHEST:
        return None
    whole = round(value)
    word = f"{before.word} {token.word}"
    return Token(word, before.start, token.end, before.capital, whole, qualifier, True)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a plain text begin and end; a line is never one with the next."""
    start = 0
    for match in _STOP.finditer(text):
        if _goes_over(text, start, match.start()) if match[0] == "\n" else _is_short(text, match.start()):
            continue
        if text[start : match.end()].strip():
            yield start, match.end()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


_STOP: Final = re.compile(r"\n|[.!?\u2026]+[\"')]*(?=\s+[\"'(\u2013-]*\s*[A-ZА-ЯІЇЄҐ\d])")
_LAST_WORD: Final = re.compile(r"[^\W\d_]{1,6}\Z")


def _goes_over(text: str, start: int, end: int) -> bool:
    """True for a line that ends with a colon or a semicolon: the list below belongs to it."""
    return text[start:end].rstrip()[-1:] in (":", ";", ",")


def _is_short(text: str, dot: int) -> bool:
    """True for the dot of "обл.", "м. Суми" and of a first name's letter."""
    found = _LAST_WORD.search(text, max(0, dot - 6), dot)
    if found is None or text[dot] != ".":
        return False
    word = found[0]
    return (len(word) == 1 and word.isupper()) or known("short", word.lower())
