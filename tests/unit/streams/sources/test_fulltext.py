"""Whole articles from the pages behind a feed."""

from typing import Any

import pytest
from aiohttp import web

from schemas.feed import Feed
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.memory import MemoryRuntime
from streams.sources.faults import NotAFeed
from streams.sources.fulltext import MAX_PAGES, article_text
from streams.sources.http import Fetcher
from streams.sources.poller import Poller

SENTENCE = "The ferry over the river was out of service for most of the day because of high water near the old bridge."
PAGE = f"""<!doctype html><html><head><title>Ferry</title></head><body>
<nav><a href="/">Home</a><a href="/w">Weather</a></nav>
<article><h1>Ferry stops</h1><p>{SENTENCE}</p><p>Second paragraph: {SENTENCE}</p><p>Third paragraph: {SENTENCE}</p>
</article><footer>All rights reserved</footer><script>track()</script></body></html>"""


def test_the_article_of_a_page() -> None:
    text = article_text(PAGE.encode(), "https://a.example/1", "text/html")
    assert f"{SENTENCE}\n\nSecond paragraph: {SENTENCE}" in text
    assert "Weather" not in text
    assert "track" not in text


@pytest.mark.parametrize("page", [b"", b"<html></html>", b"\x00" * 1000])
def test_pages_without_an_article(page: bytes) -> None:
    with pytest.raises(NotAFeed, match="no-article"):
        article_text(page, None, None)


def feed_of(publisher: Any, number: int) -> bytes:
    page = publisher.url("/page/")
    items = "".join(
        f"<item><guid>{n}</guid><title>t{n}</title><link>{page}{n}</link><description>lead {n}</description></item>"
        for n in range(number)
    )
    return f"<rss><channel>{items}</channel></rss>".encode()


async def read(publisher: Any, fetcher: Fetcher, clock: ManualClock, full: bool = True) -> dict[str, str]:
    runtime = MemoryRuntime()
    feed = Feed(id="river", url=publisher.url("/f"), full_text=full)
    poller = Poller(runtime, fetcher, [feed], clock, page_distance=0.0)
    await poller.poll(feed)
    assert (await poller.poll(feed)).new == 0
    await poller.close()
    return {record.model.title: record.model.text for record in await runtime.tail(Topic.ARTICLES)}  # type: ignore[attr-defined]


async def test_pages_complete_what_they_can(publisher: Any, fetcher: Fetcher, clock: ManualClock) -> None:
    publisher.at("/f", feed_of(publisher, 3))
    publisher.at("/page/0", web.Response(text=PAGE, content_type="text/html"))
    publisher.at("/page/1", web.Response(text="<html>short</html>", content_type="text/html"))
    texts = await read(publisher, fetcher, clock)
    assert SENTENCE in texts["t0"]
    assert (texts["t1"], texts["t2"]) == ("lead 1", "lead 2")


async def test_pages_are_fetched_only_where_the_feed_says_so(
    publisher: Any, fetcher: Fetcher, clock: ManualClock
) -> None:
    publisher.at("/f", feed_of(publisher, 2))
    await read(publisher, fetcher, clock, full=False)
    assert {request.path for request in publisher.requests} == {"/f"}


async def test_one_check_fetches_a_few_pages_at_the_most(publisher: Any, fetcher: Fetcher, clock: ManualClock) -> None:
    publisher.at("/f", feed_of(publisher, MAX_PAGES + 5))
    await read(publisher, fetcher, clock)
    assert len([request for request in publisher.requests if request.path != "/f"]) == MAX_PAGES
