"""Looks at an address once, for a person: what is there, and what of it is understood. Nothing is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from schemas.article import Entry
from schemas.base import Model
from streams.sources.discover import advertised, usual
from streams.sources.faults import FeedFault, NotAFeed
from streams.sources.http import Fetcher, Response
from streams.sources.parse import ParsedFeed, parse_feed

SAMPLE = 3
"""Entries that are shown."""


class Look(Model):
    """What one request to a feed came to."""

    feed: str | None = None
    url: str
    ok: bool
    reason: str = "fetched"
    detail: str | None = None
    """What was seen and what to do, in one line."""
    status: int | None = None
    final_url: str | None = None
    format: str | None = None
    title: str | None = None
    lang: str | None = None
    entries: int = 0
    newest: datetime | None = None
    undated: int = 0
    bytes: int = 0
    conditional: bool = False
    """Whether the server gives validators, so that unchanged documents need not travel."""
    ttl: float | None = None
    hub: str | None = None
    problems: tuple[str, ...] = ()
    sample: tuple[Entry, ...] = ()


async def look(fetcher: Fetcher, url: str, feed: str | None = None) -> Look:
    """Fetch and parse once; faults become part of the answer."""
    try:
        response = await fetcher.fetch(url)
        parsed = await _parse(response)
    except FeedFault as fault:
        return Look(feed=feed, url=url, ok=False, reason=fault.reason, detail=str(fault), status=fault.status)
    return _understood(url, feed, response, parsed)


def _understood(url: str, feed: str | None, response: Response, parsed: ParsedFeed) -> Look:
    times = [moment for entry in parsed.entries if (moment := entry.published or entry.updated)]
    validators = response.validators
    return Look(
        feed=feed,
        url=url,
        ok=True,
        status=response.status,
        final_url=response.url,
        format=parsed.format,
        title=parsed.title,
        lang=parsed.lang,
        entries=len(parsed.entries),
        newest=max(times, default=None),
        undated=len(parsed.entries) - len(times),
        bytes=response.size,
        conditional=bool(validators.etag or validators.last_modified),
        ttl=parsed.ttl or parsed.period,
        hub=parsed.hub,
        problems=parsed.problems,
        sample=parsed.entries[:SAMPLE],
    )


async def _parse(response: Response) -> ParsedFeed:
    body, size = response.body, len(response.body)  # the fetcher has its limit
    return await asyncio.to_thread(
        parse_feed, body, url=response.url, content_type=response.content_type, max_bytes=size
    )


async def find_feeds(fetcher: Fetcher, url: str) -> list[Look]:
    """The feeds at an address: itself, or those its page advertises, or the first that is where feeds usually are.

    Raises FetchFailed, and NotAFeed when nothing was found.
    """
    response = await fetcher.fetch(url)
    try:
        return [_understood(url, None, response, await _parse(response))]
    except NotAFeed as fault:
        seen = fault
    offered = advertised(response.body, response.url, response.content_type)
    found = [answer for link in offered if (answer := await look(fetcher, link)).ok]
    if not found:
        found = await _first(usual(response.url), lambda link: look(fetcher, link))
    if not found:
        raise seen
    return found


async def _first(links: list[str], ask: Callable[[str], Awaitable[Look]]) -> list[Look]:
    """The first address that answers with a feed; the rest are not asked."""
    for link in links:
        answer = await ask(link)
        if answer.ok:
            return [answer]
    return []
