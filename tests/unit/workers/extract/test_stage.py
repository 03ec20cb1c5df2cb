from __future__ import annotations

from datetime import UTC, datetime

from schemas.article import Article
from schemas.base import Model
from schemas.event import Extraction
from schemas.story import UniqueArticle
from schemas.topic import Topic
from workers.extract.cells import ArticleRead
from workers.extract.stage import Extract
from workers.ports import Cell, Outcome, View
from workers.reasons import Reason
from workers.tables import EXTRACT_ARTICLE

NOW = datetime(2025, 9, 10, 9, tzinfo=UTC)
CELL = Cell(EXTRACT_ARTICLE, "a")
ROOM = Extract()
REPORT = "Ukraine shot down 41 Russian drones overnight."


def decide(text: str, revision: str = "r1", before: Model | None = None) -> Outcome:
    article = Article(id="a", revision=revision, text=text, published=NOW, fetched=NOW)
    return ROOM.decide(UniqueArticle(article=article, story="s"), View({CELL: before}, {}), NOW)


def test_claims_go_on_as_one_record_keyed_by_article() -> None:
    outcome = decide(REPORT)
    (emit,) = outcome.emits
    assert (outcome.reason, emit.topic, emit.key) == (Reason.PASSED, Topic.EVENTS, "a")
    assert isinstance(emit.model, Extraction)
    assert emit.model.article.story == "s"
    assert [event.value for event in emit.model.events] == [41]
    assert outcome.writes == {CELL: ArticleRead(revision="r1", events=1)}


def test_an_article_without_claims_ends_here() -> None:
    outcome = decide("The library opens at nine.")
    assert (outcome.reason, outcome.passed, outcome.emits, dict(outcome.writes)) == (Reason.NO_EVENTS, False, (), {})


def test_a_revision_without_claims_takes_the_old_ones_back() -> None:
    outcome = decide("The library opens at nine.", "r2", ArticleRead(revision="r1", events=1))
    (emit,) = outcome.emits
    assert isinstance(emit.model, Extraction)
    assert emit.model.events == ()
    assert outcome.writes == {CELL: ArticleRead(revision="r2", events=0)}


def test_what_was_taken_back_is_not_taken_back_again() -> None:
    assert decide("Nothing.", "r3", ArticleRead(revision="r2", events=0)).reason is Reason.NO_EVENTS


def test_the_same_revision_twice_has_its_effect_once() -> None:
    outcome = decide(REPORT, "r1", ArticleRead(revision="r1", events=1))
    assert (outcome.reason, outcome.passed, outcome.emits) == (Reason.ALREADY_SEEN, False, ())


def test_the_cell_of_the_article_is_announced() -> None:
    article = Article(id="a", revision="r", fetched=NOW)
    assert CELL in list(ROOM.prefetch(UniqueArticle(article=article, story="s")))
