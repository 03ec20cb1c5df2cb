"""The words of the page."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Window
from streams.web import text

NOW = datetime(2026, 9, 4, 5, 0, tzinfo=UTC)


@given(st.text(max_size=400), st.integers(min_value=2, max_value=50))
def test_harmless_text_has_one_line_no_hidden_characters_and_a_bound(raw: str, limit: int) -> None:
    clean = text.harmless(raw, limit)
    assert len(clean) <= limit
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in clean)
    assert text.harmless(clean, limit) == clean


def test_direction_overrides_are_removed() -> None:
    assert text.harmless("safe\u202egnp.exe\u2066 \u200fend\x07") == "safegnp.exe end"


@given(st.text(max_size=1500), st.one_of(st.none(), st.integers(0, 5000), st.floats(0, 5000, allow_nan=False)))
def test_a_marked_quote_is_a_slice_of_the_sentence_and_short(quote: str, value: float | None) -> None:
    parts = text.marked(quote, value)
    clean = text.harmless(quote, 100_000)
    shown = (parts.before + parts.number + parts.after).strip("…").strip()
    assert len(parts.before) + len(parts.number) + len(parts.after) <= text.QUOTE_LENGTH
    assert shown.replace("…", "") in clean.replace("…", "") or parts.number == ""
    assert not parts.number or parts.number in clean


@pytest.mark.parametrize(
    ("quote", "value", "marked"),
    [
        ("They sent 1,250 drones.", 1250, "1,250"),
        ("They sent 1 250 drones.", 1250, "1 250"),
        ("They sent 1.250 drones.", 1250, "1.250"),
        ("They sent 12 of 1200 drones.", 12, "12"),
        ("Of 120 drones 12, no more, fell.", 12, "12"),
        ("It fell 2.5 kilometres away.", 2.5, "2.5"),
        ("Version 2.5 has 5 parts.", 5, "5"),
        ("Twelve drones fell.", 12, "Twelve"),
        ("About a dozen drones fell.", 12, "a dozen"),
        ("Dozens of drones fell.", 24, "Dozens"),
        ("Many drones fell.", 24, ""),
        ("Su-34 jets flew.", None, ""),
    ],
)
def test_the_number_is_marked_where_it_stands(quote: str, value: float | None, marked: str) -> None:
    parts = text.marked(quote, value)
    assert parts.number == marked
    assert parts.before + parts.number + parts.after == quote


def test_a_long_sentence_keeps_its_number_in_sight() -> None:
    parts = text.marked("word " * 3000 + "then 77 drones came " + "word " * 3000, 77)
    assert parts.number == "77"
    assert len(parts.before) + len(parts.number) + len(parts.after) <= text.QUOTE_LENGTH
    assert parts.before.startswith("…")
    assert parts.after.endswith("…")


@pytest.mark.parametrize(
    "url",
    [None, "", "javascript:alert(1)", "data:text/html,x", "//host/path", "http://", "http://[", "https://a b.example",
     "HTTPS://x.example/\u0000", "ftp://x.example", "https://x.example/" + "a" * 3000],
)  # fmt: skip
def test_only_web_pages_become_links(url: str | None) -> None:
    assert text.safe_link(url) is None


def test_a_web_page_is_a_link_and_names_its_host() -> None:
    assert text.safe_link("https://user@news.example/a?b=1") == "https://user@news.example/a?b=1"
    assert text.host("https://user@news.example/a?b=1") == "news.example"


@pytest.mark.parametrize(
    ("key", "start", "end", "tz", "words"),
    [
        (
            "night/2026-09-04", "2026-09-03T15:00:00", "2026-09-04T06:00:00", "Europe/Kyiv",
            "night 3→4 Sep 2026, 18:00–09:00 Europe/Kyiv (15:00–06:00 UTC)",
        ),
        (
            "night/2026-09-01", "2026-08-31T15:00:00", "2026-09-01T06:00:00", "Europe/Kyiv",
            "night 31 Aug → 1 Sep 2026, 18:00–09:00 Europe/Kyiv (15:00–06:00 UTC)",
        ),
        (
            "night/2026-03-29", "2026-03-28T16:00:00", "2026-03-29T06:00:00", "Europe/Kyiv",
            "night 28→29 Mar 2026, 18:00–09:00 Europe/Kyiv (16:00–06:00 UTC)",
        ),
        (
            "day/2026-09-04", "2026-09-04T01:00:00", "2026-09-04T09:00:00", "Asia/Tokyo",
            "day 4 Sep 2026, 10:00–18:00 Asia/Tokyo (01:00–09:00 UTC)",
        ),
        (
            "night/2026-09-04", "2026-09-03T22:00:00", "2026-09-04T06:00:00", "America/New_York",
            "night 3→4 Sep 2026, 18:00–02:00 America/New_York (22:00–06:00 UTC)",
        ),
        (
            "night/2026-09-04", "2026-09-04T01:00:00", "2026-09-04T13:00:00", "America/Los_Angeles",
            "night 3→4 Sep 2026, 18:00–06:00 America/Los_Angeles (4 Sep 2026, 01:00–13:00 UTC)",
        ),
        (
            "night/2026-09-04", "2026-09-03T15:00:00", "2026-09-04T06:00:00", "No/Where",
            "night 3→4 Sep 2026, 15:00–06:00 UTC (15:00–06:00 UTC)",
        ),
    ],
)  # fmt: skip
def test_a_window_in_words(key: str, start: str, end: str, tz: str, words: str) -> None:
    window = Window(key=key, start=datetime.fromisoformat(start + "Z"), end=datetime.fromisoformat(end + "Z"), tz=tz)
    assert text.when(window) == words


def test_a_window_without_times_is_its_key() -> None:
    assert text.when(Window(key="all")) == "all"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "just now"), (59, "just now"), (60, "1 min ago"), (3599, "60 min ago"), (7200, "2 h ago"), (90000, "25 h ago"),
     (400000, "5 d ago"), (-300, "in 5 min")],
)  # fmt: skip
def test_ages(seconds: int, words: str) -> None:
    assert text.age(NOW - timedelta(seconds=seconds), NOW) == words


def test_times_that_nobody_knows() -> None:
    assert text.utc(None) == "unknown"
    assert text.age(None, NOW) == "never"
