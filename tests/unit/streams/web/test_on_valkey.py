"""The board and the event stream on a real server: offsets resume, trimmed ones reset, an absent server is said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from schemas.config import Address
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit
from streams.runtimes.valkey import ValkeyRuntime
from streams.state.server import PrivateServer
from streams.topics import TOPICS
from streams.web import Board, create_app, serve
from streams.web.cursor import FOLLOWED, decode_cursor
from streams.web.stream import TooOld, read_between
from workers.ports import Emit


@pytest.fixture
async def private(tmp_path: Path) -> AsyncIterator[PrivateServer]:
    server = PrivateServer(tmp_path / "data")
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def valkey(private: PrivateServer) -> AsyncIterator[ValkeyRuntime]:
    runtime = ValkeyRuntime(private.folder.socket())
    await runtime.open()
    yield runtime
    await runtime.close()


async def publish(runtime: ValkeyRuntime, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        topic, at = Topic(row["topic"]), datetime.fromisoformat(row["at"])
        model = TOPICS[topic].model.model_validate(row["model"])
        emits = [(Emit(topic, row["key"], model, row["id"]), at)]
        await runtime.commit(Commit(room="fetch", at=at, emits=emits))


async def test_a_cursor_on_a_server_resumes_and_says_when_it_is_too_old(
    valkey: ValkeyRuntime, clock: ManualClock, rows: list[dict[str, Any]]
) -> None:
    board = Board(valkey, clock)
    alerts = [row for row in rows if row["topic"] == "alerts"]
    others = [row for row in rows if row["topic"] != "alerts"]
    await publish(valkey, others + alerts[:2])
    assert await board.refresh()
    middle = decode_cursor(board.cursor)
    await publish(valkey, alerts[2:])
    assert await board.refresh()
    wanted = frozenset(FOLLOWED)
    messages = await read_between(valkey, middle, board.positions, wanted)
    assert [message.record.id for message in messages] == [row["id"] for row in alerts[2:]]
    assert messages[-1].cursor == board.cursor
    assert await read_between(valkey, decode_cursor(board.cursor), board.positions, wanted) == []
    newest = (await valkey.last(Topic.ALERTS, 1))[0]
    key = (await valkey.server.call("KEYS", "*alerts.notices*"))[0]  # type: ignore[index]
    await valkey.server.call("XTRIM", key, "MINID", newest.offset)
    with pytest.raises(TooOld, match="no longer kept"):
        await read_between(valkey, middle, board.positions, wanted)


async def test_a_server_that_is_gone_is_said_and_found_again(
    private: PrivateServer, valkey: ValkeyRuntime, clock: ManualClock, rows: list[dict[str, Any]]
) -> None:
    await publish(valkey, rows)
    board = Board(valkey, clock)
    assert await board.refresh()
    listen = Address(host="127.0.0.1", port=0)
    server = await serve(create_app(board, listen, follow=False), listen)
    async with aiohttp.ClientSession(server.url) as client:
        await private.stop()
        assert not await board.refresh()
        async with client.get("/readyz") as answer:
            assert answer.status == 503
            assert (await answer.text()).startswith("the runtime cannot be reached")
        async with client.get("/") as answer:
            assert "Out of date." in await answer.text()
        await private.start()
        assert await board.refresh()
        async with client.get("/v1/alerts") as answer:
            assert len((await answer.json())["alerts"]) == 3
    await server.close()
