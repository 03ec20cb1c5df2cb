"""Finds the hub of a feed and the address that the hub knows the feed by (W3C WebSub, section 4); pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from streams.sources.http import Response
from streams.sources.markup import absolute, is_http
from streams.sources.raw import Hints

_LINK: Final = re.compile(r'<([^<>]*)>((?:\s*;\s*[^\s=;,"<>]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"<>]*))?)*)')
_REL: Final = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"<>]+))', re.IGNORECASE)
"""A link and its first relation, by RFC 8288, section 3."""


class Offer(NamedTuple):
    """A hub, and the topic to subscribe to at it."""

    hub: str
    topic: str


def offered(response: Response, hints: Hints) -> Offer | None:
    """What the headers of an answer say, else its document; None for a feed that does not name both."""
    hub = _first(response.links, "hub", response.url) or absolute(response.url, hints.hub)
    topic = _first(response.links, "self", response.url) or absolute(response.url, hints.topic)
    return Offer(hub, topic) if hub and topic and is_http(hub) and is_http(topic) else None


def _first(headers: Iterable[str], relation: str, base: str) -> str | None:
    """The target of the first link with a relation; one link may have several."""
    for header in headers:
        for target, parameters in _LINK.findall(header):
            rel = _REL.search(parameters)
            if rel and relation in (rel[1] or rel[2] or "").lower().split():
                return absolute(base, target)
    return None
