"""Runs an archive of articles through the production rooms on the memory runtime: no server, no delivery."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeVar

from schemas.article import Article
from schemas.base import Model
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit
from streams.runtimes.driver import drain
from streams.runtimes.memory import MemoryRuntime
from streams.steps import advance
from workers.ports import Emit
from workers.stage import Stage

REORDER: Final = 20_000
"""Articles held back to put a nearly sorted archive in order of publication; about 90 MB at 3 KB of text each."""


class Published(Protocol):
    """What has a time of publication."""

    @property
    def time(self) -> datetime:
        """When it was published, or fetched where nobody says."""


P = TypeVar("P", bound=Published)


def by_publication(articles: Iterable[P], window: int = REORDER) -> Iterator[P]:
    """The articles in order of publication, as far as `window` articles of look-ahead can put them there."""
    heap: list[tuple[datetime, int, P]] = []
    for number, article in enumerate(articles):
        heapq.heappush(heap, (article.time, number, article))
        if len(heap) > window:
            yield heapq.heappop(heap)[2]
    while heap:
        yield heapq.heappop(heap)[2]


RECENT: Final = 2_000
"""Records of a topic that are kept although every room has taken them: one article never makes as many."""

BEFORE_ALL_NEWS: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Archive:
    """The rooms of a backtest, and the clock that follows the articles' own time."""

    def __init__(self, stages: Sequence[Stage[Any]], start: datetime = BEFORE_ALL_NEWS) -> None:
        self.runtime = MemoryRuntime(keep=RECENT, rooms=[stage.name for stage in stages])
        self.clock = ManualClock(start)
        self.stages = stages
        self._offset: dict[Topic, str] = {}

    async def take(self, article: Article) -> None:
        """Let time pass until the article is there, then let all rooms have it."""
        await self.wait(article.fetched)
        emit = Emit(Topic.ARTICLES, article.id, article, f"{article.id}-{article.revision}")
        await self.runtime.commit(Commit(room="fetch", at=self.clock.now(), emits=[(emit, self.clock.now())]))
        await drain(self.runtime, self.stages, self.clock)

    async def wait(self, moment: datetime) -> None:
        """Let time pass until a moment; what is due on the way happens at its own time."""
        await advance(self.runtime, self.stages, self.clock, moment)

    async def news(self, topic: Topic) -> list[Model]:
        """What was published on a topic since the last call."""
        records = await self.runtime.tail(topic, self._offset.get(topic), limit=1_000_000)
        if records:
            self._offset[topic] = records[-1].offset
        return [record.model for record in records]
