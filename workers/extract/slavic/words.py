"""The tables of the Slavic pack, and what they know of a word."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).parent
_REMEMBERED: Final = 65_536
"""Words that are remembered with what a table says of them."""


@cache
def table(name: str) -> dict[str, Any]:
    """One of the pack's own data files."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))


def stems(words: list[str]) -> re.Pattern[str]:
    """A pattern for words that begin with one of these; a final "=" asks for the whole word."""
    return re.compile("|".join(rf"(?:{s[:-1]})\Z" if s.endswith("=") else s for s in words))


@cache
def _section(name: str) -> dict[str, re.Pattern[str]]:
    return {key: stems(words) for key, words in table("words")[name].items()}


@lru_cache(maxsize=_REMEMBERED)
def kind_of(section: str, word: str) -> str | None:
    """The key of a section whose words include this one; None for none."""
    return next((key for key, pattern in _section(section).items() if pattern.match(word)), None)


def known(section: str, word: str) -> bool:
    """Whether a section has this word at all."""
    return kind_of(section, word) is not None
