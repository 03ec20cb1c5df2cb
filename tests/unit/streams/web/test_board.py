"""The board: what it makes of the topics, and that it stays bounded and honest."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from schemas.alert import Notice
from schemas.event import Extraction
from schemas.feed import Feed, FeedHealth
from schemas.incident import Incident
from schemas.silence import SilenceRequest
from schemas.topic import Topic
from streams import operate
from streams.clock import ManualClock
from streams.runtimes.base import Commit, Count, Record, Unavailable
from streams.runtimes.memory import MemoryRuntime
from streams.web import board as module
from streams.web.board import Board
from streams.web.history import KEEP_NOTICES, AlertHistory
from workers.judge.cells import AlertState
from workers.judge.seats import alert_cell


def of(rows: list[dict[str, Any]], topic: Topic) -> list[dict[str, Any]]:
    return [row["model"] for row in rows if row["topic"] == topic.value]


async def test_open_alerts_come_first_and_the_most_severe_of_them(board: Board) -> None:
    shown = [(h.latest.alert, h.open, h.latest.severity) for h in board.alerts()]
    assert shown == [("alert-a", True, "critical"), ("alert-b", True, "warning"), ("alert-c", False, "warning")]


async def test_a_notice_that_is_read_twice_counts_once(board: Board, put: Any, rows: list[dict[str, Any]]) -> None:
    again = Notice.model_validate(of(rows, Topic.ALERTS)[-1])
    await put(Topic.ALERTS, again)
    await board.refresh()
    history = board.alert(again.alert)
    assert history is not None
    assert [n.revision for n in history.notices] == [1, 2]


async def test_an_earlier_notice_that_comes_late_does_not_become_the_state(
    runtime: MemoryRuntime, clock: ManualClock, put: Any, rows: list[dict[str, Any]]
) -> None:
    first, second = (Notice.model_validate(row) for row in of(rows, Topic.ALERTS)[-2:])
    await put(Topic.ALERTS, second)
    await put(Topic.ALERTS, first)
    board = Board(runtime, clock)
    await board.refresh()
    assert board.alerts()[0].latest == second


async def test_who_was_told_is_kept_with_the_alert(board: Board) -> None:
    history = board.alert("alert-a")
    assert history is not None
    assert [(d.notice.id, d.status) for d in history.deliveries.values()] == [
        ("ntc-a-1", "delivered"),
        ("ntc-a-2", "dead"),
    ]


async def test_a_revision_without_events_takes_the_article_off_the_board(
    board: Board, put: Any, rows: list[dict[str, Any]]
) -> None:
    before = [x.article.id for x in board.extractions()]
    gone = Extraction.model_validate(of(rows, Topic.EVENTS)[0]).model_copy(update={"events": ()})
    await put(Topic.EVENTS, gone)
    await board.refresh()
    assert [x.article.id for x in board.extractions()] == [name for name in before if name != gone.article.id]


async def test_an_old_revision_of_an_incident_is_passed_over(
    board: Board, put: Any, rows: list[dict[str, Any]]
) -> None:
    old, new = (Incident.model_validate(row) for row in of(rows, Topic.INCIDENTS))
    await put(Topic.INCIDENTS, old)
    await board.refresh()
    assert board.incidents() == [new]


async def test_feeds_are_those_configured_and_those_heard_of(board: Board, put: Any) -> None:
    health = FeedHealth(feed="zulu", url="https://z.example", at=module_now(board), outcome="ok", reason="fetched")
    await put(Topic.HEALTH, health)
    await board.refresh()
    assert [(n, f is not None, h.outcome if h else None) for n, f, h in board.feeds()] == [
        ("feed-0", True, "failed"),
        ("feed-1", True, "ok"),
        ("feed-2", True, "unchanged"),
        ("feed-3", True, None),
        ("zulu", False, "ok"),
    ]


def module_now(board: Board) -> Any:
    return board.clock.now()


async def test_the_accounting_tells_which_room_does_not_add_up(board: Board) -> None:
    rooms = {room.room: room for room in board.accounting()}
    assert list(rooms)[:2] == ["fetch", "dedupe"]
    assert rooms["dedupe"].balanced
    assert not rooms["extract"].balanced  # the sample lacks one of the nine
    assert rooms["resolve"].lag == 3
    assert rooms["fetch"].lag is None


async def test_memory_is_bounded_and_ended_alerts_go_first(
    runtime: MemoryRuntime, clock: ManualClock, put: Any, rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEEP", dict.fromkeys(module.KEEP, 3))
    board = Board(runtime, clock)
    await board.refresh()
    notice = Notice.model_validate(of(rows, Topic.ALERTS)[0])
    for number, kind in enumerate(("open", "close", "open", "open")):
        await put(Topic.ALERTS, notice.model_copy(update={"id": f"n{number}", "alert": f"a{number}", "notice": kind}))
    extraction = Extraction.model_validate(of(rows, Topic.EVENTS)[0])
    for number in range(9):
        article = extraction.article.model_copy(update={"id": f"x{number}"})
        await put(Topic.EVENTS, extraction.model_copy(update={"article": article}))
    await board.refresh()
    assert sorted(h.latest.alert for h in board.alerts()) == ["a0", "a2", "a3"]
    assert [x.article.id for x in board.extractions()] == ["x8", "x7", "x6"]


async def test_there_is_room_for_every_feed_that_is_configured(
    runtime: MemoryRuntime, clock: ManualClock, put: Any, rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEEP", dict.fromkeys(module.KEEP, 3))
    feeds = [Feed(id=f"f{number}", url="https://example.com/rss") for number in range(5)]
    health = FeedHealth.model_validate(of(rows, Topic.HEALTH)[0])
    for feed in feeds:
        await put(Topic.HEALTH, health.model_copy(update={"feed": feed.id}))
    board = Board(runtime, clock, feeds)
    await board.refresh()
    assert [name for name, _, checked in board.feeds() if checked is None] == []


async def test_a_long_history_keeps_its_first_notice_and_the_latest(board: Board, rows: list[dict[str, Any]]) -> None:
    history = AlertHistory()
    notice = Notice.model_validate(of(rows, Topic.ALERTS)[0])
    for number in range(1, 301):
        history.add(notice.model_copy(update={"id": f"n{number}", "revision": number}))
    assert len(history.notices) == KEEP_NOTICES
    assert history.notices[0].revision == 1
    assert history.latest.revision == 300


class Broken(MemoryRuntime):
    """Cannot be reached while `down`."""

    down = True

    async def counts(self) -> Mapping[Count, int]:
        if self.down:
            raise Unavailable("no answer on the socket")
        return await super().counts()


async def test_an_unreachable_runtime_is_said_and_waited_for(clock: ManualClock) -> None:
    runtime = Broken()
    board = Board(runtime, clock)
    assert not await board.refresh()
    assert board.trouble == "the runtime cannot be reached: no answer on the socket"
    runtime.down = False
    assert await board.refresh()
    assert board.trouble is None
    assert board.since == clock.now()


async def test_two_looks_at_a_time_take_each_record_once(
    filled: MemoryRuntime, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = filled.last

    async def slow(topic: Topic, count: int) -> list[Record]:
        found = await last(topic, count)
        await asyncio.sleep(0)
        return found

    monkeypatch.setattr(filled, "last", slow)
    alone, shared = Board(filled, clock), Board(filled, clock)
    assert await alone.refresh()
    assert await asyncio.gather(shared.refresh(), shared.refresh()) == [True, True]
    assert shared.serial == alone.serial


async def test_a_defect_does_not_end_the_following_in_silence(
    board: Board, runtime: MemoryRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def odd() -> Mapping[Count, int]:
        stop.set()
        raise KeyError("odd")

    stop = asyncio.Event()
    monkeypatch.setattr(runtime, "counts", odd)
    await asyncio.wait_for(board.follow(stop), 60)
    assert board.trouble == "the board has a defect (KeyError); its log tells more"


async def test_following_ends_when_it_is_told_to(board: Board, put: Any, rows: list[dict[str, Any]]) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(board.follow(stop))
    stop.set()
    await asyncio.wait_for(task, 60)


async def test_the_board_says_when_it_holds_a_replay(board: Board, runtime: MemoryRuntime, clock: ManualClock) -> None:
    assert board.replaying()
    empty = Board(MemoryRuntime(), clock)
    await empty.refresh()
    assert not empty.replaying()


async def test_the_board_sees_who_took_an_alert_and_tells_its_readers(board: Board, filled: MemoryRuntime) -> None:
    state = AlertState(rule="drones-night", cell="c", window="night/2026-09-04", status="open", acked_by="Ada")
    serial = board.serial
    with board.hub.subscription() as reader:
        await filled.commit(Commit(room="judge", at=module_now(board), writes={alert_cell("alert-a"): state}))
        await board.refresh()
        message = await reader.next()
    assert (message is not None and message.record is None, board.serial) == (True, serial + 1)
    assert board.desk.taken("alert-a") == {"acked_by": "Ada", "acked_at": None, "ack_note": None}
    await board.refresh()
    assert board.serial == serial + 1


async def test_silences_that_hold_are_known_with_what_they_hide(board: Board, runtime: MemoryRuntime) -> None:
    now, history = module_now(board), board.alert("alert-a")
    assert history is not None
    asked = SilenceRequest(match={"rule": "drones-*"}, hours=2, author="Ada", reason="exercise")
    made = await operate.silence(runtime, asked, now)
    await board.refresh()
    assert board.desk.silenced(history.latest, now) == made
    assert board.desk.silenced(history.latest, made.ends) is None
    assert [each.id for each in board.desk.active(now)] == [made.id]
