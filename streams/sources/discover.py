"""Finds the feeds of a web page: what it advertises, what it links to, and where feeds usually are."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

from lxml import etree

from streams.sources.charset import to_utf8
from streams.sources.markup import absolute, is_http

TYPES: Final = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
)
USUAL: Final = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
"""Paths that are tried where a page advertises nothing."""
MOST: Final = 8
"""Candidates of one page at the most."""
_FEEDLIKE: Final = re.compile(r"(?:^|[/._-])(?:rss|atom|feeds?)(?:2|\d)?(?:$|[/?._-])", re.IGNORECASE)


def advertised(page: bytes, url: str, content_type: str | None = None) -> list[str]:
    """Addresses that a page offers as feeds, the advertised ones first."""
    text, _ = to_utf8(page, content_type)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    root = etree.fromstring(text or b"<html/>", parser)
    if root is None:
        return []
    base = next((b.get("href") for b in root.iter("base") if b.get("href")), None)
    home = absolute(url, base) or url
    found = [_href(link, home) for link in root.iter("link") if _offers(link)]
    found += [_href(link, home) for link in root.iter("a") if _FEEDLIKE.search(link.get("href") or "")]
    return [link for link in dict.fromkeys(found) if link and is_http(link) and link != url][:MOST]


def usual(url: str) -> list[str]:
    """Where the feed of a site usually is."""
    return [urljoin(url, path) for path in USUAL]


def _offers(link: etree._Element) -> bool:
    relations = (link.get("rel") or "").lower().split()
    kind = (link.get("type") or "").lower().partition(";")[0].strip()
    return "feed" in relations or ("alternate" in relations and kind in TYPES)


def _href(link: etree._Element, home: str) -> str | None:
    return absolute(home, link.get("href"))
