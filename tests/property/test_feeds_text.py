"""Laws of feed documents: both ways of reading markup agree, parsing never fails without a name, ids are stable."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.sources.dates import parse_date
from streams.sources.elements import BLOCKS, INLINE
from streams.sources.faults import REMEDIES, NotAFeed
from streams.sources.headers import fresh_for, retry_after
from streams.sources.parse import parse_feed
from streams.sources.plaintext import html_to_text, quick_text, thorough_text, tidy
from streams.sources.repair import pieces, repair

NOW = datetime(2024, 5, 6, tzinfo=UTC)
WORDS = st.text(alphabet="aбé1 .,;-\n\t\"'", max_size=12)
ITEMS = ["dd", "dt", "li"]
"""Elements that end each other: one inside of another is none to a browser, and its end tag is passed over."""
STRICT = {"hr", "br", "img", "wbr", "option", "td", "th", "tr", "caption", "table", "form", *ITEMS}
"""Void elements, and those whose place or content browsers correct."""
NAMES = st.sampled_from(sorted((BLOCKS | INLINE) - STRICT))
ENTITIES = st.sampled_from(["&amp;", "&lt;", "&nbsp;", "&#8211;", "&eacute;", "&quot;", "<br>", "<br/>", "<hr>"])


def wrap(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    attributes = st.sampled_from(["", ' class="x y"', " href='http://a.example/?b=1&amp;c=2'", " hidden"])
    element = st.builds(lambda name, attrs, inside: f"<{name}{attrs}>{inside}</{name}>", NAMES, attributes, children)
    item = st.builds(lambda name, words: f"<{name}>{words}</{name}>", st.sampled_from(ITEMS), WORDS)
    return st.lists(st.one_of(element, item, WORDS, ENTITIES), max_size=4).map("".join)


TIDY = st.recursive(WORDS, wrap, max_leaves=8)
ANY = st.text(alphabet="<>/!?-[]&;# \"'=abptdivscrCDATAxml\n", max_size=80)


@given(TIDY)
def test_the_quick_way_reads_as_the_thorough_one(markup: str) -> None:
    quick = quick_text(markup)
    assert quick is not None
    assert quick.split() == thorough_text(markup).split()


@given(ANY)
def test_text_holds_no_script_and_is_tidy(markup: str) -> None:
    text = html_to_text(f"<p>a</p><script>evil({markup.replace('<', '')})</script>{markup}")
    assert "evil(" not in text or html.unescape(markup) != markup
    assert tidy(text) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), max_size=60))
def test_plain_text_survives_escaping(text: str) -> None:
    assert html_to_text(f"<p>{html.escape(text)}</p>").split() == tidy(text).split()


@given(ANY)
def test_pieces_lose_nothing(text: str) -> None:
    assert "".join(piece for piece, _ in pieces(text)) == text


@given(ANY)
def test_repair_settles(text: str) -> None:
    once = repair(f"<rss>{text}</rss>")
    assert repair(once) == once


def outcome(document: bytes) -> str:
    try:
        parse_feed(document).model_dump_json()
    except NotAFeed as fault:
        return fault.reason
    return "feed"


@settings(max_examples=60)
@given(st.one_of(st.binary(max_size=60), ANY.map(str.encode)))
def test_every_document_is_a_feed_or_a_named_refusal(noise: bytes) -> None:
    body = b"<rss><channel><item><title>" + noise + b"</title></item></channel></rss>"
    for document in (noise, body):
        assert outcome(document) in {"feed", *REMEDIES}


@given(
    st.dictionaries(
        st.sampled_from(["title", "id", "url", "content_html", "summary", "date_published"]), st.text(max_size=9)
    )
)
def test_every_json_feed_can_be_passed_on(item: dict[str, str]) -> None:
    body = json.dumps({"items": [item, {"content_html": "<p>\ud800</p>", "id": 5, "authors": [{"name": "\udfff"}]}]})
    parse_feed(body.encode()).model_dump_json()


@given(st.text(max_size=40), st.text(max_size=40))
def test_headers_never_fail(one: str, other: str) -> None:
    headers = {"Retry-After": one, "Expires": one, "Date": other, "Cache-Control": other}
    assert (retry_after(headers, NOW) or 0) >= 0
    assert (fresh_for(headers, NOW) or 0) >= 0


@given(st.text(max_size=90))
def test_dates_are_aware_or_none(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.utcoffset() is not None


@given(st.datetimes())
def test_iso_dates_come_back(moment) -> None:  # type: ignore[no-untyped-def]
    found = parse_date(moment.isoformat() + "Z")
    assert found is not None
    assert found.replace(tzinfo=None) == moment


@pytest.mark.parametrize(
    "piece", ["<a ", "<div>", "</b><div>", "<", "<!--", "&", '<a href="', "<a b='", "<script>", "x<br"]
)
def test_markup_takes_linear_time(piece: str, takes_linear_time: Callable[..., bool]) -> None:
    assert takes_linear_time(html_to_text, piece, 20_000)
