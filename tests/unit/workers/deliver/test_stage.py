"""The room `deliver`: who gets a notice, in which order, and that a redelivery queues nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.alert import Notice
from schemas.receiver import Receiver
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit
from streams.runtimes.driver import drain
from streams.runtimes.memory import MemoryRuntime
from workers.deliver.cells import Outbox
from workers.deliver.queue import REMEMBERED, SEND, after_attempt, append, at_once, outbox_cell, requeue
from workers.deliver.stage import Deliver
from workers.ports import Emit

NOW = datetime(2026, 9, 4, 5, tzinfo=UTC)
Make = Callable[..., Notice]


def receiver(*to: Any, **accept: Any) -> Receiver:
    return Receiver.model_validate({"to": to or ("console",), "accept": accept})


class House:
    """The room on a memory runtime."""

    def __init__(self, **receivers: Receiver) -> None:
        self.runtime = MemoryRuntime()
        self.stage = Deliver(receivers)

    async def tell(self, *notices: Notice) -> dict[str, int]:
        emits = [(Emit(Topic.ALERTS, n.alert, n, n.id), NOW) for n in notices]
        await self.runtime.commit(Commit(room="judge", at=NOW, emits=emits))
        await drain(self.runtime, [self.stage], ManualClock(NOW))
        counts = await self.runtime.counts()
        return {c.reason: n for c, n in counts.items() if c.room == "deliver" and c.kind in {"out", "dropped"}}

    async def queued(self, lane: str, alert: str = "a1") -> list[str]:
        value = (await self.runtime.load([outbox_cell(lane, alert)]))[outbox_cell(lane, alert)].value
        return [item.notice.notice for item in value.items] if isinstance(value, Outbox) else []


async def test_every_lane_gets_its_own_queue_and_one_timer(make_notice: Make) -> None:
    house = House(ops=receiver("console", {"jsonl": {"path": "/tmp/x"}}))
    assert await house.tell(make_notice()) == {"passed": 1}
    assert await house.queued("ops") == await house.queued("ops.2") == ["open"]
    due = await house.runtime.due(SEND, NOW)
    assert {d.timer.key for d in due} == {"ops|a1", "ops.2|a1"}


async def test_timers_are_due_at_once_by_any_clock_and_in_the_order_of_queueing(make_notice: Make) -> None:
    house = House(ops=receiver())
    await house.tell(make_notice(alert="z"))
    assert at_once(NOW) < datetime(1980, 1, 1, tzinfo=UTC)
    assert at_once(NOW) < at_once(NOW + timedelta(seconds=1))
    assert [d.due for d in await house.runtime.due(SEND, datetime(1980, 1, 1, tzinfo=UTC))] == [at_once(NOW)]


async def test_notices_of_one_alert_keep_their_order(make_notice: Make) -> None:
    house = House(ops=receiver())
    await house.tell(make_notice(), make_notice(revision=2, notice="escalate"), make_notice(revision=3, notice="close"))
    assert await house.queued("ops") == ["open", "escalate", "close"]


async def test_a_redelivered_notice_is_already_seen(make_notice: Make) -> None:
    house = House(ops=receiver())
    assert await house.tell(make_notice(), make_notice()) == {"passed": 1, "already-seen": 1}
    assert await house.queued("ops") == ["open"]


async def test_nobody_to_tell_has_a_name(make_notice: Make) -> None:
    assert await House().tell(make_notice()) == {"no-receiver": 1}
    assert await House(ops=receiver(rules=["floods"])).tell(make_notice()) == {"no-receiver": 1}


@pytest.mark.parametrize(
    ("accept", "changes", "taken"),
    [
        ({"severity": ">= warning"}, {}, True),
        ({"severity": "critical"}, {}, False),
        ({"severity": "critical"}, {"severity": "info", "peak": "critical"}, True),
        ({"rules": ["drones-night"]}, {}, True),
        ({"notices": ["escalate"]}, {}, False),
        ({"notices": "open"}, {}, True),
        ({}, {"mode": "replay"}, False),
        ({"mode": "replay"}, {"mode": "replay"}, True),
        ({"mode": "replay"}, {}, False),
        ({"mode": ["live", "replay"]}, {}, True),
    ],
)
async def test_what_a_receiver_accepts(
    make_notice: Make, accept: dict[str, Any], changes: dict[str, Any], taken: bool
) -> None:
    house = House(ops=receiver(**accept))
    await house.tell(make_notice(**changes))
    assert await house.queued("ops") == (["open"] if taken else [])


async def test_an_ending_goes_to_whoever_got_the_opening_and_to_nobody_else(make_notice: Make) -> None:
    house = House(all=receiver(), severe=receiver(severity="critical"))
    ending = make_notice(revision=2, notice="close", severity="info", peak="info")
    await house.tell(make_notice(), ending)
    assert await house.queued("all") == ["open", "close"]
    assert await house.queued("severe") == []


async def test_a_list_of_notices_is_respected_but_a_withdrawal_always_passes(make_notice: Make) -> None:
    house = House(ops=receiver(notices=["open"]))
    await house.tell(make_notice(), make_notice(revision=2, notice="close"), make_notice(revision=3, notice="withdraw"))
    assert await house.queued("ops") == ["open", "withdraw"]


def test_a_dead_notification_goes_back_to_its_place(make_notice: Make) -> None:
    queue = append(Outbox(lane="ops", alert="a1"), make_notice(), NOW)
    (dead,) = queue.items
    rest = append(queue.model_copy(update={"items": ()}), make_notice(revision=2), NOW)
    back = requeue(rest, dead)
    assert [item.notice.revision for item in back.items] == [1, 2]
    assert requeue(Outbox(lane="ops", alert="a1"), dead).queued == (1,), "a queue that was forgotten knows it again"
    tried = after_attempt(back, "HTTP 503")
    assert requeue(tried, dead) is tried


def test_what_is_remembered_of_an_alert_is_bounded(make_notice: Make) -> None:
    queue = Outbox(lane="ops", alert="a1")
    for revision in range(1, REMEMBERED + 10):
        queue = append(queue, make_notice(revision=revision), NOW).model_copy(update={"items": ()})
    assert len(queue.queued) == REMEMBERED
    assert append(queue, make_notice(revision=3), NOW) is queue
