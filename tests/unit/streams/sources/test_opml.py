"""Lists of feeds as OPML."""

import pytest

from schemas.feed import Feed
from streams.sources.faults import NotAFeed
from streams.sources.opml import feed_id, read_opml, write_opml

OPML = """<?xml version="1.0"?><opml version="1.1"><body>
<outline text="News"><outline text="Київ &amp; область" title="Київ &amp; область" type="rss" xmlUrl="https://kyiv.example/rss"/>
<outline text="Deep"><outline text="River News!" xmlurl=" https://river.example/f "/></outline></outline>
<outline text="Again" xmlUrl="https://river.example/f"/><outline text="Page" htmlUrl="https://x.example/"/>
<outline text="File" xmlUrl="file:///etc/passwd"/><outline text="River News" xmlUrl="https://other.example/f"/>
</body></opml>"""


def test_every_outline_with_an_address_once() -> None:
    assert [(feed.id, feed.url, feed.title) for feed in read_opml(OPML.encode())] == [
        ("kyiv.example", "https://kyiv.example/rss", "Київ & область"),
        ("river-news", "https://river.example/f", "River News!"),
        ("river-news-2", "https://other.example/f", "River News"),
    ]


def test_what_is_written_is_read_again() -> None:
    feeds = [
        Feed(id="a", url="https://a.example/?x=1&y=2", title='A "b" <c>', lang="uk"),
        Feed(id="b", url="http://b/"),
    ]
    back = read_opml(write_opml(feeds))
    assert [(feed.url, feed.lang) for feed in back] == [(feed.url, feed.lang) for feed in feeds]
    assert back[0].title == 'A "b" <c>'


@pytest.mark.parametrize("body", [b"", b"<rss/>", b"<opml", b"<opml>" + b"<a>" * 1000])
def test_what_is_no_list(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        read_opml(body)


@pytest.mark.parametrize(
    ("title", "url", "name"),
    [
        ("The Guardian: World", "https://x/", "the-guardian-world"),
        ("Новини", "https://www.news.example/rss", "news.example"),
        (None, "https://news.example/", "news.example"),
        ("...", "http://[bad", "feed"),
        ("x" * 200, "https://x/", "x" * 60),
    ],
)
def test_ids(title: str | None, url: str, name: str) -> None:
    assert feed_id(title, url) == name
    assert feed_id(title, url, [name, f"{name}-2"]) == f"{name}-3"
    assert Feed(id=feed_id(title, url, [name]), url=url)
