"""A memory runtime filled from `tests/data/board.jsonl`, a board on it, and a real server on loopback."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from schemas.base import Model
from schemas.config import Address
from schemas.feed import Feed
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit, Count
from streams.runtimes.memory import MemoryRuntime
from streams.topics import TOPICS
from streams.web import Board, create_app, serve
from workers.ports import Emit

DATA = Path(__file__).parents[3] / "data" / "board.jsonl"
NOW = datetime(2026, 9, 4, 4, 50, tzinfo=UTC)

Put = Callable[..., Awaitable[None]]


@pytest.fixture
def runtime() -> MemoryRuntime:
    return MemoryRuntime()


@pytest.fixture
def put(runtime: MemoryRuntime) -> Put:
    """Publishes one model, as a room's commit would."""

    async def publish(topic: Topic, model: Model, key: str = "k", name: str = "id", at: datetime = NOW) -> None:
        await runtime.commit(Commit(room="test", at=at, emits=[(Emit(topic, key, model, name), at)]))

    return publish


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    """The records of the sample, oldest first within each topic."""
    return [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
async def filled(runtime: MemoryRuntime, put: Put, rows: list[dict[str, Any]]) -> MemoryRuntime:
    """The runtime with the whole sample and some accounting."""
    for row in rows:
        topic = Topic(row["topic"])
        model = TOPICS[topic].model.model_validate(row["model"])
        await put(topic, model, row["key"], row["id"], datetime.fromisoformat(row["at"]))
    counts = {
        Count("dedupe", "in", ""): 12,
        Count("dedupe", "out", "unique"): 9,
        Count("dedupe", "dropped", "same-url"): 2,
        Count("dedupe", "quarantined", "unreadable"): 1,
        Count("dedupe", "emitted", "articles.unique"): 9,
        Count("extract", "in", ""): 9,
        Count("extract", "out", "passed"): 8,
    }
    await runtime.commit(Commit(room="test", at=NOW, counts=counts))
    return runtime


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def board(filled: MemoryRuntime, clock: ManualClock) -> Board:
    """A board that has read the sample; feed-3 has never been checked."""
    feeds = [Feed(id=f"feed-{n}", url=f"https://feed-{n}.example/rss", title=f"Feed {n}") for n in range(4)]
    board = Board(filled, clock, feeds)
    assert await board.refresh()
    return board


@pytest.fixture
async def client(board: Board) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of a server on a free port; the board moves only when a test refreshes it."""
    listen = Address(host="127.0.0.1", port=0)
    server = await serve(create_app(board, listen, follow=False, heartbeat=0.05), listen)
    async with aiohttp.ClientSession(server.url) as session:
        yield session
    await server.close()
