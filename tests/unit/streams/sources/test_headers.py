"""Headers that say when to come again."""

from datetime import UTC, datetime

import pytest

from streams.sources.headers import fresh_for, http_date, retry_after

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
TEN_PAST = "Mon, 06 May 2024 12:10:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 7 "}, 7),
        ({"Retry-After": TEN_PAST}, 600),
        ({"Retry-After": TEN_PAST, "Date": "Mon, 06 May 2024 12:09:00 GMT"}, 60),
        ({"Retry-After": "Mon, 06 May 2024 11:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "9" * 40}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "public, max-age=300"}, 300),
        ({"Cache-Control": "s-maxage=9, MAX-AGE=60"}, 60),
        ({"Cache-Control": "max-age=0", "Expires": TEN_PAST}, None),
        ({"Cache-Control": "no-cache", "Expires": TEN_PAST}, None),
        ({"Expires": TEN_PAST}, 600),
        ({"Expires": TEN_PAST, "Date": "Mon, 06 May 2024 12:05:00 GMT"}, 300),
        ({"Expires": "0"}, None),
        ({"Expires": "Mon, 06 May 2024 11:00:00 GMT"}, None),
    ],
)
def test_fresh_for(headers: dict[str, str], seconds: float | None) -> None:
    assert fresh_for(headers, NOW) == seconds


def test_http_dates() -> None:
    assert http_date("Mon, 06 May 2024 12:00:00 GMT") == NOW
    assert http_date("Mon, 06 May 2024 12:00:00 -0000") == NOW
    assert http_date("never") is None
    assert http_date(None) is None
