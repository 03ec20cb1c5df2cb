"""How clients of the library end: within a bounded time, and without their troubles becoming ours."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from streams.runtimes.base import Commit, Unavailable
from streams.runtimes.kafka import KafkaRuntime, ending
from streams.runtimes.kafka.ending import bounded, end
from streams.runtimes.kafka.plain import translated
from streams.runtimes.seat import NEVER


class Connections:
    def __init__(self) -> None:
        self.closed = False

    async def close(self) -> None:
        self.closed = True


class Client:
    """A consumer whose `stop` does what a test says."""

    def __init__(self, stop: Callable[[], Awaitable[None]]) -> None:
        self.stop, self._client = stop, Connections()


async def cancels_its_caller() -> None:
    """What aiokafka does when a fetch waits between two attempts: it cancels it, and awaits it."""
    fetch = asyncio.create_task(asyncio.sleep(3600))
    fetch.cancel()
    await fetch


async def never() -> None:
    await asyncio.Event().wait()


class Deaf:
    """Loses its cancellation, and goes on until it is released."""

    def __init__(self) -> None:
        self.released = asyncio.Event()

    async def __call__(self) -> None:
        while not self.released.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await self.released.wait()


@pytest.fixture
async def deaf() -> AsyncIterator[Deaf]:
    made = Deaf()
    yield made
    made.released.set()
    await asyncio.sleep(0)


async def fails() -> None:
    raise RuntimeError("half-way")


@pytest.mark.parametrize("stop", [cancels_its_caller, never, fails])
async def test_a_client_ends_and_its_connections_with_it(
    stop: Callable[[], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "FAREWELL", 0.0)
    client = Client(stop)
    await end(client)
    async with asyncio.timeout(60):
        while not client._client.closed:
            await asyncio.sleep(0)


async def test_who_ends_a_client_can_be_cancelled_although_the_client_loses_it(deaf: Deaf) -> None:
    ends = asyncio.create_task(end(Client(deaf)))
    await asyncio.sleep(0)
    ends.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ends


async def test_what_is_late_is_let_go_of(deaf: Deaf) -> None:
    async with asyncio.timeout(60):
        await bounded([never(), deaf()], 0.0)


async def test_a_request_that_the_library_cancels_is_trouble_of_the_carrier() -> None:
    with pytest.raises(Unavailable, match="cancelled"), translated("asking"):
        await cancels_its_caller()


async def test_a_runtime_closes_although_the_relay_loses_its_cancellation(tmp_path: Path, deaf: Deaf) -> None:
    runtime = KafkaRuntime("127.0.0.1:1", tmp_path / "socket")
    runtime._relay = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    async with asyncio.timeout(60):
        await runtime.close()
    with pytest.raises(Unavailable, match="closed"):
        await runtime.commit(Commit("extract", NEVER, acks=["articles@0-1"]))
