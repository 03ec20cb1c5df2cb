"""The whole article behind a link, for feeds that carry only a lead and are configured with `full_text`."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from schemas.article import Article, content_revision
from streams.clock import Clock
from streams.sources.charset import to_utf8
from streams.sources.faults import FeedFault, NotAFeed
from streams.sources.finish import MAX_TEXT
from streams.sources.http import Fetcher
from streams.sources.markup import is_http, shown
from streams.sources.plaintext import tidy

log = logging.getLogger("nightwire.fetch")

MAX_PAGES: Final = 10
"""Pages that one check of a feed fetches at the most; the other articles keep what the feed says."""
Extract = Callable[[bytes, str, str | None], Awaitable[str]]


def article_text(page: bytes, url: str | None, content_type: str | None) -> str:
    """The article of a web page as text with paragraphs; raises NotAFeed when there is none.

    To be called where it can be killed: pages are as hostile as feeds.
    """
    import trafilatura  # half a second and many MB, only for processes that need it

    text, _ = to_utf8(page, content_type)
    found = trafilatura.extract(
        text.decode("utf-8", "replace"), url=url, include_comments=False, include_tables=False, favor_precision=True
    )
    if not found:
        raise NotAFeed("no-article", "no article could be made out on the page")
    return tidy(found.replace("\n", "\n\n"))[:MAX_TEXT]


class Pages:
    """Completes articles from their pages, one page after another; remembers within one check what it has fetched."""

    def __init__(self, fetcher: Fetcher, extract: Extract, clock: Clock, distance: float) -> None:
        self._fetcher = fetcher
        self._extract = extract
        self._clock = clock
        self._distance = timedelta(seconds=distance)
        self._texts: dict[str, str | None] = {}

    async def complete(self, article: Article) -> Article:
        """The article with the text of its page, where that can be had and says more than the feed."""
        if not article.url or not is_http(article.url):
            return article
        if article.url not in self._texts:
            if len(self._texts) >= MAX_PAGES:
                return article
            await self._clock.sleep_until(self._clock.now() + self._distance)
            self._texts[article.url] = await self._text(article.url)
        text = self._texts[article.url]
        if not text or len(text) <= len(article.text):
            return article
        revision = content_revision(article.title, article.summary, text)
        return article.model_copy(update={"text": text, "revision": revision})

    async def _text(self, url: str) -> str | None:
        try:
            page = await self._fetcher.fetch(url)
            return await self._extract(page.body, page.url, page.content_type)
        except FeedFault as fault:
            log.info("the full text of %s: %s", shown(url), fault)
            return None
