"""Reads the dates of feeds: ISO 8601, W3C-DTF, RFC 822 in its dialects, asctime, months in many languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from streams.sources import months

_ZONES: Final = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "ist": 330,
    "cet": 60, "met": 60, "mez": 60, "cest": 120, "mest": 120, "mesz": 120, "eet": 120, "eest": 180,
    "msk": 180, "msd": 240, "trt": 180, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "aest": 600, "aedt": 660,
    "nzst": 720, "nzdt": 780, "ast": -240, "adt": -180, "brt": -180, "art": -180,
    "est": -300, "edt": -240, "et": -300, "cst": -360, "cdt": -300, "ct": -360,
    "mst": -420, "mdt": -360, "mt": -420, "pst": -480, "pdt": -420, "pt": -480, "akst": -540, "hst": -600,
}  # fmt: skip
"""Minutes east of Greenwich; a name that several zones share has the meaning that feeds give it."""

_RFC822: Final = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? "
    r"(?:GMT|UTC|Z|[+-]0000|([+-])([01]\d)([0-5]\d))$"
)
_AT: Final = r"(?:[,،\s]+(?:[-\u2013@|·à]\s*|[^\W\d_]{1,4}\.?\s+)?(?P<clock>\d.*))?"
"""The time behind a day, if there is one, after a comma, a dash, or `at` in some language."""
_ISO: Final = re.compile(
    r"(?P<year>\d{4})[-/.]?(?P<month>\d\d?)?(?:[-/.]?(?P<day>\d\d?))?"
    r"(?:(?:T|\s+|,\s*)(?P<clock>\d\d?[:.]?\d\d.*))?$",
    re.IGNORECASE,
)
_ORDINAL: Final = re.compile(r"(?P<year>\d{4})-?(?P<ordinal>\d{3})(?:T(?P<clock>.*))?$", re.IGNORECASE)
_DAY_FIRST: Final = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s-]*(?:de\s+)?(?P<name>[^\W\d_]{3,12})\.?,?[\s-]*(?:de\s+)?(?P<year>\d{4}|\d\d)"
    rf"(?:\s*[гр]\.)?{_AT}\s*(?P<zone>[^\d]*)$"
)
_MONTH_FIRST: Final = re.compile(
    r"(?P<name>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?:(?P<early>\d\d?:\d\d(?::\d\d)?(?:\s*[ap]m)?)\s+"
    r"(?P<zone>[A-Za-z]{1,5}\s+|[+-]\d{4}\s+)?)?(?P<year>\d{4})"
    rf"{_AT}$",
    re.IGNORECASE,
)
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>\d{4})\.?\s+(?:m\.\s+)?(?P<name>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})\.?(?:\s*d\.)?"
    rf"{_AT}$"
)
_DOTTED: Final = re.compile(
    r"(?P<day>\d{1,2})(?P<between>[./-])(?P<month>\d{1,2})(?P=between)(?P<year>\d{4}|(?<!-)\d\d)"
    rf"{_AT}$"
)
_EAST: Final = re.compile(r"(\d{4})[年년]\s*(\d\d?)[月월]\s*(\d\d?)[日일](?:\s*\(?[^\W\d_]\)?(?=\s))?\s*(.*)$")
"""Year, month and day with their signs, as Chinese, Japanese and Korean write them."""
_EAST_HALF: Final = re.compile(r"^(?:(?P<early>上午|午前|오전)|下午|午後|오후)\s*(?P<clock>[\d:]+)")
_DAY_NAME: Final = re.compile(
    r"^[^\W\d_]+\.?\s*,?\s*(?=\d)|^[^\W\d_]+\.?\s*,\s*|^[^\W\d_]{2,9}\.?\s+(?=[^\W\d_]{3,}\.?\s+\d)"
)
_CLOCK: Final = re.compile(
    r"(?P<hour>\d\d?)(?:[:.h]?(?P<minute>\d\d?))?(?:[:.]?(?P<second>\d\d?))?(?:[.,]\d+)?\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>.*)$",
    re.IGNORECASE,
)
_OFFSET: Final = re.compile(
    r"(?:gmt|utc?)?\s*(?P<sign>[+\u2212-])\s*(?P<hours>\d\d?):?(?P<minutes>\d\d)?\b", re.IGNORECASE
)
_HALF: Final = re.compile(r"\d\s*[ap]\.?m", re.IGNORECASE)
"""A clock of twelve hours: with slashes, whoever counts so puts the month first."""
_EPOCH: Final = re.compile(r"(\d{9,10})(\d{3})?$")
_LONGEST: Final = 80
"""Characters of a date at the most: what is longer is text."""


def _usual(value: str) -> datetime | None:
    """RFC 822 as RSS prescribes it and nearly everybody writes it: a tenth of the work of the tolerant way."""
    match = _RFC822.match(value)
    if match is None:
        return None
    day, name, year, hour, minute, second, sign, hours, minutes = match.groups()
    month = months.number(name)
    if month is None:
        return None
    moment = datetime(int(year), month, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
    if sign is None:
        return moment
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return moment - offset if sign == "+" else moment + offset


def parse_date(text: str | None) -> datetime | None:
    """The instant that a feed's date means, in UTC; without a zone it is UTC; None for what is no date."""
    value = " ".join((text or "").split())
    if not value or len(value) > _LONGEST:
        return None
    try:
        return _quick(value) or _tolerant(value)
    except (ValueError, OverflowError):
        return None


