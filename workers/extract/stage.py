"""The room extract: all claims of an article as one record, and an empty record where a revision takes them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from schemas.base import digest
from schemas.story import UniqueArticle
from schemas.topic import Topic
from workers.extract.cells import ArticleRead
from workers.extract.extractor import Extractor
from workers.ports import Cell, Emit, Outcome, View
from workers.reasons import Reason
from workers.stage import Stage
from workers.tables import EXTRACT_ARTICLE


class Extract(Stage[UniqueArticle]):
    """Reads what each number counts and sends all events of one article revision together."""

    name = "extract"
    reads = Topic.UNIQUE
    model = UniqueArticle

    def __init__(self, extractor: Extractor | None = None) -> None:
        self._extractor = extractor or Extractor()

    def prefetch(self, record: UniqueArticle) -> Iterable[Cell]:
        """The cell of the article."""
        return (Cell(EXTRACT_ARTICLE, record.article.id),)

    def decide(self, record: UniqueArticle, view: View, now: datetime) -> Outcome:
        """Extract; nothing goes on without events unless an earlier revision had some."""
        article = record.article
        cell = Cell(EXTRACT_ARTICLE, article.id)
        before = view.get(cell, ArticleRead)
        if before is not None and before.revision == article.revision:
            return Outcome(Reason.ALREADY_SEEN, passed=False)
        extraction = self._extractor.extract(article, record.story)
        count = len(extraction.events)
        retracts = before is not None and before.events > 0
        if not count and not retracts:
            return Outcome(Reason.NO_EVENTS, passed=False)
        emit = Emit(Topic.EVENTS, article.id, extraction, digest("extraction", article.id, article.revision))
        return Outcome(
            Reason.PASSED, emits=(emit,), writes={cell: ArticleRead(revision=article.revision, events=count)}
        )
