"""Judges an arriving text against one that is known: a copy, an update, or something else."""

from __future__ import annotations

from typing import Final, NamedTuple

from schemas.story import DedupeVerdict
from workers.dedupe.closer import brings_news, closer_look
from workers.dedupe.compare import Pair
from workers.dedupe.guard import changed_facts, is_other_day
from workers.dedupe.guard_words import takes_back_toll
from workers.dedupe.headline import tells_of_casualty, tells_of_turn
from workers.dedupe.story_text import StoryText
from workers.reasons import Reason

COPY: Final = (0.80, 0.65)
"""Share of the new text's three-word runs that the old one must have; the second holds where nearly all words
stand in the old text in the same order, so that small edits are scattered over it."""

EXCERPT: Final = (0.70, 0.65)
"""The same for a short text against one at least three times as long: an excerpt is smoothed at its seams."""

BRIEF: Final = (0.88, 0.70)
"""The same where both are short, so that a few words make the difference."""

IN_ORDER: Final = 0.88
"""Share of words in the same order from which the lower bounds hold."""

SHORT: Final = 60
"""Words up to which a text is short."""

SUMMARY_WORDS, SUMMARY_TITLE = 0.85, 0.5
"""A summary in a feed: words known, and the likeness of headlines that makes up for their new order."""

RELATED: Final = 0.5
"""Share of either text in the other from which they are about one thing."""

CUT: Final = 0.75
"""Length of a copy, as a share of its original, up to which it is called truncated."""

STATEMENT: Final = 3
"""Words by which a stretch is longer than what it stands for, so that it may tell something more."""

WORTH_A_LOOK: Final = 0.4
"""Share of the new text's three-word runs below which the closer look finds no copy: of those that it found in some
thousand pairs the least had 0.55."""

OTHER_FIGURES, OTHER_SHARE = 5, 0.5
"""Figures, and their share of all, that are new in another report of the same form."""

SAME_STORY: Final = frozenset(
    {
        Reason.LONGER,
        Reason.CORRECTION,
        Reason.CHANGED_NUMBER,
        Reason.ADDED_NUMBER,
        Reason.ADDED_DATE,
        Reason.ADDED_NAME,
        Reason.ADDED_EVENT,
        Reason.CHANGED_WORDING,
        Reason.OTHER_HEADLINE,
        Reason.NEW_LEAD,
    }
)
"""Updates that tell the story on; another date or place makes another story."""


class Assessment(NamedTuple):
    """What the new text is to the old one."""

    verdict: DedupeVerdict
    reason: Reason
    similarity: float
    same_story: bool = False


def assess(old: StoryText, new: StoryText) -> Assessment:
    """Compare two texts; `unique` means that the new one owes nothing to the old one, or is of another day."""
    pair = Pair(old, new)
    first = _first_look(pair)
    if first.verdict == "duplicate":
        return _held_back(first, pair)
    if pair.contained < WORTH_A_LOOK or _is_form(pair) or _takes_back(first, pair):
        return first
    copy = closer_look(old, new)
    if copy is None:
        return first
    reason = Reason.TRUNCATED if copy.cut <= CUT else Reason.NEAR_COPY
    return Assessment("duplicate", reason, copy.share, same_story=True)


def _takes_back(first: Assessment, pair: Pair) -> bool:
    """Whether the new text corrects the old one, or has its dead no more, which is seen in whole texts only."""
    return first.reason is Reason.CORRECTION or (_is_copy(pair) and takes_back_toll(pair))


def _is_form(pair: Pair) -> bool:
    """Whether the new text fills in the same form with other figures, as every night's report does."""
    fresh = pair.new.figures - pair.old.figures
    return len(fresh) >= OTHER_FIGURES and fresh.total() >= OTHER_SHARE * pair.new.figures.total()


def _held_back(copy: Assessment, pair: Pair) -> Assessment:
    """A copy, unless a statement was put into it that shows news, or its own headline does."""
    inserted = any(len(change.after) >= len(change.before) + STATEMENT for change in pair.changes)
    news = False
    if inserted or (not pair.titles_alike and any(change.after for change in pair.changes)):
        news = brings_news(pair.old, pair.new)
    elif not pair.titles_alike:  # nothing came in but the headline
        news = tells_of_casualty(pair.new.title, pair.old) and tells_of_casualty(pair.new.sheet.title, pair.old.sheet)
        news = news or tells_of_turn(pair.new.title, pair.old)
    return Assessment("update", Reason.ADDED_EVENT, copy.similarity, same_story=True) if news else copy


def _first_look(pair: Pair) -> Assessment:
    """By the runs of words that the texts share, and by what differs between them."""
    likeness = round(pair.contained, 3)
    if not _is_copy(pair):
        return _relation(pair, likeness)
    reasons = list(changed_facts(pair))
    if not reasons and pair.new.cut:
        return Assessment("update", Reason.TOO_LONG, likeness, same_story=True)
    if not reasons:
        return Assessment("duplicate", _kind_of_copy(pair), likeness, same_story=True)
    if is_other_day(pair, reasons):
        return Assessment("unique", Reason.OTHER_DAY, likeness)
    return Assessment("update", reasons[0], likeness, same_story=SAME_STORY.issuperset(reasons))


def _is_copy(pair: Pair) -> bool:
    short = len(pair.new.body) < SHORT
    high, low = _bounds(pair)
    if pair.contained >= high or (pair.contained >= low and pair.in_order >= IN_ORDER):
        return True
    return short and len(pair.old.body) > SHORT and _is_summary(pair)


def _bounds(pair: Pair) -> tuple[float, float]:
    new_size, old_size = len(pair.new.body), len(pair.old.body)
    if new_size >= SHORT:
        return COPY
    return EXCERPT if old_size >= 3 * new_size else BRIEF if old_size < SHORT else COPY


def _is_summary(pair: Pair) -> bool:
    words = pair.new.body_forms
    known = sum(word in pair.old.known for word in words)
    one, other = frozenset(pair.old.title_forms), frozenset(pair.new.title_forms)
    alike = len(one & other) / len(one | other) if one and other else 0.0
    return known >= SUMMARY_WORDS * len(words) and alike >= SUMMARY_TITLE


def _relation(pair: Pair, likeness: float) -> Assessment:
    if pair.covered >= COPY[0]:
        return Assessment("update", Reason.LONGER, likeness, same_story=not _moved(pair))
    if max(pair.contained, pair.covered) >= RELATED or (pair.titles_alike and _tells_the_same(pair)):
        return Assessment("update", Reason.RELATED, likeness)
    return Assessment("unique", Reason.UNIQUE, likeness)


def _moved(pair: Pair) -> bool:
    """Whether a longer text is about another day or place."""
    return any(reason in (Reason.CHANGED_DATE, Reason.CHANGED_NAME) for reason in changed_facts(pair))


def _tells_the_same(pair: Pair) -> bool:
    """Whether texts under one headline share a statement, or have nothing but the headline."""
    if pair.new.body == pair.new.title:
        return True
    return bool(pair.contained) and not pair.old.statements.isdisjoint(pair.new.statements)


def _kind_of_copy(pair: Pair) -> Reason:
    same_body = pair.old.body_forms == pair.new.body_forms
    if same_body and pair.old.title_forms != pair.new.title_forms:
        return Reason.HEADLINE_CHANGED
    if same_body:
        return Reason.BYLINE_CHANGED
    return Reason.TRUNCATED if len(pair.new.body) <= CUT * len(pair.old.body) else Reason.NEAR_COPY
