"""The room extract: all claims of an article as one record, and an empty record where a revision takes them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from schemas.base import Model, digest
from schemas.event import Extraction
from schemas.story import UniqueArticle
from schemas.topic import Topic
from workers.extract.cells import ArticleRead, Aside
from workers.extract.extractor import Extractor, unread
from workers.extract.pack import Prose
from workers.ports import Cell, Emit, Outcome, View
from workers.reasons import Reason
from workers.stage import Stage
from workers.tables import EXTRACT_ARTICLE, EXTRACT_ASIDE

MOST_ASIDE: Final = 12
"""Numbers of one article that are remembered as not taken; a table of figures has hundreds."""
LONGEST_QUOTE: Final = 160
"""Characters of a quote that is remembered."""


class Extract(Stage[UniqueArticle]):
    """Reads what each number counts and sends all events of one article revision together."""

    name = "extract"
    reads = Topic.UNIQUE
    model = UniqueArticle

    def __init__(self, extractor: Extractor | None = None) -> None:
        self._extractor = extractor or Extractor()

    def silent(self, article: Prose) -> bool:
        """Whether an article has nothing to read; the room would drop it, unless an earlier revision had claims."""
        return self._extractor.silent(article)

    def prefetch(self, record: UniqueArticle) -> Iterable[Cell]:
        """The cells of the article."""
        return (Cell(EXTRACT_ARTICLE, record.article.id), aside_cell(record.article.id))

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
        writes: dict[Cell, Model | None] = {aside_cell(article.id): aside} if (aside := aside_of(extraction)) else {}
        if not count and not retracts:
            reason = Reason.LANGUAGE_NOT_READ if unread(extraction) else Reason.NO_EVENTS
            return Outcome(reason, passed=False, writes=writes)
        emit = Emit(Topic.EVENTS, article.id, extraction, digest("extraction", article.id, article.revision))
        writes[cell] = ArticleRead(revision=article.revision, events=count)
        return Outcome(Reason.PASSED, emits=(emit,), writes=writes)


def aside_cell(article: str) -> Cell:
    """Where the numbers of an article that were not taken are remembered."""
    return Cell(EXTRACT_ASIDE, article)


def aside_of(extraction: Extraction) -> Aside | None:
    """What is remembered of the numbers that were not taken; None where every number was."""
    if not extraction.abstained:
        return None
    kept = extraction.abstained[:MOST_ASIDE]
    short = tuple(each.model_copy(update={"quote": each.quote[:LONGEST_QUOTE]}) for each in kept)
    return Aside(revision=extraction.article.revision, abstained=short, more=len(extraction.abstained) - len(kept))
