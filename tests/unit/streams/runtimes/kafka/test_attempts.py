"""Names on partitions: only an end with a record in hand is held against it, and who lives takes its name back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from schemas.topic import Topic
from streams.runtimes.base import BATCH, POISON, SUSPECT, Commit, Verdict, Versioned
from streams.runtimes.kafka import attempts
from streams.runtimes.kafka.attempts import Attempts, Standing, Turn
from streams.runtimes.memory import MemoryRuntime
from workers.ports import Cell

BUSY = {0: Standing(100, idle=False)}
IDLE = {0: Standing(100, idle=True)}


class State(MemoryRuntime):
    """Memory as a state server, which counts what it is asked to write."""

    writes = 0

    def worker(self, turn: Turn | None = None, room: str = "extract") -> Attempts:
        return Attempts(room, Topic.UNIQUE, self.load_all, self.apply, turn or Turn())

    async def load_all(self, cells: Iterable[Cell]) -> Mapping[Cell, Versioned]:
        return await self.load(list(cells))

    async def apply(self, commit: Commit) -> Verdict:
        self.writes += 1
        return await self.commit(commit)

    async def ended(self, times: int, standings: Mapping[int, Standing] = BUSY) -> None:
        """So many workers took partition 0, and ended with what was there in hand."""
        for _ in range(times):
            worker = self.worker()
            await worker.assigned(standings)
            if worker.careful(0):
                await worker.alone(0, standings[0].offset)


@pytest.fixture
def state() -> State:
    return State()


async def test_the_ends_are_counted_under_the_mark(state: State) -> None:
    await state.ended(SUSPECT)
    worker = state.worker()
    await worker.assigned(BUSY)
    assert worker.careful(0)
    await state.ended(POISON - SUSPECT)
    heir = state.worker()
    await heir.assigned(BUSY)
    assert await heir.alone(0, 100) == POISON


async def test_ends_before_the_mark_do_not_count(state: State) -> None:
    await state.ended(SUSPECT)
    for _ in range(3 * POISON):
        await state.worker().assigned(BUSY)
    worker = state.worker()
    await worker.assigned(BUSY)
    assert await worker.alone(0, 100) == SUSPECT


async def test_who_gets_anything_done_is_held_against_nothing(state: State) -> None:
    for offset in range(3 * POISON):
        await state.ended(1, {0: Standing(offset, idle=False)})
    worker = state.worker()
    await worker.assigned({0: Standing(3 * POISON - 1, idle=False)})
    assert not worker.careful(0)


async def test_where_there_was_nothing_to_do_nothing_is_suspect(state: State) -> None:
    await state.ended(3 * POISON, IDLE)
    worker = state.worker()
    await worker.assigned(BUSY)
    assert not worker.careful(0)


async def test_who_gives_back_has_not_ended(state: State) -> None:
    for _ in range(3 * POISON):
        worker = state.worker()
        await worker.assigned(BUSY)
        await worker.leave()
    heir = state.worker()
    await heir.assigned(BUSY)
    assert not heir.careful(0)


async def test_who_lives_takes_its_name_back(state: State) -> None:
    """A rebalance moves a partition on before the former one has noticed."""
    crowd = [state.worker() for _ in range(SUSPECT + 1)]
    for worker in crowd:
        await worker.assigned(BUSY)
    assert crowd[-1].careful(0)
    for worker in crowd[:-1]:
        await worker.assigned({})
    assert await crowd[-1].alone(0, 100) == 0
    assert not crowd[-1].careful(0)
    await crowd[0].assigned(BUSY)
    assert await crowd[0].alone(0, 100) == 1, "the one that has not noticed yet"


async def test_what_another_has_by_now_is_not_given_out(state: State) -> None:
    await state.ended(SUSPECT)
    former, heir = state.worker(), state.worker()
    await former.assigned(BUSY)
    await heir.assigned(BUSY)
    assert await former.alone(0, 100) is None
    assert await heir.alone(0, 100) == SUSPECT


async def test_a_record_that_passes_alone_leaves_the_others_with_the_first_ends_alone(state: State) -> None:
    await state.ended(SUSPECT + 2)
    worker = state.worker()
    await worker.assigned(BUSY)
    assert await worker.alone(0, 100) == SUSPECT + 2
    assert await worker.alone(0, 101) == SUSPECT


async def test_after_a_batch_that_passed_one_at_a_time_all_go_together_again(state: State) -> None:
    await state.ended(SUSPECT)
    worker, alone = state.worker(), 0
    await worker.assigned(BUSY)
    while worker.careful(0):
        await worker.alone(0, 100 + alone)
        alone += worker.careful(0)
    assert alone == BATCH
    heir = state.worker()
    await heir.assigned({0: Standing(100 + alone, idle=False)})
    assert not heir.careful(0)


async def test_one_room_at_a_time_tries_a_record_alone(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = Turn()
    for room in ("extract", "judge"):
        for _ in range(SUSPECT):
            await state.worker(room=room).assigned(BUSY)
    first, second = state.worker(turn), state.worker(turn, "judge")
    for worker in (first, second):
        await worker.assigned(BUSY)
    assert await first.alone(0, 100) == SUSPECT
    assert await second.alone(0, 100) is None
    first.rest()
    assert await second.alone(0, 100) == SUSPECT
    assert await first.alone(0, 100) is None
    monkeypatch.setattr(attempts.time, "monotonic", lambda: float("inf"))
    assert await first.alone(0, 100) == SUSPECT, "one that gets nowhere does not hold up the others"


async def test_it_costs_one_write_to_take_and_one_to_give_back(state: State) -> None:
    many = {number: Standing(5, idle=False) for number in range(6)}
    worker = state.worker()
    await worker.assigned(many)
    await worker.assigned(many)
    assert state.writes == 1
    await worker.leave()
    assert state.writes == 2
