"""Nights: mentions, cues around them, zones, changes of clocks, and the choice between mentions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from workers.extract.nights import day_of_writing, find_times, resolve
from workers.extract.nights_zone import night, zone_of

WEDNESDAY = datetime(2025, 9, 10, 8, tzinfo=UTC)


def surfaces(text: str) -> list[str]:
    return [text[m.start : m.end] for m in find_times(text)]


def test_neighbours_make_one_mention() -> None:
    assert surfaces("It began late on Sunday into early Monday, the mayor said.") == [
        "late on Sunday into early Monday"
    ]
    assert surfaces("on Thursday, January 26, 2023") == ["Thursday, January 26, 2023"]
    assert surfaces("between 8 p.m. on March 3 and 7 a.m. on March 4") == ["8 p.m. on March 3 and 7 a.m. on March 4"]


def test_other_words_part_two_mentions() -> None:
    assert surfaces("overnight, the ministry said on Monday") == ["overnight", "Monday"]


@pytest.mark.parametrize(
    "text",
    [
        "it may go",
        "the march went on",
        "12 drones",
        "Su-34",
        "2,000 of them",
        "a knight",
        "Fridays child",
        "the Sun",
        "",
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert find_times(text) == []


def test_a_count_after_a_date_is_no_range() -> None:
    (mention,) = find_times("on May 11 and 12 drones fell")
    assert len(mention.dates) == 1


def test_capitals_and_odd_letters_keep_the_spans() -> None:
    text = "İİİ OVERNIGHT ON MONDAY"
    assert surfaces(text) == ["OVERNIGHT ON MONDAY"]


@pytest.mark.parametrize(
    ("text", "reporting"),
    [
        ("the ministry said on Monday", True),
        ("the ministry said in a statement on Monday", True),
        ("the ministry on Monday said", True),
        ("in a Monday statement", True),
        ("twelve were shot down on Monday", False),
        ("said twelve were shot down on Monday", False),
    ],
)
def test_the_day_of_speaking_is_told_from_the_day_of_the_event(text: str, reporting: bool) -> None:
    assert [m.reporting for m in find_times(text)] == [reporting]


@pytest.mark.parametrize(
    ("text", "background"),
    [
        ("the largest raid since the start of the war", True),
        ("the peninsula, occupied since 2014", True),
        ("the nineteenth, or 19th, raid since October", True),
        ("the first time in 48 days", True),
        ("as of 9 pm", True),
        ("they have lost 400 aircraft since the start of the war", False),
        ("at 9 pm", False),
    ],
)
def test_measures_of_superlatives_date_nothing(text: str, background: bool) -> None:
    assert find_times(text)[-1].background is background


def test_the_day_of_writing_is_told_by_the_text() -> None:
    assert day_of_writing(find_times("the ministry said on Tuesday"), WEDNESDAY, "UA") == date(2025, 9, 9)
    assert day_of_writing(find_times("the ministry said on Sunday"), WEDNESDAY, "UA") is None
    assert day_of_writing(find_times("he said on May 25, 2023"), None, "UA") == date(2023, 5, 25)
    assert day_of_writing(find_times("it fell on May 25, 2023"), None, "UA") is None


def test_the_day_of_writing_moves_the_night() -> None:
    (mention,) = find_times("overnight")
    assert resolve(mention, None, "UA", today=date(2024, 5, 17)).night_of == date(2024, 5, 17)
    assert resolve(mention, WEDNESDAY, "UA", today=date(2025, 9, 9)).night_of == date(2025, 9, 9)


def test_no_words_of_time_mean_the_night_or_day_before_publication() -> None:
    span = resolve(None, WEDNESDAY, "RU")
    assert (span.period, span.night_of, span.basis) == ("unknown", date(2025, 9, 10), "publication")
    assert resolve(None, None, "RU").night_of is None


def test_the_country_decides_the_zone() -> None:
    late = datetime(2025, 9, 10, 22, 30, tzinfo=UTC)
    (mention,) = find_times("overnight")
    assert resolve(mention, late, "RU").night_of == date(2025, 9, 11)
    assert resolve(mention, late, "US").night_of == date(2025, 9, 10)
    assert resolve(mention, late, "ZZ").night_of == date(2025, 9, 10)
    start, _ = night(date(2025, 9, 10), zone_of("RU"))
    assert start == datetime(2025, 9, 9, 15, tzinfo=UTC)


def test_a_naive_time_is_taken_as_utc() -> None:
    (mention,) = find_times("overnight")
    assert resolve(mention, datetime(2025, 9, 10, 8), "UA") == resolve(mention, WEDNESDAY, "UA")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("morning", "hours"),
    [(date(2026, 3, 29), 14), (date(2026, 10, 25), 16), (date(2026, 7, 1), 15)],
)
def test_nights_count_real_hours_across_a_change_of_clocks(morning: date, hours: int) -> None:
    start, end = night(morning, zone_of("UA"))
    assert end - start == timedelta(hours=hours)
    start, end = night(morning, zone_of("RU"))
    assert end - start == timedelta(hours=15)


@pytest.mark.parametrize(
    "piece", ["1", "a", "since the ", "last ", "1 ", "on Monday, ", "12:", "late ", "May 1-", "in the past "]
)
def test_a_long_text_takes_linear_time(piece: str, takes_linear_time: Callable[..., bool]) -> None:
    assert takes_linear_time(find_times, piece, 2_000)
