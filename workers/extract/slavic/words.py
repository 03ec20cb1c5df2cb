"""The words of the Slavic pack, and the tokens of a sentence with what the table knows of each."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

_TABLE: Final = Path(__file__).parent / "words.toml"
_TOKEN: Final = re.compile(
    r"\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,:]\d+)?(?:-[а-яіїє]{1,2}\b)?|[^\W\d_]+(?:['-][^\W\d_]+)*|\S"
)
_DIGITS: Final = re.compile(r"(\d{1,3}(?: \d{3})+|\d{1,6})(?:-(?:ма|ми|ти|х|й|ю|мя|го|му|та|ть|и))?")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


class Token(NamedTuple):
    """A word, a number or a sign at `[start, end)` of its field; `value` where it is a number that can count."""

    word: str
    start: int
    end: int
    value: int | None


@cache
def _sections() -> dict[str, dict[str, re.Pattern[str]]]:
    data = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    words = {
        name: {key: _stems(stems) for key, stems in table.items()} for name, table in data.items() if name != "times"
    }
    return words | {"times": {key: re.compile("|".join(rows)) for key, rows in data["times"].items()}}


def _stems(stems: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"{s[:-1]}\Z" if s.endswith("=") else s for s in stems))


@lru_cache(maxsize=65536)
def kind_of(section: str, word: str) -> str | None:
    """The key of a section whose words include this one; None for none."""
    return next((key for key, stems in _sections()[section].items() if stems.match(word)), None)


def times() -> dict[str, re.Pattern[str]]:
    """The expressions of time by period, the stronger first."""
    return _sections()["times"]


def months() -> dict[str, re.Pattern[str]]:
    """The months by number."""
    return _sections()["months"]


@cache
def _numbers() -> dict[str, int]:
    data = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["numbers"]
    return {word: int(value) for value, words in data.items() for word in words}


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of a stretch; "двадцять два" is one number."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text, start, end):
        word = match[0].lower()
        token = Token(word, match.start(), match.end(), _value(word))
        if found and token.value and word in _numbers() and _adds(found[-1], token.value):
            last = found.pop()
            token = Token(f"{last.word} {word}", last.start, token.end, (last.value or 0) + token.value)
        found.append(token)
    return found


def _adds(before: Token, value: int) -> bool:
    tens = before.value or 0
    return before.word in _numbers() and tens >= 20 and value < 10 and tens % 10 == 0


def _value(word: str) -> int | None:
    if word in _numbers():
        return _numbers()[word]
    found = _DIGITS.fullmatch(word)
    if found is None or _YEAR.fullmatch(word):
        return None
    return int(found[1].replace(" ", ""))
