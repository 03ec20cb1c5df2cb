"""Feeds of a page, and the look of a person at an address."""

from typing import Any

import pytest
from aiohttp import web

from streams.sources.discover import MOST, advertised, usual
from streams.sources.faults import FetchFailed, NotAFeed
from streams.sources.http import Fetcher
from streams.sources.look import find_feeds, look

PAGE = """<html><head><base href="/news/">
<link rel="alternate" type="application/atom+xml; charset=utf-8" href="atom.xml">
<link rel="ALTERNATE feed" href="https://other.example/f">
<link rel="alternate" type="application/json" href="/wp-json/1">
<link rel="alternate" hreflang="uk" href="/uk/"><link rel="stylesheet" href="x.css">
</head><a href="/rss/all">RSS</a><a href="/feedback">no</a><a href="javascript:rss()">no</a><a href="atom.xml">again</a>
"""


def test_what_a_page_offers() -> None:
    assert advertised(PAGE.encode(), "https://a.example/x") == [
        "https://a.example/news/atom.xml",
        "https://other.example/f",
        "https://a.example/rss/all",
    ]


@pytest.mark.parametrize("page", [b"", b"plain", b"<html>", b"\xff\xfe\x00", b"<a>" * 50_000])
def test_pages_that_offer_nothing(page: bytes) -> None:
    assert advertised(page, "https://a.example/") == []


def test_no_page_can_make_many_requests() -> None:
    page = "".join(f'<link rel="feed" href="/{n}">' for n in range(1000))
    assert len(advertised(page.encode(), "https://a.example/")) == MOST


def test_usual_places() -> None:
    assert "https://a.example/rss.xml" in usual("https://a.example/news/today")


async def test_a_look_at_a_feed(publisher: Any, fetcher: Fetcher, make_rss: Any) -> None:
    found = await look(fetcher, publisher.at("/f", make_rss("a", "b", ttl=30)), "river")
    assert (found.ok, found.feed, found.entries, found.undated, found.ttl) == (True, "river", 2, 2, 1800)
    assert not found.conditional
    bad = await look(fetcher, publisher.at("/g", b"<config/>"))
    assert (bad.ok, bad.reason) == (False, "not-a-feed")


async def test_feeds_of_a_page_are_asked_for_once_each(publisher: Any, fetcher: Fetcher, make_rss: Any) -> None:
    page = '<html><link rel="feed" href="/one"><link rel="feed" href="/broken"><link rel="feed" href="/two">'
    publisher.at("/one", make_rss("a"))
    publisher.at("/two", make_rss("b"))
    found = await find_feeds(fetcher, publisher.at("/", web.Response(text=page, content_type="text/html")))
    assert [answer.url for answer in found] == [publisher.url("/one"), publisher.url("/two")]
    assert [request.path for request in publisher.requests] == ["/", "/one", "/broken", "/two"]


async def test_an_address_without_feeds(publisher: Any, fetcher: Fetcher) -> None:
    with pytest.raises(NotAFeed, match="html"):
        await find_feeds(fetcher, publisher.at("/", b"<html><p>x</html>"))
    with pytest.raises(FetchFailed, match="http-404"):
        await find_feeds(fetcher, publisher.url("/none"))
