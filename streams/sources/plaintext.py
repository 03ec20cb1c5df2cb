"""From markup to text that a person reads: sanitised, paragraphs kept, entities resolved."""

from __future__ import annotations

import html
import re
from typing import Final

import nh3

_PARAGRAPHS: Final = frozenset(
    (
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "dl",
        "table",
        "blockquote",
        "pre",
        "section",
        "article",
        "header",
        "footer",
        "aside",
        "figure",
        "main",
        "hr",
    )
)
_LINES: Final = frozenset(("br", "li", "tr", "dt", "dd", "figcaption", "caption", "option"))
_CELLS: Final = frozenset({"td", "th"})
_KEPT: Final = set(_PARAGRAPHS | _LINES | _CELLS)
_GONE: Final = {
    "script",
    "style",
    "iframe",
    "object",
    "noscript",
    "template",
    "svg",
    "math",
    "select",
    "textarea",
    "title",
}
"""Elements whose content is not for reading."""
_SELF_CLOSED: Final = re.compile(
    r"<(script|style|iframe|title|textarea|template|noscript|object|a|b|i|em|strong|span|p|div|td)\b([^<>]*)/>",
    re.IGNORECASE,
)
_INLINE: Final = frozenset(
    (
        "a",
        "abbr",
        "acronym",
        "b",
        "big",
        "cite",
        "code",
        "del",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
        "wbr",
    )
)
_TITLE_TAG: Final = re.compile(
    rf"</?(?:{'|'.join(sorted(_INLINE | _KEPT, key=len, reverse=True))})(?:\s[^<>]{{0,2000}})?/?>",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
_MARKUP: Final = re.compile(r"<[A-Za-z/!?]")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACES: Final = re.compile(r"[^\S\n]+")
_BREAKS: Final = re.compile(r" ?\n ?")
_GAPS: Final = re.compile(r"\n{3,}")
_C1: Final = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
"""What the control characters 80 to 9F mean in practice: windows-1252."""
_UNSEEN: Final[dict[int, str | None]] = dict.fromkeys(
    (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF)
)
"""Control characters, soft hyphens and what has no width."""
_CLEAN: Final = {**_C1, **_UNSEEN}


def html_to_text(markup: str) -> str:
    """The text of an HTML fragment; paragraphs are set apart by an empty line, lines by a line break."""
    if not _MARKUP.search(markup):
        text = html.unescape(markup) if "&" in markup else markup
        twice = text is not markup and _escaped_twice(text)
        return html_to_text(text) if twice else tidy(text)
    markup = _SELF_CLOSED.sub(r"<\1\2></\1>", markup)
    safe = nh3.clean(markup, tags=_KEPT, clean_content_tags=_GONE, attributes={}, link_rel=None)
    safe = " ".join(safe.split())
    return tidy(html.unescape(_TAG.sub(_break, safe)))


def _escaped_twice(text: str) -> bool:
    return bool(re.search(r"</(?:p|a|b|i|em|strong|div|span|li)>|<(?:br|p|img)\b[^<>]*>", text, re.IGNORECASE))


def _break(match: re.Match[str]) -> str:
    closing, name = match.groups()
    if name in _PARAGRAPHS:
        return "\n\n"
    return "\n" if name in _LINES and not closing else " "


def tidy(text: str) -> str:
    """Text with its spaces in order: one blank between words, at most one empty line, nothing invisible."""
    text = _SPACES.sub(" ", text.translate(_CLEAN).replace("\r\n", "\n").replace("\r", "\n"))
    return _GAPS.sub("\n\n", _BREAKS.sub("\n", text)).strip()


def one_line(text: str) -> str:
    """Text on one line."""
    return " ".join(text.translate(_CLEAN).split())


def title_text(value: str, literal: bool = False) -> str:
    """A title as plain text: entities resolved, and known tags taken away unless it is literal."""
    if "&" not in value and "<" not in value:
        return one_line(value)
    if not literal:
        value = _TITLE_TAG.sub(_cell, value)
    if _ENTITY.search(value):
        value = html.unescape(value)
        if not literal:
            value = _TITLE_TAG.sub(_cell, value)
    return one_line(value)


def _cell(match: re.Match[str]) -> str:
    name = match[0].strip("</> ").split()[0].lower()
    return " " if name in _KEPT else ""
