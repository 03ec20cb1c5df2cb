"""Nights and days of a country as instants: a night runs from 18:00 to 09:00 local time, named by its morning."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from workers.extract.places_data import capitals

DUSK = time(18)
MORNING = time(9)
DAY = timedelta(days=1)
_FIRST, _LAST = date(2, 1, 1), date(9998, 12, 31)  # room for a zone's offset and a day's arithmetic

_TARGETS = {"RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York"}
"""Zones of countries with several, where the news counts by one of them."""


@cache
def zone_of(country: str | None) -> ZoneInfo:
    """The time zone by which a country's nights are counted: its capital's; UTC where the country is unknown."""
    capital = capitals().get(country or "")
    return ZoneInfo(_TARGETS.get(country or "") or (capital.zone if capital else "UTC"))


def clamp(day: date) -> date:
    """A date that leaves room for a day's arithmetic on both sides."""
    return min(max(day, _FIRST), _LAST)


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant of a local clock time, in UTC, so that subtraction counts real hours across a change of clocks."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=1024)
def night(morning: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open night [18:00 of the day before, 09:00) that ends on a morning, as UTC instants."""
    morning = clamp(morning)
    return at(morning - DAY, DUSK, zone), at(morning, MORNING, zone)


def daytime(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open day [09:00, 18:00) between two nights, as UTC instants."""
    day = clamp(day)
    return at(day, MORNING, zone), at(day, DUSK, zone)


def local_time(instant: datetime, zone: ZoneInfo) -> datetime:
    """An instant by a zone's clock; instants at the ends of the calendar stay inside it."""
    try:
        return instant.astimezone(zone)
    except OverflowError:
        return datetime.combine(clamp(instant.date()), instant.time(), tzinfo=zone)
