"""Finds the record that ends its workers: who has a partition leaves its name there, and takes it away at the end.

A name that stands there when a partition changes hands is of a worker that ended with records in hand, or of one
that lives and has not noticed yet; that one takes its name back as soon as it does. Names are kept for as long as
the room stands where it stood, so a worker that got anything done is held against no record. After SUSPECT names
the next records go out one at a time, each with a mark before it, and from then on only an end under the mark
counts. After POISON names the marked record is what ends workers, and is put aside.

In normal work that costs one call when a partition is assigned and one when it is given back, and none for records.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, NamedTuple

from schemas.base import Model
from schemas.topic import Topic
from streams.runtimes.base import BATCH, SUSPECT, Commit, Unavailable, Verdict
from streams.runtimes.kafka.position import place_of
from streams.runtimes.seat import NEVER, Apply, Load
from workers.ports import Cell, Table

log = logging.getLogger("nightwire.kafka")

LONGEST_TURN: Final = 30.0
"""Seconds after which a room that tries a record alone, and gets nowhere, does not hold up the others."""
FAREWELL: Final = 2.0
"""Seconds of one attempt to say that this worker leaves in order."""


class Standing(NamedTuple):
    """Where a room stands on a partition, and whether there is nothing to do from there on."""

    offset: int
    idle: bool


class Attempt(Model):
    """Who has a partition, and how it went for those who had it before, with the room standing at `offset`."""

    offset: int
    worker: str = ""
    """The worker that has it; empty once it was given back."""
    ended: tuple[str, ...] = ()
    """Workers that ended with it."""
    left: int = 0
    """Records that are yet to go out one at a time, the marked one included."""
    marked: bool = False
    """Whether the record at `offset` is in hand, alone."""

    def at(self, offset: int) -> Attempt:
        """The same with the room standing at `offset`: what was in hand is done, and what is next has a clean name.

        But for the first SUSPECT ends: any of the records that were in hand then may have been the cause.
        """
        if offset == self.offset:
            return self
        left = self.left - self.marked
        return Attempt(offset=offset, worker=self.worker, ended=self.ended[:SUSPECT] if left else (), left=left)

    def taken_up(self, worker: str, standing: Standing) -> Attempt:
        """In the hands of `worker`, which holds it against the record that the former one has given nothing back."""
        if standing.idle:
            return Attempt(offset=standing.offset, worker=worker)
        now = self.at(standing.offset)
        names = (*now.ended, now.worker) if now.marked or not now.left else now.ended
        ended = tuple(name for name in dict.fromkeys(names) if name not in ("", worker))
        left = (now.left or BATCH) if len(ended) >= SUSPECT else 0
        return Attempt(offset=now.offset, worker=worker, ended=ended, left=left)

    def let_go(self, worker: str) -> Attempt:
        """Given back by `worker`, which lives, whatever others took it for: that may end a suspicion."""
        kept = "" if self.worker == worker else self.worker
        ended = tuple(name for name in self.ended if name != worker)
        left = self.left if len(ended) >= SUSPECT else 0
        marked = bool(self.marked and left and kept)
        return Attempt(offset=self.offset, worker=kept, ended=ended, left=left, marked=marked)


ATTEMPTS: Final = Table("kafka.attempt", Attempt)
NOBODY: Final = Attempt(offset=-1)
"""A partition that nobody has had."""


class Turn:
    """Of all rooms of a process one at a time tries a record alone: an end is then that record's and no other's."""

    def __init__(self) -> None:
        self._holder: object = None
        self._until = 0.0

    def take(self, who: object) -> bool:
        """Whether it is the turn of `who`."""
        free = self._holder in (None, who) or time.monotonic() > self._until
        if free:
            self._holder, self._until = who, time.monotonic() + LONGEST_TURN
        return free

    def leave(self, who: object) -> None:
        """Let others have it, if `who` has it."""
        if self._holder is who:
            self._holder = None


class Attempts:
    """The names on the partitions of one room and topic, as one worker writes them."""

    def __init__(self, room: str, topic: Topic, load: Load, apply: Apply, turn: Turn) -> None:
        self._room, self._topic, self._load, self._apply, self._turn = room, topic, load, apply, turn
        self._worker = uuid.uuid4().hex
        self._mine: dict[int, Attempt] = {}

    async def assigned(self, standings: Mapping[int, Standing]) -> None:
        """Put our name on these partitions, and take it from all others."""
        await self.given_back(set(self._mine) - set(standings))

        def take_up(number: int, former: Attempt) -> Attempt:
            known = number in self._mine and former.worker == self._worker
            return former if known else former.taken_up(self._worker, standings[number])

        before, self._mine = self._mine, await self._change(standings, take_up)
        for number, attempt in self._mine.items():
            if attempt.left == BATCH and attempt != before.get(number):
                log.warning(
                    "room %s: %d workers ended with %s/%d at %d; the next records are tried one at a time",
                    *(self._room, len(attempt.ended), self._topic.value, number, attempt.offset),
                )

    async def given_back(self, numbers: Collection[int]) -> None:
        """Take our name from these partitions."""
        self.rest()
        await self._change(numbers, lambda _, former: former.let_go(self._worker))
        for number in numbers:
            self._mine.pop(number, None)

    async def leave(self) -> None:
        """Say that this worker has not ended with anything in hand; while the server is away there is no waiting."""
        try:
            async with asyncio.timeout(FAREWELL):
                await self.given_back(list(self._mine))
        except (Unavailable, TimeoutError) as error:
            log.info("room %s: its partitions were not given back: %s", self._room, error)

    def careful(self, number: int) -> bool:
        """Whether records of this partition go out one at a time."""
        return number in self._mine and self._mine[number].left > 0

    async def alone(self, number: int, offset: int) -> int | None:
        """Mark the record at `offset`; returns how many workers ended with it. None: it is not our turn, or not ours.

        Where nothing is suspect any more, nothing is marked, and `careful` says so.
        """
        if not self._turn.take(self):
            return None

        def mark(_: int, former: Attempt) -> Attempt:
            now = former.at(offset)
            return now.model_copy(update={"marked": now.left > 0}) if now.worker == self._worker else former

        self._mine |= await self._change([number], mark)
        ours = self._mine[number].worker == self._worker
        return len(self._mine[number].ended) if ours else None

    def rest(self) -> None:
        """Nothing is in hand: other rooms may have their turn."""
        self._turn.leave(self)

    async def _change(self, numbers: Iterable[int], change: Callable[[int, Attempt], Attempt]) -> dict[int, Attempt]:
        """Change what is written about partitions, all in one step, however many do the same."""
        cells = {number: Cell(ATTEMPTS, place_of(self._room, self._topic, number)) for number in numbers}
        while cells:
            found = await self._load(cells.values())
            values = {number: found[cell].value for number, cell in cells.items()}
            before = {number: value if isinstance(value, Attempt) else NOBODY for number, value in values.items()}
            after = {number: change(number, former) for number, former in before.items()}
            commit = Commit(self._room, NEVER)
            for number, cell in cells.items():
                if after[number] != before[number]:
                    commit.expected[cell], commit.writes[cell] = found[cell].version, after[number]
            if not commit.writes or await self._apply(commit) is Verdict.COMMITTED:
                return after
        return {}
