"""The port on Faust: an agent that takes raw batches and hands them over, and acknowledges what has been committed.

Faust carries and assigns; it decides nothing, decodes nothing and publishes nothing. The settings are
those under which it neither loses nor hides anything: see docs/decisions on Faust.
"""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import faust
from faust.contrib.asgi import bind_to_running_loop
from faust.types import TP, EventT

from streams.runtimes.base import Unavailable
from streams.runtimes.kafka.admin import client
from streams.runtimes.kafka.plain import translated
from streams.runtimes.kafka.port import Intake, Raw, Subscription

log = logging.getLogger("nightwire.kafka")

TAKE: Final = 200
"""Events of one batch of the agent."""
WITHIN: Final = 0.05
"""Seconds that Faust waits for a batch to fill."""
STOP: Final = 10.0
"""Seconds that a stop may take; Faust can wait for ever for what nobody acknowledges."""
ZOMBIE: Final = 70
"""Exit status of a worker that cannot be stopped: its supervisor starts another."""
CHECK: Final = 0.5
"""Seconds between two looks at the health of the client library inside of Faust."""

Slot = tuple[int, int]


class FaustIntake(Intake):
    """One Faust app with one agent, made anew by every `open`."""

    def __init__(self, subscription: Subscription) -> None:
        self._subscription, self.member = subscription, subscription.member
        self._app: faust.App | None = None
        self._events: dict[Slot, EventT[Any]] = {}
        self._news: asyncio.Queue[list[EventT[Any]]] = asyncio.Queue(1)
        self._settled = asyncio.Event()
        self._mine: frozenset[int] = frozenset()
        self._expected: dict[int, int] = {}
        self._gaps: dict[int, int] = {}
        self._back: dict[int, int] = {}
        self._rest: list[Raw] = []
        self._stopping: asyncio.Task[Any] | None = None

    async def open(self) -> None:
        """Start the app; it joins in the background. An app whose start fails does not stop well, so we ask first."""
        async with client(self._subscription.brokers):
            pass
        self._news, self._rest = asyncio.Queue(1), []
        app = make_app(self._subscription)
        topic = app.topic(self._subscription.topic, key_serializer="raw", value_serializer="raw", value_type=bytes)
        app.agent(topic, name=self._subscription.member, concurrency=1)(self._agent)
        app.on_partitions_revoked.connect(self._on_revoked)
        app.on_partitions_assigned.connect(self._on_assigned)
        bind_to_running_loop(app)
        app.finalize()
        self._app = app
        with translated(f"joining {self._subscription.group}"):
            try:
                async with asyncio.timeout(self._subscription.timing.join):
                    await app.maybe_start()
            except BaseException:
                await self.close()
                raise

    async def _agent(self, stream: Any) -> AsyncIterator[None]:
        """Hand over batch after batch; nothing may be raised here, for Faust acknowledges what an agent fails on."""
        async for batch in stream.noack_take(TAKE, within=WITHIN):
            await self._news.put(list(batch))
            yield

    async def _on_revoked(self, *_: Any, **__: Any) -> None:
        self.generation += 1
        self._settled.clear()

    async def _on_assigned(self, *words: Any, **_: Any) -> None:
        self.generation += 1
        self._mine = frozenset(tp.partition for tp in words[-1] if tp.topic == self._subscription.topic)
        self._settled.set()

    async def close(self) -> None:
        """Stop the app, or the process when the app does not stop."""
        app, self._app = self._app, None
        self._settled.clear()
        self._events.clear()
        for memory in (self._expected, self._gaps, self._back):
            memory.clear()
        if app is not None:  # in a task of its own: Faust loses cancellations, ours and its own
            self._stopping = asyncio.create_task(app.stop())
        if self._stopping is None:
            return
        _, late = await asyncio.wait([self._stopping], timeout=STOP)
        if late:
            log.critical("Faust does not stop within %.0f s; the process ends, and is to be started again", STOP)
            os._exit(ZOMBIE)
        if not self._stopping.cancelled() and (trouble := self._stopping.exception()) is not None:
            log.info("Faust has ended badly: %r", trouble)
        self._stopping = None

    async def assigned(self, seconds: float) -> frozenset[int] | None:
        """This member's partitions."""
        self._check()
        try:
            async with asyncio.timeout(seconds):
                await self._settled.wait()
        except TimeoutError:
            return None
        return self._mine

    def _check(self) -> faust.App:
        """The app, if it lives: what the client library keeps to itself under Faust is asked for here."""
        app = self._app
        if app is None:
            raise Unavailable(f"Kafka: {self._subscription.group} is not joined")
        trouble = app.crash_reason or _hidden_trouble(app)
        if trouble is not None:
            raise Unavailable(f"Kafka: {self._subscription.group}: Faust has failed: {trouble!r}")
        return app

    def _tp(self, partition: int) -> TP:
        return TP(self._subscription.topic, partition)

    async def start_at(self, partition: int, offset: int) -> None:
        """Hand over from here on; where Faust reads from somewhere else, the first record shows it."""
        self._check()
        self._expected[partition] = offset
        self._gaps.pop(partition, None)

    async def committed(self, partition: int) -> int | None:
        """The group's committed offset."""
        consumer: Any = self._check().consumer
        found: int | None = consumer._committed_offset.get(self._tp(partition))
        return found

    async def poll(self, seconds: float, limit: int) -> list[Raw]:
        """New records; the agent's next batch waits until this one is taken."""
        if not self._rest:
            self._rest = await self._next(seconds)
        taken, self._rest = self._rest[:limit], self._rest[limit:]
        return taken

    async def _next(self, seconds: float) -> list[Raw]:
        left = seconds
        while True:
            self._check()
            try:
                async with asyncio.timeout(min(left, CHECK)):
                    batch = await self._news.get()
                raws = [raw for raw in map(self._take, batch) if raw is not None]
                await self._go_back()
                return raws
            except TimeoutError:
                left -= CHECK
                if left <= 0:
                    return []

    def _take(self, event: EventT[Any]) -> Raw | None:
        """The record if it is the next of its partition.

        What Faust has in its queues outlives a rebalance, so a record may come from before one. A record
        that is too far ahead is let go of and its partition read again; one that comes twice as the first
        is the next, because those before it are no longer on the broker.
        """
        message = event.message
        partition, offset = message.partition, message.offset
        expected = self._expected.get(partition)
        if expected is None:
            return None
        if offset < expected:
            event.ack()
            return None
        if offset > expected and self._gaps.get(partition) != offset:
            if self._gaps.setdefault(partition, offset) == offset:
                self._back[partition] = expected
            return None
        self._gaps.pop(partition, None)
        self._expected[partition] = offset + 1
        self._events[partition, offset] = event
        headers = message.headers or {}
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        named = tuple((str(name), bytes(value or b"")) for name, value in pairs)
        return Raw(partition, offset, message.key or b"", message.value or b"", named)

    async def _go_back(self) -> None:
        """Read again what is missing; Faust asks another thread of its own, which may have ended."""
        back, self._back = self._back, {}
        for partition, offset in back.items():
            if partition in self._mine:
                with translated("reading again"):
                    async with asyncio.timeout(self._subscription.timing.request):
                        await self._check().consumer.seek(self._tp(partition), offset)

    async def acknowledge(self, done: Mapping[int, int]) -> None:
        """Acknowledge in order; Faust commits to the broker once a second."""
        self._check()
        for slot in sorted(self._events):
            partition, offset = slot
            if offset < done.get(partition, 0):
                self._events.pop(slot).ack()


