"""The runtime itself: every promise of the contract in terms of a broker and a state server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from schemas.topic import Topic
from streams.runtimes.base import BATCH, Commit, Delivery, Record, RuntimeRefused, Unavailable, Verdict
from streams.runtimes.kafka import admin
from streams.runtimes.kafka.attempts import Turn
from streams.runtimes.kafka.ending import bounded
from streams.runtimes.kafka.inbox import Claim, Inbox
from streams.runtimes.kafka.journal import JournalWords, Output, Publisher
from streams.runtimes.kafka.layout import Names
from streams.runtimes.kafka.plain import PlainIntake
from streams.runtimes.kafka.port import Intake, Subscription, Timing
from streams.runtimes.kafka.position import Position, position_cell, topic_of
from streams.runtimes.kafka.producer import Producer
from streams.runtimes.kafka.quiet import hush
from streams.runtimes.kafka.reader import Reader
from streams.runtimes.valkey.checks import check
from streams.runtimes.valkey.state import ServerState
from streams.state.functions import COMMIT, call, install

log = logging.getLogger("nightwire.kafka")

CLOSE: Final = 12.0
"""Seconds that leaving all groups and closing all connections may take; what is not done by then is let go of."""
RELAY: Final = 2.0
"""Seconds between two looks for what dead workers have left in the journals."""


class KafkaRuntime(ServerState):
    """Topics on Apache Kafka at `brokers`; state, positions and journals on the Valkey or Redis server at `address`.

    `slot` is this worker's name among all that run: static membership goes by it, so a worker that
    comes back under its name gets its partitions back at once, and two must not share one.
    """

    name = "kafka"

    def __init__(
        self,
        brokers: str,
        address: str | Path,
        prefix: str = "nightwire",
        slot: str = "0",
        topics: str = "",
        intake: Callable[[Subscription], Intake] = PlainIntake,
        timing: Timing = Timing(),  # noqa: B008 - frozen
    ) -> None:
        super().__init__(address, prefix)
        self._brokers, self._slot, self._make_intake, self._timing = brokers, slot, intake, timing
        self.names = Names(topics, prefix)
        self._producer = Producer(brokers, timing)
        self._publisher = Publisher(self.server, self._keys, self._producer, self.names, slot)
        self._inboxes: dict[tuple[str, Topic], Inbox] = {}
        self._partitions: dict[Topic, int] = {}
        self._turn = Turn()
        self._reader: Reader | None = None
        self._relay: asyncio.Task[None] | None = None
        self._closed = False

    async def open(self) -> None:
        """Check the server and the topics, load the function; groups are joined by the first `receive`."""
        hush()
        await check(self.server, self._keys)
        await install(self.server)
        self._partitions = await admin.partitions(self._brokers, self.names)
        self._reader = Reader(self._brokers, self.names, self._partitions, self._timing)
        await self._publisher.publish(self._outputs())
        self._relay = asyncio.create_task(self._relay_for_ever(), name="kafka-relay")

    def _outputs(self) -> list[Output]:
        return [(topic, number) for topic, count in self._partitions.items() for number in range(count)]

    async def _relay_for_ever(self) -> None:
        while not self._closed:  # a cancellation may be lost in the client library
            await asyncio.sleep(RELAY)
            try:
                await self._publisher.relay(self._outputs())
            except (Unavailable, RuntimeRefused) as trouble:
                log.info("the journals wait: %s", trouble)
            except Exception:
                log.exception("a defect in relaying; it is tried again")

    async def close(self) -> None:
        """Leave all groups and close the connections; whoever still asks is told that nothing can be had."""
        self._closed = True
        if self._relay is not None:
            self._relay.cancel()
        ends = [inbox.close() for inbox in self._inboxes.values()]
        ends.append(self._producer.close())
        if self._reader is not None:
            ends.append(self._reader.close())
        await bounded(ends, CLOSE)
        await self.server.close()

    def _inbox(self, room: str, topic: Topic) -> Inbox:
        if self._closed:
            raise Unavailable("the runtime is closed")
        if (room, topic) not in self._inboxes:
            want = Subscription(
                self._brokers, self.names.topic(topic), self.names.room(room), f"{room}-{self._slot}", self._timing
            )
            self._inboxes[room, topic] = Inbox(
                *(self._make_intake(want), room, topic, self._partitions[topic]),
                *(self.load, self._apply, self.reader.ends, self._turn),
            )
        return self._inboxes[room, topic]

    @property
    def reader(self) -> Reader:
        """Looks at topics without consuming."""
        if self._reader is None:
            raise Unavailable("the runtime is not open")
        return self._reader

    async def receive(self, room: str, topic: Topic, limit: int = BATCH, wait: float = 0.0) -> list[Delivery]:
        """Records in hand first, then new ones; what could not be published before is published first."""
        await self._publisher.publish()
        return await self._inbox(room, topic).receive(limit, wait)

    async def commit(self, commit: Commit) -> Verdict:
        """One call of the commit function, with positions as cells and records into journals; then the journals."""
        await self._memory.admit(commit.room)
        await self._publisher.publish()
        acks: dict[Topic, list[str]] = {}
        for token in commit.acks:
            acks.setdefault(topic_of(token), []).append(token)
        claims: dict[Inbox, Claim] = {}
        for topic, tokens in acks.items():
            inbox = self._inbox(commit.room, topic)
            claim = inbox.claim(tokens)
            if claim is None:
                inbox.doubt()
                return Verdict.GONE
            claims[inbox] = claim
        return await self._settle(commit, claims)

    async def _settle(self, commit: Commit, claims: dict[Inbox, Claim]) -> Verdict:
        whole = replace(commit, acks=[], expected=dict(commit.expected), writes=dict(commit.writes))
        for claim in claims.values():
            whole.expected.update(claim.expected)
            whole.writes.update(claim.writes)
        try:
            verdict = await self._apply(whole)
        except Unavailable:
            for inbox in claims:
                inbox.doubt()
            raise
        if verdict is not Verdict.COMMITTED:
            return await self._refused(verdict, claims)
        try:
            await self._publisher.publish()
        except (Unavailable, RuntimeRefused) as trouble:
            log.warning("room %s: records wait in the journal: %s", commit.room, trouble)
        for inbox, claim in claims.items():
            await inbox.settle(claim, commit.acks)
        return verdict

    async def _refused(self, verdict: Verdict, claims: dict[Inbox, Claim]) -> Verdict:
        """A position that is another one means that the inputs are somebody else's."""
        expected = {cell: version for claim in claims.values() for cell, version in claim.expected.items()}
        moved = any(found.version != expected[cell] for cell, found in (await self.load(expected)).items())
        if moved or verdict is Verdict.GONE:
            for inbox in claims:
                inbox.doubt()
        return Verdict.GONE if moved else verdict

    async def _apply(self, commit: Commit) -> Verdict:
        words = JournalWords(self._keys, commit, self._slot, self._partitions)
        self._publisher.behind |= words.outputs
        return Verdict((await call(self.server, COMMIT, words.keys, words.args)).decode())

    async def tail(self, topic: Topic, after: str | None = None, limit: int = BATCH) -> list[Record]:
        """Records behind a position, in the order of their commits as far as partitions allow."""
        return await self.reader.tail(topic, after, limit)

    async def between(self, topic: Topic, after: str | None, until: str | None, limit: int) -> list[Record]:
        """Records between two positions, which hold one offset for each partition."""
        return await self.reader.between(topic, after, until, limit)

    async def last(self, topic: Topic, limit: int) -> list[Record]:
        """The newest records, oldest first."""
        return await self.reader.last(topic, limit) if limit else []

    async def lag(self, room: str, topic: Topic) -> int:
        """Records in the journal, and between the room's positions and the ends, repetitions included."""
        journals = [self._keys.journal(topic, number) for number in range(self._partitions[topic])]
        lag: int = sum(await asyncio.gather(*(self.server.call("XLEN", journal) for journal in journals)))
        # asked for in this order, a record on its way is counted twice at the worst, and never missed
        ends, begins = await self.reader.ends(topic), await self.reader.begins(topic)
        cells = [position_cell(room, topic, number) for number in range(self._partitions[topic])]
        found = await self.load(cells)
        for cell, begin, end in zip(cells, begins, ends, strict=True):
            value = found[cell].value
            lag += max(0, end - max(begin, value.offset if isinstance(value, Position) else 0))
        return lag

    async def tidy(self) -> None:
        """The broker lets go of old records by itself."""
