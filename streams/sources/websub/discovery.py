"""Finds the hubs of a feed and the address that they know the feed by (W3C WebSub, section 4); pure."""

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


MAX_HUBS: Final = 5
"""Hubs of one feed that are tried; a feed with two of them is rare."""


class Offer(NamedTuple):
    """The hubs in the order of the feed, one at least, and the topic to subscribe to at any of them."""

    hubs: tuple[str, ...]
    topic: str


def offered(response: Response, hints: Hints) -> Offer | None:
    """What the headers of an answer say, else its document; None for a feed that does not name both."""
    hubs = _http(response.url, _targets(response.links, "hub")) or _http(response.url, hints.hubs)
    topics = _targets(response.links, "self") or filter(None, (hints.topic,))
    topic = absolute(response.url, next(iter(topics), None))
    return Offer(hubs[:MAX_HUBS], topic) if hubs and topic and is_http(topic) else None


def _targets(headers: Iterable[str], relation: str) -> list[str]:
    """The targets of the links with a relation; one link may have several."""
    links = (link for header in headers for link in _LINK.findall(header))
    return [target for target, parameters in links if relation in _relations(parameters)]


def _http(base: str, links: Iterable[str]) -> tuple[str, ...]:
    """Each link once, absolute; what is no http address is left out."""
    found = (absolute(base, link) for link in links)
    return tuple(dict.fromkeys(link for link in found if link and is_http(link)))


def _relations(parameters: str) -> list[str]:
    """The words of the first `rel`; a second one does not count."""
    for name, quoted, bare in _PARAMETER.findall(parameters):
        if name.lower() == "rel":
            words: str = quoted or bare
            return words.lower().split()
    return []
