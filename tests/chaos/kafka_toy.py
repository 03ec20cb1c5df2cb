"""The toy's rooms on Kafka, in a worker to be killed: `kafka_toy.py BROKERS SOCKET FLAG SLOT INTAKE HOOK [CRASH]`.

Every story that rings raises an alert, which the room `deliver` queues for the webhook HOOK; the worker in
slot 0 sends. CRASH is `point:number`: the worker ends as by SIGKILL when it passes that point for the
number-th time. INTAKE is an engine, or `unsafe`, the negative control: it publishes beside the commit.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ctypes
import faulthandler
import io
import itertools
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import toy

from schemas.alert import Notice, Window
from schemas.receiver import Receiver
from schemas.story import UniqueArticle
from schemas.topic import Topic
from streams.clock import WallClock
from streams.codec import DATA, encode
from streams.runtimes.base import Commit, Unavailable, Verdict
from streams.runtimes.kafka import KafkaRuntime
from streams.runtimes.kafka.journal import Publisher
from streams.runtimes.kafka.layout import partition_of
from streams.runtimes.kafka.plain import PlainIntake
from streams.runtimes.kafka.port import Timing
from streams.runtimes.kafka.producer import Producer
from streams.runtimes.kafka.shell import FaustIntake
from streams.runtimes.service import serve
from streams.sinks.lanes import build_lanes
from streams.sinks.outbox import Outbox
from workers.deliver.queue import SEND
from workers.deliver.stage import Deliver
from workers.ports import Emit, Outcome, Timer, View
from workers.stage import Stage

log = logging.getLogger("toy")

NOBODY = "http://127.0.0.1:1/"
DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2)."""

INTAKES = {"plain": PlainIntake, "faust": FaustIntake, "unsafe": PlainIntake}
TIMING = Timing(session=6.0, heartbeat=0.3, join=40.0, request=5.0)
PREFIX = os.environ.get("NIGHTWIRE_TOY_PREFIX", toy.PREFIX)
"""Of keys, topics and groups: every test has its own on the one broker."""
KILLER = os.environ.get("NIGHTWIRE_TOY_KILLER", "")
"""A story that ends the process of whoever reads it."""
POINTS: dict[str, tuple[type, str]] = {
    "before the state": (KafkaRuntime, "_apply"),
    "before the records": (Producer, "send"),
    "after the records": (Producer, "send"),
    "before the positions are known": (Publisher, "publish"),
}


class Mortal(toy.Extract):
    """Extract, with one story that ends the process as a fault in a library would."""

    def decide(self, record: UniqueArticle, view: View, now: object) -> Outcome:
        if record.story == KILLER:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().decide(record, view, now)


class Ring(toy.Resolve):
    """Resolve, with an alert for every story that rings."""

    def fire(self, timer: Timer, view: View, now: datetime) -> Outcome:
        notice = Notice(
            id=f"notice-{timer.key}",
            alert=timer.key,
            revision=1,
            rule="toy",
            title="It rang",
            group={},
            window=Window(key="toy"),
            notice="open",
            severity="high",
            peak="high",
            first_seen=now,
            at=now,
        )
        return replace(super().fire(timer, view, now), emits=(Emit(Topic.ALERTS, notice.alert, notice, notice.id),))


def rooms(hook: str) -> list[Stage[Any]]:
    return [toy.Dedupe(), Mortal(), Ring(), Deliver(receivers(hook))]


def receivers(hook: str) -> dict[str, Receiver]:
    return {"hook": Receiver.model_validate({"to": [{"webhook": {"url": hook, "secret_env": "HOOK_SECRET"}}]})}


