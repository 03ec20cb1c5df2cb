"""Times and speeds as a person types them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import typer


def moment(text: str | None) -> datetime | None:
    """An ISO 8601 time; a date alone is its midnight, and a time without an offset is UTC."""
    if text is None:
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no time; write for example 2026-09-01 or 2026-09-01T18:00+03:00"
        ) from None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def speed_factor(text: str) -> float | None:
    """How many times as fast as the wall clock; None for `max`."""
    if text == "max":
        return None
    match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,3})?)x?", text)
    if not match or float(match[1]) <= 0:
        raise typer.BadParameter(f"{text!r} is no speed; write for example 60x, 3600x or max")
    return float(match[1])


_UNITS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))


def age(when: datetime | None, now: datetime) -> str:
    """How long ago a time was, or how far ahead it is, in its largest unit; `-` for none."""
    if when is None:
        return "-"
    seconds = (now - when).total_seconds()
    size, unit = next((pair for pair in _UNITS if abs(seconds) >= pair[0]), _UNITS[-1])
    number = round(abs(seconds) / size)
    return f"{number} {unit} ago" if seconds >= 0 else f"in {number} {unit}"
