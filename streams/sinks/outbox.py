"""The outbox at work: sends the head of every queue when it is due, and commits how that ended in one step.

Each lane delivers at least once with one idempotency key: a crash between a send and its commit sends
again under the same id. Of several processes on one state, one at a time sends; the others stand by. Everything
here runs on the wall clock, also in a replay.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine, Iterable, Mapping
from itertools import groupby
from typing import Any, Final

from streams.clock import Clock, WallClock
from streams.runtimes.base import Due, Runtime, Unavailable
from streams.sinks.base import Refused, RetryLater, SendResult
from streams.sinks.lanes import Lane
from streams.sinks.ledger import Ledger
from streams.sinks.turn import Turn
from streams.waiting import give_up, set_within
from workers.deliver.cells import Outbox as Queue
from workers.deliver.cells import Pending
from workers.deliver.queue import SEND, address, outbox_cell
from workers.deliver.retry import next_wait

log = logging.getLogger("nightwire.outbox")

POLL: Final = 0.2
"""Seconds between two looks for new notices while running: what a notice waits at the most."""

GRACE: Final = 5.0
"""Seconds that running sends get when the outbox is stopped; what is cut off is sent again at the next start."""


class Outbox:
    """Sends what the room `deliver` has queued; `sinks` are the lanes by name, made by `build_lanes`."""

    def __init__(
        self,
        runtime: Runtime,
        sinks: Mapping[str, Lane],
        clock: Clock | None = None,
        rng: Callable[[], float] = random.random,
        alone: bool = True,
    ) -> None:
        """`alone` says that no other process sends from this state."""
        self._runtime = runtime
        self._lanes = sinks
        self._clock = clock or WallClock()
        self._rng = rng
        self._answered: dict[str, SendResult] = {}
        self._ledger = Ledger(runtime, self._clock)
        self._turn = None if alone else Turn(runtime)

    async def flush(self, until_empty_within: float | None = None) -> int:
        """Send all that is due now and return how many notifications were finished.

        With a number of seconds it also waits for retries, until nothing is left or the time is over.
        """
        if until_empty_within is None:
            return await self._flush_due()
        finished = 0
        try:
            async with asyncio.timeout(until_empty_within):
                while (due := await self._runtime.next_due(SEND)) is not None:
                    await self._clock.sleep_until(due)
                    finished += await self._flush_due()
        except TimeoutError:
            log.info("notifications are left in the outbox; they are sent when nightwire runs again")
        return finished

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; a slow lane holds up no other one."""
        busy: dict[str, asyncio.Task[int]] = {}
        while not stop.is_set():
            try:
                for lane, dues in by_lane(await self._due()):
                    if lane not in busy or busy[lane].done():
                        busy[lane] = asyncio.create_task(_guarded(self._serve_all(lane, dues)))
            except Unavailable as error:
                log.warning("the outbox waits for the store: %s", error)
            await set_within(stop, POLL)
        if busy:
            _, late = await asyncio.wait(busy.values(), timeout=GRACE)
            await give_up(late)

    async def exchange(self, sinks: Mapping[str, Lane]) -> None:
        """Go on with other lanes and close the old ones; to be called while `run` does not run."""
        old, self._lanes = self._lanes, sinks
        for lane in old.values():
            await lane.sink.close()

    async def close(self) -> None:
        """Close all sinks, and let another process send."""
        for lane in self._lanes.values():
            await lane.sink.close()
        if self._turn is not None:
            await self._turn.over()

    async def _due(self) -> list[Due]:
        if self._turn is not None and not await self._turn.ours():
            return []
        return await self._runtime.due(SEND, self._clock.now())

    async def _flush_due(self) -> int:
        finished = 0
        while dues := await self._due():
            finished += sum(await asyncio.gather(*(self._serve_all(lane, part) for lane, part in by_lane(dues))))
        return finished

    async def _serve_all(self, lane: str, dues: Iterable[Due]) -> int:
        return sum([await self._serve(lane, due) for due in dues])

    async def _serve(self, name: str, due: Due) -> bool:
        """One attempt for the head of one queue; True when that finished a notification."""
        cell = outbox_cell(*address(due.timer))
        queue = (await self._runtime.load([cell]))[cell].value
        if not isinstance(queue, Queue) or not queue.items:
            await self._ledger.move(due, None)
            return False
        lane, now = self._lanes.get(name), self._clock.now()
        if lane is None:
            gone = Refused(f"receiver {name} is not configured any more")
            return await self._ledger.finish(due, queue.items[0], gone, ())
        wait = lane.bucket.take(now) if lane.bucket else None
        if wait:
            await self._ledger.move(due, now + wait)
            return False
        head = queue.items[0]
        if head.id not in self._answered:
            self._answered[head.id] = await self._send(name, lane, head)
        settled = await self._settle(due, lane, head, self._answered[head.id])
        del self._answered[head.id]  # not before it is committed: what the receiver has must not be sent again
        return settled

    async def _send(self, name: str, lane: Lane, head: Pending) -> SendResult:
        attempt = head.model_copy(update={"attempts": head.attempts + 1})
        try:
            return await lane.sink.send(attempt.notification(name))
        except Exception as defect:
            log.exception("the sink of %s failed; the notification stays queued", name)
            return RetryLater(f"the sink failed: {defect!r}"[:300])

    async def _settle(self, due: Due, lane: Lane, head: Pending, result: SendResult) -> bool:
        if not isinstance(result, RetryLater):
            return await self._ledger.finish(due, head, result, lane.fallback)
        wait = next_wait(lane.schedule, head.attempts + 1, self._rng, result.after)
        if wait is None:
            return await self._ledger.finish(due, head, Refused(f"given up: {result.why}"), lane.fallback)
        await self._ledger.postpone(due, head, result.why, self._clock.now() + wait)
        return False


def by_lane(dues: Iterable[Due]) -> list[tuple[str, list[Due]]]:
    """Due timers by lane, in their order within each."""
    ordered = sorted(dues, key=lambda due: address(due.timer)[0])
    return [(lane, list(part)) for lane, part in groupby(ordered, key=lambda due: address(due.timer)[0])]


async def _guarded(work: Coroutine[Any, Any, int]) -> int:
    """A lane that cannot reach the store ends quietly; the next round begins it again."""
    try:
        return await work
    except Unavailable as error:
        log.warning("a delivery waits for the store: %s", error)
        return 0
