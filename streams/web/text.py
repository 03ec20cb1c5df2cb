"""Words of the page: feed text made harmless and short, numbers as people write them, times local and in UTC."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from schemas.alert import Window
from workers import wording

QUOTE_LENGTH: Final = 300
"""Characters of a quote on the page: short quotes only, out of respect for the publisher."""

NUMBER_WORDS: Final = {
    1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten",
    11: "eleven", 12: "twelve|a dozen", 20: "twenty|a score", 24: "dozens", 30: "thirty", 40: "forty|scores",
    50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety", 200: "hundreds", 2000: "thousands",
}  # fmt: skip
"""How a text may spell a figure; used for nothing but marking it in its sentence."""


class Quote(NamedTuple):
    """A sentence in three parts, the number in the middle; `number` is empty where it was not found."""

    before: str
    number: str
    after: str


def visible(value: object) -> object:
    """Text without control and direction characters; anything else, finished markup too, as it is."""
    if not isinstance(value, str) or hasattr(value, "__html__") or (value.isascii() and value.isprintable()):
        return value
    return "".join(" " if c.isspace() else c for c in value if c.isspace() or unicodedata.category(c) not in _HIDDEN)


def harmless(text: str | None, limit: int = 1000) -> str:
    """Text of a stranger on one line: without control and direction characters, cut at `limit` characters."""
    return shorten(" ".join(str(visible(text or "")).split()), limit)


_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def shorten(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def marked(quote: str, value: float | int | None) -> Quote:
    """The quote cut to a readable length around the number, which is marked where it can be found."""
    text = harmless(quote, limit=100_000)
    found = _find(text, value)
    if found is None:
        return Quote(shorten(text, QUOTE_LENGTH), "", "")
    start, end = found.span()
    before, after = text[:start], text[end:]
    room = max(QUOTE_LENGTH - (end - start), 20)
    tail = shorten(after, max(room // 2, room - len(before)))
    head = before if len(before) <= room - len(tail) else "…" + before[len(before) - room + len(tail) + 1 :]
    return Quote(head, found[0], tail)


def _find(text: str, value: float | int | None) -> re.Match[str] | None:
    if value is None:
        return None
    digits = f"{value:,.0f}" if value == int(value) else f"{value:g}"
    spelled = re.escape(digits).replace(",", r"[,.\s]?")
    words = NUMBER_WORDS.get(int(value))
    pattern = rf"(?<![\d.,]){spelled}(?![\d]|[.,]\d)" + (rf"|\b(?:{words})\b" if words else "")
    return re.search(pattern, text, re.IGNORECASE)


def safe_link(url: str | None) -> str | None:
    """The URL if it leads to a web page by http or https, else None: other schemes may run a program."""
    if not url or len(url) > 2000 or any(ord(c) <= 32 for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def host(url: str | None) -> str:
    """The host of a link, so that the reader sees where it leads."""
    return harmless(urlsplit(url).hostname, 100) if safe_link(url) and url else ""


def utc(moment: datetime | None) -> str:
    """A time in UTC to the minute: `2024-09-10 15:00 UTC`."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else "unknown"


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago in one unit: `12 min ago`; `just now` below a minute, `in 5 min` for the future."""
    if moment is None:
        return "never"
    seconds = (now - moment).total_seconds()
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if abs(seconds) >= length * (2 if unit == "d" else 1):
            words = f"{abs(seconds) / length:.0f} {unit}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "just now"


def when(window: Window) -> str:
    """The window in words: the night by its two dates and hours, where it happened and in UTC."""
    if window.start is None or window.end is None:
        return harmless(window.key, 100)
    zone = wording.zone(window.tz)
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    first, last = window.start.astimezone(UTC), window.end.astimezone(UTC)
    same_dates = (start.date(), end.date()) == (first.date(), last.date())
    in_utc = f"{first:%H:%M}–{last:%H:%M}" if same_dates else _stretch(first, last)
    kind = harmless(window.key.partition("/")[0], 20)
    return f"{kind} {_stretch(start, end)} {zone.key} ({in_utc} UTC)"


def _stretch(start: datetime, end: datetime) -> str:
    if start.date() == end.date():
        return f"{start.day} {start:%b %Y, %H:%M}–{end:%H:%M}"
    if end.date() - start.date() == timedelta(days=1) and start.month == end.month:
        return f"{start.day}→{end.day} {end:%b %Y}, {start:%H:%M}–{end:%H:%M}"
    return f"{start.day} {start:%b} → {end.day} {end:%b %Y}, {start:%H:%M}–{end:%H:%M}"
