"""A document over ten million bytes: the setting `poll.max_bytes` alone says whether it is read."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from schemas.config import Config
from schemas.feed import Feed
from streams.app import make_fetcher
from streams.clock import ManualClock
from streams.runtimes.memory import MemoryRuntime
from streams.sources.poller import Poller

PARAGRAPH = "<description>" + "The river rose by a hand's breadth. " * 2_500 + "</description>"
ITEMS = "".join(f"<item><guid>{n}</guid><title>t{n}</title>{PARAGRAPH}</item>" for n in range(125))
BODY = f"<rss version='2.0'><channel><title>River</title>{ITEMS}</channel></rss>".encode()
"""11 MB, of which no one element is too long."""


@pytest.fixture
async def poll(publisher: Any, clock: ManualClock) -> AsyncIterator[Any]:
    pollers: list[Poller] = []

    async def check(limit: int) -> Any:
        host, port = publisher.address
        config = Config.model_validate({"allow_addresses": [f"{host}:{port}"], "poll": {"max_bytes": limit}})
        feed = Feed(id="river", url=publisher.at("/f", BODY))
        async with make_fetcher(config, clock) as fetcher:
            pollers.append(Poller(MemoryRuntime(), fetcher, [feed], clock))
            return await pollers[-1].poll(feed)

    yield check
    for poller in pollers:
        await poller.close()


async def test_the_setting_alone_governs(poll: Any) -> None:
    assert len(BODY) > 11_000_000
    health = await poll(12_000_000)
    assert (health.reason, health.entries, health.new) == ("fetched", 125, 125)
    health = await poll(len(BODY))
    assert (health.reason, health.new) == ("fetched", 125)
    health = await poll(len(BODY) - 1)
    assert (health.reason, health.new) == ("too-large", 0)
