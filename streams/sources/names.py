"""The vocabularies of feeds: namespace addresses and the short prefix that each is known by here."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from lxml.etree import _Element

CORE: Final = ""
"""The prefix of what a feed format defines itself, RSS and Atom alike."""

NAMESPACES: Final[dict[str, str]] = {
    "": CORE,
    "http://backend.userland.com/rss": CORE,
    "http://blogs.law.harvard.edu/tech/rss": CORE,
    "http://purl.org/rss/1.0/": CORE,
    "http://my.netscape.com/rdf/simple/0.9/": CORE,
    "http://channel.netscape.com/rdf/simple/0.9/": CORE,
    "http://example.com/newformat#": CORE,
    "http://example.com/necho": CORE,
    "http://purl.org/echo/": CORE,
    "uri/of/echo/namespace#": CORE,
    "http://purl.org/pie/": CORE,
    "http://purl.org/atom/ns#": CORE,
    "http://www.w3.org/2005/atom": CORE,
    "https://www.w3.org/2005/atom": CORE,
    "http://purl.org/rss/1.0/modules/rss091#": CORE,
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://video.search.yahoo.com/mrss": "media",
    "http://video.search.yahoo.com/mrss/": "media",
    "http://www.rssboard.org/media-rss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "sitemap",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
}
"""Namespace address in lower case to prefix; all the addresses that RSS and Atom ever used mean the same here."""

USUAL: Final[dict[str, str]] = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "atom": "http://www.w3.org/2005/Atom",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
"""What a prefix means in a document that forgot to declare it."""


_OWN_ROOTS: Final = frozenset({"rss", "feed", "channel"})


class Names:
    """The short names of one document's elements: `title`, `dc:date`, `content:encoded`, in lower case."""

    def __init__(self, root: _Element | None = None) -> None:
        """With the root of an RSS or Atom document, the root's own namespace is the core one, whatever its address."""
        self.known: dict[str, str] = {}
        """Short names by tag, as far as they were asked for."""
        self._core: str | None = None
        if root is not None and isinstance(root.tag, str):
            address, _, local = root.tag[1:].rpartition("}")
            self._core = address if local.lower() in _OWN_ROOTS else None

    def of(self, element: _Element) -> str:
        """The short name of an element; `` for what is no element, such as an entity reference."""
        tag = element.tag
        if not isinstance(tag, str):
            return ""
        name = self.known.get(tag)
        if name is None:
            name = self.known[tag] = _short(element, tag, self._core)
        return name


def _short(element: _Element, tag: str, core: str | None) -> str:
    name = _of_known(tag, core)
    if name is not None:
        return name
    prefix = (element.prefix or CORE).lower()
    if USUAL.get(prefix) in element.nsmap.values():
        return tag  # the vocabulary that usually has this prefix is there under another
    local = tag.rpartition("}")[2].lower()
    return f"{prefix}:{local}" if prefix else local


@lru_cache(maxsize=2_000)
def _of_known(tag: str, core: str | None) -> str | None:
    """The short name of a tag in a known namespace, None for any other."""
    address, _, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    prefix = CORE if address == core else NAMESPACES.get(address.lower())
    local = local.lower()
    return prefix if prefix is None else f"{prefix}:{local}" if prefix else local
