"""Laws of nights: they tile without overlap, hold their own small hours, and every mention resolves."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from workers.extract.nights import PartialDate, TimeMention, find_times, resolve
from workers.extract.nights_zone import at, night, zone_of

COUNTRIES = st.sampled_from(["UA", "RU", "IL", "US", "GB", "IR", "IN", "AU", "NZ", "LB", "CL", "ZZ", None])
DAYS = st.dates(date(1975, 1, 2), date(2090, 12, 30))
KINDS = ["night", "day", "evening", "morning", "date", "24h", "multi_day", "cumulative", "past", "future", "clock"]
PARTS = ["night", "lastnight", "tonight", "previousnight", "early", "late", "evening", "morning"]
MENTIONS = st.builds(
    TimeMention,
    start=st.just(0),
    end=st.just(1),
    kind=st.sampled_from(KINDS),
    parts=st.lists(st.sampled_from(PARTS), max_size=2).map(tuple),
    dates=st.lists(
        st.builds(PartialDate, st.none() | st.integers(1, 9999), st.integers(1, 12), st.integers(0, 31)), max_size=2
    ).map(tuple),
    weekdays=st.lists(st.integers(0, 6), max_size=2).map(tuple),
    clocks=st.lists(st.tuples(st.integers(0, 23), st.integers(0, 59)), max_size=2).map(tuple),
    shift=st.none() | st.integers(-1, 1),
    days=st.none() | st.floats(0, 400_000),
    recalls=st.booleans(),
    unit=st.sampled_from(["", "month", "year", "day", "night"]),
    names_its_evening=st.booleans(),
)
PUBLISHED = st.none() | st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59), timezones=st.just(UTC))  # noqa: DTZ001
PIECES = st.sampled_from(
    [
        "overnight",
        "on",
        "Tuesday",
        "night",
        "into",
        "early",
        "May 3",
        "3-4",
        "2024",
        "since",
        "the",
        "last",
        "week",
        "8 p.m.",
        "and",
        "20:00",
        "so far",
        "this month",
        "a day",
        "earlier",
        ",",
        "late",
        "31 December",
        "in",
        "tonight",
    ]
)


@given(DAYS, COUNTRIES)
def test_a_night_begins_at_18_and_holds_its_two_in_the_morning(morning: date, country: str | None) -> None:
    zone = zone_of(country)
    start, end = night(morning, zone)
    assert start == at(morning - timedelta(days=1), time(18), zone)
    assert start <= at(morning, time(2), zone) < end
    assert timedelta(hours=13) <= end - start <= timedelta(hours=17)


@given(DAYS, COUNTRIES)
def test_nights_in_a_row_do_not_overlap(morning: date, country: str | None) -> None:
    zone = zone_of(country)
    assert night(morning, zone)[1] < night(morning + timedelta(days=1), zone)[0]


@settings(max_examples=400)
@given(MENTIONS, PUBLISHED, COUNTRIES)
def test_resolve_is_total(mention: TimeMention, published: datetime | None, country: str | None) -> None:
    span = resolve(mention, published, country)
    for instant in (span.start, span.end):
        assert instant is None or instant.utcoffset() == timedelta(0)
    if span.start and span.end and mention.kind != "cumulative":
        assert span.start <= span.end


@given(PUBLISHED, COUNTRIES)
def test_resolve_without_a_mention_is_total(published: datetime | None, country: str | None) -> None:
    assert resolve(None, published, country).period == "unknown"


@given(st.lists(PIECES, max_size=14), PUBLISHED)
def test_whatever_is_found_lies_in_the_text_in_order_and_resolves(
    pieces: list[str], published: datetime | None
) -> None:
    text = " ".join(pieces)
    last = 0
    for mention in find_times(text):
        assert last <= mention.start < mention.end <= len(text)
        last = mention.end
        resolve(mention, published, "UA")


@given(st.text())
def test_no_text_raises(text: str) -> None:
    find_times(text)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)), COUNTRIES)  # noqa: DTZ001
def test_overnight_is_the_night_that_ended_on_the_day_of_the_report(published: datetime, country: str | None) -> None:
    (mention,) = find_times("overnight")
    span = resolve(mention, published, country)
    local = published if published.time() == time(0) else published.astimezone(zone_of(country))
    assert span.night_of == local.date()
