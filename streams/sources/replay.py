"""Serves a corpus as live feeds over HTTP on loopback: every feed shows what a simulated clock has reached."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Final, Self

from aiohttp import web
from lxml import etree

from schemas.base import digest
from streams.clock import Clock
from streams.sources.corpus import Corpus, CorpusFeed, Item
from streams.sources.headers import http_date
from streams.sources.repair import FORBIDDEN

SHOWN: Final = 50
"""Items in one feed document: what a busy news site shows."""
_CONTENT: Final = "http://purl.org/rss/1.0/modules/content/"


class CorpusServer:
    """An HTTP server on a free port of 127.0.0.1, up while the context lasts."""

    def __init__(self, corpus: Corpus, clock: Clock, shown: int = SHOWN) -> None:
        self._corpus = corpus
        self._clock = clock
        self._shown = shown
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def base_url(self) -> str:
        """The address below which the feeds are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> tuple[str, int]:
        """The (ip, port) that a fetcher must be allowed."""
        return "127.0.0.1", self.port

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/feeds/{name}.xml", self._feed)
        app.router.add_get("/articles/{name}", self._article)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _feed(self, request: web.Request) -> web.Response:
        feed = self._corpus.feed(request.match_info["name"])
        if feed is None:
            raise web.HTTPNotFound
        items = self._corpus.published(feed.id, self._clock.now(), self._shown)
        body = render(feed, items)
        newest = max((item.published for item in items), default=datetime(1970, 1, 1, tzinfo=UTC))
        headers = {"ETag": f'"{digest(body.decode())}"', "Last-Modified": _http(newest)}
        if _unchanged(request, headers):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type="application/rss+xml", charset="utf-8", headers=headers)

    async def _article(self, request: web.Request) -> web.Response:
        item = self._corpus.item(request.match_info["name"])
        if item is None or item.published > self._clock.now():
            raise web.HTTPNotFound
        title = html.escape(item.title)
        page = f"<!doctype html><title>{title}</title><article><h1>{title}</h1>{_paragraphs(item.text)}</article>"
        return web.Response(text=page, content_type="text/html", charset="utf-8")


def _unchanged(request: web.Request, headers: dict[str, str]) -> bool:
    """By RFC 9110, section 13.2.2: the entity tag decides, the date only where no tag is sent."""
    tag = request.headers.get("If-None-Match")
    if tag is not None:
        return tag == headers["ETag"]
    since = http_date(request.headers.get("If-Modified-Since"))
    modified = http_date(headers["Last-Modified"])
    return since is not None and modified is not None and modified <= since


def render(feed: CorpusFeed, items: list[Item]) -> bytes:
    """A feed of a corpus as an RSS 2.0 document; the same items give the same bytes."""
    rss = etree.Element("rss", version="2.0", nsmap={"content": _CONTENT})
    channel = etree.SubElement(rss, "channel")
    _add(channel, "title", feed.title or feed.source or feed.id)
    _add(channel, "link", "https://corpus.invalid/")
    _add(channel, "description", f"Articles of a corpus: {feed.id}")
    if feed.lang:
        _add(channel, "language", feed.lang)
    for item in items:
        _item(channel, item)
    return etree.tostring(rss, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _item(channel: etree._Element, item: Item) -> None:
    node = etree.SubElement(channel, "item")
    _add(node, "title", html.escape(item.title, quote=False))
    _add(node, "link", item.url)
    _add(node, "guid", item.guid).set("isPermaLink", "false")
    _add(node, "pubDate", format_datetime(item.published))
    if item.summary:
        _add(node, "description", html.escape(item.summary, quote=False))
    _add(node, f"{{{_CONTENT}}}encoded", _paragraphs(item.text))


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    node = etree.SubElement(parent, name)
    node.text = FORBIDDEN.sub("", text)
    return node


def _paragraphs(text: str) -> str:
    """Text as HTML that says where its paragraphs and lines end."""
    blocks = (block for block in re.split(r"\n\s*\n", text) if block.strip())
    return "\n".join(f"<p>{html.escape(block.strip(), quote=False).replace(chr(10), '<br>')}</p>" for block in blocks)


def _http(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
