"""Taking and silencing through the API: who may, what is asked for, and what other sites are told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from schemas.config import Address
from streams.runtimes.base import Commit
from streams.runtimes.memory import MemoryRuntime
from streams.web import Board, create_app, serve
from workers.judge.cells import AlertState
from workers.judge.seats import alert_cell

SILENCE = {"match": {"rule": "drones-night"}, "hours": 4, "author": "duty officer", "reason": "exercise"}
ACK = {"author": "duty officer", "note": "calling the region"}


@pytest.fixture
async def guarded(board: Board) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of a server with a token."""
    listen = Address(host="127.0.0.1", port=0)
    server = await serve(create_app(board, listen, follow=False, token="open sesame"), listen)
    async with aiohttp.ClientSession(server.url) as session:
        yield session
    await server.close()


async def reason(answer: aiohttp.ClientResponse) -> str:
    return str((await answer.json())["error"]["reason"])


async def open_alert(runtime: MemoryRuntime, name: str) -> None:
    state = AlertState(rule="drones-night", cell="c", window="night/2026-09-04", status="open", seq=1)
    at = datetime(2026, 9, 4, 4, tzinfo=UTC)
    await runtime.commit(Commit(room="judge", at=at, writes={alert_cell(name): state}))


async def test_a_silence_is_made_listed_and_ended(client: aiohttp.ClientSession) -> None:
    async with client.post("/v1/silences", json=SILENCE) as answer:
        assert answer.status == 201
        made = (await answer.json())["silence"]
    assert (made["ends"], made["active"]) == ("2026-09-04T08:50:00Z", True)
    async with client.get("/v1/silences?active=true") as answer:
        assert [each["id"] for each in (await answer.json())["silences"]] == [made["id"]]
    async with client.post("/v1/silences", json=SILENCE) as answer:
        assert (answer.status, await reason(answer)) == (409, "already-seen")
    async with client.delete(f"/v1/silences/{made['id']}") as answer:
        assert answer.status == 200
    async with client.delete(f"/v1/silences/{made['id']}") as answer:
        assert (answer.status, await reason(answer)) == (404, "not-open")
    async with client.get("/v1/silences?active=true") as answer:
        assert (await answer.json())["silences"] == []


async def test_an_alert_is_taken_and_says_so(client: aiohttp.ClientSession, filled: MemoryRuntime) -> None:
    async with client.get("/v1/alerts") as answer:
        name = (await answer.json())["alerts"][0]["latest"]["alert"]
    async with client.post(f"/v1/alerts/{name}/ack", json=ACK) as answer:
        assert (answer.status, await reason(answer)) == (404, "not-open")
    await open_alert(filled, name)
    async with client.post(f"/v1/alerts/{name}/ack", json=ACK) as answer:
        assert (await answer.json())["alert"]["acked_by"] == "duty officer"
    async with client.get(f"/v1/alerts/{name}") as answer:
        assert (await answer.json())["alert"]["taken"]["ack_note"] == "calling the region"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"}, 201),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 201),
    ],
)
async def test_a_page_of_another_site_changes_nothing(
    client: aiohttp.ClientSession, headers: dict[str, str], status: int
) -> None:
    async with client.post("/v1/silences", json=SILENCE, headers=headers) as answer:
        assert answer.status == status
        if status == 403:
            assert await reason(answer) == "other-site"
    async with client.get("/v1/silences") as answer:
        assert len((await answer.json())["silences"]) == int(status == 201)


@pytest.mark.parametrize("change", [{"match": {}}, {"hours": 0}, {"hours": 1e9}, {"author": " "}, {"extra": 1}])
async def test_a_body_that_is_wrong_is_refused_by_its_field(
    client: aiohttp.ClientSession, change: dict[str, Any]
) -> None:
    async with client.post("/v1/silences", json=SILENCE | change) as answer:
        assert (answer.status, await reason(answer)) == (400, "bad-body")
        assert next(iter(change)) in (await answer.json())["error"]["message"]


async def test_a_form_of_another_page_is_no_json(client: aiohttp.ClientSession) -> None:
    async with client.post("/v1/silences", data=b'{"match": {}}', headers={"Content-Type": "text/plain"}) as answer:
        assert answer.status == 415
    async with client.post("/v1/silences", json={"match": {"rule": "x" * 10_000}}) as answer:
        assert answer.status == 413


async def test_a_token_is_asked_for_where_there_is_one(guarded: aiohttp.ClientSession) -> None:
    for headers in ({}, {"Authorization": "Bearer open"}, {"Authorization": "Basic open sesame"}):
        async with guarded.post("/v1/silences", json=SILENCE, headers=headers) as answer:
            assert (answer.status, await reason(answer)) == (401, "token")
        async with guarded.delete("/v1/silences/x", headers=headers) as answer:
            assert answer.status == 401
    async with guarded.post("/v1/silences", json=SILENCE, headers={"Authorization": "Bearer open sesame"}) as answer:
        assert answer.status == 201


async def test_beyond_loopback_nothing_is_changed_without_a_token(board: Board) -> None:
    listen = Address(host="0.0.0.0", port=0)
    server = await serve(create_app(board, listen, follow=False), listen)
    url = server.url.replace("0.0.0.0", "127.0.0.1")
    async with aiohttp.ClientSession(url) as session, session.post("/v1/silences", json=SILENCE) as answer:
        assert (answer.status, await reason(answer)) == (403, "read-only")
    await server.close()
