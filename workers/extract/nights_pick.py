"""Which of several mentions of time a claim is about: in its own sentence, or from the head of the article."""

from __future__ import annotations

from collections.abc import Sequence

from workers.extract.nights_model import Kind, TimeMention

_RANK: dict[Kind, int] = {"date": 1, "past": 1, "clock": 1, "future": 3}
_INHERITED = frozenset({"night", "evening", "morning", "day", "24h"})

_CLAUSE = 110  # characters


def choose(mentions: Sequence[TimeMention], position: int) -> TimeMention | None:
    """The mention of a sentence that dates what stands at a position, or None.

    The nearest part of a day or span wins, then the nearest day; days of speaking and measures of superlatives
    date nothing.
    """
    fit = [m for m in mentions if not m.reporting and not m.background and not _is_far(m, position)]
    return min(fit, key=lambda m: (_RANK.get(m.kind, 0), _distance(m, position)), default=None)


def heading(mentions: Sequence[TimeMention]) -> TimeMention | None:
    """The first mention of a title or lead that holds for the sentences after it, or None."""
    return next((m for m in mentions if m.kind in _INHERITED and not m.background and not m.unit), None)


def _is_far(mention: TimeMention, position: int) -> bool:
    """Whether a time in the past stands so far away that it dates another clause."""
    return mention.kind == "past" and _distance(mention, position) > _CLAUSE


def _distance(mention: TimeMention, position: int) -> int:
    return (
        0
        if mention.start <= position < mention.end
        else min(abs(mention.start - position), abs(mention.end - position))
    )
