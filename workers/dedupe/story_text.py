"""What a text says, apart from the page around it: its sentences, its dateline, whether it replaces another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

from workers.dedupe.lexicons import CALENDAR, DOTTED, PAGE_BEGINS, PAGE_HOLDS, PAGE_WORDS, REPLACES
from workers.dedupe.names import in_title_case, names_in
from workers.dedupe.numbers import figures
from workers.dedupe.tokens import LONGEST, Tokens, forms_of, letters_of, plain, sentence_tokens
from workers.lazy import lazy

LEAD: Final = 60
"""Tokens at the start of a text that say what it is about."""

STEM: Final = 4
"""Letters by which inflected forms of one word are taken for one."""

Run = tuple[str, ...]
"""Words that follow each other."""

_STOPPED_BY: Final = re.compile(r"[.!?…\n](?:(?<=\n)\n*|(?<!\n)[\"'”»)]*\s+(?=[\W_]*[^\W_a-zа-яіїєґ]))")
"""The end of a sentence, beginning with its stop: a search for one of a few signs is quick."""
_CREDITED: Final = re.compile(r"\s+(?=\((?:[A-Z][a-z]+ )(?:[a-z]+ )?by [A-Z])")
"""Before a credit in brackets, also behind an abbreviation."""
_PAGE_BEGINS: Final = re.compile(rf"\W*(?:{'|'.join(PAGE_BEGINS)})", re.IGNORECASE)
_PAGE_HOLDS: Final = re.compile("|".join(f"(?:{pattern})" for pattern in PAGE_HOLDS), re.IGNORECASE)
_REPLACES: Final = re.compile(REPLACES, re.IGNORECASE)
_INITIALS: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_SIGN_OF_INITIALS: Final = re.compile(r"\.[^\W\d_]\.")
_CUT_SHORT: Final = 5
"""Letters of the longest abbreviation."""
_BLANKS: Final = re.compile(r"[^\S\n]{2,}")
_WIDTH: Final = 55
_ENDED: Final = re.compile(r"[.!?…:]\W*$")
_MOST_WORDS: Final = 30
_DASHED: Final = re.compile(r"^\W{0,3}(?P<line>[^\n]{2,90}?)\s*(?:--|[—–-])\s+(?=\S)")
_STOPPED: Final = re.compile(
    r"^(?P<line>[^\W\d_][^.\n]{1,30}\.\s+\d{1,2}\s+[^\W\d_]{3,10}\.?\s+(?:[^\W\d_a-zа-яіїєґ]{2,}\.\s+)?)"
)
_SHOUTED: Final = re.compile(r"^\s*(?P<line>[^\W\d_a-zа-яіїєґ]{3,}(?: [^\W\d_a-zа-яіїєґ]{2,}){0,2}):\s+(?=[^\W\d_])")
_BYLINE: Final = re.compile(r"^\s*By (?:[A-Z][\w.'-]+ ){1,4}(?=[A-Z]{3}|\()")
_SOURCE: Final = re.compile(r"\([^()]{2,30}\)|/[^/\n]{2,20}/")


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
    source: tuple[str, str] = ("", "")
    """Headline and body as they were published, for the closer look that few pairs need."""

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
    def known(self) -> frozenset[str]:
        """Every token of headline, dateline and body."""
        return frozenset(chain(self.title.forms, self.body.forms, self.dateline.forms))


def read_story(title: str, body: str) -> StoryText:
    """Take a text apart; of a body without words the headline takes the place."""
    head, rest = undotted(plain(title)), undotted(plain(body[:LONGEST]))
    replaces = bool(_REPLACES.match(head) or _REPLACES.match(rest))
    rest = unwrapped(rest)
    byline = _BYLINE.match(rest)
    line, rest = split_dateline(rest[byline.end() :] if byline else rest)
    flat, title_tokens, letters = Tokens([], [], []), sentence_tokens(head), letters_of(rest)
    for start, end in sentence_spans(rest):
        flat.add(*_story_forms(rest[start:end], letters[start:end]))
    return StoryText(
        title_tokens, flat or title_tokens, sentence_tokens(line), replaces, len(body) > LONGEST, (title, body)
    )


def undotted(text: str) -> str:
    """The text without the full stops of abbreviations: `U.S.` as `US`, `Gen. X` as `Gen X`."""
    if _SIGN_OF_INITIALS.search(text):
        text = _INITIALS.sub(lambda match: match[0].replace(".", ""), text)
    first, *others = text.split(".")
    parts, before = [first], f" {first}"
    for part in others:
        abbreviated = part[:1].isspace() and _is_abbreviated(before)
        parts.append(part if abbreviated else f".{part}")
        before = part
    return "".join(parts)


def _is_abbreviated(before: str) -> bool:
    """Whether the last word before a stop is one that is cut short."""
    _, blank, word = before[-_CUT_SHORT:].rpartition(" ")
    return (bool(blank) or len(before) >= _CUT_SHORT) and word.casefold() in DOTTED


def unwrapped(text: str) -> str:
    """The text with lines joined that only the width of a page has broken: long ones, and before a small letter."""
    if "  " in text or not text.replace("\n", "").isprintable():
        text = _BLANKS.sub(" ", text)
    if "\n" not in text:
        return text
    lines = text.split("\n")
    joined = lines[0]
    for before, line in pairwise(lines):
        wrapped = len(before.rstrip()) >= _WIDTH and not _ENDED.search(before)
        joined += f" {line}" if line[:1].islower() or (wrapped and line.strip()) else f"\n{line}"
    return joined


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text begin and end."""
    gaps = [(stop.start() + (stop[0][0] != "\n"), stop.end()) for stop in _STOPPED_BY.finditer(text)]
    if " by " in text and "(" in text:
        gaps = sorted([*gaps, *(credit.span() for credit in _CREDITED.finditer(text))])
    start = 0
    for end, begin in gaps:
        yield start, end
        start = max(start, begin)
    yield start, len(text)


