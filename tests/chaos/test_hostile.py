"""A hostile publisher: each trick has its named reason, none stalls the loop, and the honest feed goes on."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import brotli
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from schemas.feed import Feed
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.memory import MemoryRuntime
from streams.sources.http import Fetcher, Limits
from streams.sources.poller import Poller
from streams.sources.reader import Reader

START = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
LONGEST_STALL = 0.3
"""Seconds of processor time that the loop may be held; what is small enough to be read in it takes half of that."""
ENDLESS = {"timeout"}
"""The reason of an answer that never ends: such tests alone are short of time."""
HONEST = b"<rss><channel><title>Honest</title><item><guid>1</guid><title>News</title></item></channel></rss>"
ITEM = b"<item><title>x</title></item>"


def entities(levels: int) -> bytes:
    names = [b"<!ENTITY %c '%s'>" % (97 + n, b"&%c;" % (96 + n) * 10 if n else b"lol") for n in range(levels)]
    return b"<!DOCTYPE rss [" + b"".join(names) + b"]><rss><channel><title>&%c;</title></channel></rss>" % (96 + levels)


def many(number: int, body: bytes) -> bytes:
    items = (
        b"<item><guid>%d</guid><title>t</title><description>%s</description></item>" % (n, body) for n in range(number)
    )
    return b"<rss>" + b"".join(items) + b"</rss>"


DOCUMENTS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "nested tags": (lambda: b"<rss>" + b"<a>" * 200_000 + b"</a>" * 200_000, {"too-deep"}),
    "nested tags, unclosed": (lambda: b"<rss>" + b"<a>" * 200_000, {"too-deep"}),
    "attributes": (lambda: b"<rss " + b" ".join(b'a%d="x"' % n for n in range(100_000)) + b"/>", {"attributes"}),
    "attributes in a damaged document": (
        lambda: b"<rss><a></b><c " + b" ".join(b'a%d="x"' % n for n in range(16_000)) + b"/>",
        {"parser-timeout", "not-a-feed", "fetched", "attributes"},
    ),
    "a billion laughs": (lambda: entities(10), {"entities"}),
    "a file as an entity": (
        lambda: (
            b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'
        ),
        {"fetched"},
    ),
    "400,000 items": (lambda: b"<rss><channel>" + ITEM * 400_000 + b"</channel></rss>", {"too-large"}),
    "300,000 items": (lambda: b"<rss><channel>" + ITEM * 300_000 + b"</channel></rss>", {"too-many-entries"}),
    "30,000 items, unclosed": (
        lambda: b"<rss><channel>" + b"<item><title>x" * 30_000,
        {"too-deep", "parser-timeout", "too-many-entries"},
    ),
    "one text of 9.9 MB": (
        lambda: b"<rss><item><title>t</title><description>" + b"word " * 1_980_000 + b"</description></item></rss>",
        {"fetched"},
    ),
    "40,000 broken tags in CDATA": (
        lambda: (
            b"<rss><item><title>t</title><description><![CDATA[" + b"<a " * 40_000 + b"]]></description></item></rss>"
        ),
        {"fetched"},
    ),
    "150,000 deep tags in a body": (
        lambda: (
            b"<rss><item><title>t</title><description><![CDATA["
            + b"<div>" * 150_000
            + b"]]></description></item></rss>"
        ),
        {"fetched"},
    ),
    "1,500 long entries": (lambda: many(1_500, b"<![CDATA[%s]]>" % (b"<p>some words</p>" * 100)), {"fetched"}),
    "500 entries of naked markup": (lambda: many(500, b"<p>some words</p>" * 100), {"fetched", "parser-timeout"}),
    "naked markup, just small enough for the loop": (lambda: many(50, b"<p>w</p>" * 490), {"fetched"}),
    "nested markup, just small enough for the loop": (
        lambda: many(1, b"<![CDATA[%s]]>" % (b"<div>" * 39_000)),
        {"fetched"},
    ),
    "broken markup, just small enough for the loop": (
        lambda: many(1, b"<![CDATA[%s]]>" % (b"<p><!x" * 32_000)),
        {"fetched"},
    ),
    "JSON of arrays": (lambda: b'{"items":' + b"[" * 3_000_000, {"too-deep", "not-xml"}),
    "zeros": (lambda: bytes(9_900_000), {"empty-body"}),
    "an opened CDATA, many times": (
        lambda: b"<rss>&" + b"<![CDATA[" * 20_000,
        {"not-a-feed", "fetched", "parser-timeout"},
    ),
    "a file name": (lambda: b"/etc/passwd", {"not-xml"}),
}


class Hostile:
    """A server whose paths answer as badly as they can, with one honest feed."""

    def __init__(self) -> None:
        app = web.Application()
        app.router.add_get("/{name:.*}", self._serve)
        self.server = TestServer(app, host="127.0.0.1")
        self.answers: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {}
        self.bodies: dict[str, bytes] = {"honest": HONEST}

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name in self.answers:
            return await self.answers[name](request)
        return web.Response(body=self.bodies[name], content_type="application/xml")

    def url(self, name: str) -> str:
        return str(self.server.make_url(f"/{name}"))


@pytest.fixture
async def hostile() -> AsyncIterator[Hostile]:
    made = Hostile()
    await made.server.start_server()
    yield made
    await made.server.close()


class Pulse:
    """Measures how long the loop was not free, by the smaller of wall time and of the CPU this process used."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def beat(self) -> None:
        while True:
            wall, cpu = time.perf_counter(), time.process_time()
            await asyncio.sleep(0.001)
            self.worst = max(self.worst, min(time.perf_counter() - wall, time.process_time() - cpu))


