"""One line of input becomes one article, or one error that names the line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from streams.articles import BadLine, read_draft, read_drafts

NOW = datetime(2026, 9, 4, 5, tzinfo=UTC)


def article(**fields: Any) -> Any:
    return read_draft(1, json.dumps(fields), NOW).article()


def test_a_whole_article() -> None:
    got = article(
        id=7, url="https://example.org/a", source="Gazette", published="2026-09-03T20:00:00+03:00", text="Calm."
    )
    assert (got.id, got.source, got.text) == ("7", "Gazette", "Calm.")
    assert got.published == got.fetched == datetime(2026, 9, 3, 17, tzinfo=UTC)


@pytest.mark.parametrize("stamp", ["2026-09-03", "2026-09-03T00:00:00", "2026-09-03T00:00:00Z"])
def test_a_date_alone_is_midnight_utc(stamp: str) -> None:
    assert article(text="Calm.", published=stamp).published == datetime(2026, 9, 3, tzinfo=UTC)


def test_what_is_not_told_is_derived() -> None:
    first, again, other = article(text="Calm."), article(text="Calm."), article(text="Storm.")
    assert first.id == again.id != other.id
    assert first.fetched == NOW
    assert first.published is None


def test_html_is_turned_into_text_only_when_it_is_said_to_be_html() -> None:
    assert article(text="<p>Two &amp; two</p>", html=True).text == "Two & two"
    assert article(text="<p>raw</p>").text == "<p>raw</p>"


def test_half_a_character_is_replaced_where_it_stands() -> None:
    assert article(text="a\ud800b", title="\udfff").text == "a\ufffdb"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("nonsense", "is not JSON"),
        ("[1]", "is not a JSON object"),
        ("{}", "has no title, no summary and no text"),
        ('{"text": "a", "published": "yesterday"}', "published: 'yesterday' is no time; write for example 2026"),
        ('{"text": 5, "lang": 7}', "lang: is not text; text: is not text"),
        ('{"text": 5}', "text"),
        ('{"text": "a", "mode": "rehearsal"}', "mode"),
    ],
)
def test_a_bad_line(line: str, why: str) -> None:
    with pytest.raises(BadLine, match=f"^line 3: .*{why}"):
        read_draft(3, line, NOW)


def test_bad_lines_stand_between_good_ones() -> None:
    got = list(read_drafts(['{"text": "a"}', "", "no", '{"text": "b"}'], NOW))
    assert [type(item).__name__ for item in got] == ["Draft", "BadLine", "Draft"]
