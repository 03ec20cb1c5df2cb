"""News agencies: which one a text names as its origin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from workers.dedupe.lexicons import AGENCIES, CUES
from workers.dedupe.tokens import plain

HEAD, TAIL = 300, 200
"""Characters at both ends of a text in which an agency in brackets or at a dateline is looked for."""

READ: Final = 2_000
"""Characters of a text, besides its tail, in which an agency is looked for at all."""

_NAMES: Final = {name: agency for agency, names in AGENCIES.items() for name in names}
_ANY: Final = re.compile(
    r"(?<![\w-])(?:" + "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True)) + r")(?![\w-])"
)
_WORDS: Final = frozenset(name.casefold() for name in _NAMES if name.isalpha())
_WORD: Final = re.compile(r"[^\W_]+")
_FIRST_WORDS: Final = frozenset(_WORD.findall(name)[0].casefold().encode() for name in _NAMES)
_BRACKETED: Final = re.compile(r"[(/]\s*$"), re.compile(r"^\s*[)/]")
_NEAR: Final = 30


def is_agency_word(form: str) -> bool:
    """Whether a token is a part of an agency's name; such names change from copy to copy."""
    return form in _WORDS


def may_name_agency(words: Iterable[bytes]) -> bool:
    """Whether the folded words of a text hold the first one of an agency's name: a look that costs next to nothing."""
    return not _FIRST_WORDS.isdisjoint(words)


def origin_of(text: str) -> str | None:
    """The agency that a text names as where its words come from, or None.

    An agency counts in brackets near either end of the text, or beside a word like "reported" or "citing".
    """
    body = plain(text if len(text) <= READ + TAIL else f"{text[:READ]}\n{text[-TAIL:]}")
    for match in _ANY.finditer(body):
        before, after = body[max(0, match.start() - _NEAR) : match.start()], body[match.end() : match.end() + _NEAR]
        at_an_end = match.start() < HEAD or match.end() > len(body) - TAIL
        if at_an_end and _BRACKETED[0].search(before) and _BRACKETED[1].search(after):
            return _NAMES[match[0]]
        if _words(before, last=3) & CUES or _words(after, last=-3) & CUES:
            return _NAMES[match[0]]
    return None


def _words(text: str, last: int) -> frozenset[str]:
    """The last words of a text, or with a negative number its first ones; none beyond the end of a sentence."""
    part = re.split(r"[.!?;]", text)[-1 if last > 0 else 0]
    words = re.findall(r"[^\W\d_]+", part.casefold())
    return frozenset(words[-last:] if last > 0 else words[:-last])
