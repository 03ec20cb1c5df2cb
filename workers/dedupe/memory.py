"""Dedupe's memory of articles: finding what is known, and writing down what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from schemas.base import Model
from workers.dedupe.arrival import Arrival
from workers.dedupe.candidates import candidates, enter
from workers.dedupe.cells import Bucket, Known, Pointer, Story
from workers.dedupe.digests import slot_of
from workers.dedupe.identity import ExactKey
from workers.dedupe.slots import slot_cell, story_cell
from workers.dedupe.story_text import StoryText, read_story
from workers.dedupe.tokens import LONGEST
from workers.dedupe.verdict import Verdict
from workers.lazy import lazy
from workers.ports import Cell, View

VOICES: Final = 100
"""Voices kept by name in a story; further ones are counted."""

REVISIONS: Final = 32
"""Revisions of one article that are recognised when they come again."""

ORIGINALS: Final = 256
"""Texts that are kept as they were read: the copies of one agency report come close together."""


class Originals:
    """The texts compared last, each read once: when it came, or when it was first met as an original."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], StoryText] = {}

    def of(self, known: Known) -> StoryText | None:
        """The stored text of an article ready to be compared; None for a copy, which has none."""
        if not (known.text or known.title):
            return None
        story = self._read.pop((known.title, known.text), None)
        return self.keep(known, story or read_story(known.title, known.text))

    def keep(self, known: Known, story: StoryText) -> StoryText:
        """Put a text to those used last; the one that was not used for longest is let go."""
        self._read[known.title, known.text] = story
        if len(self._read) > ORIGINALS:
            del self._read[next(iter(self._read))]
        return story


class Memory:
    """What is known, as an article that arrives may see it: nothing beyond the horizon."""

    def __init__(self, arrival: Arrival, view: View, horizon: timedelta, originals: Originals) -> None:
        self._arrival = arrival
        self._article = arrival.article
        self._view = view
        self._horizon = horizon
        self._originals = originals

    def own(self) -> Known | None:
        """What is known of the article's own id."""
        known = self._in(self._arrival.slot)
        return known if known and known.article == self._article.id else None

    def by_id(self, article: str) -> Known | None:
        """What is known of an article id."""
        known = self._in(slot_of(article))
        return known if known and known.article == article else None

    def behind(self, key: ExactKey) -> Known | None:
        """What an exact key leads to."""
        pointer = self._view.get(key.cell, Pointer)
        return self._in(pointer.slot) if pointer else None

    def root(self, known: Known) -> Known:
        """The original of a copy, or the article itself."""
        if known.verdict != "duplicate" or not known.of:
            return known
        return self.by_id(known.of) or known

    def text_of(self, known: Known) -> StoryText | None:
        """The text of a known article ready to be compared; None for a copy, which has none."""
        return self._originals.of(known)

    def similar(self) -> Iterator[Known]:
        """Articles that share runs of words with this one, without the article itself."""
        short = self._arrival.features.short
        slots = candidates([*self._buckets.values()], self._article.fetched, self._horizon, one_is_enough=short)
        self._view.need(map(slot_cell, slots))
        for slot in slots:
            known = self._in(slot)
            if known and known.article != self._article.id:
                yield known

    def story_so_far(self, known: Iterable[Known]) -> list[Story | None]:
        """The stories that articles belong to."""
        cells = [story_cell(each.story) for each in known]
        self._view.need(cells)
        return [self._view.get(cell, Story) for cell in cells]

    def remember(self, verdict: Verdict) -> Mapping[Cell, Model | None]:
        """The writes for a verdict: the article, its exact keys, its runs of words if it is no copy, its story."""
        article, features, own = self._article, self._arrival.features, self.own()
        copy = verdict.verdict == "duplicate"
        known = Known(
            article=article.id,
            revision=article.revision,
            feed=article.feed,
            source=article.source,
            owner=article.owner,
            url=article.url,
            verdict=verdict.verdict,
            reason=verdict.reason,
            of=verdict.of,
            similarity=verdict.similarity,
            story=verdict.story,
            origin=verdict.origin,
            content=features.content,
            earlier=(*own.earlier, own.revision)[-REVISIONS:] if own else (),
            at=article.fetched,
            published=article.time,
            title="" if copy else article.title,
            text="" if copy else features.body[: LONGEST + 1],
        )
        pointer = Pointer(slot=self._arrival.slot)
        writes: dict[Cell, Model | None] = {key.cell: pointer for key in (self._arrival.content, *self._arrival.items)}
        if copy and verdict.of == article.id and own:
            known = own.model_copy(update=known.model_dump(include={"earlier", "revision", "content"}))
        elif not copy:
            writes.update(enter(self._buckets, self._arrival.slot, article.fetched, self._horizon))
        if not copy and (story := self._arrival.compared):
            self._originals.keep(known, story)
        writes[self._arrival.cell] = known
        writes.update(self._tell(verdict, known))
        return writes

    def _tell(self, verdict: Verdict, known: Known) -> Mapping[Cell, Model | None]:
        """The story with one more voice; the first voice is written down when a second one comes."""
        if verdict.verdict == "unique":
            return {}
        cell = story_cell(verdict.story)
        story = self._view.get(cell, Story)
        if story is None:
            first = self.by_id(verdict.of) if verdict.of else None
            voices = (first.voice(),) if first and first.story == verdict.story else ()
            story = Story(id=verdict.story, voices=voices)
        if len(story.voices) >= VOICES:
            return {cell: story.model_copy(update={"more": story.more + 1})}
        return {cell: story.model_copy(update={"voices": (*story.voices, known.voice())})}

    @lazy
    def _buckets(self) -> dict[Cell, Bucket | None]:
        """Who shares a run of words with the article, for each of its runs."""
        return {cell: self._view.get(cell, Bucket) for cell in self._arrival.buckets}

    def _in(self, slot: str) -> Known | None:
        known = self._view.get(slot_cell(slot), Known)
        return known if known and abs(self._article.fetched - known.at) <= self._horizon else None
