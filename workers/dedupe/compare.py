"""Two texts side by side: how much of one stands in the other, and the stretches in which they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rapidfuzz.distance import LCSseq

from workers.dedupe.names import in_title_case, names_in
from workers.dedupe.numbers import figures
from workers.dedupe.story_text import LEAD, StoryText
from workers.dedupe.tokens import Token

ALIKE: Final = 0.6
"""Share of words in the same order from which two headlines are one headline with changes."""

STEM: Final = 4
"""Letters by which inflected forms of one word are taken for one."""

Shingle = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One stretch that differs: what stood `before`, what stands `after`, and where in the new text."""

    before: Sequence[Token]
    after: Sequence[Token]
    text: Sequence[Token]
    at: int
    lead: bool
    loud: bool
    """Whether the new text is written in capitals, so that they name nothing."""

    @property
    def small(self) -> bool:
        """Whether it replaces a few words by a few."""
        return 0 < len(self.before) <= 4 and 0 < len(self.after) <= 4

    @cached_property
    def fresh(self) -> Counter[str]:
        """The figures that came in."""
        return self._figures_after - self._figures_before

    @cached_property
    def gone(self) -> Counter[str]:
        """The figures that went."""
        return self._figures_before - self._figures_after

    @cached_property
    def _figures_after(self) -> Counter[str]:
        """All figures that stand there now."""
        return figures(self.after)

    @cached_property
    def _figures_before(self) -> Counter[str]:
        return figures(self.before)


@dataclass(frozen=True)
class Pair:
    """A stored text `old` and an arriving text `new`."""

    old: StoryText
    new: StoryText

    @cached_property
    def contained(self) -> float:
        """The share of the new text's three-word shingles that the old one has."""
        return _share(self._new_shingles, self._old_shingles)

    @cached_property
    def covered(self) -> float:
        """The share of the old text's three-word shingles that the new one has."""
        return _share(self._old_shingles, self._new_shingles)

    @cached_property
    def in_order(self) -> float:
        """The share of the new text's words that stand in the old one in the same order."""
        words = self.new.body_forms
        return LCSseq.similarity(self.old.body_forms, words) / len(words) if words else 0.0

    @cached_property
    def new_lead_known(self) -> float:
        """How much of the new text's lead the old text has."""
        return _share(shingles(self.new.body_forms[:LEAD]), self._old_shingles)

    @cached_property
    def old_lead_known(self) -> float:
        """How much of the old text's lead the new text has."""
        return _share(shingles(self.old.body_forms[:LEAD]), self._new_shingles)

    @cached_property
    def titles_alike(self) -> bool:
        """Whether the two headlines are one headline with changes."""
        one, other = self.old.title_forms, self.new.title_forms
        return bool(one and other) and LCSseq.normalized_similarity(one, other) >= ALIKE

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """All stretches of the body that differ, and of the headline where it is one headline with changes."""
        title = _changes(self.old.title, self.new.title) if self.titles_alike else ()
        return (*title, *_changes(self.old.body, self.new.body))

    @cached_property
    def old_figures(self) -> Counter[str]:
        """All figures of the old text."""
        return _all_figures(self.old)

    @cached_property
    def new_figures(self) -> Counter[str]:
        """All figures of the new text."""
        return _all_figures(self.new)

    @cached_property
    def names(self) -> frozenset[str]:
        """Names that stand inside a sentence of either text, by which they are known at the start of one."""
        texts = (self.old.body, self.new.body, self.old.title, self.new.title)
        return frozenset().union(*(names_in(tokens) for tokens in texts if not in_title_case(tokens)))

    @cached_property
    def old_stems(self) -> frozenset[str]:
        """The beginnings of the old text's words, by which their forms are recognised."""
        return stems_of(self.old.known)

    @cached_property
    def _old_shingles(self) -> frozenset[Shingle]:
        return shingles(self.old.body_forms)

    @cached_property
    def _new_shingles(self) -> frozenset[Shingle]:
        return shingles(self.new.body_forms)


def stems_of(forms: Iterable[str]) -> frozenset[str]:
    """The beginnings of words by which their forms are recognised."""
    return frozenset(form[:STEM] for form in forms)


def shingles(forms: Sequence[str], size: int = 3) -> frozenset[Shingle]:
    """All runs of `size` words; a shorter text is one run."""
    if len(forms) < size:
        return frozenset([tuple(forms)]) if forms else frozenset()
    return frozenset(zip(*(forms[start:] for start in range(size)), strict=False))


def _all_figures(story: StoryText) -> Counter[str]:
    return figures(story.title) + figures(story.body) + figures(story.dateline)


def _share(some: frozenset[Shingle], of: frozenset[Shingle]) -> float:
    return len(some & of) / len(some) if some else 0.0


def _changes(old: Sequence[Token], new: Sequence[Token]) -> Iterator[Change]:
    """The stretches between runs of equal words, insertions and deletions at one place taken together."""
    loud = in_title_case(new)
    blocks = LCSseq.opcodes([token.form for token in old], [token.form for token in new])
    start_old = start_new = 0
    for block in (b for b in blocks if b.tag == "equal"):
        if block.src_start > start_old or block.dest_start > start_new:
            yield _change(old[start_old : block.src_start], new, start_new, block.dest_start, loud)
        start_old, start_new = block.src_end, block.dest_end
    if start_old < len(old) or start_new < len(new):
        yield _change(old[start_old:], new, start_new, len(new), loud)


def _change(before: Sequence[Token], new: Sequence[Token], start: int, end: int, loud: bool) -> Change:
    return Change(before, new[start:end], new, start, start < LEAD, loud)
