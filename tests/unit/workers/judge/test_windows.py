"""Windows: bounds across clock changes, the overlap rule, and the neighbours that baselines look at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rule import WindowSpec
from workers.judge.items import Item
from workers.judge.windows import Bounds, Grid, grid_of, moments, place_in

INGESTED = datetime(2026, 9, 4, 5, tzinfo=UTC)


def spec(**given: Any) -> WindowSpec:
    return WindowSpec.model_validate(given)


def grid(**given: Any) -> Grid:
    made = grid_of(spec(**given))
    assert made is not None
    return made


NIGHT = {"night": "18:00-09:00", "tz": "Europe/Kyiv"}


@pytest.mark.parametrize(
    ("key", "hours"),
    [("night/2026-03-29", 14), ("night/2026-10-25", 16), ("night/2026-09-04", 15), ("night/2026-01-01", 15)],
)
def test_nights_last_what_the_clock_change_makes_of_them(key: str, hours: int) -> None:
    bounds = grid(**NIGHT).parse(key)
    assert bounds.end - bounds.start == timedelta(hours=hours)
    assert bounds.key == key


@pytest.mark.parametrize(
    ("given", "key", "hours"),
    [
        ({"calendar": "day", "tz": "Europe/Kyiv"}, "day/2026-03-29", 23),
        ({"calendar": "day", "tz": "Europe/Kyiv"}, "day/2026-10-25", 25),
        ({"calendar": "week", "tz": "UTC"}, "week/2026-08-31", 168),
        ({"calendar": "month", "tz": "UTC"}, "month/2026-02", 28 * 24),
        ({"calendar": "month", "tz": "UTC"}, "month/2026-12", 31 * 24),
        ({"tumbling": "6h"}, "tumbling/2026-09-04T06:00:00Z", 6),
    ],
)
def test_lengths_of_other_windows(given: dict[str, Any], key: str, hours: int) -> None:
    bounds = grid(**given).parse(key)
    assert (bounds.end - bounds.start, bounds.key) == (timedelta(hours=hours), key)


@pytest.mark.parametrize(
    ("given", "key", "steps", "other"),
    [
        (NIGHT, "night/2026-09-01", -1, "night/2026-08-31"),
        ({"calendar": "day", "tz": "UTC"}, "day/2026-03-01", -1, "day/2026-02-28"),
        ({"calendar": "week", "tz": "UTC"}, "week/2026-08-31", 2, "week/2026-09-14"),
        ({"calendar": "month", "tz": "UTC"}, "month/2026-01", -1, "month/2025-12"),
        ({"calendar": "month", "tz": "UTC"}, "month/2025-12", 2, "month/2026-02"),
        ({"tumbling": "6h"}, "tumbling/2026-09-04T00:00:00Z", -1, "tumbling/2026-09-03T18:00:00Z"),
    ],
)
def test_neighbours(given: dict[str, Any], key: str, steps: int, other: str) -> None:
    assert grid(**given).neighbour(key, steps).key == other


GRIDS = st.sampled_from(
    [NIGHT, {"calendar": "day", "tz": "America/New_York"}, {"calendar": "week", "tz": "Europe/Kyiv"},
     {"calendar": "month", "tz": "Asia/Kolkata"}, {"tumbling": "7h"}]
)  # fmt: skip
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis


@given(GRIDS, MOMENTS)
def test_a_moment_lies_in_the_window_that_is_found_for_it(given: dict[str, Any], moment: datetime) -> None:
    found = grid(**given).of(moment, moment)
    if "night" in given and found is None:
        return
    assert found is not None
    assert found.start <= moment < found.end
    assert grid(**given).parse(found.key) == found


@given(GRIDS, MOMENTS)
def test_windows_follow_one_another_without_overlap(given: dict[str, Any], moment: datetime) -> None:
    before, here, after = grid(**given).around(moment)
    assert before.end <= here.start
    assert here.end <= after.start
    assert "night" in given or (before.end == here.start and here.end == after.start)


@given(MOMENTS, st.integers(0, 15 * 60))
def test_an_interval_goes_where_most_of_it_lies(start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    nights = grid(**NIGHT)
    found = nights.of(start, end)
    near: list[Bounds] = [*nights.around(start), *nights.around(end)]
    most = max(bounds.overlap(start, end) for bounds in near)
    assert (found.overlap(start, end) if found else timedelta()) == most


def item(**given: Any) -> Item:
    return Item(id="i", fields={}, ingested=INGESTED, **given)


def test_which_clock_places_an_item() -> None:
    given = item(time=INGESTED - timedelta(hours=9), time_end=INGESTED - timedelta(hours=2), published=INGESTED)
    assert moments(given, spec(sliding="1h")) == (given.time, given.time_end)
    assert moments(given, spec(sliding="1h", time="published")) == (INGESTED, INGESTED)
    earlier = item(published=INGESTED - timedelta(hours=1))
    assert moments(earlier, spec(sliding="1h", time="ingested")) == (INGESTED, INGESTED)


def test_without_any_time_the_publication_counts() -> None:
    published = INGESTED - timedelta(hours=1)
    assert moments(item(published=published), spec(sliding="1h")) == (published, published)
    assert moments(item(), spec(sliding="1h")) == (INGESTED, INGESTED)


@pytest.mark.parametrize("period", ["day", "24h", "multi_day"])
def test_periods_that_a_night_refuses(period: str) -> None:
    given = item(period=period, night_of="2026-09-04")
    nightly = spec(**NIGHT)
    assert place_in(given, nightly, grid(**NIGHT), False) == (
        f"a figure for a period of {period} does not count in a night"
    )
    assert isinstance(place_in(given, nightly, grid(**NIGHT), True), Bounds)


def test_an_item_much_longer_than_the_window_is_refused() -> None:
    long = item(time=INGESTED - timedelta(hours=20), time_end=INGESTED)
    assert place_in(long, spec(**NIGHT), grid(**NIGHT), False) == "it lasts longer than the window"


def test_an_item_of_noon_is_in_no_night() -> None:
    noon = item(time=datetime(2026, 9, 4, 9, tzinfo=UTC))
    assert place_in(noon, spec(**NIGHT), grid(**NIGHT), False) == "its time lies in no such window"


def test_of_two_windows_that_hold_as_much_the_earlier_counts() -> None:
    found = grid(tumbling="6h").of(datetime(2026, 9, 4, 3, tzinfo=UTC), datetime(2026, 9, 4, 9, tzinfo=UTC))
    assert found is not None
    assert found.key == "tumbling/2026-09-04T00:00:00Z"


def test_a_night_that_ends_in_the_hour_that_comes_twice_ends_with_the_first() -> None:
    night = grid(night="18:00-03:30", tz="Europe/Kyiv").parse("night/2026-10-25")
    assert night.end == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
