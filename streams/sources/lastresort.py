"""Reads damaged documents with feedparser, which forgives everything; to be run where it can be killed.

Always through BytesIO: feedparser takes bytes or text for the name of a file or an address to open.
"""

from __future__ import annotations

import calendar
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser

from streams.sources.dates import parse_date
from streams.sources.faults import NotAFeed
from streams.sources.markup import absolute
from streams.sources.plaintext import title_text
from streams.sources.raw import MAX_ENTRIES, Body, Hints, RawEntry, RawFeed


def read_damaged(body: bytes, url: str | None = None, content_type: str | None = None) -> RawFeed:
    """The feed as feedparser understands it; raises NotAFeed when it finds none."""
    headers = {"content-type": content_type or "application/xml"}
    if url:
        headers["content-location"] = url
    found = feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not found.entries and not found.version:
        raise NotAFeed("not-a-feed", "no feed could be made out in a damaged document")
    if len(found.entries) > MAX_ENTRIES:
        raise NotAFeed("too-many-entries", f"{len(found.entries)} entries, the limit is {MAX_ENTRIES}")
    feed = RawFeed(found.version or "damaged", title=_title(found.feed), lang=found.feed.get("language"))
    feed.hints = _hints(found.feed)
    feed.entries = [_entry(entry, url) for entry in found.entries]
    feed.problems = [f"damaged, read by guessing: {found.get('bozo_exception', 'not well-formed')}"]
    return feed


def _title(thing: Mapping[str, Any]) -> str | None:
    return title_text(thing.get("title") or "") or None


def _entry(entry: Any, url: str | None) -> RawEntry:
    raw = RawEntry(guid=entry.get("id"), link=absolute(url, entry.get("link")), title=_title(entry))
    raw.published = _time(entry, "published") or _time(entry, "created")
    raw.updated = _time(entry, "updated") if "updated" in entry else None
    raw.authors = tuple(dict.fromkeys(a["name"] for a in entry.get("authors", ()) if a.get("name")))
    raw.lang = (entry.get("title_detail") or {}).get("language")
    contents = [c for c in entry.get("content", ()) if c.get("value")]
    summary = entry.get("summary")
    described = Body(summary) if summary else None
    if contents:
        # a photo's caption comes as plain content beside a description; the longest is the article
        raw.body, raw.summary = Body(max((c["value"] for c in contents), key=len)), described
    else:
        raw.body = described
    return raw


def _time(entry: Any, name: str) -> datetime | None:
    parsed = entry.get(f"{name}_parsed")
    if parsed:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    return parse_date(entry.get(name))


def _hints(feed: Mapping[str, Any]) -> Hints:
    ttl = str(feed.get("ttl") or "")
    hints = Hints(ttl=float(ttl) * 60 if ttl.isdecimal() and len(ttl) < 8 else None)
    links = [(link.get("rel"), link["href"]) for link in feed.get("links", ()) if link.get("href")]
    hints.hubs = tuple(href for relation, href in links if relation == "hub")
    hints.topic = next((href for relation, href in links if relation == "self"), None)
    return hints
