"""Names in a text: which tokens are names, which are places, and whether two forms name one thing."""

from __future__ import annotations

from typing import Final

from workers.dedupe.lexicons import (
    ALIASES,
    CALENDAR,
    CYRILLIC_ENDINGS,
    LATIN_ENDINGS,
    NO_NAMES,
    PLACE_AFTER,
    PLACE_BEFORE,
    TITLES,
)
from workers.dedupe.numbers import is_figure
from workers.dedupe.tokens import Token, Tokens

NAMELESS: Final = TITLES | CALENDAR.keys()

ABBREVIATED: Final = 4
"""Letters up to which the beginning of a longer name may be its abbreviation: Pa, Calif is spelt out."""

SHOUTING: Final = 0.6
"""A headline with more capitals than this share of its words is in title case: its capitals name nothing."""


def is_capital(token: Token) -> bool:
    """Whether a token is written like a name."""
    return token.written[0].isupper() and token.form not in NAMELESS and not is_figure(token.form)


def names_in(tokens: Tokens) -> frozenset[str]:
    """The names of a text: capitals inside sentences."""
    columns = zip(tokens.forms, tokens.written, tokens.firsts, strict=True)
    capitals = {form for form, written, first in columns if written[0].isupper() and not first}
    return frozenset([form for form in capitals - NAMELESS if not is_figure(form)])


def in_title_case(tokens: Tokens) -> bool:
    """Whether most words are capitals, so that capitals tell nothing."""
    initials = [written[0] for written in tokens.written]
    words = len(initials) - sum(map(str.isdecimal, initials))
    return words > 2 and sum(map(str.isupper, initials)) > SHOUTING * words


def may_begin_with_name(token: Token) -> bool:
    """Whether the first word of a sentence may be a name: it is no word that often stands there."""
    return is_capital(token) and token.form not in NO_NAMES


def is_place(tokens: Tokens, index: int) -> bool:
    """Whether the words around a name say that it is a place."""
    before = tokens.forms[max(0, index - 2) : index]
    after = tokens.forms[index + 1 : index + 3]
    return any(word in PLACE_BEFORE or word in PLACE_AFTER for word in before) or any(w in PLACE_AFTER for w in after)


def same_name(one: str, other: str) -> bool:
    """Whether two forms may name one thing: by inflection, spelling or a known other name."""
    if one == other or ALIASES.get(one, one) == ALIASES.get(other, other):
        return True
    shared = _shared(one, other)
    if one.isascii() and shared == min(len(one), len(other)) <= ABBREVIATED < max(len(one), len(other)) - 2:
        return True
    if one.isascii():
        return shared >= 4 and {one[shared:], other[shared:]} <= LATIN_ENDINGS
    return shared >= 3 and {one[shared:], other[shared:]} <= CYRILLIC_ENDINGS


def _shared(one: str, other: str) -> int:
    """How many letters two words have in common at their beginning."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def is_known(name: str, forms: frozenset[str]) -> bool:
    """Whether a name occurs among the tokens of a text in any form."""
    return (
        name in forms
        or any(name[:3] == form[:3] and same_name(name, form) for form in forms)
        or (name in ALIASES and any(ALIASES.get(form) == ALIASES[name] for form in forms))
    )
