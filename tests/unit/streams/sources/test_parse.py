"""The front door of parsing: named refusals, problems, hints, identities."""

import pytest

from streams.sources.faults import NotAFeed, remedy
from streams.sources.finish import MAX_TEXT, canonical
from streams.sources.parse import MAX_BYTES, parse_feed

ITEM = b"<item><title>x</title></item>"

REFUSED = {
    "empty-body": [b"", b"  \n", b"\xef\xbb\xbf", b"\x00" * 10_000],
    "html": [
        b"<!doctype html><html><body><p>Not found<br></body></html>",
        b'<html xmlns="http://www.w3.org/1999/xhtml"><head/></html>',
    ],
    "not-xml": [b"Service unavailable", b"{ broken", b"\x89PNG\r\n"],
    "not-a-feed": [b"<config><a/></config>", b'{"a": 1}', b"[]", b'<svg xmlns="http://www.w3.org/2000/svg"/>'],
    "too-large": [b"<rss>" + b" " * MAX_BYTES],
    "too-deep": [b"<rss>" + b"<a>" * 300, b'{"items":' + b"[" * 100_000],
    "too-many-entries": [b"<rss>" + ITEM * 5_001 + b"</rss>", b'{"items": [' + b"1," * 5_001 + b"1]}"],
}


@pytest.mark.parametrize(("reason", "body"), [(reason, body) for reason, bodies in REFUSED.items() for body in bodies])
def test_refusals_have_names(reason: str, body: bytes) -> None:
    with pytest.raises(NotAFeed) as caught:
        parse_feed(body)
    assert caught.value.reason == reason
    assert remedy(reason) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_hints() -> None:
    feed = parse_feed(
        b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:a="http://www.w3.org/2005/Atom"><channel>'
        b"<ttl>20</ttl><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
        b'<a:link rel="hub" href="https://hub.example/"/><a:link rel="self" href="/feed"/></channel></rss>',
        url="https://feed.example/x",
    )
    assert (feed.ttl, feed.period, feed.hub, feed.topic) == (
        1200,
        1800,
        "https://hub.example/",
        "https://feed.example/feed",
    )


def test_nonsense_hints_are_ignored() -> None:
    feed = parse_feed(b"<rss><channel><ttl>soon</ttl></channel></rss>")
    assert feed.ttl is None
    assert feed.period is None


def test_problems_are_told() -> None:
    assert parse_feed(b"<rss>" + ITEM + b"</rss>").problems == ()
    assert "repaired" in parse_feed(b"<rss>&nbsp;" + ITEM + b"</rss>").problems[0]
    assert "guessing" in parse_feed(b"<rss><channel><i></b>" + ITEM + b"</channel></rss>").problems[0]


def one(markup: str) -> str:
    return parse_feed(f"<rss><item>{markup}</item></rss>".encode()).entries[0].id


def test_scheme_and_tracking_do_not_change_an_id() -> None:
    plain = one("<link>http://a.example/1</link>")
    assert plain == one("<link>https://www.a.example/1?utm_source=x&amp;utm_medium=y</link>")
    assert plain != one("<link>http://a.example/2</link>")
    assert canonical("https://a.example/?id=3&utm_source=x") == "//a.example/?id=3"


def test_without_guid_and_link_the_words_decide() -> None:
    assert one("<title>a</title>") != one("<title>b</title>")
    assert one("<title>a</title>") == one("<title>a</title>")


def test_a_body_without_end_is_cut() -> None:
    entry = parse_feed(b"<rss><item><description>" + b"word " * 300_000 + b"</description></item></rss>").entries[0]
    assert entry.text is not None
    assert len(entry.text) <= MAX_TEXT


def test_unreadable_links_are_left_alone() -> None:
    entry = parse_feed(
        b"<rss><item><link>http://[bad/</link><title>x</title></item></rss>", url="https://a.example/"
    ).entries[0]
    assert entry.url == "http://[bad/"