@asynccontextmanager
async def beating() -> AsyncIterator[Pulse]:
    pulse = Pulse()
    task = asyncio.create_task(pulse.beat())
    try:
        yield pulse
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def reading(hostile: Hostile, *names: str, limits: Limits | None = None) -> AsyncIterator[Poller]:
    clock = ManualClock(START)
    assert hostile.server.port
    feeds = [Feed(id=name, url=hostile.url(name)) for name in names]
    async with Fetcher(clock, allow=[("127.0.0.1", hostile.server.port)], limits=limits) as fetcher:
        poller = Poller(MemoryRuntime(), fetcher, feeds, clock, reader=Reader(deadline=60.0))
        try:
            yield poller
        finally:
            await poller.close()


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_documents(hostile: Hostile, name: str) -> None:
    build, reasons = DOCUMENTS[name]
    hostile.bodies["bad"] = build()
    async with reading(hostile, "bad", "honest") as poller, beating() as pulse:
        bad, honest = await asyncio.gather(*(poller.poll(feed) for feed in poller.feeds.values()))
    assert bad.reason in reasons
    assert (honest.reason, honest.new) == ("fetched", 1)
    assert pulse.worst < LONGEST_STALL


async def endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    while True:
        await answer.write(b"<a>" * 20_000)


async def drip(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    while True:
        await answer.write(b" ")
        await asyncio.sleep(0.01)


async def silent(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    return web.Response()


def packed(name: str, body: bytes) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, headers={"Content-Encoding": name})

    return serve


def sent_to(target: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": target})

    return serve


ANSWERS: dict[str, tuple[Any, set[str]]] = {
    "gzip bomb": (packed("gzip", gzip.compress(bytes(200_000_000), 1)), {"bomb", "too-large"}),
    "gzip bomb in many members": (packed("gzip", gzip.compress(bytes(1_000_000)) * 800), {"bomb", "too-large"}),
    "brotli bomb": (packed("br", brotli.compress(bytes(200_000_000), quality=1)), {"bomb"}),
    "endless body": (endless, {"too-large"}),
    "slow drip": (drip, ENDLESS),
    "no answer": (silent, ENDLESS),
    "metadata address": (sent_to("http://169.254.169.254/latest/meta-data/"), {"refused-address"}),
    "loopback by name": (sent_to("http://localhost:1/"), {"refused-address"}),
    "mapped loopback": (sent_to("http://[::ffff:7f00:1]/"), {"refused-address"}),
    "a file": (sent_to("file:///etc/passwd"), {"bad-redirect"}),
    "circles": (sent_to("/bad"), {"redirect-loop"}),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_answers(hostile: Hostile, name: str) -> None:
    hostile.answers["bad"], reasons = ANSWERS[name]
    limits = Limits(total=0.8) if reasons == ENDLESS else None
    async with (
        reading(hostile, "bad", limits=limits) as hasty,
        reading(hostile, "honest") as poller,
        beating() as pulse,
    ):
        bad, honest = await asyncio.gather(hasty.poll(hasty.feeds["bad"]), poller.poll(poller.feeds["honest"]))
    assert bad.reason in reasons
    assert (honest.reason, honest.new) == ("fetched", 1)
    assert pulse.worst < LONGEST_STALL


class Turncoat(AbstractResolver):
    """A name that is public when asked first and inner afterwards."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        self.asked += 1
        ip = "192.0.2.1" if self.asked > 99 else "127.0.0.1"
        return [ResolveResult(hostname=host, host=ip, port=port, family=2, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to close."""


async def test_a_name_rebound_to_loopback(hostile: Hostile) -> None:
    clock = ManualClock(START)
    feed = Feed(id="f", url=f"http://rebind.example:{hostile.server.port}/honest")
    async with Fetcher(clock, resolver=Turncoat()) as fetcher:
        poller = Poller(MemoryRuntime(), fetcher, [feed], clock)
        health = await poller.poll(feed)
        await poller.close()
    assert health.reason == "refused-address"


async def test_nothing_of_a_local_file_comes_out(hostile: Hostile) -> None:
    hostile.bodies["bad"] = DOCUMENTS["a file as an entity"][0]().replace(
        b"</channel>", b"<item><title>a&x;b</title></item></channel>"
    )
    async with reading(hostile, "bad") as poller:
        await poller.poll(poller.feeds["bad"])
        records = await poller._runtime.tail(Topic.ARTICLES)
    assert [record.model.title for record in records] == ["ab"]  # type: ignore[attr-defined]
