"""Dates of feeds: the standards, the dialects, the languages, and what is no date."""

from datetime import UTC, datetime

import pytest

from streams.sources.dates import parse_date

GOOD = {
    "2024-02-29T23:30:00Z": "2024-02-29T23:30:00",
    "2024-02-29T23:30:00.25+02:00": "2024-02-29T21:30:00.250000",
    "2024-02-29 23:30:00": "2024-02-29T23:30:00",
    "20240229T233000Z": "2024-02-29T23:30:00",
    "2024-060": "2024-02-29T00:00:00",
    "2024-02": "2024-02-01T00:00:00",
    "2024": "2024-01-01T00:00:00",
    "2024-02-29T24:00:00Z": "2024-03-01T00:00:00",
    "Thu, 29 Feb 2024 23:30:00 +0200": "2024-02-29T21:30:00",
    "Thu,29 Feb 2024 4:35:5 GMT+9": "2024-02-28T19:35:05",
    "29 Feb 24 23:30 EST": "2024-03-01T04:30:00",
    "Thu, 29 February 2024 11:30 PM": "2024-02-29T23:30:00",
    "Thu Feb 29 23:30:00 2024": "2024-02-29T23:30:00",
    "Thu Feb 29 23:30:00 PST 2024": "2024-03-01T07:30:00",
    "Feb 29, 2024": "2024-02-29T00:00:00",
    "February 29, 2024 at 10:11 am": "2024-02-29T10:11:00",
    "Чт, 29 фев 2024 10:00:00 MSK": "2024-02-29T07:00:00",
    "29 лютого 2024 р. 10:30": "2024-02-29T10:30:00",
    "29.02.2024 10:30": "2024-02-29T10:30:00",
    "Do, 29 Feb 2024 10:00:00 MEZ": "2024-02-29T09:00:00",
    "gio, 29 febbraio 2024 10:00:00 +0100": "2024-02-29T09:00:00",
    "1709244000": "2024-02-29T22:00:00",
    "1709244000000": "2024-02-29T22:00:00",
}


@pytest.mark.parametrize("text", GOOD)
def test_read(text: str) -> None:
    assert parse_date(text) == datetime.fromisoformat(GOOD[text]).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", [None, "", "yesterday", "2024-13-40", "30 Feb 2024 10:00", "99:99", "x" * 500, "1 Foo 2024", "0000-00-00"]
)
def test_no_date(text: str | None) -> None:
    assert parse_date(text) is None
