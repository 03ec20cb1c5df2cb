"""What stands inside an element: its text, or its markup where it has children of its own."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Mapping
from html.entities import html5
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.etree import _Element

from streams.sources.plaintext import title_text
from streams.sources.raw import Body

_TEXT: Final = frozenset({"text", "text/plain"})
_MARKUP: Final = frozenset({"html", "text/html", "xhtml", "application/xhtml+xml"})
_INLINE: Final = frozenset({"xhtml", "application/xhtml+xml", "xml"})
_LOOKS_HTML: Final = re.compile(
    r"</(?:p|a|b|i|em|strong|div|span|li|ul)>|<(?:br|p|img)\b[^<>]*>|&#?\w{2,8};", re.IGNORECASE
)
_XHTML: Final = "http://www.w3.org/1999/xhtml"
_USER: Final = re.compile(r"(?<=:)//[^/?#\s]*@")
_SCHEMES: Final = frozenset({"http", "https"})


def inner(element: _Element, entities: Mapping[str, str], escape: bool = False) -> str:
    """The content of an element as markup; with `escape`, its own text is literal and is escaped."""
    if not len(element):
        text = element.text or ""
        return html.escape(text, quote=False) if escape else text
    texts = [element.text or "", *(child.tail or "" for child in element)]
    if escape:
        texts = [html.escape(text, quote=False) for text in texts]
    children = ["", *(_child(child, entities) for child in element)]
    return "".join(part for pair in zip(children, texts, strict=True) for part in pair)


def _child(child: _Element, entities: Mapping[str, str]) -> str:
    if isinstance(child, etree._Entity):
        name = (child.text or "")[1:-1]
        return entities.get(name) or html5.get(f"{name};", "")
    markup = etree.tostring(child, encoding="unicode", with_tail=False)
    for prefix, address in child.nsmap.items():
        if prefix and address == _XHTML:
            markup = re.sub(rf"<(/?){re.escape(prefix)}:", r"<\1", markup)
    return markup


def plain(element: _Element | None, entities: Mapping[str, str]) -> str | None:
    """The words of an element without any markup, on one line; None where there are none."""
    if element is None:
        return None
    text = element.text if not len(element) else inner(element, entities)
    return " ".join(text.split()) or None if text else None


def title_of(element: _Element, entities: Mapping[str, str]) -> str | None:
    """A title in plain text, by the element's `type` and `mode` where it has them."""
    body = body_of(element, entities, "html")
    if body is None:
        return None
    literal = body.kind == "text"
    return title_text(body.value, literal) or None


def body_of(element: _Element, entities: Mapping[str, str], default: str) -> Body | None:
    """The text of an element by its `type` (`default` where it has none) and, in Atom 0.3, its `mode`."""
    if default == "html" and not element.keys() and not len(element):  # nearly all there are
        text = element.text
        return Body(text) if text and not text.isspace() else None
    kind = (element.get("type") or "").strip().lower() or default
    inline = kind in _INLINE or kind.endswith(("+xml", "/xml"))
    value = inner(element, entities, escape=inline and len(element) > 0)
    if not value.strip():
        return None
    if element.get("mode") == "base64" or _is_binary(kind, inline):
        value, kind = _base64(value), "html"
    if kind in _TEXT and not len(element) and not _LOOKS_HTML.search(value):
        return Body(value, "text")
    return Body(value, "html")


def _is_binary(kind: str, inline: bool) -> bool:
    """Whether content of a type is base64 by RFC 4287, section 4.1.3.3."""
    return "/" in kind and not inline and not kind.startswith("text/")


def _base64(value: str) -> str:
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode()
    except (binascii.Error, ValueError):  # words that happen to be written in its letters
        return value


def absolute(base: str | None, link: str | None) -> str | None:
    """A link resolved against a base; white space inside is taken out, an unreadable one is left as it is."""
    link = (link or "").strip()
    if "://" in link and len(parts := link.split()) > 1:
        link = "".join(parts)
    if not link:
        return None
    if not base or link.startswith(("https://", "http://")):
        return link
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def is_http(link: str | None) -> bool:
    """Whether a link is an absolute http address."""
    try:
        parts = urlsplit(link or "")
    except ValueError:
        return False
    return parts.scheme.lower() in _SCHEMES and bool(parts.netloc)


def host_of(link: str) -> str:
    """The host of an address in lower case without `www.`; empty where it has none or cannot be read."""
    try:
        return (urlsplit(link).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def shown(link: str) -> str:
    """An address as it may be shown and passed on: without a user's name and password."""
    return _USER.sub("//", link, count=1) if "@" in link else link
