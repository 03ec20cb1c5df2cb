"""The whole pipeline on a real Kafka with 1 and 2 workers, beside Valkey, plain aiokafka and Faust, in one run.

    python bench/kafka.py [--articles 600] [--rounds 3] [--alerts 60] [--broker HOST:PORT]

Every worker is a process of its own with all rooms from dedupe to the outbox, as `nightwire run` has them. A
worker is stopped by a signal while the articles are laid before it, and let go when the clock starts; the clock
stops when no room is behind. `one hop` moves the same articles from one topic to another and decides nothing:
plain aiokafka as the ceiling, and Faust as the cost of the shell that consumers run on (three times as many
articles, for it is over soon). CPU is that of the workers alone, without broker and server, and says more than
the rate where a machine is shared.

Latency is measured apart, an article every half second, each with an alert of its own: from the moment before the
article is published until a plain consumer of the topic of notices, outside of the workers, has the notice.
Every third article of the throughput runs has a claim; all are about 3,000 characters long.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import math
import os
import random
import runpy
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from aiokafka import AIOKafkaConsumer
from kafka_workers import Place, opened
from redis.asyncio import Redis

from schemas.alert import Notice
from schemas.article import Article
from schemas.topic import Topic
from streams.codec import DATA
from streams.runtimes.base import BATCH, Commit, Runtime
from streams.runtimes.kafka import KafkaRuntime
from streams.runtimes.kafka.admin import create
from streams.runtimes.kafka.layout import MAX_RECORD
from streams.state.keys import Keys
from streams.state.server import PrivateServer
from workers.pipeline import PIPELINE
from workers.ports import Emit

ROOT = Path(__file__).parents[1]
SIZE = 3000
PATIENCE = 300.0
COUNTRIES = (
    "Russia", "Ukraine", "Iran", "Israel", "Turkey", "Syria", "Iraq", "Poland", "Romania", "Moldova", "Belarus",
    "Georgia", "Armenia", "Azerbaijan", "India", "Pakistan", "Sudan", "Libya", "Egypt", "Yemen", "Lebanon",
)  # fmt: skip
PAIRS = list(itertools.permutations(COUNTRIES, 2))
SYLLABLES = ("ba", "den", "fi", "gor", "ha", "jil", "ko", "lum", "ma", "nes", "po", "rin", "sa", "tov", "vi", "wen")


def article(number: int, claim: str) -> Article:
    """One of its own kind: words made at random, so that nobody takes it for a copy, and a claim."""
    chance = random.Random(number)
    sentences = [claim]
    while sum(map(len, sentences)) < SIZE:
        words = ("".join(chance.choices(SYLLABLES, k=3)) for _ in range(8))
        sentences.append("In " + " of ".join(f"the {word}" for word in words) + ".")
    now = datetime.now(UTC)
    return Article(id=f"a{number}", revision="r", text=" ".join(sentences), published=now, fetched=now)


def claim(number: int, figure: int) -> str:
    attacker, target = PAIRS[number % len(PAIRS)]
    return f"{attacker} launched {figure} attack drones at {target} overnight, the air force said."


async def publish(runtime: Runtime, articles: list[Article]) -> None:
    for start in range(0, len(articles), BATCH):
        page = articles[start : start + BATCH]
        now = datetime.now(UTC)
        emits = [(Emit(Topic.ARTICLES, each.id, each, f"{each.id}.r"), now) for each in page]
        await runtime.commit(Commit("fetch", now, emits=emits))


@contextlib.contextmanager
def processes(place: Place, role: str, kind: str, number: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes of one role, each of which has said that it is ready."""
    program = Path(__file__).with_name("kafka_workers.py")
    command = [sys.executable, str(program), role, kind, place.broker, str(place.socket), place.name]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    children = [
        subprocess.Popen([*command, str(slot)], stdout=subprocess.PIPE, text=True, env=environment)
        for slot in range(number)
    ]
    try:
        for child in children:
            assert child.stdout
            assert child.stdout.readline() == "ready\n", f"{role} did not start"
        yield children
    finally:
        for child in children:
            child.send_signal(signal.SIGCONT)
            child.terminate()
        for child in children:
            child.communicate()


