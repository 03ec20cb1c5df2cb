"""The time that a mention means for an article written at a known hour, by the rules of a night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schemas.event import Period
from workers.extract.nights_desk import Desk, calendar_day, day_meant, desk_of, last_weekday, named_day
from workers.extract.nights_model import Basis, Kind, TimeMention, Timespan
from workers.extract.nights_zone import DAY, DUSK, at, clamp, daytime, local_time, night

_OLD = timedelta(days=2)  # a dated night this far back is told as background
_DAYS = timedelta(days=62)  # a stretch above two months is counted up
_DAWN = 5  # a single clock time from this hour on is day
_AFTERNOON = 15  # from this hour on "today" is the day, before it the night may be meant
_DARK = frozenset({"evening", "late"})
_LATE = 21  # from this hour on "Tuesday night" on a Tuesday is the night that has just begun


def resolve(
    mention: TimeMention | None, published: datetime | None, country: str | None, today: date | None = None
) -> Timespan:
    """The time of a claim; total: whatever cannot be known is None.

    `country` is the one whose nights are counted, `today` the local day of writing where the text tells it.
    Without a mention it is the night or day before publication, with the period unknown.
    """
    desk = desk_of(published, country, today)
    if mention is None:
        return _span(desk, "unknown", desk.day, "publication")
    return _RESOLVERS[mention.kind](mention, desk)


def _basis(mention: TimeMention) -> Basis:
    return "stated" if mention.dates or mention.weekdays else "relative"


def _span(desk: Desk, period: Period, morning: date | None, basis: Basis, recap: bool = False) -> Timespan:
    """A night by its morning."""
    if morning is None:
        return Timespan(period, None, None, None, basis, recap)
    start, end = night(morning, desk.zone)
    return Timespan(period, start, end, clamp(morning), basis, recap)


def _is_old(day: date | None, desk: Desk) -> bool:
    return day is not None and desk.day is not None and desk.day - day >= _OLD


def _night(mention: TimeMention, desk: Desk) -> Timespan:
    if mention.unit:  # "in one night last October": some night of a time that is over
        return Timespan("night", None, None, None, "relative", True)
    day = named_day(mention, desk)
    if day is None and not (mention.dates or mention.weekdays):
        morning = _relative_morning(mention, desk)
    else:
        morning = _morning_of(mention, day, desk)
    recap = _is_old(morning, desk) or mention.recalls
    return _span(desk, "night", morning, _basis(mention), recap)


def _relative_morning(mention: TimeMention, desk: Desk) -> date | None:
    if desk.day is None or "tonight" not in mention.parts:
        return desk.day
    return desk.day if desk.hour is not None and desk.hour < 9 else desk.day + DAY


def _morning_of(mention: TimeMention, day: date | None, desk: Desk) -> date | None:
    """The morning of "Tuesday night", which begins on Tuesday, and of "overnight on Tuesday", which ends on it."""
    if day and mention.since and _begins_at_dusk(mention):
        return day + DAY
    if day is None or not mention.names_its_evening:
        return day
    if mention.shift == -1 or desk.day is None:
        return day + DAY
    begun = day < desk.day or (desk.hour is not None and desk.hour >= _LATE)
    return day + DAY if begun else day


def _begins_at_dusk(mention: TimeMention) -> bool:
    """True for "since 9 p.m. on Thursday" and "since late Thursday evening"."""
    if mention.clocks:
        return mention.clocks[0][0] >= DUSK.hour
    return bool(mention.parts) and _DARK.issuperset(mention.parts)


def _evening(mention: TimeMention, desk: Desk) -> Timespan:
    day = named_day(mention, desk)
    if day is None and not (mention.dates or mention.weekdays) and desk.day:
        day = desk.day if desk.hour is not None and desk.hour >= 18 else desk.day - DAY
        day = desk.day if mention.shift == 0 else day
    if day is None:
        return Timespan("night", None, None, None, _basis(mention))
    start, end = at(day, time(18), desk.zone), at(day + DAY, time(0), desk.zone)
    if _over_by_midnight(mention, day, desk):
        return Timespan("day", start, end, None, _basis(mention))
    return Timespan("night", start, end, clamp(day + DAY), _basis(mention), _is_old(day, desk))


def _over_by_midnight(mention: TimeMention, day: date, desk: Desk) -> bool:
    """True for an evening told by a report of that very date without an hour: written before its night began to count.

    With an hour, or on a later date, the evening belongs to the next morning.
    """
    named = bool(mention.dates or mention.weekdays or mention.shift == 0)
    return named and desk.now is not None and desk.hour is None and day == desk.day


def _morning(mention: TimeMention, desk: Desk) -> Timespan:
    day = _day_or_desk(mention, desk)
    if day is None:
        return Timespan("day", None, None, None, _basis(mention))
    start, end = at(day, time(5), desk.zone), at(day, time(12), desk.zone)
    return Timespan("day", start, end, day, _basis(mention), _is_old(day, desk))


def _day_or_desk(mention: TimeMention, desk: Desk) -> date | None:
    day = named_day(mention, desk)
    return desk.day if day is None and not (mention.dates or mention.weekdays) else day


def _day(mention: TimeMention, desk: Desk) -> Timespan:
    day = _day_or_desk(mention, desk)
    if day is None:
        return Timespan("day", None, None, None, _basis(mention))
    start, end = daytime(day, desk.zone)
    return Timespan("day", start, end, None, _basis(mention), _is_old(day, desk))


def _date(mention: TimeMention, desk: Desk) -> Timespan:
    """A calendar day without a part of the day.

    The day of writing leaves open whether its night is meant, and so does a day told as background, where only the
    date matters; any other day is daytime too.
    """
    if len(mention.dates) > 1 or len(set(mention.weekdays)) > 1:
        return _range(mention, desk)
    day = named_day(mention, desk)
    if day is None or desk.day is None:
        period: Period = "day" if mention.weekdays or mention.shift is not None else "unknown"
        return _open_day(period, day, desk, mention)
    if mention.recalls or _is_old(day, desk):
        return _open_day("unknown", day, desk, mention, recap=True)
    late = mention.shift == 0 and desk.hour is not None and desk.hour >= _AFTERNOON
    return _open_day("day" if late or day < desk.day else "unknown", day, desk, mention)


def _open_day(period: Period, day: date | None, desk: Desk, mention: TimeMention, recap: bool = False) -> Timespan:
    """A day from the evening before it, since a night is named by its morning; only an open one names its night."""
    if day is None:
        return Timespan(period, None, None, None, _basis(mention), recap)
    start, end = night(day, desk.zone)[0], daytime(day, desk.zone)[1]
    return Timespan(period, start, end, None if period == "day" else day, _basis(mention), recap)


def _range(mention: TimeMention, desk: Desk) -> Timespan:
    """Several days, from the first to the last."""
    first = day_meant(mention.dates[0], desk) if mention.dates else last_weekday(mention.weekdays[0], desk)
    last = named_day(mention, desk)
    if first is None or last is None:
        return Timespan("multi_day", None, None, None, "stated")
    first = first if first <= last else _before(first, last, mention)
    return Timespan(
        "cumulative" if last - first > _DAYS else "multi_day",
        at(first, time(0), desk.zone),
        at(last + DAY, time(0), desk.zone),
        None,
        "stated",
        _is_old(last, desk),
    )


def _before(first: date, last: date, mention: TimeMention) -> date:
    """The start of a range moved back by a week or a year, so that it lies before its end."""
    if not mention.dates:
        return first - timedelta(days=7)
    return calendar_day(last.year - 1, first.month, first.day) or last


def _hours24(mention: TimeMention, desk: Desk) -> Timespan:
    return _back(mention, desk, "24h", 1.0)


_RATE_PERIODS: dict[str, Period] = {
    "night": "night",
    "day": "24h",
    "week": "multi_day",
    "month": "cumulative",
    "year": "cumulative",
}


def _multi(mention: TimeMention, desk: Desk) -> Timespan:
    if mention.unit:
        return Timespan(_RATE_PERIODS[mention.unit], None, None, None, "relative")
    return _back(mention, desk, "multi_day", 7.0)


def _back(mention: TimeMention, desk: Desk, period: Period, default: float) -> Timespan:
    """A span that ends when the article was written."""
    end = _end_of_writing(desk)
    if end is None:
        return Timespan(period, None, None, None, "relative")
    return Timespan(period, _minus(end, mention.days or default), end, None, "relative")


def _end_of_writing(desk: Desk) -> datetime | None:
    """The hour of writing; 09:00 where only the day is known."""
    if desk.now is not None and desk.hour is not None:
        return local_time(desk.now, ZoneInfo("UTC"))
    return at(desk.day, time(9), desk.zone) if desk.day else None


def _minus(end: datetime, days: float) -> datetime:
    try:
        return end - timedelta(days=days)
    except OverflowError:
        return min(end, datetime(2, 1, 1, tzinfo=UTC))


def _cumulative(mention: TimeMention, desk: Desk) -> Timespan:
    day = day_meant(mention.dates[0], desk) if mention.dates else None
    start = at(day, time(0), desk.zone) if day else None
    return Timespan("cumulative", start, _end_of_writing(desk), None, _basis(mention))


def _past(mention: TimeMention, desk: Desk) -> Timespan:
    """Some time ago: a day where "two days ago" is exact, else only that it is background."""
    if mention.unit == "year":
        return Timespan("cumulative", None, None, None, "relative")
    if mention.days is None or mention.days < 1 or mention.days > 6 or desk.day is None:
        return Timespan("unknown", None, None, None, "relative", True)
    day = clamp(desk.day - timedelta(days=int(mention.days)))
    return Timespan("unknown", night(day, desk.zone)[0], daytime(day, desk.zone)[1], day, "relative", True)


def _future(mention: TimeMention, desk: Desk) -> Timespan:
    return Timespan("unknown", _end_of_writing(desk), None, None, "relative")


def _clock(mention: TimeMention, desk: Desk) -> Timespan:
    """Clock times: a window or a moment, by night if it begins after 18:00 or ends in the small hours."""
    if not mention.clocks:
        return _past_hours(mention, desk)
    day = _day_or_desk(mention, desk)
    first, last = mention.clocks[0][0], mention.clocks[-1][0]
    if day is None or _DAWN <= first < DUSK.hour:
        return _day(mention, desk) if day else Timespan("unknown", None, None, None, "relative")
    if first < DUSK.hour or last < first:
        morning = day + DAY if mention.names_its_evening and first >= DUSK.hour else day
        return _span(desk, "night", morning, _basis(mention), _is_old(morning, desk))
    if last > first and _over_by_midnight(mention, day, desk):
        return _day(mention, desk)
    begun = bool(mention.dates or mention.weekdays) or (desk.hour is not None and desk.hour >= first)
    return _span(desk, "night", day + DAY if begun else day, _basis(mention), _is_old(day, desk))


def _past_hours(mention: TimeMention, desk: Desk) -> Timespan:
    """The past few hours, which in a report of the morning are those of the night."""
    span = _back(mention, desk, "unknown", 0.25)
    if desk.hour is None or desk.hour < _AFTERNOON:
        return span._replace(night_of=desk.day)
    return span


_RESOLVERS: dict[Kind, Callable[[TimeMention, Desk], Timespan]] = {
    "night": _night,
    "day": _day,
    "evening": _evening,
    "morning": _morning,
    "date": _date,
    "24h": _hours24,
    "multi_day": _multi,
    "cumulative": _cumulative,
    "past": _past,
    "future": _future,
    "clock": _clock,
}
