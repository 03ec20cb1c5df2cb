"""How figures, nouns and severities are written for people, wherever they read them."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.alert import Severity
from schemas.event import Qualifier

QUALIFIERS: Final[dict[Qualifier, str]] = {
    "exact": "",
    "at_least": "at least ",
    "over": "over ",
    "about": "about ",
    "up_to": "up to ",
}
"""What stands before a figure."""

SHAPES: Final[dict[Severity, str]] = {"critical": "◆", "high": "▲", "warning": "●", "info": "○"}
"""Severity is a word, a shape and a colour, so that none of them is needed."""

_PLURALS: Final = {"aircraft": "aircraft", "person": "people"}


def number(value: float) -> str:
    """A number for people: thousands set apart, two decimals at the most and none that is empty."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")


def figure(value: float | None, qualifier: Qualifier = "exact") -> str:
    """A figure as it was stated: `at least 144`."""
    return f"{QUALIFIERS[qualifier]}{number(value)}" if value is not None else "no figure"


def plural(noun: str) -> str:
    """The plural of an object's class: `drones`, `aircraft`, `people`, `glide bombs`."""
    word = noun.replace("_", " ")
    return _PLURALS.get(word, word if word.endswith("s") else f"{word}s")


def zone(name: str) -> ZoneInfo:
    """The time zone of a name; UTC where there is none, since a notice is told all the same."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
