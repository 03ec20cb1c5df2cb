"""The JSON API: forms, filters, limits, and errors that say what to write."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from streams.web import Board


async def get(client: aiohttp.ClientSession, path: str, status: int = 200) -> dict[str, Any]:
    async with client.get(path) as answer:
        assert answer.status == status
        assert answer.content_type == "application/json"
        content: dict[str, Any] = await answer.json()
    assert content["schema"] == 1
    return content


@pytest.mark.parametrize(
    ("path", "name", "length"),
    [
        ("/v1/alerts", "alerts", 3),
        ("/v1/alerts?open=true", "alerts", 2),
        ("/v1/alerts?open=false", "alerts", 1),
        ("/v1/alerts?severity=critical", "alerts", 1),
        ("/v1/alerts?mode=replay&open=true", "alerts", 1),
        ("/v1/alerts?rule=none", "alerts", 0),
        ("/v1/alerts?limit=1", "alerts", 1),
        ("/v1/events", "events", 5),
        ("/v1/events?object=DRONE", "events", 4),
        ("/v1/events?source=north%20herald&measure=intercepted", "events", 2),
        ("/v1/events?attacker=RU&target_country=UA", "events", 1),
        ("/v1/events?type=damage", "events", 1),
        ("/v1/events?limit=2", "events", 2),
        ("/v1/incidents", "incidents", 1),
        ("/v1/incidents?night_of=2026-09-04&object=drone", "incidents", 1),
        ("/v1/incidents?attacker=RU", "incidents", 0),
        ("/v1/feeds", "feeds", 4),
        ("/v1/feeds?outcome=failed", "feeds", 1),
        ("/v1/feeds?outcome=unchecked", "feeds", 1),
        ("/v1/accounting?room=dedupe", "rooms", 1),
    ],
)
async def test_lists_and_their_filters(client: aiohttp.ClientSession, path: str, name: str, length: int) -> None:
    content = await get(client, path)
    assert len(content[name]) == length
    assert content["trouble"] is None
    assert content["at"] == "2026-09-04T04:50:00+00:00"


async def test_an_alert_tells_its_state(client: aiohttp.ClientSession) -> None:
    first = (await get(client, "/v1/alerts"))["alerts"][0]
    assert (first["open"], first["notices"]) == (True, 2)
    assert first["latest"]["value"] == 144
    assert first["latest"]["evidence"][0]["quote"].startswith("Air defences")


async def test_one_alert_with_all_that_was_said_and_sent(client: aiohttp.ClientSession) -> None:
    alert = (await get(client, "/v1/alerts/alert-a"))["alert"]
    assert [n["revision"] for n in alert["notices"]] == [1, 2]
    assert [(d["receiver"], d["status"], d["attempts"]) for d in alert["deliveries"]] == [
        ("duty-desk", "delivered", 1),
        ("duty-desk", "dead", 3),
    ]


async def test_events_carry_their_article(client: aiohttp.ClientSession) -> None:
    event = (await get(client, "/v1/events?limit=1"))["events"][0]
    assert event["quote"] == "Border guards saw about a dozen drones cross the river."
    assert event["article"]["url"] == "https://coast-courier.example/2"


async def test_a_room_shows_its_sum(client: aiohttp.ClientSession) -> None:
    room = (await get(client, "/v1/accounting?room=dedupe"))["rooms"][0]
    assert room == {
        "room": "dedupe", "in": 12, "out": 9, "dropped": 2, "quarantined": 1, "balanced": True, "lag": 0,
        "reasons": {"out": {"unique": 9}, "dropped": {"same-url": 2}, "quarantined": {"unreadable": 1}},
        "emitted": {"articles.unique": 9},
        "forgotten": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status", "reason", "words"),
    [
        ("/v1/alerts?opne=true", 400, "bad-query", "did you mean open?"),
        ("/v1/alerts?zzz=1", 400, "bad-query", "write one of: open, severity, rule, mode, limit"),
        ("/v1/alerts?open=yes", 400, "bad-query", "write true or false"),
        ("/v1/events?limit=0", 400, "bad-query", "a number from 1 to 1000"),
        ("/v1/events?limit=1001", 400, "bad-query", "a number from 1 to 1000"),
        ("/v1/events?limit=-1", 400, "bad-query", "a number from 1 to 1000"),
        ("/v1/events?limit=" + "9" * 500, 400, "bad-query", "a number from 1 to 1000"),
        ("/v1/events?limit=%D9%A5", 400, "bad-query", "a number from 1 to 1000"),
        ("/v1/alerts/none", 404, "unknown-alert", "/v1/alerts lists them"),
        ("/v1/nothing", 404, "not-found", "docs/api.md"),
        ("/v1/stream?types=notice,gossip", 400, "bad-query", "notice,event,incident,health"),
    ],
)
async def test_errors_say_what_to_write(
    client: aiohttp.ClientSession, path: str, status: int, reason: str, words: str
) -> None:
    error = (await get(client, path, status))["error"]
    assert error["reason"] == reason
    assert words in error["message"]


async def test_a_board_in_trouble_says_so_in_every_list(client: aiohttp.ClientSession, board: Board) -> None:
    board.trouble = "the runtime cannot be reached: gone"
    assert (await get(client, "/v1/feeds"))["trouble"] == board.trouble


async def test_a_defect_is_one_line_and_no_traceback(
    client: aiohttp.ClientSession, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "alerts", lambda: 1 / 0)
    error = (await get(client, "/v1/alerts", 500))["error"]
    assert error == {"reason": "defect", "message": "the program has a defect here; its log tells more"}