def _quick(value: str) -> datetime | None:
    """Well-formed dates of the two common standards; the rest is left to the tolerant way."""
    try:
        if value[4:5] == value[7:8] == "-":
            return _utc(datetime.fromisoformat(value))
        return _usual(value)
    except ValueError:
        return None


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _tolerant(value: str) -> datetime | None:
    if match := _EPOCH.match(value):
        return datetime.fromtimestamp(int(match[1]), UTC)
    if match := _ORDINAL.match(value):
        start = datetime(int(match["year"]), 1, 1)  # noqa: DTZ001 - the zone is added with the clock
        return _at(start + timedelta(days=int(match["ordinal"]) - 1), match["clock"])
    if match := _ISO.match(value):
        return _at(_day(match["year"], match["month"] or 1, match["day"] or 1), match["clock"])
    if match := _DOTTED.match(value):
        return _dotted(match)
    if match := _EAST.match(value):
        clock = _EAST_HALF.sub(lambda half: f"{half['clock']} {'am' if half['early'] else 'pm'}", match[4])
        return _at(_day(match[1], match[2], match[3]), clock)
    return _worded(value) or _worded(_DAY_NAME.sub("", value, count=1))


def _dotted(match: re.Match[str]) -> datetime | None:
    first, second = int(match["day"]), int(match["month"])
    american = match["between"] == "/" and _HALF.search(match["clock"] or "")
    if (second > 12 or american) and first <= 12:
        first, second = second, first
    return _at(_day(match["year"], second, first), match["clock"])


def _worded(value: str) -> datetime | None:
    if match := _DAY_FIRST.match(value):
        zone = match["zone"]
        clock = f"{match['clock'] or '00:00'} {zone}" if zone else match["clock"]
    elif match := _MONTH_FIRST.match(value):
        clock = f"{match['early']} {match['zone'] or ''}" if match["early"] else match["clock"]
    elif match := _YEAR_FIRST.match(value):
        clock = match["clock"]
    else:
        return None
    month = months.number(match["name"])
    return _at(_day(match["year"], month, match["day"]), clock) if month else None


def _day(year: str, month: int | str, day: int | str) -> datetime:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 70 else 1900
    return datetime(number, int(month), int(day))  # noqa: DTZ001 - the zone is added with the clock


def _at(day: datetime, clock: str | None) -> datetime | None:
    """Add a time of day with its zone; 24:00 and the 60th second carry over."""
    if not clock:
        return day.replace(tzinfo=UTC)
    match = _CLOCK.match(clock)
    if not match:
        return None
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0)
    half = (match["half"] or "").lower()[:1]
    hour = hour % 12 + 12 * (half == "p") if half else hour
    if hour > 24 or minute > 59 or second > 61:
        return None
    moment = day + timedelta(hours=hour, minutes=minute, seconds=second)
    return moment.replace(tzinfo=timezone(timedelta(minutes=_zone(match["zone"])))).astimezone(UTC)


def _zone(text: str) -> int:
    if match := _OFFSET.search(text):
        minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
        return (minutes if match["sign"] == "+" else -minutes) if minutes < 1440 else 0
    word = re.match(r"[\s(]*([A-Za-z]+)", text)
    return _ZONES.get(word[1].lower(), 0) if word else 0
