"""When the silence of a window says nothing, since the feeds could not be fetched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workers.judge.cells import Coverage, Outage
from workers.judge.history import OUTAGE, blind
from workers.judge.windows import Bounds

START = datetime(2026, 9, 4, tzinfo=UTC)
END = START + timedelta(hours=6)
WINDOW = Bounds("w", START, END)


@pytest.mark.parametrize(("minutes", "dark"), [(179, False), (180, True), (181, True)])
def test_an_outage_of_half_the_window_makes_it_blind(minutes: int, dark: bool) -> None:
    outage = Outage(start=START - timedelta(hours=1), end=START + timedelta(minutes=minutes))
    assert blind(WINDOW, Coverage(last_ok=END, outages=(outage,)), END) is dark


@pytest.mark.parametrize(("minutes", "dark"), [(179, False), (180, True)])
def test_an_outage_that_lasts_counts_as_far_as_it_has_come(minutes: int, dark: bool) -> None:
    assert blind(WINDOW, Coverage(last_ok=START), START + timedelta(minutes=minutes)) is dark


def test_two_hours_without_a_check_are_an_outage() -> None:
    short = Bounds("w", START, START + OUTAGE)
    assert blind(short, Coverage(last_ok=START), START + OUTAGE)
    assert not blind(short, Coverage(last_ok=START), START + OUTAGE - timedelta(seconds=1))
    assert not blind(short, None, START + OUTAGE)
