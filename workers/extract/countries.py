"""The English name of a country by its ISO 3166 alpha-2 code, from the gazetteer's table."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).parent / "gazetteer" / "countries.txt"


@cache
def _names() -> dict[str, str]:
    rows = (line.split("|", 2) for line in _TABLE.read_text(encoding="utf-8").splitlines() if line[:1] not in "#")
    return {row[0]: row[1] for row in rows if len(row) > 1}


def country_name(code: str) -> str:
    """The name, or the code itself where the table has none."""
    return _names().get(code, code)


@cache
def country_codes() -> dict[str, str]:
    """The code of every country in the table by its English name."""
    return {name: code for code, name in _names().items()}
