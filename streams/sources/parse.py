"""From bytes to a feed: strict XML, then one repair, then feedparser in a process that can be killed.

A refusal for a limit is final: what one parser refuses in milliseconds, another would chew on for minutes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml.etree import _Element

from schemas.article import Entry
from schemas.base import Model
from streams.sources.charset import to_utf8
from streams.sources.faults import NotAFeed
from streams.sources.finish import finish, identities
from streams.sources.jsonfeed import read_json
from streams.sources.pieces import cut, marks_of
from streams.sources.raw import RawFeed
from streams.sources.sitemap import is_sitemap, read_sitemap
from streams.sources.tree import Malformed, own_entities, parse_tree
from streams.sources.walk import Walker

MAX_BYTES: Final = 10_000_000
"""A document at the most, where no setting says otherwise: a hundred times a usual one."""

_BLANK: Final = b"\x00 \t\r\n\xef\xbb\xbf"
_PAGE: Final = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_FEED: Final = re.compile(rb"<(?:rss|feed|rdf:RDF|channel)[\s>]", re.I)


class ParsedFeed(Model):
    """A document as understood: the title, every entry in the document's order, and what had to be put right."""

    format: str
    title: str | None = None
    lang: str | None = None
    entries: tuple[Entry, ...] = ()
    ttl: float | None = None
    """Seconds that the feed asks to be left alone for."""
    period: float | None = None
    """Seconds between two updates, as the feed says."""
    hub: str | None = None
    topic: str | None = None
    problems: tuple[str, ...] = ()


def parse_feed(
    body: bytes, *, url: str | None = None, content_type: str | None = None, max_bytes: int = MAX_BYTES
) -> ParsedFeed:
    """Read a whole document; raises NotAFeed with a named reason."""
    raw = parse_raw(body, url=url, content_type=content_type, max_bytes=max_bytes)
    return ParsedFeed(
        format=raw.format,
        title=raw.title,
        lang=raw.lang,
        entries=tuple(finish(raw)),
        ttl=raw.hints.ttl,
        period=raw.hints.period,
        hub=next(iter(raw.hints.hubs), None),
        topic=raw.hints.topic,
        problems=tuple(raw.problems),
    )


def parse_raw(
    body: bytes, *, url: str | None = None, content_type: str | None = None, max_bytes: int = MAX_BYTES
) -> RawFeed:
    """Read a document without turning bodies into text; raises NotAFeed."""
    if len(body) > max_bytes:
        raise NotAFeed("too-large", f"{len(body):,} bytes, the limit is {max_bytes:,}")
    try:
        return read_document(body, url, content_type)
    except Malformed:
        from streams.sources.helper import shared_helper

        return shared_helper().read("feedparser", body, url, content_type)


def read_document(body: bytes, url: str | None = None, content_type: str | None = None) -> RawFeed:
    """Read a document in this process; raises NotAFeed, or Malformed for what only feedparser may still read.

    Its size is the business of whoever brings it.
    """
    return _read(*_text(body, content_type), url)


def read_marked(body: bytes, url: str | None = None, content_type: str | None = None) -> RawFeed:
    """Read a document as `read_document` does, with the marks of its entries."""
    text, problems = _text(body, content_type)
    feed = _read(text, problems, url)
    feed.marks = marks_of(text, feed.entries)
    return feed


def read_fresh(
    body: bytes, url: str | None, content_type: str | None, familiar: Mapping[str, str], most: int
) -> RawFeed | None:
    """Read only the entries whose marks are not `familiar` (mark to id), where they are `most` bytes at the most.

    None where the whole has to be read: nothing is familiar, or not all is told apart beyond doubt.
    """
    text, problems = to_utf8(body, content_type)
    found = cut(text.lstrip())
    if found is None:
        return None
    fresh = found.fresh(familiar)
    part = found.only(fresh)
    if len(fresh) == len(found.pieces) or len(part) > most:
        return None
    try:
        feed = _read_xml(part, url)
    except (Malformed, NotAFeed):
        return None
    known = [familiar[mark] for mark in found.marks if mark in familiar]
    alone = [name for entry in feed.entries for name in identities((entry,))]
    if len(alone) != len(fresh) or len({*alone, *known}) < len(alone) + len(known):
        return None
    feed.familiar, feed.marks = known, [found.marks[position] for position in fresh]
    feed.problems[:0] = problems
    return feed


def _text(body: bytes, content_type: str | None) -> tuple[bytes, list[str]]:
    if not body.strip(_BLANK):
        raise NotAFeed("empty-body", f"{len(body):,} bytes, none of them text")
    text, problems = to_utf8(body, content_type)
    return text.lstrip(), problems


def _read(text: bytes, problems: list[str], url: str | None) -> RawFeed:
    feed = read_json(text, url) if text[:1] in (b"{", b"[") else _read_xml(text, url)
    feed.problems[:0] = problems
    return feed


def _read_xml(text: bytes, url: str | None) -> RawFeed:
    if b"<" not in text:
        raise NotAFeed("not-xml", f"it begins {text[:40]!r}")
    try:
        root, problems = parse_tree(text)
    except Malformed:
        if _PAGE.match(text[:5_000]) and not _FEED.search(text[:20_000]):
            raise NotAFeed("html", "a web page") from None
        raise
    feed = read_sitemap(root) if is_sitemap(root) else _walk(root, text, url)
    feed.problems.extend(problems)
    return feed


def _walk(root: _Element, text: bytes, url: str | None) -> RawFeed:
    return Walker(root, url, own_entities(text), b"xml:base" in text).read()
