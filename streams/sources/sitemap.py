"""Reads Google News sitemaps: `urlset` with `news:news` in each `url` (the sitemap protocol and its news extension)."""

from __future__ import annotations

from lxml.etree import _Element

from streams.sources.dates import parse_date
from streams.sources.faults import NotAFeed
from streams.sources.markup import plain, title_of
from streams.sources.names import Names
from streams.sources.raw import MAX_ENTRIES, RawEntry, RawFeed

ROOTS = frozenset({"urlset", "sitemap:urlset"})


def is_sitemap(root: _Element) -> bool:
    """Whether a document is a sitemap, of news or not."""
    return Names().of(root) in ROOTS


def read_sitemap(root: _Element) -> RawFeed:
    """The news of a sitemap; raises NotAFeed when it lists none."""
    reader = _Reader(root)
    feed = RawFeed("sitemap")
    for url in root:
        if entry := reader.entry(url):
            feed.entries.append(entry)
            feed.title = feed.title or reader.publication
    if not feed.entries:
        raise NotAFeed("not-a-feed", "a sitemap without news")
    if len(feed.entries) > MAX_ENTRIES:
        raise NotAFeed("too-many-entries", f"{len(feed.entries)} entries, the limit is {MAX_ENTRIES}")
    return feed


class _Reader:
    def __init__(self, root: _Element) -> None:
        self._names = Names()
        self.publication: str | None = None

    def _find(self, element: _Element, name: str) -> _Element | None:
        names = (name, f"sitemap:{name}", f"news:{name}")
        return next((child for child in element.iter() if self._names.of(child) in names), None)

    def _text(self, element: _Element, name: str) -> str | None:
        return plain(self._find(element, name), {})

    def entry(self, url: _Element) -> RawEntry | None:
        """One `url` as an entry, or None where it carries no news."""
        news = self._find(url, "news")
        if news is None:
            return None
        self.publication = self._text(news, "name")
        title = self._find(news, "title")
        location = self._text(url, "loc")
        return RawEntry(
            guid=location,
            link=location,
            title=title_of(title, {}) if title is not None else None,
            lang=self._text(news, "language"),
            published=parse_date(self._text(news, "publication_date")),
            updated=parse_date(self._text(url, "lastmod")),
        )
