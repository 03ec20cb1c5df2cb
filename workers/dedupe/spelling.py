"""Spellings of one word: before two texts are compared, what one writes in its own way is written as the other does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from workers.dedupe.lexicons import ALIASES, NAME_GROUPS, OTHER_WORDS, THINGS, TURNS
from workers.dedupe.numbers import is_figure
from workers.dedupe.tokens import Tokens

NAME_LETTERS: Final = 4
"""Letters that a name needs so that another transliteration of it is recognised."""

_BRITISH: Final = (
    (re.compile(r"(?<=[a-z]{3})is(e[drs]?|es|ers?|ing|ation|ations)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{3})ys(e[drs]?|es|ing)$"), r"yz\1"),
    (re.compile(r"(?<=[a-z]{2})our(?=s?$|ed$|ing$|ite|able|hood|ly$|ful)"), "or"),
    (re.compile(r"(?<=[a-z][bdtp])re(s|d)?$"), r"er\1"),
    (re.compile(r"ogue(s|d)?$"), r"og\1"),
    (re.compile(r"(?<=[a-z]{2}[aeiou])ll(?=(?:ed|ing|ers?|ors?)$|ment)"), "l"),
    (re.compile(r"(?<=[a-z]{2})ence(s|less)?$"), r"ense\1"),
    (re.compile(r"^(after|back|for|in|on|out|to|up)wards$"), r"\1ward"),
    (re.compile(r"^storey(s|ed)?$"), r"story\1"),
    (re.compile(r"^stories$"), "storys"),
    (re.compile(r"ogged$"), "oged"),
    (re.compile(r"amme(s)?$"), r"am\1"),
    (re.compile(r"ae(?=r|di|mia)"), "e"),
)
"""How British spelling becomes American; what else it hits, it hits in both texts."""
_CYRILLIC: Final = (
    (re.compile("ися$"), "ись"),
    (re.compile("тися$"), "тись"),
    (re.compile("^проєкт"), "проект"),
    (re.compile("^у(?=[бвгґджзклмнпрстфхцчшщ])"), "в"),
)
_LETTERS: Final = (
    ("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "ss"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("'", ""), ("shch", "sh"),
    ("kh", "h"), ("gh", "h"), ("g", "h"), ("zh", "z"), ("ph", "f"), ("x", "ks"), ("ck", "k"), ("c", "k"), ("w", "v"),
    ("yo", "o"), ("io", "o"), ("ya", "a"), ("ia", "a"), ("yu", "u"), ("iu", "u"), ("y", "i"), ("j", "i"), ("e", "i"),
)  # fmt: skip
"""Letters of names as they are written down from other alphabets, each step with one form for several."""
_DOUBLED: Final = re.compile(r"(.)\1+")


def adopted(own: frozenset[str], known: frozenset[str]) -> Mapping[str, str]:
    """For words of a text that the known one does not have: the same word as that one writes it.

    Both are all words of a text; what stands in both stands for itself.
    """
    keys: dict[str, str] = {}
    for form in sorted(known - own):
        for key in keys_of(form):
            keys.setdefault(key, form)
    found = {}
    for form in own - known:
        match = next((keys[key] for key in keys_of(form) if key in keys), None)
        if match is not None:
            found[form] = match
    return found


@lru_cache(maxsize=8192)
def keys_of(form: str) -> tuple[str, ...]:
    """What is the same for two spellings of a word."""
    if is_figure(form):
        return ()
    keys = [f"spelt {_spelt(form)}"]
    if form in NAME_GROUPS:
        keys.append(f"name {NAME_GROUPS[form]}")
    if form in ALIASES:
        keys.append(f"alias {ALIASES[form]}")
    if thing := THINGS.get(form):
        keys.append(f"thing {thing}")
    if turn := TURNS.get(form):
        keys.append(f"turn {turn}")
    if form[0] < "\u0250" and len(form) > NAME_LETTERS:
        keys.append(f"sounds {_sounds(form)}")
    return tuple(keys)


def respelt(tokens: Tokens, spellings: Mapping[str, str]) -> Tokens:
    """The tokens with some forms in another spelling."""
    return Tokens([spellings.get(form, form) for form in tokens.forms], tokens.written, tokens.firsts)


def _spelt(form: str) -> str:
    if form[0] >= "\u0400":
        for pattern, other in _CYRILLIC:
            form = pattern.sub(other, form)
        return form
    form = OTHER_WORDS.get(form, form)
    for pattern, other in _BRITISH:
        form = pattern.sub(other, form)
    return form


def _sounds(form: str) -> str:
    for letters, other in _LETTERS:
        form = form.replace(letters, other)
    return _DOUBLED.sub(r"\1", form).rstrip("i")