def tell(children: list[subprocess.Popen[str]], number: signal.Signals) -> None:
    for child in children:
        child.send_signal(number)


def cpu(children: list[subprocess.Popen[str]]) -> float:
    """Seconds of processor time that they have used."""
    fields = [Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split() for child in children]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Row:
    """One measured row."""

    rate: float
    cpu: float
    """Milliseconds per article, of all workers together."""


async def measure(
    children: list[subprocess.Popen[str]], number: int, lay: Awaitable[None], done: Callable[[], Awaitable[bool]]
) -> Row:
    """Lay the articles before stopped workers, let them go, and wait until all is done."""
    tell(children, signal.SIGSTOP)
    await lay
    begun, used = time.perf_counter(), cpu(children)
    tell(children, signal.SIGCONT)
    while not await done():
        assert time.perf_counter() - begun < PATIENCE, "it takes too long; is a worker gone?"
        await asyncio.sleep(0.02)
    seconds = time.perf_counter() - begun
    return Row(number / seconds, (cpu(children) - used) / number * 1000)


async def settled(runtime: Runtime) -> bool:
    lags = [await runtime.lag(room.name, room.reads) for room in PIPELINE if room.reads]
    return not any(lags)


async def pipeline(place: Place, kind: str, workers: int, number: int) -> Row:
    await create(place.broker, place.names)
    articles = [article(n, claim(n // 3, 60 + n) if n % 3 == 0 else "") for n in range(number)]
    warm = [article(-n, claim(n, 20)) for n in range(1, 13)]
    async with opened(place.runtime(kind, "bench")) as runtime:
        with processes(place, "worker", kind, workers) as children:
            await publish(runtime, warm)
            while not await settled(runtime):
                await asyncio.sleep(0.05)
            row = await measure(children, number, publish(runtime, articles), lambda: settled(runtime))
            assert await runtime.last(Topic.ALERTS, 1), "nobody was alerted"
        return row


async def one_hop(place: Place, role: str, number: int) -> Row:
    await create(place.broker, place.names)
    async with opened(place.runtime("kafka", "bench")) as runtime:
        assert isinstance(runtime, KafkaRuntime)
        with processes(place, role, "kafka", 1) as children:
            await publish(runtime, [article(-1, "")])

            async def moved(wanted: int) -> bool:
                return sum(await runtime.reader.ends(Topic.UNIQUE)) >= wanted

            while not await moved(1):
                await asyncio.sleep(0.05)
            articles = [article(n, "") for n in range(number)]
            return await measure(children, number, publish(runtime, articles), lambda: moved(number + 1))


async def notices_on_kafka(place: Place, seen: dict[str, float]) -> None:
    consumer = AIOKafkaConsumer(
        place.names.topic(Topic.ALERTS), bootstrap_servers=place.broker, max_partition_fetch_bytes=MAX_RECORD,
        auto_offset_reset="earliest",
    )  # fmt: skip
    await consumer.start()
    try:
        async for record in consumer:
            note(record.value, seen)
    finally:
        await consumer.stop()


async def notices_on_valkey(place: Place, seen: dict[str, float]) -> None:
    async with Redis(unix_socket_path=str(place.socket), protocol=2) as server:
        stream, position = Keys(place.name).topic(Topic.ALERTS), b"0"
        while True:
            for _, entries in await server.xread({stream: position}, block=1000):
                for entry, fields in entries:
                    position = entry
                    note(fields[DATA], seen)


def note(document: bytes, seen: dict[str, float]) -> None:
    notice = Notice.model_validate_json(document)
    seen.setdefault(notice.evidence[0].article, time.perf_counter())


async def latency(place: Place, kind: str, alerts: int, every: float) -> list[float]:
    """Milliseconds from article to notice, sorted; the first few are left out, for they find everything cold."""
    await create(place.broker, place.names)
    seen: dict[str, float] = {}
    sent: dict[str, float] = {}
    watch = notices_on_valkey if kind == "valkey" else notices_on_kafka
    async with opened(place.runtime(kind, "bench")) as runtime:
        watcher = asyncio.create_task(watch(place, seen))
        with processes(place, "worker", kind, 1):
            for number in range(alerts + 10):
                each = article(number, claim(number, 90))
                sent[each.id] = time.perf_counter()
                await publish(runtime, [each])
                await asyncio.sleep(every)
            end = time.perf_counter() + PATIENCE
            while len(seen) < len(sent):
                assert not watcher.done(), watcher.exception()
                assert time.perf_counter() < end, f"{len(sent) - len(seen)} articles raised no alert"
                await asyncio.sleep(0.05)
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)
    return sorted((seen[name] - sent[name]) * 1000 for name in list(sent)[10:])


async def measure_all(broker: str, socket: Path, arguments: argparse.Namespace) -> None:
    serial = itertools.count()

    def place() -> Place:
        return Place(broker, socket, f"bench{os.getpid()}-{next(serial)}")

    number = arguments.articles
    rows: dict[str, Callable[[], Awaitable[Row]]] = {
        "aiokafka, one hop": lambda: one_hop(place(), "aiokafka", 3 * number),
        "Faust, one hop": lambda: one_hop(place(), "faust", 3 * number),
        "pipeline on Valkey, 1 worker": lambda: pipeline(place(), "valkey", 1, number),
        "pipeline on Kafka, 1 worker": lambda: pipeline(place(), "kafka", 1, number),
        "pipeline on Kafka, 2 workers": lambda: pipeline(place(), "kafka", 2, number),
    }
    found: dict[str, list[Row]] = {name: [] for name in rows}
    for _ in range(arguments.rounds):
        for name, run in rows.items():
            found[name].append(await run())
    print(f"{'articles/s, median of ' + str(arguments.rounds):<34}{'':>9}{'lowest':>9}{'highest':>9}{'CPU ms':>9}")
    for name, measured in found.items():
        rates = [row.rate for row in measured]
        spread = f"{statistics.median(rates):>9,.0f}{min(rates):>9,.0f}{max(rates):>9,.0f}"
        print(f"{name:<34}{spread}{statistics.median(row.cpu for row in measured):>9.2f}")
    print(f"\n{'article to notice, ms':<34}{'p50':>9}{'p99':>9}{'highest':>9}")
    for kind in ("valkey", "kafka"):
        times = await latency(place(), kind, arguments.alerts, arguments.every)
        shown = (times[len(times) // 2], times[math.ceil(len(times) * 0.99) - 1], times[-1])
        print(f"{kind:<34}" + "".join(f"{each:>9.0f}" for each in shown))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--every", type=float, default=0.5, help="seconds between two articles with an alert")
    parser.add_argument("--alerts", type=int, default=60, help=f"at most {len(PAIRS) - 10}")
    parser.add_argument("--broker", help="use this one instead of starting one")
    parser.add_argument("--fsync", default="always", choices=["always", "everysec"])
    asyncio.run(with_server(parser.parse_args()))


async def with_server(arguments: argparse.Namespace) -> None:
    tool = SimpleNamespace(**runpy.run_path(str(ROOT / "tools" / "kafka" / "broker.py")))
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        try:
            broker = arguments.broker or stack.enter_context(tool.running()).address
        except tool.BrokerAbsent as absent:
            print(f"no broker, nothing is measured: {absent}", file=sys.stderr)
            return
        server = PrivateServer(Path(folder), fsync=arguments.fsync)
        try:
            await measure_all(broker, await server.start(), arguments)
        finally:
            await server.stop()


if __name__ == "__main__":
    main()
