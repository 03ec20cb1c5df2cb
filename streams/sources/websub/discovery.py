"""Finds the hub of a feed and the address that the hub knows the feed by (W3C WebSub, section 4); pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from streams.sources.http import Response
from streams.sources.markup import absolute, is_http
from streams.sources.raw import Hints

_LINK: Final = re.compile(r'<([^<>]*)>((?:\s*;\s*[^\s=;,"<>]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"<>]*))?)*)')
_PARAMETER: Final = re.compile(r';\s*([^\s=;,"<>]+)(?:\s*=\s*(?:"([^"]*)"|([^\s;,"<>]*)))?')
"""A link, and one of its parameters, by RFC 8288, section 3."""


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
            if relation in _relations(parameters):
                return absolute(base, target)
    return None


def _relations(parameters: str) -> list[str]:
    """The words of the first `rel`; a second one does not count."""
    for name, quoted, bare in _PARAMETER.findall(parameters):
        if name.lower() == "rel":
            words: str = quoted or bare
            return words.lower().split()
    return []
