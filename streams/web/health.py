"""/healthz: the process answers. /readyz: the runtime can be reached and the board is up to date."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from streams.web.board import Board
from streams.web.keys import BOARD

STALE: Final = 30.0
"""Seconds without a finished look at the topics after which the board is not trusted."""

routes = web.RouteTableDef()


@routes.get("/healthz")
async def healthz(request: web.Request) -> web.Response:
    """200 as long as the process can answer at all."""
    return web.Response(text="ok\n")


@routes.get("/readyz")
async def readyz(request: web.Request) -> web.Response:
    """200 when what the page shows is up to date, else 503 with the reason in one line."""
    reason = not_ready(request.app[BOARD])
    return web.Response(status=503 if reason else 200, text=f"{reason or 'ready'}\n")


def not_ready(board: Board) -> str | None:
    """Why the board cannot be trusted, or None."""
    if board.trouble is not None:
        return board.trouble
    silent = board.silent_for()
    return f"the board was read last {silent:.0f} s ago" if silent > STALE else None
