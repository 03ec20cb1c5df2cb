"""From bytes to an XML tree: strict and within libxml2's limits, with one repair; a refusal for a limit is final.

`huge_tree` stays off: libxml2 then stops at 256 levels, at 10 MB of text in one place, and where
entities multiply. `recover` stays off: it drops text without a word.
"""

from __future__ import annotations

import html
import re
from typing import Final, cast

from lxml import etree
from lxml.etree import _Element

from streams.sources.faults import NotAFeed
from streams.sources.repair import repair

MAX_ATTRIBUTES: Final = 200
"""Attributes of one element: real feeds stay below 30; some parsers need seconds for thousands."""

_RESOURCE_LIMIT: Final = 114
_ENTITY_LOOP: Final = 89
_LIMITS: Final = (
    ("depth", "too-deep"),
    ("entity", "entities"),
    ("amplification", "entities"),
    ("too long", "too-large"),
    ("too big", "too-large"),
)
"""Words of libxml2's message for a limit, and the reason that each means here."""
_TOO_MANY: Final = etree.XPath(f"/descendant::*/@*[{MAX_ATTRIBUTES + 1}]")
"""The first attribute too many of each element; an eighth of the time of counting them."""
_ENTITY: Final = re.compile(
    r"<!ENTITY\s+([A-Za-z_][\w.-]{0,60})\s+(?:\"((?:[^\"&<%]|&#){0,200})\"|'((?:[^'&<%]|&#){0,200})')\s*>"
)

_PARSER: Final = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    no_network=True,
    huge_tree=False,
    load_dtd=False,
    remove_comments=True,
    remove_pis=True,
)
"""Shared by all threads: lxml lets one in at a time."""


class Malformed(Exception):
    """The document is no well-formed XML, not even after the repair."""


def parse_tree(body: bytes) -> tuple[_Element, list[str]]:
    """The root of a UTF-8 document and what was put right; raises NotAFeed for a limit, Malformed otherwise."""
    try:
        return _strict(body), []
    except etree.XMLSyntaxError as error:
        first = error
    text = body.decode("utf-8", "replace")
    try:
        return _strict(repair(text, own_entities(body)).encode("utf-8", "replace")), [f"repaired: {first.msg}"]
    except etree.XMLSyntaxError as error:
        raise Malformed(str(error.msg)) from error


def _strict(body: bytes) -> _Element:
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as error:
        _refuse_limit(error)
        raise
    if cast("list[str]", _TOO_MANY(root)):
        raise NotAFeed("attributes", f"an element with more than {MAX_ATTRIBUTES} attributes")
    return root


def _refuse_limit(error: etree.XMLSyntaxError) -> None:
    message = (error.msg or "").lower()
    limit = (
        getattr(error, "code", 0) in (_RESOURCE_LIMIT, _ENTITY_LOOP) or "too big" in message or "too long" in message
    )
    if limit:
        reason = next((reason for word, reason in _LIMITS if word in message), "too-large")
        raise NotAFeed(reason, error.msg or "") from error


def own_entities(body: bytes) -> dict[str, str]:
    """Entities that a document declares itself, as text; those that refer to others are left out."""
    if b"<!ENTITY" not in body[:20_000]:
        return {}
    found = _ENTITY.findall(body[:20_000].decode("utf-8", "replace"))
    return {name: html.unescape(double or single) for name, double, single in found}
