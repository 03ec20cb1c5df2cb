"""The room `dedupe`: lets each text through once, and remembers every copy as a voice of its story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from schemas.article import Article
from schemas.base import Model, digest
from schemas.story import UniqueArticle
from schemas.topic import Topic
from workers.dedupe.cells import Known, Pointer, Story, Voice
from workers.dedupe.identity import ExactKey, content_key, item_keys, words_of
from workers.dedupe.verdict import Verdict
from workers.ports import Cell, Emit, Outcome, View
from workers.reasons import Reason
from workers.stage import Stage
from workers.tables import DEDUPE_ARTICLE, DEDUPE_STORY

HORIZON: Final = timedelta(days=7)
"""How far apart two articles may be and still be compared; below the retention of the tables."""

VOICES: Final = 200
"""Voices kept by name in a story; further ones are counted."""

REVISIONS: Final = 32
"""Revisions of one article that are recognised when they come again."""


class Dedupe(Stage[Article]):
    """Reads articles, emits each text once as `UniqueArticle`; `horizon` bounds the memory."""

    name = "dedupe"
    reads = Topic.ARTICLES
    model = Article

    def __init__(self, horizon: timedelta = HORIZON) -> None:
        self.horizon = horizon

    def prefetch(self, record: Article) -> Iterable[Cell]:
        """The cells of the exact keys."""
        return [known_cell(record.id), *(key.cell for key in _keys(record))]

    def decide(self, record: Article, view: View, now: datetime) -> Outcome:
        """One article: unique and update go on, the rest ends here under its reason."""
        verdict = verdict_of(record, view, now, self.horizon)
        if verdict.reason in {Reason.ALREADY_SEEN, Reason.EMPTY}:
            return Outcome(verdict.reason, passed=False)
        writes = _remember(record, verdict, view)
        if verdict.verdict == "duplicate":
            return Outcome(verdict.reason, passed=False, writes=writes)
        return Outcome(verdict.reason, emits=(_emit(record, verdict),), writes=writes)


def verdict_of(article: Article, view: View, now: datetime, horizon: timedelta = HORIZON) -> Verdict:
    """The verdict on an article under a view of state; pure, and the same for the same record and state."""
    own = _recent(view.get(known_cell(article.id), Known), article, horizon)
    if own and _met(own, article):
        return _verdict(article, "duplicate", own, Reason.ALREADY_SEEN, 1.0)
    words = words_of(article)
    if not words:
        return Verdict(id=article.id, verdict="duplicate", reason=Reason.EMPTY, story=_story_id(article))
    content = content_key(words)
    if own and own.content == content.cell.key:
        return _verdict(article, "duplicate", own, Reason.SAME_CONTENT, 1.0)
    same = _find(content, article, view, horizon)
    items = [(key, _find(key, article, view, horizon)) for key in item_keys(article)]
    if same and not own:
        reasons = [key.reason for key, known in items if known and known.article == same.article]
        return _verdict(article, "duplicate", same, reasons[0] if reasons else Reason.SAME_CONTENT, 1.0)
    edited = own or next((known for _, known in items if known), None)
    if edited:
        return _verdict(article, "update", edited, Reason.UPDATE, None)
    return Verdict(id=article.id, verdict="unique", reason=Reason.UNIQUE, story=_story_id(article))


def known_cell(article: str) -> Cell:
    """The cell of what is known of an article id."""
    return Cell(DEDUPE_ARTICLE, article)


def story_cell(story: str) -> Cell:
    """The cell of a story."""
    return Cell(DEDUPE_STORY, story)


def _keys(article: Article) -> list[ExactKey]:
    return [content_key(words_of(article)), *item_keys(article)]


def _recent(known: Known | None, article: Article, horizon: timedelta) -> Known | None:
    return known if known and abs(article.fetched - known.at) <= horizon else None


def _met(known: Known, article: Article) -> bool:
    """Whether this very revision was decided before; an older text that comes back later is an edit again."""
    if article.revision == known.revision:
        return True
    return article.revision in known.seen and article.fetched <= known.at


def _find(key: ExactKey, article: Article, view: View, horizon: timedelta) -> Known | None:
    pointer = view.get(key.cell, Pointer)
    return _recent(view.get(known_cell(pointer.article), Known), article, horizon) if pointer else None


def _verdict(article: Article, verdict: str, known: Known, reason: Reason, similarity: float | None) -> Verdict:
    return Verdict.model_validate(
        {
            "id": article.id,
            "verdict": verdict,
            "of": known.of or known.article if known.verdict == "duplicate" else known.article,
            "reason": reason,
            "similarity": similarity,
            "story": known.story,
        }
    )


def _story_id(article: Article) -> str:
    return digest("story", article.id, article.revision)


def _emit(article: Article, verdict: Verdict) -> Emit:
    unique = UniqueArticle(
        article=article,
        story=verdict.story,
        verdict=verdict.verdict,
        of=verdict.of,
        reason=verdict.reason,
        similarity=verdict.similarity,
    )
    return Emit(Topic.UNIQUE, article.id, unique, digest("unique", article.id, article.revision))


def _remember(article: Article, verdict: Verdict, view: View) -> Mapping[Cell, Model | None]:
    own = view.get(known_cell(article.id), Known)
    seen = (*(own.seen if own else ()), article.revision)[-REVISIONS:]
    known = Known(
        article=article.id,
        revision=article.revision,
        content=content_key(words_of(article)).cell.key,
        seen=seen,
        story=verdict.story,
        at=article.fetched,
        verdict=verdict.verdict,
        reason=verdict.reason,
        of=verdict.of,
        similarity=verdict.similarity,
    )
    pointer = Pointer(article=article.id, at=article.fetched)
    writes: dict[Cell, Model | None] = {key.cell: pointer for key in _keys(article)}
    writes[known_cell(article.id)] = known
    story = view.get(story_cell(verdict.story), Story) or Story(id=verdict.story)
    writes[story_cell(verdict.story)] = _with_voice(story, article, verdict)
    return writes


def _with_voice(story: Story, article: Article, verdict: Verdict) -> Story:
    voice = Voice(
        article=article.id,
        source=article.source,
        owner=article.owner,
        url=article.url,
        at=article.fetched,
        verdict=verdict.verdict,
        reason=verdict.reason,
        similarity=verdict.similarity,
    )
    if len(story.voices) >= VOICES:
        return story.model_copy(update={"more": story.more + 1})
    return story.model_copy(update={"voices": (*story.voices, voice)})
