"""A feed that names several hubs: who refuses is passed over, and the next one is asked."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from streams.sources.websub.subscriber import Subscriber
from streams.sources.websub.subscription import REFUSED_WAIT, RETRY_FIRST

DAY = timedelta(days=1)


def offer(house: Any, *statuses: int) -> list[str]:
    """A feed whose first hubs answer with these statuses, and whose last takes what it is asked."""
    paths = [f"/no-{n}" for n in range(len(statuses))]
    for path, status in zip(paths, statuses, strict=True):
        house.publisher.at(path, web.Response(status=status, text="not here"))
    house.publish("a", hub=" ".join((*paths, "/hub")))
    return [house.publisher.url(path) for path in (*paths, "/hub")]


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500])
async def test_the_next_hub_is_asked_when_the_first_refuses(house: Any, status: int) -> None:
    first, second = offer(house, status)
    await house.poll()
    await house.subscriber.ask_due()
    held = await house.subscription()
    assert (held.hub, held.token, held.refusals) == (second, None, {first: f"http-{status}"})
    await house.subscriber.ask_due()
    assert (await house.hub.verify())[0] == 200
    held = await house.subscription()
    assert (held.reason, held.refusals) == ("subscribed", {first: f"http-{status}"})
    await house.poll()
    assert await house.subscription() == held


async def test_the_loop_comes_to_the_last_hub_without_waiting(house: Any) -> None:
    offer(house, 403, 404)
    await house.poll()
    await house.run_until_asked()
    assert len(house.hub.asked) == 1


async def test_a_discovered_hub_is_asked_without_waiting(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ask, looked, asked, stop = house.subscriber.ask_due, asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def note(only: Any = None) -> None:
        await ask(only)
        (looked if only is None else asked).set()

    monkeypatch.setattr(house.subscriber, "ask_due", note)
    loop = asyncio.create_task(house.subscriber.run(stop))
    await asyncio.wait_for(looked.wait(), 60)
    house.publish("a")
    await house.poll()
    await asyncio.wait_for(asked.wait(), 60)
    assert len(house.hub.asked) == 1
    stop.set()
    await asyncio.wait_for(loop, 60)


async def test_a_denial_leads_to_the_next_hub(house: Any) -> None:
    first, second = house.publisher.url("/hub"), house.publisher.url("/hub2")
    house.publisher.at("/hub2", house.hub.serve)
    house.publish("a", hub="/hub /hub2")
    await house.poll()
    await house.subscriber.ask_due()
    told = house.hub.form
    assert (await house.hub.deny(reason="no"))[0] == 200
    assert (await house.subscription()).refusals == {first: "denied"}
    await house.subscriber.ask_due()
    assert house.hub.form["hub.callback"] != told["hub.callback"]
    assert house.hub.form["hub.secret"] != told["hub.secret"]
    assert (await house.hub.verify())[0] == 200
    assert (await house.subscription()).hub == second


async def test_a_hub_that_never_verifies_is_passed_over(house: Any) -> None:
    house.publisher.at("/mute", web.Response(status=202))
    house.publish("a", hub="/mute /hub")
    await house.poll()
    await house.subscriber.ask_due()
    house.clock.advance(house.clock.now() + RETRY_FIRST - timedelta(seconds=1))
    await house.subscriber.ask_due()
    assert house.hub.asked == []
    house.clock.advance(house.clock.now() + timedelta(seconds=1))
    await house.subscriber.ask_due()
    assert len(house.hub.asked) == 1
    assert (await house.subscription()).refusals == {house.publisher.url("/mute"): "unverified"}


async def test_a_plain_hub_is_passed_over_unasked(house: Any) -> None:
    house.publish("a", hub="/hub https://127.0.0.1:9/hub")
    await house.poll()
    strict = Subscriber(house.runtime, house.fetcher, house.poller, "https://hooks.example/websub")
    await strict.ask_due()
    assert house.hub.asked == []
    held = await house.subscription()
    assert held.refusals == {house.publisher.url("/hub"): "plain-hub", "https://127.0.0.1:9/hub": "refused-address"}


async def test_after_all_have_refused_the_feed_is_polled_and_told_why(house: Any) -> None:
    first, second = offer(house, 403)
    house.hub.answer = web.Response(status=404)
    await house.poll()
    await house.subscriber.ask_due()
    await house.subscriber.ask_due()
    held = await house.subscription()
    assert (held.reason, held.hub, held.due) == ("all-refused", first, house.clock.now() + REFUSED_WAIT)
    assert held.detail == f"no hub takes the feed: {first} (http-403), {second} (http-404); it is polled as usual"
    health = await house.poll()
    assert (health.next_reason, health.subscribed_until, health.last_push) == ("rate-unknown", None, None)

    house.clock.advance(held.due)
    house.publisher.at("/no-0", house.hub.serve)
    house.hub.answer = web.Response(status=202)
    await house.subscriber.ask_due()
    assert (await house.hub.verify())[0] == 200
    held = await house.subscription()
    assert (held.hub, held.refusals) == (first, {})


async def test_a_hub_that_ends_a_subscription_gives_the_others_another_chance(house: Any) -> None:
    first, second = offer(house, 403)
    await house.poll()
    await house.subscriber.ask_due()
    await house.subscriber.ask_due()
    await house.hub.verify()
    assert (await house.hub.deny())[0] == 200
    held = await house.subscription()
    assert (held.hub, held.due, held.refusals) == (first, house.clock.now(), {second: "denied"})
    assert held.lease_ends is None


async def test_a_new_hub_is_tried_at_once_when_all_others_have_refused(house: Any) -> None:
    offer(house, 403)
    house.hub.answer = web.Response(status=404)
    await house.poll()
    await house.subscriber.ask_due()
    await house.subscriber.ask_due()
    house.publisher.at("/third", web.Response(status=202))
    house.publish("b", hub="/no-0 /third")
    await house.poll()
    held = await house.subscription()
    assert (held.hub, held.due) == (house.publisher.url("/third"), house.clock.now())


async def test_a_running_subscription_outlives_a_fault_that_may_pass_and_a_new_order(house: Any) -> None:
    first, second = offer(house, 403)
    await house.poll()
    await house.subscriber.ask_due()
    await house.subscriber.ask_due()
    await house.hub.verify()
    house.hub.answer = web.Response(status=503)
    house.clock.advance(house.clock.now() + DAY * 0.81)
    await house.subscriber.ask_due()
    held = await house.subscription()
    assert (held.hub, held.reason, held.refusals) == (second, "http-503", {first: "http-403"})
    assert held.lease_ends > house.clock.now()
    house.publish("b", hub="/hub /no-0")
    await house.poll()
    assert (await house.subscription()).token == held.token


async def test_a_hub_that_cannot_be_reached_holds_up_nobody(house: Any) -> None:
    calls = 0

    async def hang_up(request: web.Request) -> web.Response:
        nonlocal calls
        calls += 1
        assert request.transport
        request.transport.abort()
        return web.Response()

    lake = house.feed.model_copy(update={"id": "lake"})
    house.poller.feeds["lake"] = lake
    house.publisher.at("/dead", hang_up)
    house.publish("a", hub="/dead")
    await house.poll()
    await house.poller.poll(lake)
    for seen in (1, 2, 2):
        await house.subscriber.ask_due()
        assert calls == seen


async def test_health_tells_of_the_subscription(house: Any, item: Any) -> None:
    await house.subscribe()
    await house.hub.push(item("b"))
    health, now = await house.poll(), house.clock.now()
    assert (health.subscribed_until, health.last_push) == (now + DAY, now)
    house.clock.advance(now + DAY)
    health = await house.poll()
    assert (health.subscribed_until, health.last_push) == (None, now)
