"""An article that arrives, with all that dedupe derives from it: each thing is worked out once, and only when asked."""

from __future__ import annotations

from typing import Final

from schemas.article import Article
from workers.dedupe.agencies import origin_of
from workers.dedupe.digests import slot_of
from workers.dedupe.features import Features, features_of
from workers.dedupe.identity import ExactKey, content_key, item_keys
from workers.dedupe.slots import bucket_cell, slot_cell
from workers.dedupe.story_text import StoryText, read_story
from workers.lazy import lazy
from workers.ports import Cell

WAITING: Final = 1000
"""Arrivals that are kept until they are decided: more than one batch."""


class Arrival:
    """An article with its features, its keys, and its text ready to be compared."""

    def __init__(self, article: Article) -> None:
        self.article = article

    @lazy
    def features(self) -> Features:
        """The text that is compared, its digest and its runs of words."""
        return features_of(self.article)

    @lazy
    def slot(self) -> str:
        """The short name of the article's id."""
        return slot_of(self.article.id)

    @lazy
    def cell(self) -> Cell:
        """The cell of what is known of the article's id."""
        return slot_cell(self.slot)

    @lazy
    def content(self) -> ExactKey:
        """The key of its words."""
        return content_key(self.features.content)

    @lazy
    def items(self) -> tuple[ExactKey, ...]:
        """The keys of the item."""
        return item_keys(self.article)

    @lazy
    def buckets(self) -> tuple[Cell, ...]:
        """The cells of its runs of words."""
        return tuple(map(bucket_cell, self.features.keys))

    @lazy
    def story(self) -> StoryText:
        """Its text ready to be compared."""
        return read_story(self.article.title, self.features.body)

    @property
    def compared(self) -> StoryText | None:
        """The same, if it has been asked for."""
        return self.__dict__.get("story")

    @lazy
    def origin(self) -> str | None:
        """The agency that the article names as its origin."""
        return origin_of(self.features.body) if self.features.may_name_agency else None


class Arrivals:
    """The arrivals of a batch between the look at their cells and the decision; told apart as objects.

    One that is decided is let go; those of batches that came to nothing fall out at the old end.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, Arrival] = {}

    def of(self, article: Article) -> Arrival:
        """The arrival of an article; a number names one object as long as the arrival holds it."""
        arrival = self._waiting.get(id(article))
        if arrival is None:
            arrival = self._waiting[id(article)] = Arrival(article)
            if len(self._waiting) > WAITING:
                del self._waiting[next(iter(self._waiting))]
        return arrival

    def decided(self, arrival: Arrival) -> None:
        """Let go of an arrival."""
        self._waiting.pop(id(arrival.article), None)
