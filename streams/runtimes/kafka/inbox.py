"""What one room holds of one topic: records that were read and not yet committed, and where the room stands."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

from schemas.topic import Topic
from streams.codec import decode, unread
from streams.runtimes.base import POISON, Commit, Delivery, RuntimeRefused, Unavailable, Verdict, Versioned, blamed
from streams.runtimes.kafka.attempts import Attempts, Standing, Turn
from streams.runtimes.kafka.port import Intake, Raw
from streams.runtimes.kafka.position import Position, position_cell, to_token
from streams.runtimes.kafka.wire import Sequence, sequence_of, to_fields
from streams.runtimes.seat import NEVER, Apply, Load, Seat, SeatTaken, Taken
from streams.topics import TOPICS
from workers.ports import Cell

log = logging.getLogger("nightwire.kafka")

POLL: Final = 0.05
"""Seconds of one look for records that are known to be there."""
SILENT: Final = 8.0
"""Seconds without a record after which a room looks whether there are any."""
STALLED: Final = 30.0
"""Seconds that records which are there may take to come."""
UNSETTLED: Final = 60.0
"""Seconds that a group may take to share out its partitions: twice the silence after which a member is dead."""


@dataclass(slots=True)
class Item:
    """A record in hand as it was read, and the position behind it and behind repetitions that follow it."""

    token: str
    after: int
    sequence: Sequence
    raw: Raw


@dataclass(slots=True)
class Front:
    """Where reading stands on one partition."""

    offset: int
    sequence: Sequence


class Claim(NamedTuple):
    """What a commit does to positions: what they must be, and what they become."""

    expected: dict[Cell, int]
    writes: dict[Cell, Position]


Ends = Callable[[Topic], Awaitable[list[int]]]


class Inbox:
    """The consumer of one room and topic; `load`, `apply` and `ends` ask the state server and the broker."""

    def __init__(
        self, intake: Intake, room: str, topic: Topic, partitions: int, load: Load, apply: Apply, ends: Ends, turn: Turn
    ) -> None:
        self._intake, self._room, self._topic, self._partitions = intake, room, topic, partitions
        self._load, self._apply, self._ends = load, apply, ends
        self._seat = Seat(room, intake.member, load, apply, partial(_slot_taken, intake.member))
        self._attempts = Attempts(room, topic, load, apply, turn)
        self._joined = self._clean = False
        self._generation = -1
        self._mine: frozenset[int] = frozenset()
        self._positions: dict[int, Versioned] = {}
        self._fronts: dict[int, Front] = {}
        self._items: list[Item] = []
        self._done: dict[int, int] = {}
        self._told = 0.0
        self._moved = self._settled = time.monotonic()

    async def receive(self, limit: int, wait: float) -> list[Delivery]:
        """Up to `limit` records; waits at most `wait` seconds for new ones, and for none that are there."""
        deadline = time.monotonic() + wait
        self._attempts.rest()
        if not await self._ready(deadline if wait else time.monotonic() + STALLED, bool(wait)):
            return []
        await self._fill(limit, deadline if wait else None)
        await self._watch()
        await self._skip()
        await self._tell()
        return await self._give(self._items[:limit])

    async def _give(self, items: list[Item]) -> list[Delivery]:
        """What goes out together; a record of a partition where workers have ended goes alone, when it is its turn."""
        ahead = list(itertools.takewhile(lambda item: not self._attempts.careful(item.raw.partition), items))
        if ahead or not items:
            return [self._delivery(item) for item in ahead]
        number = items[0].raw.partition
        ends = await self._attempts.alone(number, self._stands(number))
        if ends is None:
            self._clean = False
            await asyncio.sleep(POLL)
            return [self._delivery(item) for item in items if not self._attempts.careful(item.raw.partition)]
        return [self._delivery(items[0], ends)] if self._attempts.careful(number) else await self._give(items)

    async def _ready(self, deadline: float, quiet: bool) -> bool:
        """Be a member with an assignment, and stand where the state server says; False when time is over first."""
        if not self._joined:
            await self._seat.take()
            await self._intake.open()
            self._joined, self._moved = True, time.monotonic()
            self._settled = self._moved
        try:
            await self._seat.renew()
        except SeatTaken:
            await self.close()
            raise
        try:
            mine = await self._intake.assigned(max(0.0, deadline - time.monotonic()))
        except Unavailable:
            await self.close()
            raise
        if mine is None:
            return await self._unsettled(quiet)
        self._settled = time.monotonic()
        if self._generation != self._intake.generation or not self._clean:
            self._generation, self._clean = self._intake.generation, False
            await self._sync(mine)
        return True

    async def _unsettled(self, quiet: bool) -> bool:
        """False while that may pass; a member that never hears of the group's end of a rebalance joins anew."""
        late = time.monotonic() - self._settled > UNSETTLED
        if late:
            await self.close()
        elif quiet:
            return False
        raise Unavailable(f"Kafka: the group of {self._room} does not settle" + ("; joining anew" if late else ""))

    async def _sync(self, mine: frozenset[int]) -> None:
        """Forget what is not ours any more, and go to where the room stands on what is."""
        if any(number >= self._partitions for number in mine):
            name = TOPICS[self._topic].wire
            raise RuntimeRefused(f"topic {name} has more partitions than when this worker started; restart all workers")
        cells = {number: position_cell(self._room, self._topic, number) for number in mine}
        loaded, ends = await self._load(cells.values()), await self._ends(self._topic)
        for number in set(self._positions) - mine:
            self._forget(number)
        for number, cell in cells.items():
            found = loaded[cell] if loaded[cell].version else await self._begin(number, cell)
            known = self._positions.get(number)
            if self._mine and number in self._mine and known is not None and known.version == found.version:
                continue
            await self._go_to(number, found, ends[number])
        await self._attempts.assigned(
            {number: Standing(self._stands(number), self._fronts[number].offset >= ends[number]) for number in mine}
        )
        self._mine, self._clean = mine, True

    async def _begin(self, number: int, cell: Cell) -> Versioned:
        """A room that was never here begins where its group stands on the broker, or with the oldest record."""
        offset = await self._intake.committed(number) or 0
        begin = Commit(self._room, NEVER, expected={cell: 0}, writes={cell: Position(offset=offset)})
        await self._apply(begin)  # whoever was first, the position is there now
        return (await self._load([cell]))[cell]

    def _stands(self, number: int) -> int:
        position = self._positions[number].value
        assert isinstance(position, Position)
        return position.offset

    async def _go_to(self, number: int, found: Versioned, end: int) -> None:
        self._forget(number)
        assert isinstance(found.value, Position)
        position = found.value
        if position.offset > end:
            log.error(
                "room %s: %s/%d ends at %d, before our position %d: the broker has lost records, or the topic was "
                "made anew; what is there is read from its start, and what was read before is passed over",
                *(self._room, self._topic.value, number, end, position.offset),
            )
            position = position.model_copy(update={"offset": 0})
        self._positions[number] = found
        self._fronts[number] = Front(position.offset, position.sequence)
        await self._intake.start_at(number, position.offset)

    def _forget(self, number: int) -> None:
        self._positions.pop(number, None)
        self._fronts.pop(number, None)
        self._done.pop(number, None)
        self._items = [item for item in self._items if item.raw.partition != number]

    async def _fill(self, limit: int, deadline: float | None) -> None:
        """Read until there are `limit` records, or something and time is short, or nothing is left."""
        stalled = time.monotonic() + STALLED
        while len(self._items) < limit and not (self._items and deadline):
            left = POLL if deadline is None else max(0.0, deadline - time.monotonic())
            if deadline is None and await self._at_end():
                return
            await self._take(await self._poll(left, limit))
            if deadline is not None and time.monotonic() >= deadline:
                return
            if self._generation != self._intake.generation:
                return  # what was read may be somebody else's now; the next call looks
            if time.monotonic() > stalled:
                raise Unavailable(f"Kafka: records of {self._topic.value} are there and do not come")

    async def _watch(self) -> None:
        """Leave and join anew when records are there and none has come for long: the client has lost its way."""
        if self._items or time.monotonic() - self._moved < SILENT:
            return
        self._moved = time.monotonic()
        if not await self._at_end():
            await self.close()
            raise Unavailable(f"Kafka: records of {self._topic.value} are there and do not come; joining anew")

    async def _poll(self, seconds: float, limit: int) -> list[Raw]:
        try:
            return await self._intake.poll(seconds, limit)
        except Unavailable:
            await self.close()
            raise

    async def _at_end(self) -> bool:
        ends = await self._ends(self._topic)
        return all(self._fronts[number].offset >= ends[number] for number in self._mine if number in self._fronts)

    async def _take(self, raws: list[Raw]) -> None:
        if raws:
            self._moved = time.monotonic()
        for raw in raws:
            front = self._fronts.get(raw.partition)
            if front is None or raw.offset < front.offset:
                continue  # not ours any more, or done with before
            sequence = sequence_of(raw)
            front.offset = raw.offset + 1
            if sequence is not None and sequence <= front.sequence:
                self._repeated(raw.partition, front.offset)
                continue
            front.sequence = sequence or front.sequence
            token = to_token(self._topic, raw.partition, raw.offset)
            self._items.append(Item(token, front.offset, front.sequence, raw))

    def _repeated(self, partition: int, after: int) -> None:
        """A repetition counts as done with whatever comes before it."""
        for item in reversed(self._items):
            if item.raw.partition == partition:
                item.after = after
                return

    def _delivery(self, item: Item, ends: int = 0) -> Delivery:
        """The record, read now that it is given out: to read it may be what ends a worker."""
        raw = item.raw
        offset = str(raw.offset) if self._partitions == 1 else f"{raw.partition}-{raw.offset}"
        if ends < POISON:
            return Delivery(item.token, decode(self._topic, offset, to_fields(raw)))
        return Delivery(item.token, unread(self._topic, offset, to_fields(raw), blamed(ends)))

    async def _skip(self) -> None:
        """Move positions over repetitions that have nothing before them."""
        busy = {item.raw.partition for item in self._items}
        claim = Claim({}, {})
        for number, front in self._fronts.items():
            known = self._positions[number]
            if number not in busy and isinstance(known.value, Position) and front.offset > known.value.offset:
                cell = position_cell(self._room, self._topic, number)
                claim.expected[cell] = known.version
                claim.writes[cell] = Position(offset=front.offset, sequence=front.sequence)
        if claim.writes:
            verdict = await self._apply(
                Commit(self._room, NEVER, expected=dict(claim.expected), writes=dict(claim.writes))
            )
            if verdict is Verdict.COMMITTED:
                await self.settle(claim, [])
            else:
                self.doubt()

    def claim(self, tokens: list[str]) -> Claim | None:
        """What acknowledging these does; None when one of them is not the next of its partition."""
        wanted, taken = set(tokens), dict[int, Item]()
        stopped: set[int] = set()
        for item in self._items:
            if item.token not in wanted:
                stopped.add(item.raw.partition)
            elif item.raw.partition not in stopped:
                taken[item.raw.partition] = item
                wanted.discard(item.token)
        if wanted or len(set(tokens)) != len(tokens):
            return None
        claim = Claim({}, {})
        for number, item in taken.items():
            cell = position_cell(self._room, self._topic, number)
            claim.expected[cell] = self._positions[number].version
            claim.writes[cell] = Position(offset=item.after, sequence=item.sequence)
        return claim

    async def settle(self, claim: Claim, tokens: list[str]) -> None:
        """These are acknowledged and the positions are as claimed; learn their new versions."""
        gone = set(tokens)
        self._items = [item for item in self._items if item.token not in gone]
        numbers = {position_cell(self._room, self._topic, number): number for number in self._mine}
        for cell, found in (await self._load(claim.writes)).items():
            number = numbers.get(cell)
            if number is None or found.value != claim.writes[cell]:
                self._clean = False  # somebody else is further already
                continue
            self._positions[number] = found
            self._done[number] = claim.writes[cell].offset

    def doubt(self) -> None:
        """Something else may have happened to what is held: ask the server."""
        self._clean = False

    async def _tell(self, at_once: bool = False) -> None:
        """Tell the broker how far we are, now and then; nothing depends on it while the state server is there."""
        if self._done and (at_once or time.monotonic() > self._told + 1.0):
            self._told, done = time.monotonic(), self._done
            self._done = {}
            try:
                await self._intake.acknowledge(done)
            except Unavailable as error:
                log.info("room %s: offsets were not committed: %s", self._room, error)
                self._done = done | self._done

    async def close(self) -> None:
        """Leave the group; what is in hand comes again to whoever is next."""
        try:
            if self._joined:
                await self._tell(at_once=True)
        finally:
            self._joined = self._clean = False
            for number in list(self._positions):
                self._forget(number)
            await asyncio.gather(self._attempts.leave(), self._intake.close())
            with contextlib.suppress(Unavailable):
                await self._seat.leave()


def _slot_taken(member: str, other: Taken) -> str:
    return (
        f"the slot {member} is taken by process {other.pid} on {other.host}; "
        "give every worker of a room a --slot of its own, or end that process"
    )
