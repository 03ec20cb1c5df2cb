"""Puts right what is commonly wrong with the XML of feeds, outside CDATA sections and comments, in linear time."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from functools import partial
from html.entities import html5
from typing import Final

from streams.sources.names import USUAL

_CLOSERS: Final = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_OPENER: Final = re.compile(r"<!\[CDATA\[|<!--|<\?")
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 does not allow, section 2.2."""
_REFERENCE: Final = re.compile(r"&(?:#(\d{1,8}|[xX][0-9a-fA-F]{1,7});|([A-Za-z][A-Za-z0-9]{0,31});)?")
_BARE_LESS: Final = re.compile(r"<(?![A-Za-z_/!?])")
_KNOWN: Final = {name[:-1]: value for name, value in html5.items() if name.endswith(";")}
_XML_ENTITIES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PREFIXED: Final = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,30}):[A-Za-z_]")
_DECLARES: Final = re.compile(r"xmlns:([A-Za-z_][\w.-]{0,30})\s*=")
_ROOT: Final = re.compile(r"<([A-Za-z_][\w.:-]*)(?=[\s>/])")
_STARTS: Final = re.compile(r"<\?xml\s|<(?:rss|feed|rdf:RDF|channel|urlset|\w{1,20}:(?:feed|RDF))[\s>]", re.IGNORECASE)
_ENDS: Final = ("</rss>", "</feed>", "</rdf:RDF>", "</urlset>")
_MOST_PREFIXES: Final = 50


def repair(text: str, entities: Mapping[str, str] | None = None) -> str:
    """The document with known faults put right, `entities` being its own; it may still not be well-formed."""
    text = _trim(FORBIDDEN.sub("", text.replace("\x0b", " ").replace("\x0c", " ")))
    known = {**_KNOWN, **(entities or {})}
    text = "".join(piece if verbatim else _mend(piece, known) for piece, verbatim in pieces(text))
    return _declare(text)


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in order, cut into stretches of markup and stretches to be kept verbatim (True)."""
    position = 0
    while match := _OPENER.search(text, position):
        yield text[position : match.start()], False
        closer = _CLOSERS[match[0]]
        end = text.find(closer, match.end())
        if end < 0:
            yield text[match.start() :], True
            return
        position = end + len(closer)
        yield text[match.start() : position], True
    yield text[position:], False


def _trim(text: str) -> str:
    """Without what stands before the declaration or root and behind the root's end."""
    start = _STARTS.search(text, 0, 20_000)
    if start:
        text = text[start.start() :]
    end = max(text.rfind(closer) + len(closer) if closer in text else 0 for closer in _ENDS)
    return text[:end] if end else text


def _mend(piece: str, known: Mapping[str, str]) -> str:
    return _BARE_LESS.sub("&lt;", _REFERENCE.sub(partial(_reference, known), piece))


def _reference(known: Mapping[str, str], match: re.Match[str]) -> str:
    number, name = match[1], match[2]
    if number:
        return _character(number)
    if name is None:
        return "&amp;"
    if name in _XML_ENTITIES:
        return match[0]
    return html.escape(known[name]) if name in known else f"&amp;{name};"


def _character(number: str) -> str:
    value = int(number[1:], 16) if number[0] in "xX" else int(number)
    if value > 0x10FFFF or FORBIDDEN.match(chr(value)):
        return ""
    return f"&#{value};"


def _declare(text: str) -> str:
    """Declare prefixes that are used without a declaration, each as what it usually means."""
    declared = set(_DECLARES.findall(text)) | {"xml", "xmlns"}
    used = dict.fromkeys(_PREFIXED.findall(text))
    missing = [prefix for prefix in used if prefix not in declared][:_MOST_PREFIXES]
    root = _ROOT.search(text)
    if not missing or not root:
        return text
    extra = "".join(f' xmlns:{prefix}="{USUAL.get(prefix, "urn:undeclared:" + prefix)}"' for prefix in missing)
    return f"{text[: root.end()]}{extra}{text[root.end() :]}"
