"""The room `dedupe`: lets each text through once, and remembers every copy as a voice of its story."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from schemas.article import Article
from schemas.base import digest
from schemas.story import UniqueArticle
from schemas.topic import Topic
from workers.dedupe.arrival import Arrivals
from workers.dedupe.decide import decide
from workers.dedupe.memory import Memory, Originals
from workers.dedupe.verdict import Verdict
from workers.ports import Cell, Emit, Outcome, View
from workers.reasons import Reason
from workers.stage import Stage

HORIZON: Final = timedelta(days=7)
"""How far apart two articles may be fetched and still be compared; below the retention of the tables."""

NOT_REMEMBERED: Final = frozenset({Reason.ALREADY_SEEN, Reason.EMPTY})


class Dedupe(Stage[Article]):
    """Reads articles, emits each text once as `UniqueArticle`; `horizon` bounds the memory."""

    name = "dedupe"
    reads = Topic.ARTICLES
    model = Article

    def __init__(self, horizon: timedelta = HORIZON) -> None:
        self.horizon = horizon
        self._arrivals = Arrivals()
        self._originals = Originals()

    def prefetch(self, record: Article) -> Iterable[Cell]:
        """The cells of the article itself, of its exact keys and of its runs of words."""
        arrival = self._arrivals.of(record)
        return [arrival.cell, arrival.content.cell, *(key.cell for key in arrival.items), *arrival.buckets]

    def decide(self, record: Article, view: View, now: datetime) -> Outcome:
        """One article: unique and update go on, the rest ends here under its reason."""
        return self.judge(record, view)[1]

    def judge(self, record: Article, view: View) -> tuple[Verdict, Outcome]:
        """The verdict on one article, and what follows of it."""
        arrival = self._arrivals.of(record)
        memory = Memory(arrival, view, self.horizon, self._originals)
        verdict = decide(arrival, memory)
        writes = {} if verdict.reason in NOT_REMEMBERED else memory.remember(verdict)
        self._arrivals.decided(arrival)
        if verdict.verdict == "duplicate":
            return verdict, Outcome(verdict.reason, passed=False, writes=writes)
        return verdict, Outcome(verdict.reason, emits=(_emit(record, verdict),), writes=writes)


def _emit(article: Article, verdict: Verdict) -> Emit:
    unique = UniqueArticle(
        article=article,
        story=verdict.story,
        verdict=verdict.verdict,
        of=verdict.of,
        reason=verdict.reason,
        similarity=verdict.similarity,
        origin=verdict.origin,
    )
    return Emit(Topic.UNIQUE, article.id, unique, digest("unique", article.id, article.revision))
