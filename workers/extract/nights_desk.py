"""Where and when an article was written, and the day of the calendar that a mention names for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from workers.extract.nights_model import PartialDate, TimeMention
from workers.extract.nights_zone import DAY, DUSK, clamp, local_time, zone_of

_AHEAD = timedelta(days=2)  # a date without a year may lie this far after publication: time zones, early editions


class Desk(NamedTuple):
    """Where and when the article was written: the day and hour by the clock of the country it is about."""

    zone: ZoneInfo
    now: datetime | None
    day: date | None
    hour: int | None


@lru_cache(maxsize=1024)
def desk_of(published: datetime | None, country: str | None, today: date | None = None) -> Desk:
    """The desk of an article; exactly midnight UTC is a date without an hour, since many feeds carry days only."""
    zone = zone_of(country)
    if published is None:
        return Desk(zone, None, clamp(today) if today else None, None)
    aware = published if published.tzinfo else published.replace(tzinfo=UTC)
    utc = local_time(aware, ZoneInfo("UTC"))
    if utc.time() == time(0):
        return Desk(zone, aware, clamp(today or utc.date()), None)
    local = local_time(aware, zone)
    return Desk(zone, aware, clamp(today or local.date()), local.hour)


def day_of_writing(mentions: Sequence[TimeMention], published: datetime | None, country: str | None) -> date | None:
    """The day on which the text was written, from words such as "said on Monday", where the feed gave no time.

    A weekday needs `published` and moves it by at most one day; a date with its year stands by itself. What the text
    tells of the day of publication itself keeps that day: a report of Thursday quotes what was said on Wednesday.
    """
    desk = desk_of(published, country)
    days = [(mention, named_day(mention, desk)) for mention in mentions if mention.reporting or _has_hour(mention)]
    if desk.day is not None and any(day == desk.day for _, day in days):
        return None
    for mention, day in days:
        if mention.reporting and day and (desk.day is None or abs(day - desk.day) <= DAY):
            return None if _in_the_evening(mention) else day
    return None


def _has_hour(mention: TimeMention) -> bool:
    """True for a named day with a part or an hour: it has been, while a bare day may be yet to come."""
    return bool(mention.dates or mention.weekdays) and bool(mention.parts or mention.clocks)


def _in_the_evening(mention: TimeMention) -> bool:
    """True for "announced at 23:52 on Wednesday", which a report of the next day quotes."""
    return any(hour >= DUSK.hour for hour, _ in mention.clocks)


def _full(part: PartialDate) -> date | None:
    return calendar_day(part.year, part.month, part.day) if part.year else None


def calendar_day(year: int, month: int, day: int) -> date | None:
    """A date, or None where the calendar has no such day."""
    try:
        return clamp(date(year, month, day))
    except ValueError:
        return None


def day_meant(part: PartialDate, desk: Desk) -> date | None:
    """The day that a date means; without a year the latest one that is not in the future."""
    if part.year:
        return _full(part)
    if desk.day is None:
        return None
    years = (desk.day.year + 1, *(desk.day.year - back for back in range(9)))
    days = (calendar_day(year, part.month, part.day) for year in years)
    return next((day for day in days if day and day <= desk.day + _AHEAD), None)


def last_weekday(number: int, desk: Desk) -> date | None:
    """The nearest past day of that name; the day of writing counts."""
    return desk.day and desk.day - timedelta(days=(desk.day.weekday() - number) % 7)


def named_day(mention: TimeMention, desk: Desk) -> date | None:
    """The last day that a mention names, or None where it names none; of a night the day on which it ends.

    "On the night of May 9 (from 19:00 on May 8)" tells its beginning behind its end.
    """
    if mention.kind == "night" and len(mention.dates) > 1:
        return max((day for day in (day_meant(part, desk) for part in mention.dates) if day), default=None)
    if mention.dates:
        return day_meant(mention.dates[-1], desk)
    if mention.weekdays:
        return last_weekday(mention.weekdays[-1], desk)
    if mention.shift is not None and desk.day:
        return desk.day + timedelta(days=mention.shift)
    return None
