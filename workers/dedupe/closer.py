"""The closer look at a pair that words alone do not show to be a copy: sentence by sentence, in one spelling.

Which sentences of the new text have a counterpart in the old one, do these tell the same facts, and is what is left
over a part of the page, told already, or background without a count? It costs as much as all else that is done about
a pair, so only candidates get it that share enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import Final, NamedTuple

from workers.dedupe.compare import Change, Pair
from workers.dedupe.guard import changed_facts
from workers.dedupe.headline import is_headline_of, tells_of_casualty
from workers.dedupe.leftover import Known
from workers.dedupe.lexicons import UNITS
from workers.dedupe.sheet import Sentence, Sheet
from workers.dedupe.spelling import adopted, respelt
from workers.dedupe.story_text import StoryText
from workers.dedupe.tokens import STEM, Tokens
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

ALIGNED: Final = frozenset({Reason.NEW_LEAD, Reason.OTHER_HEADLINE})
"""Doubts that the look at each sentence and at the headline has settled."""

NOT_PAGE: Final = frozenset({"known", "background"})
"""Kinds of sentences that are part of the story without being told by the known text."""


class Copy(NamedTuple):
    """What a copy shares with its original."""

    share: float
    """Share of its words, without those of the page, in sentences that the original has."""
    cut: float
    """How many words it tells, as a share of the original's."""


class Facing(NamedTuple):
    """Two texts laid out side by side, the new one in the spelling of the known one."""

    known: Sheet
    new: Sheet
    partners: Sequence[tuple[int, ...]]
    """For each sentence of the new text the places of those of the known one that tell the same."""

    @property
    def told(self) -> list[Sentence]:
        """The sentences of the new text that the known one tells."""
        return [sentence for sentence, each in zip(self.new.sentences, self.partners, strict=True) if each]


def closer_look(old: StoryText, new: StoryText) -> Copy | None:
    """How much of a copy the new text is; None if it tells anything else."""
    if new.cut or old.cut or (new.replaces and not old.replaces):
        return None
    facing = _facing(old.sheet, new.sheet)
    known, sheet, partners = facing
    words = _size(facing.told)
    if words < LEAST:
        return None
    kinds = Known(known).kinds(sheet.sentences, [bool(each) for each in partners])
    if "news" in kinds or "unclear" in kinds:
        return None
    story = words + sum(len(s.tokens) for s, kind in zip(sheet.sentences, kinds, strict=True) if kind in NOT_PAGE)
    if words < TOLD * story or not is_headline_of(sheet.title, known, words):
        return None
    pair = _pair(old, new, facing)
    if not _is_close(pair) or any(reason not in ALIGNED for reason in changed_facts(pair)):
        return None
    if any(map(_other_unit, pair.changes)):
        return None
    return Copy(round(words / story, 3), words / (_size(known.sentences) or 1))


def brings_news(old: StoryText, new: StoryText) -> bool:
    """Whether a text with most words of another one has a sentence that shows news."""
    known, sheet, partners = _facing(old.sheet, new.sheet)
    told_there = frozenset(chain(*partners))
    open_there = [sentence for place, sentence in enumerate(known.sentences) if place not in told_there]
    pairs = zip(sheet.sentences, partners, strict=True)
    told = [bool(each) or _is_reworded(sentence, open_there) for sentence, each in pairs]
    return "news" in Known(known).kinds(sheet.sentences, told) or tells_of_casualty(sheet.title, known)


def _facing(known: Sheet, new: Sheet) -> Facing:
    sheet = _in_spelling_of(known, new)
    same = {each.words: (place,) for place, each in reversed([*enumerate(known.sentences)])}
    partners = [same.get(each.words) or _partners(each, known) for each in sheet.sentences]
    return Facing(known, sheet, partners)


def _in_spelling_of(known: Sheet, sheet: Sheet) -> Sheet:
    spellings = adopted(sheet.words, known.words)
    if not spellings:
        return sheet
    sentences = [
        each if each.words.isdisjoint(spellings) else replace(each, tokens=respelt(each.tokens, spellings))
        for each in sheet.sentences
    ]
    return Sheet(respelt(sheet.title, spellings), sheet.dateline, tuple(sentences))


def _partners(sentence: Sentence, known: Sheet) -> tuple[int, ...]:
    """The sentences that tell what a sentence tells in other words: none, one, or two neighbours."""
    if len(sentence.tokens) < SPOKEN:
        return ()
    words, shared = sentence.words, [0] * len(known.sentences)
    for place in chain.from_iterable(known.places[word] for word in words if word in known.places):
        shared[place] += 1
    most, enough = max(shared, default=0), SPREAD * len(words)
    if most >= COUNTERPART * len(words):
        return (shared.index(most),)
    for one, other in pairwise(range(len(shared))):
        if shared[one] + shared[other] < enough:
            continue
        if len(words & (known.sentences[one].words | known.sentences[other].words)) >= enough:
            return (one, other)
    return ()


def _is_reworded(sentence: Sentence, known: Sequence[Sentence]) -> bool:
    """Whether a sentence may say in words of its own what one of the old text does that nothing else tells."""
    words = frozenset(word for word in sentence.words if len(word) >= STEM)
    return any(len(words & each.words) >= REWORDED * len(words) for each in known)


def _size(sentences: Sequence[Sentence]) -> int:
    return sum(len(each.tokens) for each in sentences)


def _pair(old: StoryText, new: StoryText, facing: Facing) -> Pair:
    """The pair with what is told alone: moved sentences of the old text where the new one has them."""
    known, sheet, partners = facing
    order = list(dict.fromkeys(chain(*partners)))
    if order == sorted(order):
        order = list(range(len(known.sentences)))
    else:
        order += [place for place in range(len(known.sentences)) if place not in set(order)]
    body = _joined([known.sentences[place] for place in order])
    one = replace(old, title=known.title, body=body, dateline=known.dateline)
    other = replace(new, title=sheet.title, body=_joined(facing.told), dateline=sheet.dateline)
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