class Unsafe(KafkaRuntime):
    """State first and records afterwards, with nothing that remembers the records in between."""

    async def _apply(self, commit: Commit) -> Verdict:
        verdict = await super()._apply(replace(commit, emits=[]))
        if verdict is Verdict.COMMITTED:
            for emit, at in commit.emits:
                fields = encode(emit, at)
                headers = [(name.decode(), value) for name, value in fields.items() if name != DATA]
                number = partition_of(emit.topic, emit.model, emit.key, self._partitions[emit.topic])
                row = (emit.key.encode(), fields[DATA], headers)
                await self._producer.send(self.names.topic(emit.topic), number, [row])
        return verdict


def arm(crash: str) -> None:
    """Put the end of the worker at its place."""
    point, _, number = crash.partition(":")
    kind, name = POINTS[point]
    original: Callable[..., Awaitable[Any]] = getattr(kind, name)
    calls = itertools.count(1)

    async def armed(*args: Any, **named: Any) -> Any:
        last = next(calls) >= int(number)
        if last and not point.startswith("after"):
            os.kill(os.getpid(), signal.SIGKILL)
        answer = await original(*args, **named)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(kind, name, armed)


@contextlib.asynccontextmanager
async def joined(brokers: str, socket: Path, slot: str = "0", intake: str = "plain") -> AsyncIterator[KafkaRuntime]:
    kind = Unsafe if intake == "unsafe" else KafkaRuntime
    while True:
        runtime = kind(brokers, socket, PREFIX, slot, f"{PREFIX}.", INTAKES[intake], TIMING)
        try:
            await runtime.open()
            break
        except Unavailable:
            await runtime.close()
            await asyncio.sleep(0.1)
    try:
        yield runtime
    finally:
        await runtime.close()


async def lags(runtime: KafkaRuntime) -> dict[str, int]:
    return {room.name: await runtime.lag(room.name, room.reads or Topic.ARTICLES) for room in rooms(NOBODY)}


async def finished(runtime: KafkaRuntime) -> bool:
    """Whether nothing is left to do: no record, no timer, and no notice that is not delivered."""
    try:
        lagging = any((await lags(runtime)).values())
        timers = [await runtime.next_due(room) for room in ("resolve", SEND)]
    except Unavailable:
        return False
    return not lagging and timers == [None, None]


class Enough:
    """Says that production ends: the flag is there, or this worker was told to stop."""

    def __init__(self, flag: Path, stop: asyncio.Event) -> None:
        self._flag, self._stop = flag, stop

    def exists(self) -> bool:
        return self._stop.is_set() or self._flag.exists()


async def produce_and_wait(runtime: KafkaRuntime, flag: Path, stop: asyncio.Event) -> None:
    await toy.produce(runtime, Enough(flag, stop))
    while not stop.is_set() and not await finished(runtime):
        await asyncio.sleep(0.1)
    stop.set()


def confess() -> None:
    """Say on standard error what every task waits for: asked for when a worker does not end."""
    told = io.StringIO()
    for task in asyncio.all_tasks():
        task.print_stack(file=told)
    log.critical("where every task is:\n%s", told.getvalue())


async def send(runtime: KafkaRuntime, hook: str, stop: asyncio.Event) -> None:
    os.environ["HOOK_SECRET"] = "whsec_" + base64.b64encode(bytes(32)).decode()
    outbox = Outbox(runtime, build_lanes(receivers(hook), os.environ, WallClock()), alone=False)
    await outbox.run(stop)
    await outbox.close()


async def main(brokers: str, socket: str, flag: str, slot: str, intake: str, hook: str) -> None:
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {slot} %(message)s")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, confess)
    faulthandler.register(signal.SIGUSR2)
    async with joined(brokers, Path(socket), slot, intake) as runtime:
        print("ready", flush=True)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(serve(runtime, rooms(hook), WallClock(), stop))
            tasks.create_task(produce_and_wait(runtime, Path(flag), stop))
            tasks.create_task(send(runtime, hook, stop))


if __name__ == "__main__":
    if sys.platform == "linux":  # nobody is left running when the test itself is ended
        ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGKILL)
    if len(sys.argv) > 7:
        arm(sys.argv.pop())
    asyncio.run(main(*sys.argv[1:]))
