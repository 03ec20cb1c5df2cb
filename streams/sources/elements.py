"""The elements of HTML by what they mean for text: paragraphs, lines, words, and what is not for reading."""

from __future__ import annotations

from typing import Final

# fmt: off
PARAGRAPHS: Final = frozenset((
    "address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
))
LINES: Final = frozenset(("br", "caption", "dd", "dt", "figcaption", "li", "option", "summary", "tr"))
CELLS: Final = frozenset(("td", "th"))
INLINE: Final = frozenset((
    "a", "abbr", "acronym", "b", "big", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd", "mark", "q",
    "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
))
GONE: Final = frozenset((
    "iframe", "math", "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title",
))
RAW: Final = frozenset(("listing", "noembed", "noframes", "plaintext", "xmp"))
# fmt: on
"""`GONE`: the content is not for reading. `RAW`: what looks like markup inside is none."""

BLOCKS: Final = PARAGRAPHS | LINES | CELLS
"""All that separate words."""
