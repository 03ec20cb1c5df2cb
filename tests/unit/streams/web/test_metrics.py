"""Metrics and health."""

from __future__ import annotations

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from streams.web import Board, health


async def samples(client: aiohttp.ClientSession) -> dict[tuple[str, ...], float]:
    async with client.get("/metrics") as answer:
        assert answer.headers["Content-Type"].startswith("text/plain")
        families = text_string_to_metric_families(await answer.text())
        return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


async def test_prometheus_reads_what_the_board_knows(client: aiohttp.ClientSession) -> None:
    found = await samples(client)
    labelled = {frozenset(key): value for key, value in found.items()}
    assert labelled[frozenset({"nightwire_records_total", "dedupe", "dropped", "same-url"})] == 2
    assert found["nightwire_room_lag_records", "resolve"] == 3
    assert [found["nightwire_feeds", o] for o in ("ok", "unchanged", "failed", "disabled", "unchecked")] == [
        1,
        1,
        1,
        0,
        1,
    ]
    assert [found["nightwire_alerts_open", s] for s in ("critical", "high", "warning", "info")] == [1, 0, 1, 0]
    assert found["nightwire_board_ready",] == 1
    assert found["nightwire_stream_readers",] == 0
    assert any(key[0] == "nightwire_build_info" and "memory" in key for key in found)


async def test_the_process_is_healthy_even_when_the_board_is_not(client: aiohttp.ClientSession, board: Board) -> None:
    board.trouble = "the runtime cannot be reached: gone"
    async with client.get("/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")
    async with client.get("/readyz") as answer:
        assert (answer.status, await answer.text()) == (503, "the runtime cannot be reached: gone\n")
    assert (await samples(client))["nightwire_board_ready",] == 0


async def test_a_board_that_follows_is_ready(client: aiohttp.ClientSession) -> None:
    async with client.get("/readyz") as answer:
        assert (answer.status, await answer.text()) == (200, "ready\n")


async def test_a_board_that_stopped_looking_is_not_ready(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "silent_for", lambda: 31.0)
    assert health.not_ready(board) == "the board was read last 31 s ago"
