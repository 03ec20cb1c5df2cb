"""An inbox on an intake that does as it is told: what goes out alone, what meanwhile, and what is put aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import pytest

from schemas.article import Article
from schemas.topic import Topic
from streams.codec import DATA, encode
from streams.runtimes.base import (
    POISON,
    SUSPECT,
    Broken,
    Commit,
    Delivery,
    Record,
    Unavailable,
    Verdict,
    Versioned,
    blamed,
)
from streams.runtimes.kafka import inbox
from streams.runtimes.kafka.attempts import Turn
from streams.runtimes.kafka.inbox import Inbox
from streams.runtimes.kafka.port import Intake, Raw
from streams.runtimes.memory import MemoryRuntime
from workers.ports import Cell, Emit

AT = datetime(2024, 9, 10, 3, 0, tzinfo=UTC)


def raw(partition: int, offset: int) -> Raw:
    name = f"{partition}.{offset}"
    fields = encode(Emit(Topic.ARTICLES, name, Article(id=name, revision="r", fetched=AT), name), AT)
    headers = tuple((key.decode(), value) for key, value in fields.items() if key != DATA)
    return Raw(partition, offset, name.encode(), fields[DATA], headers)


class Log(Intake):
    """A topic of as many partitions as there are lengths, all of them this member's."""

    def __init__(self, *lengths: int) -> None:
        self.member = "dedupe-0"
        self.opened = 0
        self.lengths = lengths
        self.mine: frozenset[int] | None = frozenset(range(len(lengths)))
        self._at: dict[int, int] = {}

    async def open(self) -> None:
        self.opened += 1

    async def close(self) -> None: ...

    async def assigned(self, seconds: float) -> frozenset[int] | None:
        return self.mine

    async def start_at(self, partition: int, offset: int) -> None:
        self._at[partition] = offset

    async def committed(self, partition: int) -> None: ...

    async def poll(self, seconds: float, limit: int) -> list[Raw]:
        found = [raw(number, offset) for number, at in self._at.items() for offset in range(at, self.lengths[number])]
        self._at = dict(enumerate(self.lengths))
        return found

    async def acknowledge(self, done: Mapping[int, int]) -> None: ...


class House:
    """A state server, and workers that share it one after another."""

    def __init__(self) -> None:
        self.state = MemoryRuntime()
        self.away = False
        self.calls = 0

    async def load(self, cells: Iterable[Cell]) -> Mapping[Cell, Versioned]:
        self.calls += 1
        if self.away:
            raise Unavailable("the state server is away")
        return await self.state.load(list(cells))

    async def apply(self, commit: Commit) -> Verdict:
        self.calls += 1
        return await self.state.commit(commit)

    def worker(self, log: Log, turn: Turn | None = None, room: str = "dedupe") -> Inbox:
        async def ends(_: Topic) -> list[int]:
            return list(log.lengths)

        log.member = f"{room}-0"
        count = len(log.lengths)
        return Inbox(log, room, Topic.ARTICLES, count, self.load, self.apply, ends, turn or Turn())

    async def ended(self, times: int, *lengths: int, room: str = "dedupe") -> None:
        """So many workers ended with what they were given in hand; their seats are free, as those of dead processes."""
        for _ in range(times):
            worker = self.worker(Log(*lengths), room=room)
            await worker.receive(100, 0.0)
            await worker._seat.leave()


def ids(batch: list[Delivery]) -> list[str]:
    return [delivery.record.key for delivery in batch if isinstance(delivery.record, Record)]


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(inbox, "POLL", 0.0)
    return House()


async def test_a_suspect_goes_alone_and_the_culprit_is_put_aside_as_it_was_sent(house: House) -> None:
    sizes = []
    for _ in range(POISON):
        worker = house.worker(Log(3))
        sizes.append(len(await worker.receive(100, 0.0)))
        await worker._seat.leave()
    assert sizes == [3] * SUSPECT + [1] * (POISON - SUSPECT)
    (delivery,) = await house.worker(Log(3)).receive(100, 0.0)
    assert isinstance(delivery.record, Broken)
    assert (delivery.record.why, delivery.record.raw) == (blamed(POISON), raw(0, 0).value)


async def test_as_long_as_no_worker_ends_a_batch_costs_no_call(house: House) -> None:
    worker = house.worker(Log(3))
    await worker.receive(100, 0.0)
    before = house.calls
    assert ids(await worker.receive(100, 0.0)) == ["0.0", "0.1", "0.2"]
    assert house.calls == before


async def test_what_waits_for_another_rooms_turn_holds_up_no_other_partition(house: House) -> None:
    turn = Turn()
    for room in ("dedupe", "archive"):
        await house.ended(SUSPECT, 2, 0, room=room)
    first, second = house.worker(Log(2, 0), turn), house.worker(Log(2, 1), turn, "archive")
    assert ids(await first.receive(100, 0.0)) == ["0.0"]
    assert ids(await second.receive(100, 0.0)) == ["1.0"], "partition 0 is to be tried alone, and it is not its turn"
    await first.close()
    assert ids(await second.receive(100, 0.0)) == ["0.0"]


async def test_after_a_rebalance_with_the_server_away_the_new_partitions_are_read(house: House) -> None:
    log = Log(1, 1)
    log.mine = frozenset({0})
    worker = house.worker(log)
    assert ids(await worker.receive(100, 0.0)) == ["0.0"]
    log.mine, log.generation, house.away = frozenset({0, 1}), 1, True
    with pytest.raises(Unavailable):
        await worker.receive(100, 0.0)
    house.away = False
    assert ids(await worker.receive(100, 0.0)) == ["0.0", "1.0"]


async def test_a_group_that_never_settles_is_joined_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(1)
    log.mine = None
    worker = house.worker(log)
    assert await worker.receive(100, 0.001) == []
    monkeypatch.setattr(inbox, "UNSETTLED", -1.0)
    with pytest.raises(Unavailable, match="joining anew"):
        await worker.receive(100, 0.001)
    log.mine = frozenset({0})
    assert ids(await worker.receive(100, 0.001)) == ["0.0"]
    assert log.opened == 2
