"""Reads JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from typing import Any

from streams.sources.charset import sound
from streams.sources.dates import parse_date
from streams.sources.faults import NotAFeed
from streams.sources.markup import absolute
from streams.sources.plaintext import one_line
from streams.sources.raw import MAX_ENTRIES, Body, Hints, RawEntry, RawFeed


def read_json(body: bytes, base: str | None) -> RawFeed:
    """The feed of a UTF-8 JSON document; raises NotAFeed."""
    try:
        document = json.loads(body)
    except RecursionError as error:
        raise NotAFeed("too-deep", "the JSON nests too deep") from error
    except ValueError as error:
        raise NotAFeed("not-xml", f"the document begins like JSON and is none: {error}") from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(items, list):
        raise NotAFeed("not-a-feed", "the JSON document has no list `items`")
    if len(items) > MAX_ENTRIES:
        raise NotAFeed("too-many-entries", f"{len(items)} entries, the limit is {MAX_ENTRIES}")
    base = _text(document, "home_page_url") or base
    feed = RawFeed("json", title=_text(document, "title"), lang=_text(document, "language"))
    feed.hints = _hints(document)
    feed.entries = [_entry(item, base, feed.lang) for item in items if isinstance(item, dict)]
    return feed


def _entry(item: dict[str, Any], base: str | None, lang: str | None) -> RawEntry:
    content, text, summary = _text(item, "content_html"), _text(item, "content_text"), _text(item, "summary")
    title = _text(item, "title")
    entry = RawEntry(
        guid=_text(item, "id"),
        link=absolute(base, _text(item, "url") or _text(item, "external_url")),
        title=one_line(title) if title else None,
        authors=_authors(item),
        lang=_text(item, "language") or lang,
        published=parse_date(_text(item, "date_published")),
        updated=parse_date(_text(item, "date_modified")),
    )
    bodies = [Body(content, "html") if content else None, Body(text, "text") if text else None]
    entry.body = next(filter(None, bodies), None)
    entry.summary = Body(summary, "text") if summary else None
    if entry.body is None:
        entry.body, entry.summary = entry.summary, None
    return entry


def _text(item: dict[str, Any], name: str) -> str | None:
    value = item.get(name)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    return sound(value).strip() or None if isinstance(value, str) else None


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    several = item.get("authors")
    people = several if isinstance(several, list) else [item.get("author")]
    return tuple(name for person in people if isinstance(person, dict) and (name := _text(person, "name")))


def _hints(document: dict[str, Any]) -> Hints:
    hubs = document.get("hubs")
    urls = [_text(hub, "url") for hub in hubs if isinstance(hub, dict)] if isinstance(hubs, list) else []
    return Hints(hubs=tuple(filter(None, urls)), topic=_text(document, "feed_url"))
