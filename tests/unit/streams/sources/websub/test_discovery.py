"""Where a feed says that its hub is."""

import pytest

from streams.sources.http import Response
from streams.sources.parse import parse_raw
from streams.sources.raw import Hints
from streams.sources.websub.discovery import MAX_HUBS, Offer, offered

URL = "https://river.example/news/feed"
HUB, SELF = "https://hub.example/", "https://river.example/feed"


def find(*links: str, hints: Hints | None = None) -> Offer | None:
    return offered(Response(200, URL, links=links), hints or Hints())


@pytest.mark.parametrize(
    "links",
    [
        (f'<{HUB}>; rel="hub"', f'<{SELF}>; rel="self"'),
        (f"<{HUB}>;rel=hub, <{SELF}>;rel=self",),
        (f'<{HUB}>; type="a; rel=self, <x>"; REL="Hub", <{SELF}>; rel="alternate self"; rel=hub',),
        (f'<https://a.example/>; rel="next", <{HUB}>; rel=hub', "<../feed>; rel=self"),
    ],
)
def test_headers_are_read_by_their_grammar(links: tuple[str, ...]) -> None:
    assert find(*links) == Offer((HUB,), SELF)


@pytest.mark.parametrize(
    "links",
    [
        (),
        (f"<{HUB}>; rel=hub",),
        (f"<{SELF}>; rel=self",),
        (f"{HUB}; rel=hub, {SELF}; rel=self",),
        (f'<{HUB}>; rel="hubs", <{SELF}>; rel=self',),
        (f"<ftp://hub.example/>; rel=hub, <{SELF}>; rel=self",),
        (f"<{HUB}>; rel=hub, <urn:x>; rel=self",),
        ("<" * 4_000, ";" * 4_000, "<a>" + "; a=b" * 1_000),
    ],
)
def test_both_are_needed(links: tuple[str, ...]) -> None:
    assert find(*links) is None


def test_headers_come_before_the_document() -> None:
    hints = Hints(hubs=("https://old.example/",), topic="/old")
    assert find(hints=hints) == Offer(("https://old.example/",), "https://river.example/old")
    assert find(f"<{HUB}>; rel=hub", f"<{SELF}>; rel=self", hints=hints) == Offer((HUB,), SELF)


@pytest.mark.parametrize(
    "body",
    [
        f"<feed xmlns='http://www.w3.org/2005/Atom'><link rel='hub' href='{HUB}'/>"
        f"<link rel='self' href='{SELF}'/></feed>",
        f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><atom:link rel='self' href='{SELF}'/>"
        f"<atom:link rel='hub' href='{HUB}'/></channel></rss>",
        '{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [], '
        f'"feed_url": "{SELF}", "hubs": [{{"type": "WebSub", "url": "{HUB}"}}]}}',
    ],
)
def test_documents_name_both(body: str) -> None:
    assert find(hints=parse_raw(body.encode(), url=URL).hints) == Offer((HUB,), SELF)


def test_all_hubs_count_in_their_order_each_once() -> None:
    links = (
        f"<{HUB}>; rel=hub; crossorigin, <https://second.example/>; rel=hub",
        f"</feed>; rel=self, <{HUB}>; rel=hub",
    )
    assert find(*links) == Offer((HUB, "https://second.example/"), SELF)
    assert find("<ftp://hub.example/>; rel=hub", *links) == Offer((HUB, "https://second.example/"), SELF)
    many = ", ".join(f"<https://{n}.example/>; rel=hub" for n in range(100))
    found = find(f"{many}, <{SELF}>; rel=self")
    assert found
    assert len(found.hubs) == MAX_HUBS


def test_all_hubs_of_a_document_count() -> None:
    body = (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><link rel='hub' href='{HUB}'/><link rel='self' href='{SELF}'/>"
        "<link rel='hub' href='/second'/></feed>"
    )
    assert find(hints=parse_raw(body.encode(), url=URL).hints) == Offer((HUB, "https://river.example/second"), SELF)
    assert find(hints=parse_raw(body.removesuffix("</feed>").encode(), url=URL).hints) == Offer(
        (HUB, "https://river.example/second"), SELF
    )
