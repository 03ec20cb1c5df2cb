"""A score server of the kind that publishers use to judge feed readers, and two days of reading it.

It counts what a reader must not do: ask unconditionally twice, invent validators, send them out of
sequence, ask too soon, ignore Retry-After, carry cookies, referrers or cache busters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.metadata import version
from random import Random

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from schemas.feed import Feed, FeedHealth
from streams.clock import ManualClock
from streams.runtimes.memory import MemoryRuntime
from streams.sources.http import Fetcher
from streams.sources.poller import Poller

START = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
AGENT = f"nightwire/{version('nightwire')} (+https://ops.example/)"


@dataclass
class ScoreServer:
    """One feed and the notes about its reader; `version` and `touched` make new validators, `plan` odd answers."""

    clock: ManualClock
    version: int = 1
    touched: int = 0
    plan: list[web.Response] = field(default_factory=list)
    given: list[tuple[str, str]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    times: list[datetime] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    not_before: datetime | None = None

    def validators(self) -> tuple[str, str]:
        moment = START + timedelta(minutes=self.version * 60 + self.touched)
        return f'W/"v{self.version}.{self.touched}+x"', format_datetime(moment, usegmt=True).replace("GMT", "+0000")

    def body(self) -> bytes:
        items = "".join(
            f"<item><guid>{n}</guid><title>t{n}</title>"
            f"<pubDate>{format_datetime(START - timedelta(hours=2 * (self.version - n)))}</pubDate></item>"
            for n in range(self.version, 0, -1)
        )
        return f"<rss version='2.0'><channel><title>Score</title>{items}</channel></rss>".encode()

    async def serve(self, request: web.Request) -> web.Response:
        now = self.clock.now()
        self._judge(request, now)
        self.times.append(now)
        self.paths.append(request.path)
        if self.plan:
            answer = self.plan.pop(0)
            wait = answer.headers.get("Retry-After")
            self.not_before = self._until(wait, now) if wait else None
            return answer
        etag, modified = self.validators()
        headers = {"ETag": etag, "Last-Modified": modified, "Set-Cookie": "id=1"}
        if request.headers.get("If-None-Match") == etag:
            self.kinds["304"] += 1
            return web.Response(status=304, headers=headers)
        self.kinds["200"] += 1
        self.given.append((etag, modified))
        return web.Response(body=self.body(), content_type="application/rss+xml", headers=headers)

    def _until(self, wait: str, now: datetime) -> datetime:
        if wait.isdecimal():
            return now + timedelta(seconds=int(wait))
        return datetime.strptime(wait, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)

    def _judge(self, request: web.Request, now: datetime) -> None:
        tag, since = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        if tag is None and since is None:
            self.kinds["unconditional"] += 1
        elif not self.given or (tag, since) not in self.given:
            self.faults["made up"] += 1
        elif (tag, since) != self.given[-1]:
            self.faults["out of sequence"] += 1
        if self.not_before and now < self.not_before:
            self.faults["too early"] += 1
        if self.times and now - self.times[-1] < timedelta(minutes=4):
            self.faults["too often"] += 1
        self.faults.update(name for name in ("Cookie", "Referer", "Cache-Control", "Pragma") if name in request.headers)
        self.faults.update("query" for _ in request.query)
        self.faults.update("agent" for _ in range(request.headers.get("User-Agent") != AGENT))
        self.faults.update("no compression" for _ in range("gzip" not in request.headers.get("Accept-Encoding", "")))


class Reader:
    """The fetching side of nightwire, which a test can stop and start again over the same state."""

    def __init__(self, url: str, port: int, clock: ManualClock) -> None:
        self.runtime = MemoryRuntime()
        self.feed = Feed(id="score", url=url)
        self._port, self._clock = port, clock

    async def poll_until(self, end: datetime) -> list[FeedHealth]:
        """Start afresh, and check the feed whenever its persisted state says so."""
        done: list[FeedHealth] = []
        async with Fetcher(self._clock, contact="https://ops.example/", allow=[("127.0.0.1", self._port)]) as fetcher:
            poller = Poller(self.runtime, fetcher, [self.feed], self._clock, rng=Random(7))
            while True:
                state = (await poller.states())["score"]
                due = state.next_check or (None if state.outcome == "disabled" else self._clock.now())
                if due is None or due > end:
                    break
                self._clock.advance(due)
                done.append(await poller.poll(self.feed))
            await poller.close()
        self._clock.advance(end)
        return done


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def score(clock: ManualClock) -> ScoreServer:
    return ScoreServer(clock)


@pytest.fixture
async def reader(score: ScoreServer, clock: ManualClock) -> AsyncIterator[Reader]:
    app = web.Application()
    app.router.add_get("/{path:.*}", score.serve)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    assert server.port
    yield Reader(str(server.make_url("/feed.xml")), server.port, clock)
    await server.close()


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


async def test_two_days_leave_a_clean_sheet(score: ScoreServer, reader: Reader) -> None:
    for hour in range(1, 49):
        if hour % 6 == 0:
            score.version += 1
        await reader.poll_until(hours(hour))
    assert score.faults == Counter()
    assert score.kinds["unconditional"] == 1
    assert score.kinds["200"] == 9
    assert score.kinds["304"] > 20


async def test_a_touched_file_is_asked_for_with_its_new_validators(score: ScoreServer, reader: Reader) -> None:
    await reader.poll_until(hours(1))
    score.touched = 1
    await reader.poll_until(hours(24))
    assert score.faults == Counter()
    assert (score.kinds["unconditional"], score.kinds["200"]) == (1, 2)


async def test_a_restart_neither_forgets_nor_hurries(score: ScoreServer, reader: Reader) -> None:
    for hour in range(1, 25):
        await reader.poll_until(hours(hour))
        await reader.poll_until(hours(hour))
    assert score.faults == Counter()
    assert score.kinds["unconditional"] == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["7200", "date"])
async def test_retry_after_is_obeyed(score: ScoreServer, reader: Reader, status: int, form: str) -> None:
    await reader.poll_until(START)
    seen = len(score.times)
    for _ in range(2):
        wait = format_datetime(score.clock.now() + timedelta(hours=3), usegmt=True) if form == "date" else form
        score.plan = [web.Response(status=status, headers={"Retry-After": wait, "Date": _http(score.clock.now())})]
        await reader.poll_until(score.clock.now() + timedelta(hours=1))
    assert len(score.times) == seen + 1
    score.plan = []
    await reader.poll_until(hours(24))
    assert score.faults == Counter()
    assert score.kinds["unconditional"] == 1


def _http(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


async def test_failures_are_followed_by_fewer_requests(score: ScoreServer, reader: Reader) -> None:
    await reader.poll_until(START)
    score.plan = [web.Response(status=500) for _ in range(200)]
    await reader.poll_until(hours(48))
    assert len(score.times) < 30
    assert score.faults == Counter()


@pytest.mark.parametrize(("status", "adopted"), [(301, True), (308, True), (302, False), (307, False)])
async def test_only_lasting_permanent_redirects_move_a_feed(
    score: ScoreServer, reader: Reader, status: int, adopted: bool
) -> None:
    serve = score.serve

    async def moved(request: web.Request) -> web.Response:
        if request.path == "/feed.xml":
            score.paths.append(request.path)
            return web.Response(status=status, headers={"Location": "/new.xml"})
        return await serve(request)

    score.serve = moved  # type: ignore[method-assign]
    app = web.Application()
    app.router.add_get("/{path:.*}", moved)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    assert server.port
    mover = Reader(str(server.make_url("/feed.xml")), server.port, score.clock)
    await mover.poll_until(hours(12))
    assert score.paths[-2:] == ["/feed.xml", "/new.xml"]
    await mover.poll_until(hours(48))
    await server.close()
    assert (score.paths[-2:] == ["/new.xml", "/new.xml"]) is adopted
    assert score.faults == Counter()
    assert score.kinds["unconditional"] == 1


async def test_gone_is_gone(score: ScoreServer, reader: Reader) -> None:
    await reader.poll_until(START)
    score.plan = [web.Response(status=410)]
    done = await reader.poll_until(hours(24 * 30))
    assert [health.outcome for health in done] == ["disabled"]
    assert len(score.times) == 2


async def test_the_wish_of_the_server_is_kept(score: ScoreServer, reader: Reader) -> None:
    serve = score.serve

    async def patient(request: web.Request) -> web.Response:
        answer = await serve(request)
        answer.headers["Cache-Control"] = "max-age=1800"
        return answer

    app = web.Application()
    app.router.add_get("/{path:.*}", patient)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    assert server.port
    await Reader(str(server.make_url("/feed.xml")), server.port, score.clock).poll_until(hours(12))
    await server.close()
    gaps = [later - earlier for earlier, later in zip(score.times, score.times[1:], strict=False)]
    assert min(gaps) >= timedelta(minutes=30)
