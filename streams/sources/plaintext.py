"""From markup to text that a person reads: sanitised, paragraphs kept, entities resolved.

Tidy markup, which is nearly all there is, takes a way of four substitutions; whatever is odd about
markup goes to nh3, which reads it as browsers do. The text is the same (a property test holds them
together), ten times sooner.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

import nh3

from streams.sources.elements import BLOCKS, CELLS, GONE, INLINE, LINES, PARAGRAPHS, RAW

MAX_NESTING: Final = 200
"""Levels of markup that nh3 is given: real articles nest a dozen, and its time grows with the square of them."""


def _names(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_TIDY_TAG: Final = re.compile(r"<(/?[A-Za-z][^\s/<>]*+)(?=[\s/>])(?:[^<>\"']++|\"[^\"<>]*+\"|'[^'<>]*+')*+>")
"""A whole tag of known form; the pattern never goes back over what it took."""
_COMMENT: Final = re.compile(r"<!--[^<>]*-->")
_REFUSED: Final = "<!"
"""Left by tags that the quick way does not understand, so that they are found at its end."""
_LEFT: Final = {
    **{slash + name: "\n\n" for name in PARAGRAPHS for slash in ("", "/")},
    **dict.fromkeys(LINES, "\n"),
    **{f"/{name}": " " for name in LINES},
    **{slash + name: " " for name in CELLS for slash in ("", "/")},
    **{slash + name: _REFUSED for name in GONE | RAW for slash in ("", "/")},
    "/br": "\n",
}
"""What a tag leaves; those that are not here leave nothing."""

_SELF_CLOSED: Final = re.compile(rf"<({_names(GONE - {'math', 'svg'})})\b([^<>]*)/>", re.IGNORECASE)
_TITLE_TAG: Final = re.compile(rf"</?(?:{_names(INLINE | BLOCKS)})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)
_UNREAD: Final = re.compile(
    r"<(script|style)(?=[\s>])[^<>]*+>(?:[^<]|<(?!/?(?:script|style)\b))*+</\1\s*>", re.IGNORECASE
)
"""A script or style sheet in a title; no two tries look over the same stretch."""
_TAG: Final = re.compile(r"<(/?[a-z0-9]+)[^>]*>")
_ANY_TAG: Final = re.compile(r"<(/?[A-Za-z][A-Za-z0-9]*)[^<>]*>?")
_VOID: Final = frozenset(("br", "hr", "img", "wbr", "input", "meta", "link", "col", "embed", "source", "area"))
_MARKUP: Final = re.compile(r"<[A-Za-z/!?]")
_ESCAPED_TAG: Final = re.compile(
    r"</(?:p|a|b|i|em|strong|div|span|li)>|<(?:br|p|img)(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE
)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_C1: Final = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
"""What the control characters 80 to 9F mean in practice: windows-1252."""
_UNSEEN: Final[dict[int, str | None]] = dict.fromkeys(
    (*range(0x09), *range(0x0E, 0x20), 0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF)
)
"""Control characters, soft hyphens and what has no width."""
_CLEAN: Final = {**_C1, **_UNSEEN, 0x0B: " ", 0x0C: " "}
_UNCLEAN: Final = re.compile(f"[{''.join(map(chr, _CLEAN))}]")
"""Looked for first: `translate` is slow on text that is not ASCII, and few texts need it."""


def html_to_text(markup: str) -> str:
    """The text of an HTML fragment; paragraphs are set apart by an empty line, lines by a line break."""
    if _MARKUP.search(markup):
        quick = quick_text(markup)
        return thorough_text(markup) if quick is None else quick
    text = html.unescape(markup) if "&" in markup else markup
    if text is not markup and _ESCAPED_TAG.search(text):
        return html_to_text(text)
    return tidy(text)


def quick_text(markup: str) -> str | None:
    """The text of tidy markup: whole tags of known form; None for anything else."""
    text = _TIDY_TAG.sub(_left, _COMMENT.sub("", markup).replace("\n", " ").replace("\r", " "))
    return None if _MARKUP.search(text) else tidy(html.unescape(text))


def _left(match: re.Match[str]) -> str:
    return _LEFT.get(match[1].lower(), "")


def thorough_text(markup: str) -> str:
    """The text of any markup, as a browser would understand it; what nests without end is only stripped of its tags."""
    if _nesting(markup) > MAX_NESTING:
        return tidy(html.unescape(_ANY_TAG.sub(_left, " ".join(markup.split())).replace(_REFUSED, " ")))
    markup = _SELF_CLOSED.sub(r"<\1\2></\1>", markup)
    safe = nh3.clean(markup, tags=set(BLOCKS), clean_content_tags=set(GONE), attributes={}, link_rel=None)
    safe = " ".join(safe.split())
    return tidy(html.unescape(_TAG.sub(_left, safe)))


def _nesting(markup: str) -> int:
    """How deep markup may nest, if every tag that can be open is."""
    open_now: Counter[str] = Counter()
    depth = deepest = 0
    for tag in map(str.lower, _ANY_TAG.findall(markup)):
        name = tag.removeprefix("/")
        closes = tag != name
        if name in _VOID or (closes and not open_now[name]):
            continue
        step = -1 if closes else 1
        open_now[name] += step
        depth += step
        deepest = max(deepest, depth)
    return deepest


def _cleaned(text: str) -> str:
    return text.translate(_CLEAN) if _UNCLEAN.search(text) else text


def tidy(text: str) -> str:
    """Text with its spaces in order: one blank between words, at most one empty line, nothing invisible."""
    text = _cleaned(text).replace("\r\n", "\n").replace("\r", "\n")
    text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()


def one_line(text: str) -> str:
    """Text on one line."""
    return " ".join(_cleaned(text).split())


def title_text(value: str, literal: bool = False) -> str:
    """A title as plain text: entities resolved, and known tags taken away unless it is literal."""
    if "&" not in value and "<" not in value:
        return one_line(value)
    if not literal:
        value = _untagged(value)
    if _ENTITY.search(value):
        value = html.unescape(value)
        if not literal:
            value = _untagged(value)
    return one_line(value)


def _untagged(title: str) -> str:
    return _TITLE_TAG.sub(_cell, _UNREAD.sub(" ", title))


def _cell(match: re.Match[str]) -> str:
    name = match[0].strip("</> ").split()[0].lower()
    return " " if name in BLOCKS else ""