def _story_forms(sentence: str, letters: str) -> tuple[list[str], list[str]]:
    """The tokens of a sentence of the story, none for one of the page around it."""
    forms, written = forms_of(sentence, letters)
    if len(forms) > _MOST_WORDS:
        return forms, written
    return ([], []) if is_of_page(sentence, forms) else (forms, written)


def is_of_page(sentence: str, forms: Sequence[str]) -> bool:
    """Whether a sentence of these tokens begins or reads as those of pages do."""
    if _PAGE_BEGINS.match(sentence):
        return True
    return not PAGE_WORDS.isdisjoint(forms) and bool(_PAGE_HOLDS.search(sentence))


def split_dateline(text: str) -> tuple[str, str]:
    """The dateline and the rest of a text; a dash after other words than place, date and agency is no dateline."""
    match = _DASHED.match(text)
    if match and _is_dateline(match["line"]):
        return match["line"], text[match.end() :]
    match = _SHOUTED.match(text)
    if match:
        return match["line"], text[match.end() :]
    match = _STOPPED.match(text)
    if match and any(token.form in CALENDAR for token in sentence_tokens(match["line"])):
        return match["line"], text[match.end() :]
    return "", text


def _is_dateline(line: str) -> bool:
    tokens = sentence_tokens(_SOURCE.sub(" ", line))
    if not tokens and _SOURCE.search(line):
        return True
    if len(tokens) > 8 or not tokens or tokens[0].is_number:
        return False
    names = [token for token in tokens if not token.is_number and token.form not in CALENDAR]
    if not all(token.written[0].isupper() for token in names):
        return False
    capitals = len(names[0].written) > 2 and names[0].written.isupper() if names else False
    dated = any(token.form in CALENDAR for token in tokens)
    return bool(_SOURCE.search(line)) or capitals or dated
