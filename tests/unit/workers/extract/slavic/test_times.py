from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from workers.extract.nights_model import Timespan
from workers.extract.nights_resolve import resolve
from workers.extract.slavic.times import find_times, nearest

WHEN = datetime(2025, 9, 10, 7, tzinfo=UTC)


def span(text: str, country: str = "UA") -> Timespan:
    [mention] = find_times(text)
    return resolve(mention, WHEN, country)


@pytest.mark.parametrize(
    ("text", "night"),
    [
        ("у ніч на 5 вересня", "2025-09-05"),
        ("у ніч проти 5 вересня", "2025-09-05"),
        ("в ночь с 4 на 5 сентября", "2025-09-05"),
        ("вночі 9 вересня", "2025-09-09"),
        ("увечері 8 вересня", "2025-09-09"),
        ("минувшей ночью", "2025-09-10"),
        ("цієї ночі", "2025-09-10"),
        ("сегодня ночью", "2025-09-10"),
        ("в ночь на пятницу", "2025-09-05"),
        ("у ніч на неділю", "2025-09-07"),
        ("рано-вранці 9 вересня", "2025-09-09"),
        ("о четвертій ранку 9 вересня", "2025-09-09"),
        ("в ночь на 09.09", "2025-09-09"),
        ("с 20:00 8 сентября до 7:00 9 сентября", "2025-09-09"),
        ("у ніч на 9 вересня (з 20:00 8 вересня)", "2025-09-09"),
        ("в ночь на 1 января 2025 года", "2025-01-01"),
    ],
)
def test_nights(text: str, night: str) -> None:
    told = span(text)
    assert told.period == "night"
    assert told.night_of == date.fromisoformat(night)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("протягом дня", "day"),
        ("днем 9 сентября", "day"),
        ("с 9:00 до 18:00", "day"),
        ("за минулу добу", "24h"),
        ("за прошедшие сутки", "24h"),
        ("за тиждень", "multi_day"),
        ("за семь дней", "multi_day"),
        ("за дві ночі", "multi_day"),
        ("від початку року", "cumulative"),
        ("с начала СВО", "cumulative"),
        ("за серпень", "cumulative"),
        ("з 11 червня", "cumulative"),
        ("у 2024 році", "cumulative"),
    ],
)
def test_longer_and_shorter_times(text: str, period: str) -> None:
    assert span(text).period == period


@pytest.mark.parametrize("text", ["станом на 8:30", "станом на дев'яту ранку", "добрий день", "о 12 об'єктах", "13.45"])
def test_what_dates_nothing(text: str) -> None:
    assert find_times(text) == []


def test_the_nearest_part_of_the_day_dates_a_figure_before_a_bare_date() -> None:
    text = "5 вересня повідомили: за добу збито 40, вночі – 12"
    mentions = find_times(text)
    first, second = (nearest(mentions, text.index(n), text) for n in ("40", "12"))
    assert first is not None
    assert second is not None
    assert (first.kind, second.kind) == ("24h", "night")
