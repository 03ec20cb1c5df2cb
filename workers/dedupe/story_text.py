"""What a text says, apart from the page around it: its sentences, its dateline, whether it replaces another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from workers.dedupe.lexicons import CORRECTED, PAGE_BEGINS, PAGE_HOLDS, PAGE_WORDS, REPLACES, things_among
from workers.dedupe.names import in_title_case, names_in
from workers.dedupe.numbers import figures
from workers.dedupe.sentences import sentences_of, split_dateline, undotted, unwrapped
from workers.dedupe.sheet import Sheet, sheet_of
from workers.dedupe.tokens import LONGEST, STEM, Tokens, plain, sentence_tokens
from workers.lazy import lazy

LEAD: Final = 60
"""Tokens at the start of a text that say what it is about."""

Run = tuple[str, ...]
"""Words that follow each other."""

_PAGE_BEGINS: Final = re.compile(rf"\W*(?:{'|'.join(PAGE_BEGINS)})", re.IGNORECASE)
_PAGE_HOLDS: Final = re.compile("|".join(f"(?:{pattern})" for pattern in PAGE_HOLDS), re.IGNORECASE)
_REPLACES: Final = re.compile(REPLACES, re.IGNORECASE)
_CORRECTED: Final = re.compile(CORRECTED, re.IGNORECASE)
_STATION: Final = r"[^\W\d_][\w&' -]{1,24} +"
_CRUMBS: Final = re.compile(rf"^\s*(?:(?:{_STATION}[>›»] +)+|(?:{_STATION}\| +){{2,}})(?:[\w&' -]{{2,25}}\n)?")
"""The way to a page from the front page, but for its last station where that runs into the text."""
_MOST_WORDS: Final = 30
_BYLINE: Final = re.compile(r"^\s*By (?:[A-Z][\w.'-]+ ){1,4}(?=[A-Z]{3}|\()")


def runs_of(forms: Sequence[str], size: int = 3) -> frozenset[Run]:
    """All runs of `size` words; a shorter text is one run."""
    if len(forms) < size:
        return frozenset([tuple(forms)]) if forms else frozenset()
    return frozenset(zip(*(forms[start:] for start in range(size)), strict=False))


@dataclass(frozen=True)
class StoryText:
    """A headline and a body ready to be compared; `cut` says that the body was longer than is compared.

    What is found out about a text is kept with it, since it may be compared with several.
    """

    title: Tokens
    body: Tokens
    dateline: Tokens
    replaces: bool
    cut: bool
    parts: tuple[str, str, str] = ("", "", "")
    """Headline, dateline and body before they were taken apart into words."""

    @lazy
    def title_forms(self) -> list[str]:
        """The headline's tokens as they are compared."""
        return self.title.forms

    @lazy
    def body_forms(self) -> list[str]:
        """The body's tokens as they are compared."""
        return self.body.forms

    @lazy
    def loud_title(self) -> bool:
        """Whether the headline is written in capitals, so that they name nothing."""
        return in_title_case(self.title)

    @lazy
    def loud_body(self) -> bool:
        """The same of the body."""
        return in_title_case(self.body)

    @lazy
    def names(self) -> frozenset[str]:
        """Names that stand inside a sentence."""
        title = frozenset() if self.loud_title else names_in(self.title)
        return title if self.loud_body else title | names_in(self.body)

    @lazy
    def figures(self) -> Counter[str]:
        """All figures of headline, body and dateline."""
        return figures(self.title.forms) + figures(self.body.forms) + figures(self.dateline.forms)

    @lazy
    def runs(self) -> frozenset[Run]:
        """The runs of three words by which texts are compared."""
        return runs_of(self.body_forms)

    @lazy
    def lead_runs(self) -> frozenset[Run]:
        """The same of the lead."""
        return runs_of(self.body_forms[:LEAD])

    @lazy
    def statements(self) -> frozenset[Run]:
        """The runs of six words, which two texts share by a statement and not by chance."""
        return runs_of(self.body_forms, 6)

    @lazy
    def stems(self) -> frozenset[str]:
        """The beginnings of its words, by which their forms are recognised."""
        return frozenset([form[:STEM] for form in self.known])

    @lazy
    def things(self) -> frozenset[str]:
        """What is counted or befalls in it, by the names of the lines of words."""
        return things_among(self.known)

    @lazy
    def sheet(self) -> Sheet:
        """The text laid out for the closer look, which few texts need."""
        return sheet_of(*self.parts)

    @lazy
    def known(self) -> frozenset[str]:
        """Every token of headline, dateline and body."""
        return frozenset(chain(self.title.forms, self.body.forms, self.dateline.forms))


def read_story(title: str, body: str) -> StoryText:
    """Take a text apart; of a body without words the headline takes the place."""
    head, rest = undotted(plain(title)), undotted(plain(body[:LONGEST]))
    replaces = bool(_REPLACES.match(head) or _REPLACES.match(rest) or _CORRECTED.search(head))
    rest = unwrapped(_CRUMBS.sub("", rest))
    byline = _BYLINE.match(rest)
    line, rest = split_dateline(rest[byline.end() :] if byline else rest)
    flat, title_tokens = Tokens([], [], []), sentence_tokens(head)
    for sentence, forms, written in sentences_of(rest):
        if len(forms) > _MOST_WORDS or not is_of_page(sentence, forms):
            flat.add(forms, written)
    cut, parts = len(body) > LONGEST, (head, line, rest)
    return StoryText(title_tokens, flat or title_tokens, sentence_tokens(line), replaces, cut, parts)


def is_of_page(sentence: str, forms: Sequence[str]) -> bool:
    """Whether a sentence of these tokens begins or reads as those of pages do."""
    if _PAGE_BEGINS.match(sentence):
        return True
    return not PAGE_WORDS.isdisjoint(forms) and bool(_PAGE_HOLDS.search(sentence))
