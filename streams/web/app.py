"""The web application: page, API, event stream, health and metrics; and the server that carries it."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import AsyncIterator, Iterable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from schemas.config import Address
from streams.refusal import Refusal
from streams.runtimes.base import RuntimeRefused, Unavailable
from streams.sources.websub.callback import PATH, Callback
from streams.waiting import give_up
from streams.web import api, health, metrics, pages, people, stream
from streams.web.assets import Assets
from streams.web.board import Board
from streams.web.guard import add_headers, host_guard
from streams.web.keys import BOARD, CACHE, HEARTBEAT, TEMPLATES, WRITERS
from streams.web.query import BadQuery, refusal
from streams.web.writers import Writers
from workers.errors import Drop

log = logging.getLogger("nightwire.web")

SIGN_OF_LIFE: Final = 12.0
"""Seconds between two comments on a quiet event stream: proxies give up after 15 and more."""

LARGEST_BODY: Final = 8192
"""Bytes of a request's body: a silence with all its matchers."""

STOP_WITHIN: Final = 2.0
"""Seconds that open answers, and the look at the topics that is under way, have to finish when the server stops."""


class ListenRefused(Refusal):
    """The address cannot be listened on; the message says what to do (exit status: unreachable)."""


def create_app(
    board: Board,
    listen: Address,
    hosts: Iterable[str] = (),
    *,
    follow: bool = True,
    heartbeat: float = SIGN_OF_LIFE,
    token: str | None = None,
    callback: Callback | None = None,
) -> web.Application:
    """The application on a board; with `follow` it keeps the board up to date for as long as it runs."""
    only_for_hubs = {callback.host: PATH} if callback else {}
    guard = host_guard(listen, hosts, only_for_hubs)
    app = web.Application(middlewares=[guard, _errors], client_max_size=LARGEST_BODY)
    assets = Assets()
    app[BOARD] = board
    app[TEMPLATES] = pages.environment(assets.url)
    app[HEARTBEAT] = heartbeat
    app[CACHE] = {}
    app[WRITERS] = Writers(listen, token)
    for module in (pages, api, people, stream, health, metrics):
        app.router.add_routes(module.routes)
    app.router.add_routes(callback.routes if callback else ())
    app.router.add_get("/static/{name}", assets.serve)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_end_streams)
    if follow:
        app.cleanup_ctx.append(_follow)
    return app


async def _follow(app: web.Application) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(app[BOARD].follow(stop))
    yield
    stop.set()
    await asyncio.wait([task], timeout=STOP_WITHIN)
    await give_up([task])  # a look that hangs, because the server does, has nothing to finish


async def _end_streams(app: web.Application) -> None:
    app[BOARD].hub.close()


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Errors in the form that the asker reads: JSON under /v1, a page elsewhere; never a traceback."""
    machine = request.path.startswith("/v1")
    try:
        return await handler(request)
    except BadQuery as error:
        return refusal(400, "bad-query", str(error))
    except web.HTTPNotFound:
        if machine:
            return refusal(404, "not-found", "there is no such address; docs/api.md lists them")
        return pages.missing(request, "There is no such page.")
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        response = refusal(405, "method", f"this address answers only {allowed} requests")
        response.headers["Allow"] = allowed
        return response
    except web.HTTPException:
        raise
    except (Drop, Unavailable, RuntimeRefused) as error:
        return people.impossible(error)
    except Exception:
        log.exception("no answer to %s: a defect of ours", request.path)
        return refusal(500, "defect", "the program has a defect here; its log tells more")


class Server:
    """A server that runs; `url` is where a person finds the page."""

    def __init__(self, runner: web.AppRunner, url: str) -> None:
        self._runner = runner
        self.url = url

    async def close(self) -> None:
        """End the open streams, stop listening and following."""
        await self._runner.cleanup()


async def serve(app: web.Application, listen: Address) -> Server:
    """Start to listen; raises ListenRefused with one clear line when the address cannot be had."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_WITHIN)
    await runner.setup()
    try:
        await web.TCPSite(runner, listen.host, listen.port).start()
    except OSError as error:
        await runner.cleanup()
        raise ListenRefused(_remedy(error, listen)) from error
    host, port = runner.addresses[0][:2]
    return Server(runner, f"http://{Address(host=host, port=port)}/")


def _remedy(error: OSError, listen: Address) -> str:
    place = f"port {listen.port} on {listen.host}"
    other = Address(host=listen.host, port=listen.port + 1 if listen.port < 65535 else 8751)
    if error.errno == errno.EADDRINUSE:
        return f"{place} is in use; choose another with --listen {other} or stop the other program"
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"{place} may not be used by this user; choose one above 1023, for example --listen {listen.host}:8750"
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"{listen.host} is no address of this machine; write for example --listen 127.0.0.1:{listen.port}"
    return f"{place} cannot be listened on: {error.strerror or error}; choose another with --listen"
