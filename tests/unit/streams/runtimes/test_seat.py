"""Two who want one seat: the second waits and says why, and sits down when the first is gone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import pytest

from streams.runtimes import seat
from streams.runtimes.base import Commit, Versioned
from streams.runtimes.memory import MemoryRuntime
from streams.runtimes.seat import Seat, SeatTaken, Taken
from workers.ports import Cell


class State(MemoryRuntime):
    """Memory as a state server."""

    def seat(self) -> Seat:
        return Seat("extract", "extract-0", self.load_all, self.commit, lambda other: f"taken by process {other.pid}")

    async def load_all(self, cells: Iterable[Cell]) -> Mapping[Cell, Versioned]:
        return await self.load(list(cells))


@pytest.fixture
def state() -> State:
    return State()


async def test_the_second_waits_and_is_told_why(state: State) -> None:
    first, second = state.seat(), state.seat()
    await first.take()
    with pytest.raises(SeatTaken, match=f"taken by process {os.getpid()}"):
        await second.take()
    await first.leave()
    await second.take()


async def test_who_gives_no_sign_of_life_has_left(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = state.seat(), state.seat()
    await first.take()
    with pytest.raises(SeatTaken):
        await second.take()
    monkeypatch.setattr(seat, "RENEW", 0.0)
    monkeypatch.setattr(seat, "LEFT", -1.0)
    await first.renew()
    await second.take()
    with pytest.raises(SeatTaken):
        await first.renew()
    await first.leave()
    await second.renew()


async def test_the_seat_of_a_dead_process_is_free(state: State) -> None:
    child = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(child, 0)
    heir = state.seat()
    left = Taken(holder="left", host=heir._mine.host, pid=child)
    await state.commit(Commit("extract", seat.NEVER, expected={heir._cell: 0}, writes={heir._cell: left}))
    await heir.take()


async def test_a_former_process_of_our_number_is_dead(state: State) -> None:
    heir = state.seat()
    left = Taken(holder="left", host=heir._mine.host, pid=os.getpid(), process="an earlier one")
    await state.commit(Commit("extract", seat.NEVER, expected={heir._cell: 0}, writes={heir._cell: left}))
    await heir.take()


async def test_of_two_at_once_one_sits_down(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = state.seat(), state.seat()
    found = await state.load([first._cell])
    await first.take()

    async def old(_: Iterable[Cell]) -> Mapping[Cell, Versioned]:
        return found

    monkeypatch.setattr(second, "_load", old)
    with pytest.raises(SeatTaken, match="just taken"):
        await second.take()
