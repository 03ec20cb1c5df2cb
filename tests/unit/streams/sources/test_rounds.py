"""The loop over all feeds."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.feed import Feed, FeedHealth, FeedState
from streams.clock import ManualClock
from streams.runtimes.base import Unavailable
from streams.sources.rounds import Pace, Rounds, lane_of

START = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
Answer = Callable[[Feed], Awaitable[FeedHealth]]


class Polls:
    """Stands in for the poller: notes who was polled when, and answers as told."""

    def __init__(self, clock: ManualClock, *urls: str, every: float = 600.0) -> None:
        self.clock = clock
        self.feeds = {f"f{n}": Feed(id=f"f{n}", url=url) for n, url in enumerate(urls)}
        self.known: dict[str, FeedState] = {}
        self.every = every
        self.done: list[tuple[str, float]] = []
        self.answers: dict[str, Answer] = {}
        self.running = self.most = 0
        self.gate: asyncio.Event | None = None

    async def states(self) -> dict[str, FeedState]:
        fresh = {name: FeedState(feed=name, configured=feed.url, url=feed.url) for name, feed in self.feeds.items()}
        return {**fresh, **self.known}

    async def poll(self, feed: Feed) -> FeedHealth:
        self.running += 1
        self.most = max(self.most, self.running)
        self.done.append((feed.id, (self.clock.now() - START).total_seconds()))
        try:
            if self.gate:
                await self.gate.wait()
            if feed.id in self.answers:
                return await self.answers[feed.id](feed)
            return self.health(feed)
        finally:
            self.running -= 1

    def health(self, feed: Feed, reason: str = "fetched", after: float | None = None) -> FeedHealth:
        when = self.clock.now() + timedelta(seconds=after or self.every)
        return FeedHealth(feed=feed.id, url=feed.url, at=self.clock.now(), outcome="ok", reason=reason, next_check=when)


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


@asynccontextmanager
async def running(polls: Polls, pace: Pace | None = None) -> Any:
    stop = asyncio.Event()
    task = asyncio.create_task(Rounds(polls, pace).run(stop))  # type: ignore[arg-type]
    await settle()
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 60)


async def advance(clock: ManualClock, seconds: float, step: float = 1.0) -> None:
    end = clock.now() + timedelta(seconds=seconds)
    while clock.now() < end:
        clock.advance(min(clock.now() + timedelta(seconds=step), end))
        await settle()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


async def test_every_feed_is_polled_when_it_is_due(clock: ManualClock) -> None:
    polls = Polls(clock, "http://a/", "http://b/")
    async with running(polls):
        await advance(clock, 1300, 5)
    assert [name for name, _ in polls.done] == ["f0", "f1"] * 3


async def test_one_host_gets_one_request_at_a_time_with_a_distance(clock: ManualClock) -> None:
    polls = Polls(clock, "http://www.a.example/1", "http://a.example/2", "http://b.example/")
    async with running(polls, Pace(host_distance=3.0)):
        await advance(clock, 10)
    times = dict(polls.done)
    assert abs(times["f1"] - times["f0"]) >= 3
    assert times["f2"] < 1.5


async def test_the_number_of_requests_at_once_is_bounded(clock: ManualClock) -> None:
    polls = Polls(clock, *(f"http://h{n}.example/" for n in range(20)))
    polls.gate = asyncio.Event()
    async with running(polls, Pace(at_once=4, starts_per_second=1000)):
        await advance(clock, 1)
        assert polls.most == 4
        polls.gate.set()
        await settle()
    assert len(polls.done) == 20


async def test_a_restart_makes_no_storm(clock: ManualClock) -> None:
    polls = Polls(clock, *(f"http://h{n}.example/" for n in range(100)), every=100_000)
    for n in range(50):
        feed = polls.feeds[f"f{n}"]
        later = START + timedelta(seconds=1000 + n)
        polls.known[feed.id] = FeedState(feed=feed.id, configured=feed.url, url=feed.url, next_check=later)
    async with running(polls, Pace(starts_per_second=10)):
        await advance(clock, 1)
        assert len(polls.done) == 11
        await advance(clock, 9)
        assert {name for name, _ in polls.done} == {f"f{n}" for n in range(50, 100)}
        await advance(clock, 1045, 5)
    assert len(polls.done) == 100


async def test_a_failing_feed_disturbs_nobody(clock: ManualClock, caplog: pytest.LogCaptureFixture) -> None:
    polls = Polls(clock, "http://a/", "http://b/", "http://c/")

    async def defect(feed: Feed) -> FeedHealth:
        raise ZeroDivisionError

    async def away(feed: Feed) -> FeedHealth:
        del polls.answers[feed.id]
        raise Unavailable("away")

    polls.answers = {"f0": defect, "f1": away}
    async with running(polls):
        await advance(clock, 30)
        assert [name for name, _ in polls.done] == ["f0", "f1", "f2", "f1"]
        del polls.answers["f0"]
        await advance(clock, 900, 5)
    assert [name for name, _ in polls.done].count("f0") == 2
    assert "a defect" in caplog.text


async def test_a_host_that_throws_back_two_feeds_is_left_alone(clock: ManualClock) -> None:
    polls = Polls(clock, *(f"http://a.example/{n}" for n in range(4)))

    async def throttled(feed: Feed) -> FeedHealth:
        return polls.health(feed, "http-429", 500)

    polls.answers = {"f0": throttled, "f1": throttled}
    async with running(polls, Pace(host_distance=1.0)):
        await advance(clock, 400)
        assert [name for name, _ in polls.done] == ["f0", "f1"]
        polls.answers = {}
        await advance(clock, 120)
    assert {name for name, _ in polls.done} == {"f0", "f1", "f2", "f3"}


async def test_one_throttled_feed_does_not_stop_its_host(clock: ManualClock) -> None:
    polls = Polls(clock, "http://a.example/0", "http://a.example/1")

    async def throttled(feed: Feed) -> FeedHealth:
        return polls.health(feed, "http-503", 500)

    polls.answers = {"f0": throttled}
    async with running(polls):
        await advance(clock, 20)
    assert [name for name, _ in polls.done] == ["f0", "f1"]


async def test_a_feed_that_is_gone_is_not_asked_again(clock: ManualClock) -> None:
    polls = Polls(clock, "http://a/", "http://b/")
    gone = polls.feeds["f0"]
    polls.known["f0"] = FeedState(feed="f0", configured=gone.url, url=gone.url, outcome="disabled")
    async with running(polls):
        await advance(clock, 1000, 10)
    assert {name for name, _ in polls.done} == {"f1"}


async def test_the_end_does_not_wait_for_slow_checks(clock: ManualClock) -> None:
    polls = Polls(clock, "http://a/")
    polls.gate = asyncio.Event()
    async with running(polls):
        assert polls.running == 1
    assert polls.running == 0


async def test_a_state_that_cannot_be_read_yet(clock: ManualClock) -> None:
    polls = Polls(clock, "http://a/")
    states, failures = polls.states, [Unavailable("away")]

    async def late() -> dict[str, FeedState]:
        if failures:
            raise failures.pop()
        return await states()

    polls.states = late  # type: ignore[method-assign]
    async with running(polls):
        assert polls.done == []
        await advance(clock, 10)
        assert len(polls.done) == 1


def test_lanes() -> None:
    assert lane_of("https://www.a.example/x") == lane_of("http://A.example:80/y") == "a.example"
    assert lane_of("https://one.substack.com/feed") == lane_of("https://substack.com/x") == "substack.com"
    assert lane_of("https://notsubstack.com/") == "notsubstack.com"
