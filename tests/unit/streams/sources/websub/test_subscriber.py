"""A subscriber before a hub: subscribe, verify, push, renew, and everything that may go wrong between."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from schemas.topic import Topic
from streams.runtimes.base import Commit, Unavailable, Verdict
from streams.sources.websub.subscriber import Subscriber
from streams.sources.websub.subscription import LEASE_ASKED, REFUSED_WAIT, RETRY_FIRST, RETRY_MOST
from workers.ports import Cell
from workers.tables import FETCH_PUSH

Item = Callable[..., bytes]
DAY = timedelta(days=1)


async def test_the_hub_is_asked_for_the_feeds_own_address(house: Any) -> None:
    house.publish("a", topic="/own")
    await house.poll()
    await house.subscriber.ask_due()
    form = house.hub.form
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == house.publisher.url("/own")
    assert form["hub.callback"].startswith("https://hooks.example/websub/river.")
    assert len(form["hub.callback"].rpartition(".")[2]) >= 40
    assert 40 <= len(form["hub.secret"]) < 200
    assert form["hub.lease_seconds"] == str(int(LEASE_ASKED.total_seconds()))
    await house.subscriber.ask_due()
    assert len(house.hub.asked) == 1


async def test_a_feed_without_a_hub_is_left_alone(house: Any) -> None:
    house.publish("a", hub="")
    await house.poll()
    await house.subscriber.ask_due()
    assert house.hub.asked == []


async def test_an_intent_is_confirmed_once(house: Any) -> None:
    house.publish("a")
    await house.poll()
    await house.subscriber.ask_due()
    assert await house.hub.verify("what-you-like") == (200, "what-you-like")
    held = await house.subscription()
    assert (held.reason, held.lease_ends) == ("subscribed", house.clock.now() + DAY)
    assert (await house.hub.verify("what-you-like"))[0] == 404
    assert await house.subscription() == held


@pytest.mark.parametrize(
    "query",
    [
        {"topic": "https://other.example/f"},
        {"topic": ""},
        {"mode": "unsubscribe"},
        {"mode": "publish"},
        {"challenge": ""},
    ],
)
async def test_what_was_not_asked_for_is_not_confirmed(house: Any, query: dict[str, str]) -> None:
    house.publish("a")
    await house.poll()
    await house.subscriber.ask_due()
    assert (await house.hub.verify(**query))[0] == 404
    assert (await house.subscription()).lease_ends is None
    assert (await house.hub.verify())[0] == 200


async def test_nobody_else_can_verify_or_push(house: Any, item: Item) -> None:
    await house.subscribe()
    secret = house.hub.path.rpartition(".")[2]
    for path in ("/websub/river", "/websub/river.", f"/websub/other.{secret}", f"/websub/river.{secret}x", "/websub/"):
        assert (await house.hub.get(path, mode="denied", topic=house.hub.form["hub.topic"]))[0] == 404
        assert (await house.hub.post(path, item("b")))[0] == 404
    assert await house.titles() == ["a"]
    assert (await house.subscription()).reason == "subscribed"


async def test_the_name_of_the_callback_opens_nothing_else(house: Any) -> None:
    await house.subscribe()
    for path in ("/", "/v1/alerts", "/metrics", "/websubs", "/static/style.css"):
        assert (await house.hub.get(path))[0] == 421
    assert (await house.hub.get(house.hub.path, host="evil.example"))[0] == 421


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_a_push_is_published_at_once(house: Any, item: Item, method: str) -> None:
    await house.subscribe()
    assert (await house.hub.push(item("b"), method))[0] == 202
    assert await house.titles() == ["a", "b"]
    health = (await house.runtime.last(Topic.HEALTH, 1))[0].model
    assert (health.reason, health.outcome, health.entries, health.new) == ("pushed", "ok", 1, 1)
    counts = {count.kind: 0 for count in await house.runtime.counts()}
    for count, number in (await house.runtime.counts()).items():
        counts[count.kind] += number
    assert counts["in"] == counts["out"] + counts.get("dropped", 0) == 2
    assert (await house.hub.push(item("b"), method))[0] == 202
    house.publish("b", "a")
    await house.poll()
    assert await house.titles() == ["a", "b"]


async def test_a_push_forgets_nothing_of_a_long_feed(house: Any, item: Item) -> None:
    titles = [f"t{n}" for n in range(700)]
    house.publish(*titles)
    await house.poll()
    await house.subscriber.ask_due()
    await house.hub.verify()
    await house.hub.push(item("new"))
    house.publish("new", *titles)
    assert (await house.poll()).new == 0


async def test_a_wrong_signature_is_dropped_and_answered_like_a_good_one(house: Any, item: Item) -> None:
    await house.subscribe()
    good = await house.hub.push(item("a"))
    assert await house.hub.push(item("b"), secret="guessed") == good
    assert await house.hub.push(item("b"), "md5") == good
    assert await house.hub.push(item("b"), **{"X-Hub-Signature": ""}) == good
    assert await house.hub.push(item("b"), **{"X-Hub-Signature": "sha256=ü"}) == good
    assert await house.titles() == ["a"]


async def test_large_and_packed_bodies_are_refused(house: Any, item: Item) -> None:
    await house.subscribe()

    async def endless() -> Any:
        for _ in range(100):
            yield b"x" * 100

    assert (await house.hub.push(b"x" * 5_001))[0] == 413
    assert (await house.hub.post(house.hub.path, endless()))[0] == 413
    assert (await house.hub.push(item("b"), **{"Content-Encoding": "gzip"}))[0] == 415
    assert await house.titles() == ["a"]


async def test_an_unreadable_push_is_named_and_costs_nothing(house: Any, item: Item) -> None:
    await house.subscribe()
    assert (await house.hub.push(b"<html><p>sorry"))[0] == 202
    held = await house.subscription()
    assert (held.reason, held.pushed) == ("html", None)
    assert (await house.hub.push(item("b")))[0] == 202
    assert await house.titles() == ["a", "b"]


async def test_what_cannot_be_kept_is_sent_again(house: Any, item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.subscribe()
    commit = house.runtime.commit

    async def fail(_: Commit) -> Verdict:
        raise Unavailable("gone")

    monkeypatch.setattr(house.runtime, "commit", fail)
    assert (await house.hub.push(item("b")))[0] == 503
    monkeypatch.setattr(house.runtime, "commit", commit)
    assert (await house.hub.push(item("b")))[0] == 202
    assert await house.titles() == ["a", "b"]


async def test_a_lease_is_renewed_before_it_ends(house: Any) -> None:
    await house.subscribe()
    first = house.hub.form
    house.clock.advance(house.clock.now() + DAY * 0.79)
    await house.subscriber.ask_due()
    assert len(house.hub.asked) == 1
    house.clock.advance(house.clock.now() + DAY * 0.02)
    await house.subscriber.ask_due()
    assert house.hub.asked == [first, first]
    assert (await house.hub.verify())[0] == 200
    assert (await house.subscription()).lease_ends == house.clock.now() + DAY


async def test_a_denied_feed_is_asked_for_again_much_later(house: Any) -> None:
    await house.subscribe()
    assert (await house.hub.deny(topic="https://other.example/"))[0] == 404
    assert await house.hub.deny(reason="not\nyours") == (200, "")
    held = await house.subscription()
    assert (held.reason, held.detail, held.lease_ends) == ("denied", "not yours", None)
    house.clock.advance(house.clock.now() + REFUSED_WAIT - DAY)
    await house.subscriber.ask_due()
    assert len(house.hub.asked) == 1
    house.clock.advance(house.clock.now() + DAY)
    await house.subscriber.ask_due()
    assert len(house.hub.asked) == 2


async def test_a_hub_that_is_down_is_tried_again_less_and_less(house: Any) -> None:
    house.publish("a")
    await house.poll()
    house.hub.answer = web.Response(status=500, text="out of\norder")
    await house.subscriber.ask_due()
    held = await house.subscription()
    assert (held.reason, held.detail, held.pending) == ("http-500", "out of order", False)
    assert (await house.hub.verify())[0] == 404
    waits = []
    for _ in range(12):
        waits.append((await house.subscription()).due - house.clock.now())
        house.clock.advance((await house.subscription()).due)
        await house.subscriber.ask_due()
    assert waits[:3] == [RETRY_FIRST, RETRY_FIRST * 2, RETRY_FIRST * 4]
    assert waits[-1] == RETRY_MOST
    assert len(house.hub.asked) == 13
    assert (await house.poll()).outcome == "unchanged"


async def test_a_hub_that_moved_is_followed_with_the_form(house: Any) -> None:
    house.publisher.at("/old", web.Response(status=307, headers={"Location": "/hub"}))
    house.publish("a", hub="/old")
    await house.poll()
    await house.subscriber.ask_due()
    assert house.hub.form["hub.mode"] == "subscribe"


@pytest.mark.parametrize("status", [202, 500])
async def test_a_hub_may_verify_before_it_answers(house: Any, status: int) -> None:
    house.publish("a")
    await house.poll()

    async def verify_first(request: web.Request) -> web.Response:
        await house.hub.serve(request)
        assert (await house.hub.verify())[0] == 200
        return web.Response(status=status)

    house.publisher.at("/hub", verify_first)
    await house.subscriber.ask_due()
    held = await house.subscription()
    assert (held.reason, held.lease_ends) == ("subscribed", house.clock.now() + DAY)


async def test_a_push_during_a_poll_is_published_once(house: Any, item: Item) -> None:
    await house.subscribe()
    pushed, body = asyncio.Event(), item("b", "a")

    async def slow(_: web.Request) -> web.Response:
        await pushed.wait()
        return web.Response(body=body, headers={"Link": "</hub>; rel=hub, </f>; rel=self"})

    house.publisher.at("/f", slow)
    polling = asyncio.create_task(house.poll())
    await house.hub.push(item("b"))
    pushed.set()
    health = await polling
    assert (health.new, health.next_reason) == (0, "pushed")
    assert await house.titles() == ["a", "b"]


async def test_inner_addresses_are_no_hubs(house: Any) -> None:
    house.publish("a", hub="http://169.254.169.254/hub")
    await house.poll()
    await house.subscriber.ask_due()
    assert (await house.subscription()).reason == "refused-address"


async def test_another_hub_gets_another_secret(house: Any, item: Item) -> None:
    await house.subscribe()
    old = house.hub.form
    house.publisher.at("/hub2", house.hub.serve)
    house.publish("b", "a", hub="/hub2")
    await house.poll()
    assert (await house.hub.push(item("c")))[0] == 404
    await house.subscriber.ask_due()
    assert house.hub.form["hub.topic"] == old["hub.topic"]
    assert house.hub.form["hub.secret"] != old["hub.secret"]
    assert house.hub.form["hub.callback"] != old["hub.callback"]


async def test_polls_are_rare_while_pushes_come_and_usual_when_one_was_missed(house: Any, item: Item) -> None:
    await house.subscribe()
    assert (await house.poll()).next_reason == "rate-unknown"
    before = (await house.poller.states())["river"].next_check
    await house.hub.push(item("b"))
    assert (await house.poller.states())["river"].next_check == before
    house.clock.advance(house.clock.now() + timedelta(minutes=15))
    house.publish("b", "a")
    health = await house.poll()
    assert (health.next_reason, health.new) == ("pushed", 0)
    assert health.next_check >= house.clock.now() + timedelta(hours=3.6)

    house.clock.advance(house.clock.now() + timedelta(hours=4))
    house.publish("missed", "b", "a")
    health = await house.poll()
    assert (health.next_reason, health.new) == ("rate-unknown", 1)
    assert (await house.poll()).next_reason == "rate-unknown"

    house.clock.advance(house.clock.now() + timedelta(minutes=15))
    await house.hub.push(item("c"))
    assert (await house.poll()).next_reason == "pushed"


async def test_polls_are_usual_again_when_the_lease_has_ended(house: Any, item: Item) -> None:
    await house.subscribe()
    await house.hub.push(item("b"))
    assert (await house.poll()).next_reason == "pushed"
    house.clock.advance(house.clock.now() + DAY)
    assert (await house.poll()).next_reason == "rate-unknown"


async def test_the_loop_asks_by_itself_and_ends(house: Any) -> None:
    house.publish("a")
    await house.poll()
    await house.run_until_asked()
    assert len(house.hub.asked) == 1


async def test_a_stop_does_not_wait_for_a_slow_hub(house: Any) -> None:
    house.publish("a")
    await house.poll()
    stop, asked, never = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def stall(_: web.Request) -> web.Response:
        asked.set()
        await never.wait()
        return web.Response()

    house.publisher.at("/hub", stall)
    loop = asyncio.create_task(house.subscriber.run(stop))
    await asyncio.wait_for(asked.wait(), 60)
    stop.set()
    await asyncio.wait_for(loop, 60)
    never.set()
    assert (await house.subscription()).due == house.clock.now() + RETRY_FIRST


async def test_one_defect_does_not_end_the_loop(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, twice, calls = asyncio.Event(), asyncio.Event(), 0

    async def fail(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            twice.set()
        raise (Unavailable("gone") if calls == 1 else ZeroDivisionError)

    monkeypatch.setattr(house.subscriber, "ask_due", fail)
    loop = asyncio.create_task(house.subscriber.run(stop))
    while not twice.is_set():
        house.clock.advance(house.clock.now() + timedelta(minutes=1))
        await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(loop, 60)


async def test_a_hub_does_not_wait_for_full_text(house: Any, item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.subscribe()
    gate, push = asyncio.Event(), house.poller.push

    async def slow(*given: Any) -> Any:
        await gate.wait()
        return await push(*given)

    monkeypatch.setattr(house.poller, "push", slow)
    monkeypatch.setattr(house.subscriber, "_patience", 0.0)
    assert (await house.hub.push(item("b")))[0] == 202
    assert await house.titles() == ["a"]
    gate.set()
    await asyncio.gather(*house.subscriber._taking)
    assert await house.titles() == ["a", "b"]


async def test_another_feed_address_forgets_the_subscription(house: Any, item: Item) -> None:
    await house.subscribe()
    house.poller.feeds["river"] = house.feed.model_copy(update={"url": house.publisher.url("/new")})
    assert (await house.hub.push(item("b")))[0] == 404


async def test_a_hub_on_plain_http_is_not_told_a_secret(house: Any) -> None:
    house.publish("a")
    await house.poll()
    strict = Subscriber(house.runtime, house.fetcher, house.poller, "https://hooks.example/websub")
    await strict.ask_due()
    cell = Cell(FETCH_PUSH, house.feed.id)
    push = (await house.runtime.load([cell]))[cell].value
    assert (push.reason, push.secret, push.token, push.due) == ("plain-hub", None, None, None)
