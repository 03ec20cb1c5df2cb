"""Laws of names on partitions: the culprit is found at a fixed price, and the living are held against no record."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from schemas.topic import Topic
from streams.runtimes.base import BATCH, POISON, SUSPECT, Versioned
from streams.runtimes.kafka.attempts import ATTEMPTS, Attempt, Attempts, Standing, Turn
from streams.runtimes.kafka.position import place_of
from streams.runtimes.memory import MemoryRuntime
from workers.ports import Cell

CELL = Cell(ATTEMPTS, place_of("extract", Topic.UNIQUE, 0))


class House:
    """A state server and a room's position on the one partition."""

    def __init__(self) -> None:
        self.state = MemoryRuntime()
        self.offset = 0

    async def load(self, cells: Iterable[Cell]) -> Mapping[Cell, Versioned]:
        return await self.state.load(list(cells))

    def worker(self) -> Attempts:
        return Attempts("extract", Topic.UNIQUE, self.load, self.state.commit, Turn())

    async def hired(self, worker: Attempts) -> None:
        await worker.assigned({0: Standing(self.offset, idle=False)})

    async def names(self) -> set[str]:
        written = (await self.load([CELL]))[CELL].value
        return set(written.ended) if isinstance(written, Attempt) else set()


async def life(house: House, killer: int, batch: int) -> str:
    """One worker works until it has met the killer; how that ended."""
    worker = house.worker()
    await house.hired(worker)
    while True:
        size = batch
        if worker.careful(0):
            ends, size = await worker.alone(0, house.offset), 1
            if ends is not None and ends >= POISON and worker.careful(0):
                return "put aside"
        if worker.careful(0) and house.offset == killer:
            return "died alone"
        if not worker.careful(0) and house.offset <= killer < house.offset + size:
            return "died"
        house.offset += size


@given(killer=st.integers(0, 3 * BATCH), batch=st.integers(1, BATCH))
def test_the_culprit_and_no_other_is_put_aside_after_a_fixed_number_of_ends(killer: int, batch: int) -> None:
    async def story() -> None:
        house, ends = House(), [""]
        while ends[-1] != "put aside":
            ends.append(await life(house, killer, batch))
        assert house.offset == killer
        assert ends[1:] == ["died"] * SUSPECT + ["died alone"] * (POISON - SUSPECT) + ["put aside"]

    asyncio.run(story())


@given(st.lists(st.tuples(st.sampled_from(["hire", "kill", "look", "stop", "try", "done"]), st.integers(0, 3))))
def test_once_the_living_have_looked_only_the_dead_are_named(steps: list[tuple[str, int]]) -> None:
    async def story() -> None:
        house, owner = House(), -1
        crowd, dead = [house.worker() for _ in range(4)], set()
        for step, number in steps:
            worker = crowd[number]
            if step == "hire":
                await house.hired(worker)
                owner = number
            elif step == "kill":
                dead.add(worker._worker)
                crowd[number], owner = house.worker(), -1 if owner == number else owner
            elif step == "try" and worker.careful(0):
                await worker.alone(0, house.offset)
            elif step == "done" and owner == number:
                house.offset += 1
            elif step == "stop" or (step == "look" and owner != number):
                await worker.leave()
        for number, worker in enumerate(crowd):
            await (house.hired(worker) if owner == number else worker.leave())
        assert await house.names() <= dead

    asyncio.run(story())
