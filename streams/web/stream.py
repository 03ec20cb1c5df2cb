"""The event stream /v1/stream: server-sent events that resume where the reader left off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple

from aiohttp import web

from schemas.topic import Topic
from streams.runtimes.base import Record, Runtime, TooOld, Unavailable
from streams.topics import TOPICS
from streams.web.board import Board, presentable
from streams.web.cursor import FOLLOWED, decode_cursor, encode_cursor
from streams.web.hub import Message, Subscriber
from streams.web.keys import BOARD, HEARTBEAT
from streams.web.query import BadQuery, refusal

EVENTS: Final[dict[str, Topic | None]] = {
    "notice": Topic.ALERTS, "event": Topic.EVENTS, "incident": Topic.INCIDENTS, "health": Topic.HEALTH, "desk": None,
}  # fmt: skip
"""Names of server-sent events, and the topic each one carries; what people do at the desk is on none."""

_NAMES: Final = {topic: name for name, topic in EVENTS.items()}

Wanted = frozenset[Topic | None]

RESUME_LIMIT: Final = 1000
"""Missed records that are sent again; whoever missed more is told to load the lists anew."""

WRITE_TIMEOUT: Final = 10.0
"""Seconds that one message may take to leave; a reader that is slower is cut off and resumes."""

RETRY: Final = 3000
"""Milliseconds after which a browser connects again."""

routes = web.RouteTableDef()


class Start(NamedTuple):
    """The first event of a stream, and the records that its reader has missed."""

    greeting: bytes
    missed: list[Message]


@routes.get("/v1/stream")
async def stream(request: web.Request) -> web.StreamResponse:
    """All new records as server-sent events; `Last-Event-ID` or `since` resumes, `types` chooses."""
    board = request.app[BOARD]
    wanted = _types(request)
    cursor = request.headers.get("Last-Event-ID") or request.query.get("since")
    if board.hub.full:
        return _later("too-many-streams", "too many streams are open; close one, or try again in a minute")
    with board.hub.subscription() as subscriber:
        try:
            start = await _start(board, cursor, wanted)
        except Unavailable as error:
            return _later("runtime-unreachable", f"the runtime cannot be reached: {error}; try again in a minute")
        response = await _open(request)
        try:
            async for chunk in _chunks(start, subscriber, wanted, request.app[HEARTBEAT]):
                await _send(response, chunk)
        except (TimeoutError, ConnectionError):
            _abort(request)
        return response


def _types(request: web.Request) -> Wanted:
    names = request.query.get("types", ",".join(EVENTS)).split(",")
    unknown = [name for name in names if name not in EVENTS]
    if unknown:
        raise BadQuery(f"types has {unknown[0][:20]!r}; write one or more of: {','.join(EVENTS)}")
    return frozenset(EVENTS[name] for name in names)


def _later(reason: str, message: str) -> web.Response:
    response = refusal(503, reason, message)
    response.headers["Retry-After"] = "60"
    return response


async def _start(board: Board, cursor: str | None, wanted: Wanted) -> Start:
    """Where the stream of a reader begins; the board's position is taken before anything is awaited."""
    present, end = board.cursor, board.positions
    greeting = {"schema": 1, "at": board.clock.now().isoformat()}
    if cursor is None:
        return Start(_event("ready", present, json.dumps(greeting)), [])
    try:
        messages = await read_between(board.runtime, decode_cursor(cursor), end, wanted)
    except (ValueError, TooOld) as error:
        return Start(_event("reset", present, json.dumps({**greeting, "reason": str(error)})), [])
    return Start(_event("ready", cursor, json.dumps(greeting)), messages)


async def read_between(
    runtime: Runtime, start: Mapping[Topic, str | None], end: Mapping[Topic, str | None], wanted: Wanted
) -> list[Message]:
    """Records of the wanted topics behind `start` up to `end`, by time; raises TooOld when they are not all there."""
    found: list[tuple[datetime, int, Record]] = []
    for number, topic in enumerate(FOLLOWED):
        if topic in wanted:
            records = await runtime.between(topic, start[topic], end.get(topic), RESUME_LIMIT - len(found))
            found += ((at, number, record) for at, record in in_order(records))
    positions = {topic: start[topic] if topic in wanted else end.get(topic) for topic in FOLLOWED}
    messages = []
    for _, _, record in sorted(found, key=lambda each: each[:2]):
        positions[record.topic] = record.offset
        messages.append(Message(encode_cursor(positions), presentable(record)))
    return messages


def in_order(records: Iterable[Record]) -> Iterator[tuple[datetime, Record]]:
    """Records of one topic, each with the latest time so far: sorted by that, a topic keeps its own order.

    The clocks of several workers differ, and a position must never go back.
    """
    latest = datetime.min.replace(tzinfo=UTC)
    for record in records:
        latest = max(latest, record.time)
        yield latest, record


async def _open(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    return response


async def _send(response: web.StreamResponse, chunk: bytes) -> None:
    async with asyncio.timeout(WRITE_TIMEOUT):
        await response.write(chunk)


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _chunks(start: Start, subscriber: Subscriber, wanted: Wanted, heartbeat: float) -> AsyncIterator[bytes]:
    yield f"retry: {RETRY}\n".encode() + start.greeting
    for message in start.missed:
        yield _message(message)
    passed = ""  # the id of what was left out, told with the next sign of life so that a resume need not read it again
    while True:
        try:
            async with asyncio.timeout(heartbeat):
                message_or_end = await subscriber.next()
        except TimeoutError:
            yield f": still here\n{passed}\n".encode()
            passed = ""
            continue
        if message_or_end is None:
            return
        if _topic(message_or_end) in wanted:
            yield _message(message_or_end)
            passed = ""
        else:
            passed = f"id: {message_or_end.cursor}\n"


def _topic(message: Message) -> Topic | None:
    return message.record.topic if message.record is not None else None


def _message(message: Message) -> bytes:
    record = message.record
    if record is None:
        return _event(_NAMES[None], message.cursor, json.dumps({"schema": 1}))
    data = {"schema": 1, "type": TOPICS[record.topic].type, "time": record.time.isoformat(), "id": record.id}
    text = json.dumps(data)[:-1] + f', "data": {record.model.model_dump_json()}}}'
    return _event(_NAMES[record.topic], message.cursor, text)


def _event(name: str, cursor: str | None, data: str) -> bytes:
    """One event; JSON has no line breaks of its own, so one data line holds it."""
    identity = f"id: {cursor}\n" if cursor is not None else ""
    return f"event: {name}\n{identity}data: {data}\n\n".encode("utf-8", "replace")
