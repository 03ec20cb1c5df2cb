"""The closer look at a pair that words alone do not show to be a copy: sentence by sentence, in one spelling.

Which sentences of the new text have a counterpart in the old one, do these tell the same facts, and is what is left
over a part of the page, told already, or background without a count? Costs some milliseconds, so only candidates
get it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final, NamedTuple

from workers.dedupe.compare import Change, Pair
from workers.dedupe.guard import changed_facts
from workers.dedupe.headline import is_headline_of, tells_of_casualty
from workers.dedupe.leftover import Known
from workers.dedupe.lexicons import UNITS
from workers.dedupe.sheet import Sentence, Sheet, sheet_of
from workers.dedupe.spelling import adopted, respelt
from workers.dedupe.story_text import STEM, StoryText
from workers.dedupe.tokens import Tokens
from workers.reasons import Reason

COUNTERPART, SPREAD = 0.6, 0.75
"""Share of a sentence's words that one sentence of the old text, or two that follow each other, must have."""

REWORDED: Final = 0.3
"""Share of a sentence's longer words that a sentence of the old text has which stands for it, if no other one does."""

SPOKEN: Final = 4
"""Words below which a sentence has a counterpart only in the very same one."""

TOLD: Final = 0.6
"""Share of the new text's words, without those of the page, in sentences that the old one has."""

LEAST: Final = 10
"""Words that must be told; with fewer there is nothing to go by."""

RUNS, ORDER = 0.5, 0.7
"""Shares of what is told that must stand in the old text: three-word runs, and words in the same order."""

SHEETS: Final = 256
"""Texts that are kept laid out: those of a batch are compared with several."""

ALIGNED: Final = frozenset({Reason.NEW_LEAD, Reason.OTHER_HEADLINE})
"""Doubts that the look at each sentence and at the headline has settled."""


class Copy(NamedTuple):
    """What a copy shares with its original."""

    share: float
    """Share of its words, without those of the page, in sentences that the original has."""
    cut: float
    """How many words it tells, as a share of the original's."""


def closer_look(old: StoryText, new: StoryText) -> Copy | None:
    """How much of a copy the new text is; None if it tells anything else."""
    if new.cut or old.cut or (new.replaces and not old.replaces):
        return None
    known, sheet = _sheet(*old.source), _sheet(*new.source)
    sheet = _in_spelling_of(known, sheet)
    partners = [_partners(sentence, known.sentences) for sentence in sheet.sentences]
    kinds = Known(known).kinds(sheet.sentences, [bool(each) for each in partners])
    if "news" in kinds or "unclear" in kinds:
        return None
    told = [sentence for sentence, each in zip(sheet.sentences, partners, strict=True) if each]
    words = _size(told)
    story = words + sum(len(s.tokens) for s, kind in zip(sheet.sentences, kinds, strict=True) if kind in NOT_PAGE)
    if words < LEAST or words < TOLD * story:
        return None
    if not is_headline_of(sheet.title, known, words):
        return None
    pair = _pair(old, new, known, sheet, partners)
    if not _is_close(pair) or set(changed_facts(pair)) - ALIGNED or any(map(_other_unit, pair.changes)):
        return None
    return Copy(round(words / story, 3), words / (_size(known.sentences) or 1))


def brings_news(old: StoryText, new: StoryText) -> bool:
    """Whether a text with most words of another one has a sentence that shows news."""
    known = _sheet(*old.source)
    sheet = _in_spelling_of(known, _sheet(*new.source))
    partners = [_partners(sentence, known.sentences) for sentence in sheet.sentences]
    told_there = frozenset(chain(*partners))
    open_there = [sentence for place, sentence in enumerate(known.sentences) if place not in told_there]
    pairs = zip(sheet.sentences, partners, strict=True)
    told = [bool(each) or _is_reworded(sentence, open_there) for sentence, each in pairs]
    return "news" in Known(known).kinds(sheet.sentences, told) or tells_of_casualty(sheet.title, known)


NOT_PAGE: Final = frozenset({"known", "background"})


@lru_cache(maxsize=SHEETS)
def _sheet(title: str, body: str) -> Sheet:
    return sheet_of(title, body)


def _in_spelling_of(known: Sheet, sheet: Sheet) -> Sheet:
    everything = Tokens([*sheet.title.forms, *chain(*(each.tokens.forms for each in sheet.sentences))], [], [])
    spellings = adopted(everything, known.words, sheet.words)
    if not spellings:
        return sheet
    sentences = tuple(replace(each, tokens=respelt(each.tokens, spellings)) for each in sheet.sentences)
    return Sheet(respelt(sheet.title, spellings), sheet.dateline, sentences)


def _partners(sentence: Sentence, known: Sequence[Sentence]) -> tuple[int, ...]:
    """The sentences that tell what a sentence tells: none, one, or two neighbours."""
    words = sentence.words
    if len(sentence.tokens) < SPOKEN:
        return tuple(place for place, each in enumerate(known) if each.tokens.forms == sentence.tokens.forms)[:1]
    shares = [len(words & each.words) / len(words) for each in known]
    best = max(range(len(known)), key=shares.__getitem__, default=None)
    if best is None:
        return ()
    if shares[best] >= COUNTERPART:
        return (best,)
    for one, other in pairwise(range(len(known))):
        if len(words & (known[one].words | known[other].words)) >= SPREAD * len(words):
            return (one, other)
    return ()


def _is_reworded(sentence: Sentence, known: Sequence[Sentence]) -> bool:
    """Whether a sentence may say in words of its own what one of the old text does that nothing else tells."""
    words = frozenset(word for word in sentence.words if len(word) >= STEM)
    return any(len(words & each.words) >= REWORDED * len(words) for each in known)


def _size(sentences: Sequence[Sentence]) -> int:
    return sum(len(each.tokens) for each in sentences)


def _pair(old: StoryText, new: StoryText, known: Sheet, sheet: Sheet, partners: Sequence[tuple[int, ...]]) -> Pair:
    """The pair with what is told alone: moved sentences of the old text where the new one has them."""
    order = list(dict.fromkeys(chain(*partners)))
    if order == sorted(order):
        order = list(range(len(known.sentences)))
    else:
        order += [place for place in range(len(known.sentences)) if place not in set(order)]
    told = [sentence for sentence, each in zip(sheet.sentences, partners, strict=True) if each]
    body = _joined([known.sentences[place] for place in order])
    one = replace(old, title=known.title, body=body, dateline=known.dateline)
    other = replace(new, title=sheet.title, body=_joined(told), dateline=sheet.dateline)
    pair = Pair(one, other)
    return pair if pair.titles_alike else Pair(one, replace(other, title=one.title))


def _joined(sentences: Sequence[Sentence]) -> Tokens:
    tokens = Tokens([], [], [])
    for sentence in sentences:
        tokens.add(sentence.tokens.forms, sentence.tokens.written)
    return tokens


def _is_close(pair: Pair) -> bool:
    return pair.contained >= RUNS and pair.in_order >= ORDER


def _other_unit(change: Change) -> bool:
    before, after = (set(part.forms) & UNITS.names for part in (change.before, change.after))
    return bool(before) and bool(after) and not before & after
