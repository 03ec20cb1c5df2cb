"""Waiting for the first of several: it is told, and nothing of the others goes on."""

from __future__ import annotations

import asyncio

import pytest

from streams.waiting import first_of, set_within


async def number() -> int:
    return 7


async def for_ever(ended: list[str], begun: asyncio.Semaphore) -> None:
    begun.release()
    try:
        await asyncio.Event().wait()
    finally:
        ended.append("given up")


async def test_the_first_is_told_and_the_other_is_given_up() -> None:
    ended: list[str] = []
    endless, quick = await first_of(for_ever(ended, asyncio.Semaphore(0)), number())
    assert (quick.result(), endless.cancelled(), ended) == (7, True, ["given up"])


async def test_who_is_cancelled_gives_up_both() -> None:
    ended: list[str] = []
    begun = asyncio.Semaphore(0)
    waiting = asyncio.create_task(first_of(for_ever(ended, begun), for_ever(ended, begun)))
    for _ in range(2):
        await begun.acquire()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended == ["given up", "given up"]


async def test_an_event_that_is_set_and_one_that_is_not() -> None:
    event = asyncio.Event()
    assert not await set_within(event, 0.0)
    event.set()
    assert await set_within(event, 60.0)
