"""Two texts side by side: how much of one stands in the other, and the stretches in which they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import LCSseq, Opcode

from workers.dedupe.numbers import figures
from workers.dedupe.story_text import LEAD, Run, StoryText
from workers.dedupe.tokens import Tokens
from workers.lazy import lazy

ALIKE: Final = 0.6
"""Share of words in the same order from which two headlines are one headline with changes."""


@dataclass(frozen=True)
class Change:
    """One stretch that differs: what stood `before`, what stands `after`, and where in the new text."""

    before: Tokens
    after: Tokens
    text: Tokens
    at: int
    lead: bool
    loud: bool
    """Whether the new text is written in capitals, so that they name nothing."""

    @property
    def small(self) -> bool:
        """Whether it replaces a few words by a few."""
        return 0 < len(self.before) <= 4 and 0 < len(self.after) <= 4

    @lazy
    def fresh(self) -> Counter[str]:
        """The figures that came in."""
        return self._figures_after - self._figures_before if self._figures_after else self._figures_after

    @lazy
    def gone(self) -> Counter[str]:
        """The figures that went."""
        return self._figures_before - self._figures_after if self._figures_before else self._figures_before

    @lazy
    def _figures_after(self) -> Counter[str]:
        """All figures that stand there now."""
        return figures(self.after.forms)

    @lazy
    def _figures_before(self) -> Counter[str]:
        return figures(self.before.forms)


@dataclass(frozen=True)
class Pair:
    """A stored text `old` and an arriving text `new`."""

    old: StoryText
    new: StoryText

    @lazy
    def contained(self) -> float:
        """The share of the new text's three-word runs that the old one has."""
        return _share(self.new.runs, self.old.runs)

    @lazy
    def covered(self) -> float:
        """The share of the old text's three-word runs that the new one has."""
        return _share(self.old.runs, self.new.runs)

    @lazy
    def in_order(self) -> float:
        """The share of the new text's words that stand in the old one in the same order."""
        words = self.new.body_forms
        return LCSseq.similarity(self.old.body_forms, words) / len(words) if words else 0.0

    @lazy
    def new_lead_known(self) -> float:
        """How much of the new text's lead the old text has."""
        return _share(self.new.lead_runs, self.old.runs)

    @lazy
    def old_lead_known(self) -> float:
        """How much of the old text's lead the new text has."""
        return _share(self.old.lead_runs, self.new.runs)

    @lazy
    def titles_alike(self) -> bool:
        """Whether the two headlines are one headline with changes."""
        one, other = self.old.title_forms, self.new.title_forms
        return bool(one and other) and LCSseq.normalized_similarity(one, other) >= ALIKE

    @lazy
    def changes(self) -> tuple[Change, ...]:
        """All stretches of the body that differ, and of the headline where it is one headline with changes."""
        old, new = self.old, self.new
        body = _changes(old.body, new.body, _alignment(old.body_forms, new.body_forms), new.loud_body)
        if not self.titles_alike:
            return tuple(body)
        title = _changes(old.title, new.title, _alignment(old.title_forms, new.title_forms), new.loud_title)
        return (*title, *body)

    @lazy
    def names(self) -> frozenset[str]:
        """Names that stand inside a sentence of either text, by which they are known at the start of one."""
        return self.old.names | self.new.names


def _share(some: frozenset[Run], of: frozenset[Run]) -> float:
    return len(some & of) / len(some) if some else 0.0


def _alignment(old: Sequence[str], new: Sequence[str]) -> Iterator[Opcode]:
    """The runs of equal words."""
    return (block for block in LCSseq.opcodes(old, new) if block.tag == "equal")


def _changes(old: Tokens, new: Tokens, equal: Iterable[Opcode], loud: bool) -> Iterator[Change]:
    """The stretches between runs of equal words, insertions and deletions at one place taken together."""
    start_old = start_new = 0
    for block in equal:
        if block.src_start > start_old or block.dest_start > start_new:
            yield _change(old[start_old : block.src_start], new, start_new, block.dest_start, loud)
        start_old, start_new = block.src_end, block.dest_end
    if start_old < len(old) or start_new < len(new):
        yield _change(old[start_old:], new, start_new, len(new), loud)


def _change(before: Tokens, new: Tokens, start: int, end: int, loud: bool) -> Change:
    return Change(before, new[start:end], new, start, start < LEAD, loud)