def _hidden_trouble(app: faust.App) -> BaseException | None:
    thread = getattr(app.consumer, "_thread", None)
    client = getattr(thread, "_consumer", None)
    coordinator = getattr(client, "_coordinator", None)
    pending: BaseException | None = getattr(coordinator, "_pending_exception", None)
    task: asyncio.Task[None] | None = getattr(coordinator, "_coordination_task", None)
    if pending is None and task is not None and task.done():
        pending = asyncio.CancelledError() if task.cancelled() else task.exception()
    return pending


def make_app(want: Subscription) -> faust.App:
    """An app with the settings that were found to be safe."""
    servers = [f"kafka://{server.strip()}" for server in want.brokers.split(",")]
    return faust.App(
        want.group,
        broker=servers,
        autodiscover=False,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        store="memory://",
        datadir=tempfile.gettempdir(),  # nothing is kept there, and Faust makes the folder it is told
        key_serializer="raw",
        value_serializer="raw",
        processing_guarantee="at_least_once",
        broker_client_id=want.member,
        broker_commit_interval=1.0,
        broker_session_timeout=want.timing.session,
        broker_heartbeat_interval=want.timing.heartbeat,
        broker_max_poll_interval=300.0,
        consumer_group_instance_id=want.member,
        consumer_auto_offset_reset="earliest",
        stream_wait_empty=False,
        stream_buffer_maxsize=1024,
    )
