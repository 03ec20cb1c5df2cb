"""A publisher on loopback whose answers a test writes, and a fetcher that may visit it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from streams.clock import ManualClock
from streams.sources.http import Fetcher, Limits

START = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Publisher:
    """One server; `at` sets what a path answers, `requests` is what came in."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.requests: list[web.Request] = []
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self.server = TestServer(app, host="127.0.0.1")

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        handler = self.handlers.get(request.path)
        if handler is None:
            raise web.HTTPNotFound
        return await handler(request)

    def at(self, path: str, answer: Handler | web.Response | bytes) -> str:
        """Answer a path, and tell its address."""

        async def serve(request: web.Request) -> web.StreamResponse:
            if callable(answer):
                return await answer(request)
            if isinstance(answer, bytes):
                return web.Response(body=answer, content_type="application/rss+xml")
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)

        self.handlers[path] = serve
        return self.url(path)

    def url(self, path: str) -> str:
        return str(self.server.make_url(path))

    @property
    def address(self) -> tuple[str, int]:
        assert self.server.port
        return "127.0.0.1", self.server.port


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    made = Publisher()
    await made.server.start_server()
    yield made
    await made.server.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
async def fetcher(publisher: Publisher, clock: ManualClock) -> AsyncIterator[Fetcher]:
    limits = Limits(total=60.0)
    async with Fetcher(clock, contact="https://ops.example/", allow=[publisher.address], limits=limits) as made:
        yield made


def rss(*titles: str, ttl: int | None = None) -> bytes:
    """An RSS document with an item for each title."""
    items = "".join(f"<item><guid>{title}</guid><title>{title}</title></item>" for title in titles)
    head = f"<ttl>{ttl}</ttl>" if ttl else ""
    return f"<rss version='2.0'><channel><title>River</title>{head}{items}</channel></rss>".encode()


@pytest.fixture
def make_rss() -> Callable[..., bytes]:
    return rss
