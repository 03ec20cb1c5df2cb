"""One check of one feed: everything it leaves, it leaves in one commit."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from schemas.feed import Feed, FeedHealth, FeedState
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit, Unavailable, Verdict
from streams.runtimes.memory import MemoryRuntime
from streams.sources.http import Fetcher
from streams.sources.poller import Poller
from workers.ports import Cell
from workers.tables import FETCH_FEED

MakeRss = Callable[..., bytes]


class House:
    """A poller of one feed on the memory runtime, and what it left there."""

    def __init__(self, runtime: MemoryRuntime, fetcher: Fetcher, url: str, clock: ManualClock) -> None:
        self.runtime = runtime
        self.feed = Feed(id="river", url=url, source="River")
        self.poller = Poller(runtime, fetcher, [self.feed], clock, "replay")

    async def poll(self) -> FeedHealth:
        return await self.poller.poll(self.feed)

    async def titles(self) -> list[str]:
        return [record.model.title for record in await self.runtime.tail(Topic.ARTICLES, limit=1000)]

    async def state(self) -> FeedState:
        cell = Cell(FETCH_FEED, "river")
        value = (await self.runtime.load([cell]))[cell].value
        assert isinstance(value, FeedState)
        return value

    async def sums(self) -> Counter[str]:
        sums: Counter[str] = Counter()
        for count, number in (await self.runtime.counts()).items():
            sums[count.kind] += number
        return sums


@pytest.fixture
async def house(publisher: Any, fetcher: Fetcher, clock: ManualClock) -> AsyncIterator[House]:
    made = House(MemoryRuntime(), fetcher, publisher.url("/f"), clock)
    yield made
    await made.poller.close()


async def test_news_is_published_once(publisher: Any, house: House, make_rss: MakeRss) -> None:
    publisher.at("/f", make_rss("b", "a"))
    health = await house.poll()
    assert (health.outcome, health.reason, health.entries, health.new, health.status) == ("ok", "fetched", 2, 2, 200)
    publisher.at("/f", make_rss("c", "b", "a"))
    assert (await house.poll()).new == 1
    assert await house.titles() == ["a", "b", "c"]
    sums = await house.sums()
    assert sums["in"] == sums["out"] + sums["dropped"] == 5


async def test_the_same_body_is_not_even_read(publisher: Any, house: House, make_rss: MakeRss) -> None:
    publisher.at("/f", make_rss("a"))
    await house.poll()
    health = await house.poll()
    assert (health.outcome, health.reason, health.entries) == ("unchanged", "same-content", 0)
    assert (await house.sums())["in"] == 1


async def test_health_and_state_say_the_same(
    publisher: Any, house: House, make_rss: MakeRss, clock: ManualClock
) -> None:
    publisher.at("/f", make_rss("a", ttl=30))
    health = await house.poll()
    state = await house.state()
    assert health.next_check == state.next_check
    assert health.next_reason == "ttl"
    assert health.next_check
    assert health.next_check >= clock.now() + timedelta(minutes=30)
    records = await house.runtime.tail(Topic.HEALTH)
    assert [record.model for record in records] == [health]
    assert health.mode == "replay"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"<!doctype html><html><p>hello</html>", "html"),
        (b"", "empty-body"),
        (b"\x00" * 10_000_000, "empty-body"),
        (web.Response(status=404), "http-404"),
        (web.Response(status=302, headers={"Location": "/f"}), "redirect-loop"),
        (b"<rss>" + b"<a>" * 10_000, "too-deep"),
    ],
)
async def test_faults_are_named_and_lose_nothing(
    publisher: Any, house: House, make_rss: MakeRss, answer: Any, reason: str
) -> None:
    publisher.at("/f", make_rss("a"))
    await house.poll()
    publisher.at("/f", answer)
    health = await house.poll()
    assert (health.outcome, health.reason, health.errors) == ("failed", reason, 1)
    assert health.detail
    assert "\n" not in health.detail
    publisher.at("/f", make_rss("b", "a"))
    assert (await house.poll()).new == 1
    assert await house.titles() == ["a", "b"]


async def test_gone_is_disabled(publisher: Any, house: House) -> None:
    publisher.at("/f", web.Response(status=410))
    health = await house.poll()
    assert (health.outcome, health.next_check, health.next_reason) == ("disabled", None, "gone")


async def test_retry_after_is_kept(publisher: Any, house: House, clock: ManualClock) -> None:
    publisher.at("/f", web.Response(status=503, headers={"Retry-After": "3600"}))
    health = await house.poll()
    assert health.next_reason == "retry-after"
    assert health.next_check
    assert health.next_check >= clock.now() + timedelta(hours=1)


async def test_a_long_first_document_goes_out_in_bounded_commits(
    publisher: Any, house: House, make_rss: MakeRss, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.at("/f", make_rss(*(f"t{n}" for n in range(250))))
    sizes: list[int] = []
    commit = house.runtime.commit

    async def watched(work: Commit) -> Verdict:
        sizes.append(len(work.emits))
        return await commit(work)

    monkeypatch.setattr(house.runtime, "commit", watched)
    health = await house.poll()
    assert health.new == 250
    assert sizes == [100, 100, 51]
    assert len(set(await house.titles())) == 250
    sums = await house.sums()
    assert sums["in"] == sums["out"] == 250


async def test_a_conflict_is_planned_again_without_another_request(
    publisher: Any, house: House, make_rss: MakeRss, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.at("/f", make_rss("a"))
    commit = house.runtime.commit
    rivals = [Poller(house.runtime, house.poller._fetcher, [house.feed], house.poller.clock)]

    async def contested(work: Commit) -> Verdict:
        if rivals:
            await rivals.pop().poll(house.feed)
        return await commit(work)

    monkeypatch.setattr(house.runtime, "commit", contested)
    health = await house.poll()
    assert health.new == 0
    assert await house.titles() == ["a"]
    assert len(publisher.requests) == 2  # the rival's and ours: none for the second plan


async def test_a_carrier_that_is_away_leaves_no_trace(
    publisher: Any, house: House, make_rss: MakeRss, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.at("/f", make_rss("a"))

    async def away(work: Commit) -> Verdict:
        raise Unavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(house.runtime, "commit", away)
        with pytest.raises(Unavailable):
            await house.poll()
    assert await house.titles() == []
    assert (await house.poll()).new == 1


async def test_a_disabled_feed_is_not_polled(fetcher: Fetcher, clock: ManualClock) -> None:
    poller = Poller(MemoryRuntime(), fetcher, [Feed(id="off", url="http://x/", enabled=False)], clock)
    assert poller.feeds == {}


async def test_states_of_feeds_never_checked(house: House) -> None:
    states = await house.poller.states()
    assert states["river"].outcome == "new"
    assert states["river"].next_check is None
