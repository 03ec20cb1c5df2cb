"""A text laid out for the closer look: its sentences in one spelling, each with the line it stands in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

from workers.dedupe.level import level, level_tokens
from workers.dedupe.lexicons import CALENDAR, PLACE_AFTER, TURNS, WIDE_NAMES, things_among
from workers.dedupe.names import is_capital
from workers.dedupe.numbers import figures
from workers.dedupe.sentences import sentences_of
from workers.dedupe.tokens import STEM, Tokens, one_sentence, sentence_tokens
from workers.lazy import lazy

_ENDED: Final = re.compile(r"[.!?…][\"'”»)\]]*\s*$")
_POSTED: Final = re.compile(
    r"^\W*\d{1,2}[:.]\d\d(?:\s(?:GMT|UTC|E[SD]T|CET|BST|мск|МСК))?\W+(?=[^\W\d_a-zа-яіїєґ])", re.MULTILINE
)
"""The time at which an entry of a running report was posted, before its first word."""
_FILED: Final = re.compile(r"^\W{0,3}(?P<line>[^\n.!?]{2,60}?)\s+(?:--|[—–-])\s+(?=\S)")
_FILED_WORDS: Final = 8


@dataclass(frozen=True)
class Sentence:
    """One sentence: as it is written, in the line of which paragraph, and as it is compared."""

    text: str
    line: str
    paragraph: int
    tokens: Tokens

    @lazy
    def ended(self) -> bool:
        """Whether it ends with a stop."""
        return bool(_ENDED.search(self.text))

    @lazy
    def words(self) -> frozenset[str]:
        """Its words, each once."""
        return frozenset(self.tokens.forms)

    @lazy
    def names(self) -> int:
        """How many words are written like names."""
        return sum(map(is_capital, self.tokens))


@dataclass(frozen=True)
class Sheet:
    """A headline and sentences in one spelling."""

    title: Tokens
    dateline: Tokens
    sentences: tuple[Sentence, ...]

    @lazy
    def words(self) -> frozenset[str]:
        """All words of headline, dateline and sentences."""
        return frozenset(self.title.forms).union(self.dateline.forms, *(each.words for each in self.sentences))

    @lazy
    def places(self) -> Mapping[str, list[int]]:
        """To each word the places of the sentences that have it."""
        found = defaultdict(list)
        for place, sentence in enumerate(self.sentences):
            for word in sentence.words:
                found[word].append(place)
        return found

    @lazy
    def figures(self) -> frozenset[str]:
        """All figures of headline, dateline and sentences, each once."""
        parts = (self.title, self.dateline, *(each.tokens for each in self.sentences))
        return frozenset().union(*(figures(part.forms) for part in parts))

    @lazy
    def things(self) -> frozenset[str]:
        """What is counted or befalls in it, by the names of the lines of words."""
        return things_among(self.words)

    @lazy
    def regions(self) -> frozenset[str]:
        """The names of its regions and districts."""
        pairs = chain.from_iterable(pairwise(each.tokens) for each in self.sentences)
        beside = (before for before, after in pairs if after.form in PLACE_AFTER and after.written[0].islower())
        return frozenset(token.form for token in beside if is_capital(token) and token.form not in WIDE_NAMES)

    @lazy
    def turns(self) -> frozenset[str]:
        """What became of matters in it, by the names of the lines of words."""
        return frozenset(turn for word in self.words if (turn := TURNS.get(word)))

    @lazy
    def calendar(self) -> frozenset[str]:
        """The days, months and parts of the day in it."""
        return self.dateline_calendar.union(*(calendar_of(each.tokens) for each in self.sentences))

    @lazy
    def dateline_calendar(self) -> frozenset[str]:
        """Those of headline and dateline."""
        return calendar_of(self.title) | calendar_of(self.dateline)

    @lazy
    def stems(self) -> frozenset[str]:
        """The beginnings of its words, by which their forms are recognised."""
        return frozenset(word[:STEM] for word in self.words)

    def has_turn(self, form: str) -> bool:
        """Whether what a word says became of a matter is said in it, in whatever word."""
        return form[:STEM] in self.stems or TURNS.get(form) in self.turns


def calendar_of(tokens: Tokens) -> frozenset[str]:
    """The days, months and parts of the day among tokens; in English months and weekdays are written large."""
    if CALENDAR.keys().isdisjoint(tokens.forms):
        return frozenset()
    found = ((CALENDAR.get(form, ""), written) for form, written in zip(tokens.forms, tokens.written, strict=True))
    return frozenset(name for name, written in found if name and _is_date(name, written))


def _is_date(name: str, written: str) -> bool:
    return written[0].isupper() or not written.isascii() or name.startswith("relative")


def sheet_of(title: str, dateline: str, body: str) -> Sheet:
    """Lay out a text that was cut; a blank line ends a paragraph."""
    if not dateline:
        dateline, body = _filed(body)
    sentences, paragraph = [], 0
    for line in level(_POSTED.sub("", body)).split("\n"):
        if not line.strip():
            paragraph += 1
            continue
        for sentence, forms, written in sentences_of(line):
            tokens = level_tokens(one_sentence(forms, written))
            if tokens:
                sentences.append(Sentence(sentence, line, paragraph, tokens))
    head = level_tokens(sentence_tokens(level(title)))
    return Sheet(head, level_tokens(sentence_tokens(dateline)), tuple(sentences))


def _filed(text: str) -> tuple[str, str]:
    """A place and a name before a dash, which are no sentence."""
    match = _FILED.match(text)
    if not match:
        return "", text
    tokens = sentence_tokens(match["line"])
    named = 0 < len(tokens) <= _FILED_WORDS and all(written[0].isupper() for written in tokens.written)
    return (match["line"], text[match.end() :]) if named else ("", text)
