"""A trial of rules over an archive: production rooms, one reading of the articles for both versions of the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from schemas.alert import Notice
from schemas.base import Mode
from schemas.rule import Rule
from schemas.topic import Topic
from streams.archive import BEFORE_ALL_NEWS, Archive
from streams.articles import Draft
from streams.backtest.spared import Spared
from streams.explain.facts import Judged
from streams.explain.judged import judge_all
from streams.explain.records import load
from streams.judges import judge_rooms
from streams.runtimes.base import Commit, Record, Runtime
from streams.runtimes.driver import drain
from workers.extract.stage import Extract
from workers.judge.cells import RuleState
from workers.judge.seats import Seat, group_of
from workers.judge.windows import Grid, grid_of
from workers.ports import Emit
from workers.reasons import Reason
from workers.stage import Stage

MODE: Final[Mode] = "replay"
JUDGED: Final = (Topic.INCIDENTS, Topic.EVENTS)
"""What rules read of an archive; checks of feeds are not in it."""
MOST_WINDOWS: Final = 4000
"""Windows of one rule that a report looks at: ten years of nights."""


@dataclass
class Version:
    """One version of the rules and what came of it."""

    rules: tuple[Rule, ...]
    notices: list[Notice] = field(default_factory=list)
    windows: tuple[Judged, ...] = ()


class Shadow:
    """An older version of the rules, given the same incidents and claims at the same times."""

    def __init__(self, rules: Iterable[Rule], source: Archive) -> None:
        self._source = source
        self.archive = Archive(judge_rooms(rules), source.clock.now())
        self._read: dict[Topic, str] = {}

    async def follow(self, moment: datetime) -> list[Notice]:
        """Take over what the other archive has published since the last call; the clock stands at `moment`."""
        archive = self.archive
        await archive.wait(moment)
        for topic in JUDGED:
            records = await self._source.runtime.tail(topic, self._read.get(topic), limit=1_000_000)
            if records:
                self._read[topic] = records[-1].offset
                await archive.runtime.commit(_copy(records))
        await drain(archive.runtime, archive.stages, archive.clock)
        return await news(archive)


def _copy(records: Sequence[Record]) -> Commit:
    emits = [(Emit(r.topic, r.key, r.model, r.id), r.time) for r in records]
    return Commit(room="resolve", at=records[-1].time, emits=emits)


class Trial:
    """Takes articles in order; afterwards `new` and `old` hold what each version would have told.

    Articles that have nothing to read are counted in `unread` and spared the rooms, see `Spared`; `thorough` takes
    every article through all rooms.
    """

    def __init__(
        self,
        readers: Sequence[Stage[Any]],
        rules: tuple[Rule, ...],
        old: tuple[Rule, ...] | None = None,
        *,
        thorough: bool = False,
    ) -> None:
        self._spared = Spared(() if thorough else [room for room in readers if isinstance(room, Extract)])
        self._archive = Archive((*readers, *judge_rooms(rules)))
        self._shadow = Shadow(old, self._archive) if old is not None else None
        self.new = Version(rules)
        self.old = Version(old) if old is not None else None
        self.articles = 0
        self.unread: Counter[str] = Counter()
        """Articles that were spared the rooms, by reason."""
        self.first: datetime | None = None
        self.last: datetime | None = None
        self._latest = BEFORE_ALL_NEWS

    async def take(self, article: Draft) -> list[Notice]:
        """Let all rooms have one article that has something to read; returns what the new version tells."""
        self.articles += 1
        self.first, self.last = self.first or article.time, article.time
        self._latest = max(self._latest, article.fetched)
        if self._spared.spares(article):
            self.unread[Reason.NO_SUBJECT] += 1
            return []
        due = list(self._spared.due(article))
        self.unread[Reason.NO_SUBJECT] -= len(due) - 1
        for each in due:
            await self._archive.take(each.article())
        return await self._told(article.fetched)

    async def _told(self, moment: datetime) -> list[Notice]:
        told = await news(self._archive)
        self.new.notices += told
        if self._shadow is not None and self.old is not None:
            self.old.notices += await self._shadow.follow(moment)
        return told

    async def finish(self) -> list[Notice]:
        """Let time pass until the last article, and read how every window was judged; returns what is told by then."""
        if self.first is None or self.last is None:
            return []
        await self._archive.wait(self._latest)
        told = await self._told(self._latest)
        await self._look_back(self.first, self.last)
        return told

    async def _look_back(self, first: datetime, last: datetime) -> None:
        self.new.windows = await _windows(self._archive.runtime, self.new.rules, first, last)
        if self._shadow is not None and self.old is not None:
            runtime = self._shadow.archive.runtime
            self.old.windows = await _windows(runtime, self.old.rules, first, last)


async def news(archive: Archive) -> list[Notice]:
    """The notices that were published since the last call."""
    return [model for model in await archive.news(Topic.ALERTS) if isinstance(model, Notice)]


async def _windows(runtime: Runtime, rules: Sequence[Rule], first: datetime, last: datetime) -> tuple[Judged, ...]:
    by_id = {rule.id: rule for rule in rules}
    seats = [seat for rule in rules for seat in await _seats(runtime, rule, first, last)]
    judged = await judge_all(runtime, dict.fromkeys(seats, ()), by_id)
    return tuple(each for each in judged if each.judgement is not None)


async def _seats(runtime: Runtime, rule: Rule, first: datetime, last: datetime) -> list[Seat]:
    """Every window of every group from the first article to the last; none for rules whose windows move."""
    grid = grid_of(rule.window)
    if grid is None:
        return []
    empty = Seat(rule.id, rule.shape, MODE, (), "")
    state = await load(runtime, empty.rule_cell, RuleState)
    groups = sorted(state.groups) if state else []
    keys = list(_keys(grid, first, last))
    return [empty._replace(group=group, window=key) for group in map(group_of, groups) for key in keys]


def _keys(grid: Grid, first: datetime, last: datetime) -> Iterator[str]:
    bounds = grid.around(first)[0]
    for _ in range(MOST_WINDOWS):
        yield bounds.key
        bounds = grid.neighbour(bounds.key, 1)
        if bounds.start > last:
            return
