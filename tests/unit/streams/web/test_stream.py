"""The event stream: what comes, where it resumes, when it says reset, and who is cut off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import aiohttp
import pytest

from schemas.alert import Notice
from schemas.base import Model
from schemas.feed import FeedHealth
from schemas.topic import Topic
from streams.runtimes.base import Unavailable
from streams.runtimes.memory import MemoryRuntime
from streams.web import Board, stream
from streams.web.hub import BACKLOG, MAX_SUBSCRIBERS, Message, Subscriber

PATIENCE = 60.0
"""Seconds until a reader gives up: a loaded machine takes its time."""


class Event(NamedTuple):
    name: str
    id: str | None
    data: dict[str, Any]


class Stream:
    """A reader of server-sent events, as the standard describes one."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer
        self.last_id = ""
        self.comments = 0

    async def event(self) -> Event:
        """The next event with data."""
        while "data" not in (fields := await self.block()):
            pass
        return Event(fields.get("event", "message"), fields.get("id"), json.loads(fields["data"]))

    async def block(self) -> dict[str, str]:
        """All fields up to the next empty line: an event, or a mere sign of life."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            while (line := (await self.answer.content.readline()).decode()) != "\n":
                assert line, "the stream has ended"
                name, _, value = line.removesuffix("\n").partition(": ")
                if name:
                    fields[name] = value
                else:
                    self.comments += 1
        self.last_id = fields.get("id", self.last_id)
        return fields


@asynccontextmanager
async def opened(client: aiohttp.ClientSession, query: str = "", last: str | None = None) -> AsyncIterator[Stream]:
    headers = {"Last-Event-ID": last} if last is not None else {}
    async with client.get(f"/v1/stream{query}", headers=headers) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-store"
        yield Stream(answer)


@pytest.fixture
def say(board: Board, put: Any, rows: list[dict[str, Any]]) -> Callable[..., Any]:
    """Publishes a notice with this number and lets the board see it."""
    template = Notice.model_validate(next(row["model"] for row in rows if row["topic"] == "alerts"))

    async def publish(*numbers: int, see: bool = True) -> None:
        for number in numbers:
            notice: Model = template.model_copy(update={"id": f"new-{number}", "alert": f"alert-{number}"})
            await put(Topic.ALERTS, notice, name=f"new-{number}")
        if see:
            await board.refresh()

    return publish


async def test_a_new_reader_starts_at_the_present(client: aiohttp.ClientSession, board: Board, say: Any) -> None:
    async with opened(client) as reader:
        ready = await reader.event()
        assert (ready.name, ready.id) == ("ready", board.cursor)
        await say(1)
        event = await reader.event()
        assert event.name == "notice"
        assert event.data["schema"] == 1
        assert event.data["type"] == "nightwire.alert.notice.v1"
        assert event.data["id"] == "new-1"
        assert event.data["data"]["alert"] == "alert-1"
        assert event.id == board.cursor


async def test_a_reader_resumes_behind_its_last_id_and_misses_nothing(client: aiohttp.ClientSession, say: Any) -> None:
    async with opened(client) as reader:
        await reader.event()
        await say(1)
        await reader.event()
    await say(2, 3)
    async with opened(client, last=reader.last_id) as again:
        assert (await again.event()).name == "ready"
        await say(4)
        assert [(await again.event()).data["id"] for _ in range(3)] == ["new-2", "new-3", "new-4"]


async def test_a_break_in_the_middle_of_catching_up_loses_nothing(client: aiohttp.ClientSession, say: Any) -> None:
    async with opened(client) as reader:
        await reader.event()
    await say(1, 2, 3)
    async with opened(client, last=reader.last_id) as second:
        await second.event()
        assert (await second.event()).data["id"] == "new-1"
    async with opened(client, last=second.last_id) as third:
        await third.event()
        assert [(await third.event()).data["id"] for _ in range(2)] == ["new-2", "new-3"]


async def test_the_cursor_of_a_list_is_where_its_stream_goes_on(client: aiohttp.ClientSession, say: Any) -> None:
    async with client.get("/v1/incidents") as answer:
        cursor = (await answer.json())["cursor"]
    await say(1)
    async with opened(client, f"?since={cursor}&types=notice") as reader:
        await reader.event()
        assert (await reader.event()).data["id"] == "new-1"


async def test_everything_is_sent_again_to_who_starts_at_the_beginning(client: aiohttp.ClientSession) -> None:
    async with opened(client, "?since=~~~") as reader:
        await reader.event()
        names = [(await reader.event()).name for _ in range(13)]
    assert {name: names.count(name) for name in names} == {"notice": 5, "event": 3, "incident": 2, "health": 3}


async def test_a_reader_of_one_kind_gets_one_kind_and_moves_on(
    client: aiohttp.ClientSession, board: Board, put: Any, say: Any
) -> None:
    async with opened(client, "?types=notice") as reader:
        await reader.event()
        health = FeedHealth(feed="f", url="https://f.example", at=board.clock.now(), outcome="ok", reason="fetched")
        await put(Topic.HEALTH, health)
        await board.refresh()
        passed = board.cursor
        while reader.last_id != passed:  # told by the next sign of life
            assert "data" not in await reader.block()
        await say(1)
        assert (await reader.event()).data["id"] == "new-1"


@pytest.mark.parametrize(
    ("cursor", "why"),
    [("nonsense", "no cursor"), ("999~~~", "started anew"), ("<script>~~~", "no cursor")],
)
async def test_an_id_that_cannot_be_resumed_resets(
    client: aiohttp.ClientSession, board: Board, cursor: str, why: str
) -> None:
    async with opened(client, last=cursor) as reader:
        event = await reader.event()
        assert event.name == "reset"
        assert why in event.data["reason"]
        assert reader.last_id == board.cursor


async def test_records_that_are_no_longer_kept_reset(
    client: aiohttp.ClientSession, runtime: MemoryRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = runtime.tail

    async def trimmed(topic: Topic, after: str | None = None, limit: int = 100) -> list[Any]:
        return [record for record in await read(topic, after, limit) if int(record.offset) >= 3][:limit]

    monkeypatch.setattr(runtime, "tail", trimmed)
    async with opened(client, last="1~~~", query="?types=notice") as reader:
        event = await reader.event()
    assert (event.name, event.data["reason"]) == ("reset", "older records are no longer kept")


async def test_too_many_missed_records_reset(
    client: aiohttp.ClientSession, say: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "RESUME_LIMIT", 3)
    async with opened(client) as reader:
        await reader.event()
    await say(1, 2, 3, 4)
    async with opened(client, last=reader.last_id) as again:
        event = await again.event()
    assert (event.name, event.data["reason"]) == ("reset", "more than 3 records were missed")


async def test_a_quiet_stream_shows_that_it_lives(client: aiohttp.ClientSession) -> None:
    async with opened(client) as reader:
        await reader.event()
        for seen in (1, 2):
            assert await reader.block() == {}
            assert reader.comments == seen


def test_the_default_sign_of_life_comes_before_proxies_give_up() -> None:
    from streams.web.app import SIGN_OF_LIFE

    assert SIGN_OF_LIFE <= 15


async def test_readers_that_leave_are_forgotten(client: aiohttp.ClientSession, board: Board) -> None:
    async with opened(client) as reader:
        await reader.event()
        assert len(board.hub) == 1
        reader.answer.close()
    async with asyncio.timeout(PATIENCE):
        while len(board.hub):
            await asyncio.sleep(0.01)


async def test_a_slow_reader_is_cut_off_and_nobody_waits(board: Board, runtime: MemoryRuntime) -> None:
    record = (await runtime.last(Topic.ALERTS, 1))[0]
    with board.hub.subscription() as slow:
        for _ in range(BACKLOG * 2):
            board.hub.publish(Message("c", record))
        taken = 0
        while await slow.next() is not None:
            taken += 1
    assert slow.cut
    assert taken == BACKLOG - 1
    assert len(board.hub) == 0


async def test_the_number_of_streams_is_bounded(client: aiohttp.ClientSession, board: Board) -> None:
    board.hub._subscribers.update(Subscriber() for _ in range(MAX_SUBSCRIBERS))
    async with client.get("/v1/stream") as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "60"
        assert (await answer.json())["error"]["reason"] == "too-many-streams"


async def test_a_resume_without_a_runtime_is_put_off(
    client: aiohttp.ClientSession, runtime: MemoryRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object) -> list[Any]:
        raise Unavailable("gone")

    monkeypatch.setattr(runtime, "tail", gone)
    async with client.get("/v1/stream?since=1~~~") as answer:
        assert answer.status == 503
        assert (await answer.json())["error"]["reason"] == "runtime-unreachable"


async def test_a_reader_that_does_not_read_is_cut_off_and_forgotten(
    client: aiohttp.ClientSession, board: Board, runtime: MemoryRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "WRITE_TIMEOUT", 0.05)
    record = (await runtime.last(Topic.ALERTS, 1))[0]
    heavy = Message("c", record._replace(model=record.model.model_copy(update={"title": "x" * 500_000})))
    url = client._base_url
    assert url is not None
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(b"GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        while not len(board.hub):
            await asyncio.sleep(0.01)
        while len(board.hub):
            board.hub.publish(heavy)
            await asyncio.sleep(0.01)
    writer.close()
