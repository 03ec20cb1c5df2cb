"""Walks the tree of an RSS 0.9x, 1.0, 2.0 or Atom document: one pass over the children of each entry, then tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, TypeVar

from lxml.etree import _Element

from streams.sources.dates import parse_date
from streams.sources.faults import NotAFeed
from streams.sources.markup import absolute, body_of, is_http, plain, title_of
from streams.sources.names import Names
from streams.sources.raw import MAX_ENTRIES, Body, Hints, RawEntry, RawFeed

Children = Mapping[str, list[_Element]]
T = TypeVar("T")

ENTRIES: Final = ("item", "entry")
ROOTS: Final = {"rss": "rss", "feed": "atom", "rdf:rdf": "rdf", "channel": "cdf"}

_TITLES: Final = ("title", "dc:title", "media:title", "itunes:title")
_GUIDS: Final = ("guid", "id", "dc:identifier")
_ATOM_BODIES: Final = frozenset({"content", "summary"})
"""What is text where it does not say that it is markup, by RFC 4287, section 3.1.1."""
_BODIES: Final = ("content:encoded", "content", "xhtml:body", "body", "fullitem")
_DESCRIPTIONS: Final = (
    "description", "summary", "dc:description", "dcterms:abstract", "abstract", "itunes:summary", "itunes:subtitle",
)  # fmt: skip
_PUBLISHED: Final = (
    "pubdate",
    "published",
    "issued",
    "dcterms:issued",
    "dc:date",
    "date",
    "created",
    "dcterms:created",
)
_UPDATED: Final = ("updated", "modified", "dcterms:modified", "lastbuilddate")
_AUTHORS: Final = ("author", "dc:creator", "dc:author", "managingeditor", "itunes:author")
_PERSON: Final = ("name", "email")
_LANGS: Final = ("language", "dc:language")
_HTML_TYPES: Final = frozenset({"", "text/html", "application/xhtml+xml", "html", "xhtml", "text/xhtml"})
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PERIODS: Final = {"hourly": 3600.0, "daily": 86400.0, "weekly": 604800.0, "monthly": 2592000.0, "yearly": 31536000.0}


class Walker:
    """One document being read: its names, its entities and the base of its links."""

    def __init__(self, root: _Element, base: str | None, entities: Mapping[str, str], has_bases: bool) -> None:
        self._root = root
        self._names = Names(root)
        self._entities = entities
        self._base = base
        self._has_bases = has_bases

    def read(self) -> RawFeed:
        """The feed; raises NotAFeed when the document holds none, or too much."""
        root = self._names.of(self._root)
        head = self._head(root)
        top = self._children(head)
        entries = self._find_entries(head, top)
        if root not in ROOTS and not entries:
            raise NotAFeed("html" if root in ("html", "xhtml:html") else "not-a-feed", f"the root element is <{root}>")
        if len(entries) > MAX_ENTRIES:
            raise NotAFeed("too-many-entries", f"{len(entries)} entries, the limit is {MAX_ENTRIES}")
        feed = RawFeed(ROOTS.get(root, "rss"), title=self._first(top, ("title", "dc:title"), title_of))
        feed.lang = self._lang(head, top)
        feed.hints = self._hints(top)
        feed.entries = [self._entry(element) for element in entries]
        return feed

    def _head(self, root: str) -> _Element:
        """The element that tells about the feed: the channel, or the root where there is none."""
        if root in ("feed", "channel"):
            return self._root
        return next((child for child in self._root if self._names.of(child) == "channel"), self._root)

    def _children(self, element: _Element) -> dict[str, list[_Element]]:
        known, of = self._names.known, self._names.of
        children: dict[str, list[_Element]] = {}
        for child in element:
            name = known.get(child.tag) or of(child)
            if name in children:
                children[name].append(child)
            else:
                children[name] = [child]
        return children

    def _find_entries(self, head: _Element, top: Children) -> list[_Element]:
        """Entries in document order: within the channel, beside it, or, in an odd wrapper, anywhere."""
        groups = [top] if head is self._root else [top, self._children(self._root)]
        groups += [self._children(wrapper) for group in groups for wrapper in group.get("items", ())]
        found = [element for group in groups for name in ENTRIES for element in group.get(name, ())]
        return found or [
            element
            for element in self._root.iter()
            if self._names.of(element) in ENTRIES
            and not any(self._names.of(up) in ENTRIES for up in element.iterancestors())
        ]

    def _entry(self, element: _Element) -> RawEntry:
        kids = self._children(element)
        base = self._base_of(element)
        entry = RawEntry(title=self._first(kids, _TITLES, title_of), lang=self._lang(element, kids))
        entry.guid = self._first(kids, _GUIDS, plain) or element.get(f"{_RDF}about")
        entry.link = self._link(kids) or self._permalink(kids, element) or absolute(base, _cdf(element, "href"))
        entry.published = self._first(kids, _PUBLISHED, _moment)
        entry.updated = self._first(kids, _UPDATED, _moment) or (
            parse_date(_cdf(element, "lastmod")) if element.attrib else None
        )
        entry.authors = self._authors(kids)
        self._fill_body(entry, kids)
        return entry

    def _base_of(self, element: _Element) -> str | None:
        if not self._has_bases:
            return self._base
        own = element.base
        return absolute(self._base, own) if own else self._base

    def _first(
        self, kids: Children, names: Iterable[str], read: Callable[[_Element, Mapping[str, str]], T | None]
    ) -> T | None:
        """What is read of the first child of these names, in their order, of which anything can be read."""
        for name in names:
            if name in kids:
                for element in kids[name]:
                    if found := read(element, self._entities):
                        return found
        return None

    def _lang(self, element: _Element, kids: Children) -> str | None:
        return element.get(f"{_XML}lang") or self._first(kids, _LANGS, plain)

    def _link(self, kids: Children) -> str | None:
        """The page of an entry: RSS's text, or Atom's alternate link, HTML first."""
        best: tuple[int, str] | None = None
        for element in kids.get("link", ()):
            rank, href = self._rank(element)
            if href and (best is None or rank < best[0]):
                best = rank, absolute(self._base_of(element), href) or href
        return best[1] if best and best[0] < _NO_PAGE else None

    def _rank(self, element: _Element) -> tuple[int, str | None]:
        href = element.get("href")
        if href is None:
            return 0, plain(element, self._entities)
        if (element.get("rel") or "alternate").strip().lower() not in _ALTERNATE:
            return _NO_PAGE, None
        return (0 if (element.get("type") or "").strip().lower() in _HTML_TYPES else 2), href.strip()

    def _permalink(self, kids: Children, element: _Element) -> str | None:
        """The page of an entry without a link: its guid where that is one, or what RSS 1.0 is about."""
        for guid in (*kids.get("guid", ()), *kids.get("id", ())):
            text = plain(guid, self._entities)
            if text and (guid.get("isPermaLink") or guid.get("ispermalink") or "true").strip().lower() != "false":
                return absolute(self._base_of(guid), text) if self._names.of(guid) == "guid" or is_http(text) else None
        about = element.get(f"{_RDF}about")
        return about if is_http(about) else None

    def _authors(self, kids: Children) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in _AUTHORS:
            if name not in kids:
                continue
            for element in kids[name]:
                own = self._children(element) if len(element) else {}
                text = self._first(own, _PERSON, plain) if own else plain(element, self._entities)
                if text:
                    found[text] = None
            if found:
                break
        return tuple(found)

    def _fill_body(self, entry: RawEntry, kids: Children) -> None:
        content = self._body(kids, _BODIES)
        described = self._body(kids, _DESCRIPTIONS)
        if content or described:
            entry.body, entry.summary = (content, described) if content else (described, None)
        else:
            entry.body = self._caption(kids)
            entry.caption = entry.body is not None

    def _body(self, kids: Children, names: Iterable[str]) -> Body | None:
        for name in names:
            if name in kids:
                default = "text" if name in _ATOM_BODIES else "html"
                bodies = [body for e in kids[name] if (body := body_of(e, self._entities, default))]
                if bodies:
                    return bodies[0] if len(bodies) == 1 else max(bodies, key=lambda body: body.kind == "html")
        return None

    def _caption(self, kids: Children) -> Body | None:
        nests = [*kids.get("media:group", ()), *kids.get("media:content", ())]
        inside = [e for nest in nests for e in self._children(nest).get("media:description", ())]
        for element in (*kids.get("media:description", ()), *inside):
            if body := body_of(element, self._entities, "html"):
                return body
        return None

    def _hints(self, top: Children) -> Hints:
        hints = Hints(ttl=_minutes(self._first(top, ("ttl",), plain)), period=self._period(top))
        for element in top.get("link", ()):
            rel, href = (element.get("rel") or "").lower(), element.get("href")
            if href and rel == "hub" and (hub := absolute(self._base, href)):
                hints.hubs += (hub,)
            elif href and rel == "self" and hints.topic is None:
                hints.topic = absolute(self._base, href)
        return hints

    def _period(self, top: Children) -> float | None:
        word = self._first(top, ("sy:updateperiod",), plain)
        often = self._first(top, ("sy:updatefrequency",), plain)
        if word is None and often is None:
            return None
        times = int(often) if often and often.isdecimal() and len(often) < 6 else 1
        return _PERIODS.get((word or "daily").lower(), _PERIODS["daily"]) / max(times, 1)


_ALTERNATE: Final = frozenset({"alternate", "", "http://www.iana.org/assignments/relation/alternate"})
_NO_PAGE: Final = 9


def _cdf(element: _Element, name: str) -> str | None:
    """An attribute of the Channel Definition Format, RSS's ancestor, which is written in either case."""
    return element.get(name.upper()) or element.get(name)


def _moment(element: _Element, entities: Mapping[str, str]) -> datetime | None:
    return parse_date(plain(element, entities))


def _minutes(text: str | None) -> float | None:
    return float(text) * 60 if text and text.isdecimal() and len(text) < 8 and int(text) else None
