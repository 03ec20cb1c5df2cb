"""Lists of feeds as other readers write and read them: OPML 2.0 (opml.org/spec2.opml)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from lxml import etree

from schemas.feed import Feed
from streams.sources.charset import to_utf8
from streams.sources.faults import NotAFeed
from streams.sources.markup import host_of, is_http
from streams.sources.repair import FORBIDDEN
from streams.sources.tree import Malformed, parse_tree

_LONGEST: Final = 60


def read_opml(body: bytes) -> list[Feed]:
    """Every outline with an address, at any depth, each address once; raises NotAFeed when there is no OPML."""
    try:
        root, _ = parse_tree(to_utf8(body)[0].lstrip())
    except Malformed as error:
        raise NotAFeed("not-xml", f"no OPML: {error}") from error
    if str(root.tag).lower() != "opml":
        raise NotAFeed("not-xml", f"no OPML: the root element is <{root.tag}>")
    feeds: dict[str, Feed] = {}
    taken: set[str] = set()
    for outline in root.iter("outline"):
        known = {str(name).lower(): str(value).strip() for name, value in outline.attrib.items()}
        url = known.get("xmlurl", "")
        if is_http(url) and url not in feeds:
            title = known.get("title") or known.get("text") or None
            feeds[url] = Feed(id=feed_id(title, url, taken), url=url, title=title, lang=known.get("language") or None)
            taken.add(feeds[url].id)
    return list(feeds.values())


def write_opml(feeds: Iterable[Feed]) -> bytes:
    """An OPML document with an outline for each feed."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "nightwire"
    body = etree.SubElement(root, "body")
    for feed in feeds:
        name = FORBIDDEN.sub("", feed.title or feed.source or feed.id)
        outline = etree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
        if feed.lang:
            outline.set("language", feed.lang)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def feed_id(title: str | None, url: str, taken: Iterable[str] = ()) -> str:
    """An id that no feed has yet: of the title where that is Latin, else of the host."""
    name = _slug(title or "") or _slug(host_of(url)) or "feed"
    used = set(taken)
    if name not in used:
        return name
    number = next(n for n in range(2, len(used) + 3) if f"{name}-{n}" not in used)
    return f"{name}-{number}"


def _slug(text: str) -> str:
    """Lower-case Latin letters, digits and hyphens; empty when most of the text is in another script."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.")[:_LONGEST].rstrip("-.")
    return slug if 2 * len(slug) >= len(text.strip()[:_LONGEST]) else ""
