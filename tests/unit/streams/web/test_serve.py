"""Listening: one clear line when the address cannot be had, and a clean end."""

from __future__ import annotations

import asyncio
import errno
import socket

import aiohttp
import pytest

from schemas.config import Address
from streams.web import Board, ListenRefused, create_app, serve
from streams.web.app import _remedy


async def test_a_port_in_use_gets_one_line_with_a_remedy(board: Board) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = Address(host="127.0.0.1", port=taken.getsockname()[1])
        with pytest.raises(ListenRefused) as refused:
            await serve(create_app(board, listen), listen)
    assert str(refused.value) == (
        f"port {listen.port} on 127.0.0.1 is in use; choose another with --listen 127.0.0.1:{listen.port + 1} "
        "or stop the other program"
    )


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EACCES, "denied"), "may not be used by this user; choose one above 1023"),
        (OSError(errno.EADDRNOTAVAIL, "none"), "is no address of this machine"),
        (socket.gaierror(-2, "unknown name"), "is no address of this machine"),
        (OSError(errno.EIO, "odd"), "cannot be listened on"),
    ],
)
def test_every_refusal_has_a_remedy(error: OSError, words: str) -> None:
    line = _remedy(error, Address(host="127.0.0.1", port=80))
    assert words in line
    assert "\n" not in line
    assert "--listen" in line


async def test_a_look_that_hangs_holds_up_no_stop(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    looking = asyncio.Event()

    async def hang() -> bool:
        looking.set()
        return await asyncio.Event().wait()

    monkeypatch.setattr(board, "refresh", hang)
    monkeypatch.setattr("streams.web.app.STOP_WITHIN", 0.01)
    listen = Address(host="127.0.0.1", port=0)
    server = await serve(create_app(board, listen), listen)
    await asyncio.wait_for(looking.wait(), 60)
    await asyncio.wait_for(server.close(), 60)


async def test_a_server_that_follows_shows_what_comes_and_stops_at_once(board: Board) -> None:
    listen = Address(host="127.0.0.1", port=0)
    server = await serve(create_app(board, listen), listen)
    async with aiohttp.ClientSession(server.url) as session, session.get("/v1/stream") as stream:
        assert (await stream.content.readline()).startswith(b"retry:")
        await asyncio.wait_for(server.close(), 60)
        assert stream.status == 200
    assert board.hub.full
