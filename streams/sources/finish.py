"""Finishes raw entries: gives each its identity, and turns its markup into text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from schemas.article import Entry
from schemas.base import digest
from streams.sources.plaintext import html_to_text, tidy
from streams.sources.raw import Body, RawEntry, RawFeed

MAX_TEXT: Final = 200_000
"""Characters of one article: a novel has two or three times as many."""
MAX_MARKUP: Final = 1_000_000
"""Characters of one body that are looked at."""
_SCHEME: Final = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
_TRACKING: Final = re.compile(r"(?<=[?&])(?:utm_\w+|fbclid|gclid|at_medium|at_campaign)=[^&#]*&?", re.IGNORECASE)


def finish(feed: RawFeed) -> list[Entry]:
    """All entries of a feed, in its order."""
    return [finish_entry(feed, raw, name) for raw, name in zip(feed.entries, identities(feed.entries), strict=True)]


def finish_entry(feed: RawFeed, raw: RawEntry, identity: str) -> Entry:
    """One entry with its text; the summary is left out where it says the same as the text."""
    text, summary = to_text(raw.body), to_text(raw.summary)
    if summary and (not text or summary == text):
        text, summary = summary, None
    return Entry(
        id=identity,
        guid=raw.guid,
        url=raw.link,
        title=raw.title,
        summary=summary,
        text=text,
        authors=raw.authors,
        lang=raw.lang or feed.lang,
        published=raw.published,
        updated=raw.updated,
        feed_title=feed.title,
        caption=raw.caption,
    )


def to_text(body: Body | None) -> str | None:
    """A body as plain text, or None where nothing is left of it; what is longer than any article is cut."""
    if body is None:
        return None
    text = tidy(body.value[:MAX_MARKUP]) if body.kind == "text" else html_to_text(body.value[:MAX_MARKUP])
    return text[:MAX_TEXT].rstrip() or None


def as_text(body: Body | None) -> Body | None:
    """The same body as text."""
    text = to_text(body)
    return Body(text, "text") if text else None


def identities(entries: Iterable[RawEntry]) -> list[str]:
    """The id of each entry: of its guid, else its link, else its words.

    A guid that several entries of one document share tells nothing apart, so the link is added to it,
    and the title where that is shared too. A change of scheme or of tracking marks changes no id.
    """
    items = list(entries)
    shared = Counter([item.guid for item in items if item.guid])
    linked = Counter([(item.guid, item.link) for item in items if item.guid]) if len(shared) < len(items) else {}
    return [_identity(item, shared, linked) for item in items]


def _identity(item: RawEntry, shared: Mapping[str, int], linked: Mapping[tuple[str, str | None], int]) -> str:
    if item.guid is None:
        if item.link:
            return digest("link", canonical(item.link))
        return digest("words", item.title, item.body.value if item.body else None)
    parts = [canonical(item.guid)]
    if shared[item.guid] > 1:
        parts.append(canonical(item.link or ""))
        if linked[item.guid, item.link] > 1:
            parts.append(item.title or "")
    return digest("guid", *parts)


def canonical(link: str) -> str:
    """A link or guid without what changes while the page stays the same: scheme, `www.`, tracking marks."""
    link = _SCHEME.sub("//", link.strip())
    return _TRACKING.sub("", link).rstrip("?&") if "?" in link else link
