"""A hub by the W3C recommendation WebSub, and a house that subscribes to it; the clock moves only by hand."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from schemas.config import Address
from schemas.feed import Feed, FeedHealth, FeedPush
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.memory import MemoryRuntime
from streams.sources.http import Fetcher
from streams.sources.poller import Poller
from streams.sources.websub.callback import Callback
from streams.sources.websub.subscriber import Subscriber
from streams.web.app import create_app, serve
from streams.web.board import Board
from workers.ports import Cell
from workers.tables import FETCH_PUSH

PUBLIC = "https://hooks.example/websub"
MAX_BYTES = 5_000
Answered = tuple[int, str]


class Hub:
    """Takes subscriptions, and verifies, denies and sends when a test says so."""

    def __init__(self, page: str, client: aiohttp.ClientSession) -> None:
        self._page = page
        self._client = client
        self.asked: list[dict[str, str]] = []
        self.answer = web.Response(status=202)

    async def serve(self, request: web.Request) -> web.Response:
        """Section 5.1: a form with callback, mode and topic; the answer is 202 when it is taken."""
        assert request.method == "POST"
        assert request.content_type == "application/x-www-form-urlencoded"
        self.asked.append({name: str(value) for name, value in (await request.post()).items()})
        return web.Response(status=self.answer.status, text=self.answer.text, headers=self.answer.headers)

    @property
    def form(self) -> dict[str, str]:
        return self.asked[-1]

    @property
    def path(self) -> str:
        return self.form["hub.callback"].removeprefix("https://hooks.example")

    async def get(self, path: str, host: str = "hooks.example", **query: str) -> Answered:
        query = {f"hub.{name}": value for name, value in query.items()}
        async with self._client.get(self._page + path, params=query, headers={"Host": host}) as answer:
            return answer.status, await answer.text()

    async def verify(self, challenge: str = "c-1", **query: str) -> Answered:
        """Section 5.3."""
        asked = {"mode": "subscribe", "topic": self.form["hub.topic"], "lease_seconds": "86400"}
        return await self.get(self.path, challenge=challenge, **{**asked, **query})

    async def deny(self, **query: str) -> Answered:
        """Section 5.2."""
        return await self.get(self.path, mode="denied", **{"topic": self.form["hub.topic"], **query})

    async def push(self, body: bytes, method: str = "sha256", secret: str | None = None, **headers: str) -> Answered:
        """Section 7: the content, with a signature of it (section 7.1)."""
        key = self.form["hub.secret"] if secret is None else secret
        signature = hmac.new(key.encode(), body, getattr(hashlib, method)).hexdigest()
        signed = {"X-Hub-Signature": f"{method}={signature}", "Content-Type": "application/rss+xml"}
        return await self.post(self.path, body, **{**signed, **headers})

    async def post(self, path: str, body: Any, **headers: str) -> Answered:
        given = {"Host": "hooks.example", **headers}
        async with self._client.post(self._page + path, data=body, headers=given) as answer:
            return answer.status, await answer.text()


class House:
    """One feed, whose subscriber has its callback on a page, and what is left in the runtime."""

    def __init__(self, runtime: MemoryRuntime, fetcher: Fetcher, clock: ManualClock, publisher: Any) -> None:
        self.runtime = runtime
        self.fetcher = fetcher
        self.clock = clock
        self.publisher = publisher
        self.feed = Feed(id="river", url=publisher.url("/f"), source="River")
        self.poller = Poller(runtime, fetcher, [self.feed], clock, hubs=True)
        self.subscriber = Subscriber(runtime, fetcher, self.poller, PUBLIC, patience=60.0, plain_hubs=True)
        self.hub: Hub

    def publish(self, *titles: str, hub: str = "/hub", topic: str = "/f") -> None:
        """What the feed holds from now on; its headers name its hubs and itself."""
        items = "".join(f"<item><guid>{title}</guid><title>{title}</title></item>" for title in titles)
        body = f"<rss version='2.0'><channel><title>River</title>{items}</channel></rss>".encode()
        hubs = "".join(f'<{each}>; rel="hub", ' for each in hub.split())
        links = f"{hubs}<{topic}>; rel=self" if hubs else "</>; rel=alternate"
        self.publisher.at("/f", web.Response(body=body, headers={"Link": links}))

    async def poll(self) -> FeedHealth:
        return await self.poller.poll(self.feed)

    async def subscribe(self) -> None:
        """As far as a verified subscription."""
        self.publish("a")
        await self.poll()
        await self.subscriber.ask_due()
        assert (await self.hub.verify())[0] == 200

    async def run_until_asked(self) -> None:
        """The loop of the subscriber, until it has asked the hub."""
        stop, asked = asyncio.Event(), asyncio.Event()

        async def take(request: web.Request) -> web.Response:
            asked.set()
            return await self.hub.serve(request)

        self.publisher.at("/hub", take)
        loop = asyncio.create_task(self.subscriber.run(stop))
        async with asyncio.timeout(60):
            await asked.wait()
            stop.set()
            await loop

    async def titles(self) -> list[str]:
        return [record.model.title for record in await self.runtime.tail(Topic.ARTICLES, limit=1000)]

    async def subscription(self) -> FeedPush:
        cell = Cell(FETCH_PUSH, "river")
        value = (await self.runtime.load([cell]))[cell].value
        assert isinstance(value, FeedPush)
        return value


@pytest.fixture
async def house(publisher: Any, fetcher: Fetcher, clock: ManualClock) -> AsyncIterator[House]:
    made = House(MemoryRuntime(), fetcher, clock, publisher)
    listen = Address(host="127.0.0.1", port=0)
    board = Board(made.runtime, clock, [made.feed])
    callback = Callback(made.subscriber, "hooks.example", MAX_BYTES)
    server = await serve(create_app(board, listen, follow=False, callback=callback), listen)
    async with aiohttp.ClientSession() as client:
        made.hub = Hub(server.url.rstrip("/"), client)
        publisher.at("/hub", made.hub.serve)
        yield made
    await server.close()
    await made.subscriber.close()
    await made.poller.close()


@pytest.fixture
def item() -> Callable[..., bytes]:
    """A document of some items alone, as hubs send it."""

    def make(*titles: str) -> bytes:
        items = "".join(f"<item><guid>{title}</guid><title>{title}</title></item>" for title in titles)
        return f"<rss version='2.0'><channel><title>River</title>{items}</channel></rss>".encode()

    return make
