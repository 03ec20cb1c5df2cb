"""What dedupe costs and finds, beside MinHash LSH, in one run on one server.

    python bench/dedupe.py [--articles 2000] [--words 470] [--stored 0 100000] [--fsync no] [--no-quality]

Every system gets the same synthetic articles: sentences of invented words with Zipf's frequencies, one in
ten a copy with small edits. `--stored` is how many articles are in the horizon before the measured ones come;
they are written as the room would write them, past the topics. Bytes an article are the growth of the
server's memory, without the topics. The peers are measured where they can be imported (`pip install --target DIR
datasketch rensa`, PYTHONPATH=DIR) and left out where not.
The quality rows judge the labelled pairs of tests/golden/dedupe, each system at its best threshold on them.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import runpy
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from dedupe_peers import HEAD, SKETCH, Row, available, minhash, peers, shingles

from schemas.article import Article, content_revision
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import BATCH, Commit
from streams.runtimes.driver import step
from streams.runtimes.valkey import ValkeyRuntime
from streams.state.keys import Keys
from streams.state.server import PrivateServer
from workers.dedupe.stage import Dedupe
from workers.ports import Cell, Emit, View

NOW = datetime(2026, 3, 4, tzinfo=UTC)
COPIES = 10
GOLDEN = Path(__file__).parent.parent / "tests" / "golden" / "dedupe" / "conftest.py"
ROOM, LARGE = 2**30, 5_000
"""Bytes that the server may use: for what is measured, and for each stored article."""
VERSION = (1).to_bytes(6, "big")
WRITE = """
for i, key in ipairs(KEYS) do redis.call('SET', key, ARGV[2 * i - 1], 'PX', ARGV[2 * i]) end
"""


class Nothing(View):
    """State in which there is nothing yet."""

    def __init__(self) -> None:
        super().__init__({}, {})

    def get(self, cell: Cell, kind: Any) -> None:
        """No value."""


class Press:
    """Prints synthetic articles, the same for the same seed."""

    def __init__(self, size: int, seed: int) -> None:
        self._random = random.Random(seed)
        letters = "abcdefghiklmnoprstuvz"
        self._words = ["".join(self._random.choices(letters, k=self._random.randint(2, 9))) for _ in range(40_000)]
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self._words))))
        self._size = size
        self._printed: list[Article] = []

    def articles(self, number: int) -> Iterator[Article]:
        """New articles, one in ten a copy of an earlier one with a few words changed."""
        for n in range(number):
            copy = self._printed and n % COPIES == COPIES - 1
            text = self._edit(self._random.choice(self._printed).text) if copy else self._text()
            title = " ".join(self._sentence(7)).capitalize()
            id_ = f"a{len(self._printed) + n:08}{self._random.getrandbits(48):012x}"
            revision = content_revision(title, None, text)
            article = Article(id=id_, revision=revision, title=title, text=text, feed="f", guid=id_, fetched=NOW)
            if not copy:
                self._printed = [*self._printed[-500:], article]
            yield article

    def _sentence(self, length: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=length)

    def _text(self) -> str:
        lengths = [self._random.randint(8, 26) for _ in range(self._size // 17)]
        return " ".join(f"{' '.join(self._sentence(length)).capitalize()}." for length in lengths)

    def _edit(self, text: str) -> str:
        return " ".join(word for word in text.split() if self._random.random() > 0.02)


async def info(runtime: ValkeyRuntime, section: str, *names: str) -> float:
    lines = (await runtime.server.call("INFO", section)).decode().splitlines()
    return sum(float(line.split(":")[1]) for line in lines if line.startswith(tuple(f"{name}:" for name in names)))


async def publish(runtime: ValkeyRuntime, articles: Iterable[Article]) -> None:
    batch: list[tuple[Emit, datetime]] = []
    for article in articles:
        batch.append((Emit(Topic.ARTICLES, article.id, article, article.revision), NOW))
        if len(batch) == BATCH:
            await runtime.commit(Commit("fetch", NOW, emits=batch))
            batch = []
    await runtime.commit(Commit("fetch", NOW, emits=batch))


async def fill(runtime: ValkeyRuntime, prefix: str, articles: Iterable[Article]) -> None:
    """Write what the room would write about new articles, without asking what is there."""
    keys, room = Keys(prefix), Dedupe()
    batch: dict[bytes, tuple[bytes, bytes]] = {}

    async def write() -> None:
        values = [word for pair in batch.values() for word in pair]
        await runtime.server.call("EVAL", WRITE, len(batch), *batch, *values)
        batch.clear()

    for article in articles:
        for cell, value in room.decide(article, Nothing(), NOW).writes.items():
            assert value is not None
            assert cell.table.packing is not None
            assert cell.table.keep is not None
            milliseconds = b"%d" % (cell.table.keep // timedelta(milliseconds=1))
            batch[keys.cell(cell)] = (VERSION + cell.table.packing.pack(value), milliseconds)
        if len(batch) > 2000:
            await write()
    await write()


async def used_memory(runtime: ValkeyRuntime, prefix: str) -> float:
    """Bytes that the server uses, the topics emptied."""
    for topic in (Topic.ARTICLES, Topic.UNIQUE):
        await runtime.server.call("XTRIM", Keys(prefix).topic(topic), "MAXLEN", 0)
    return await info(runtime, "memory", "used_memory")


async def ours(runtime: ValkeyRuntime, prefix: str, articles: list[Article], batch: int) -> Row:
    """The room on the runtime, from the topic `articles` to `articles.unique`, everything committed."""
    memory = await used_memory(runtime, prefix)
    await publish(runtime, articles)
    room, clock, laps = Dedupe(), ManualClock(NOW), []
    server = await info(runtime, "cpu", "used_cpu_sys", "used_cpu_user")
    wall, client = time.perf_counter(), time.process_time()
    lap = wall
    while await step(runtime, room, clock, limit=batch):
        laps.append(time.perf_counter() - lap)
        lap = time.perf_counter()
    wall, client = time.perf_counter() - wall, time.process_time() - client
    return Row(
        f"nightwire, {batch} a commit",
        len(articles),
        wall,
        client,
        await info(runtime, "cpu", "used_cpu_sys", "used_cpu_user") - server,
        (await used_memory(runtime, prefix) - memory) / len(articles),
        sorted(laps)[int(len(laps) * 0.99)],
    )


def score(dropped: list[bool], labels: list[str]) -> str:
    """Precision, recall and F1 of dropping, and how many that must go on were dropped."""
    true = sum(drop and label == "duplicate" for drop, label in zip(dropped, labels, strict=True))
    false = sum(dropped) - true
    precision, recall = true / max(1, sum(dropped)), true / labels.count("duplicate")
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    kept = len(labels) - labels.count("duplicate")
    return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  wrongly dropped {false} of {kept}"


async def our_quality(pairs: list[Any], module: Any) -> list[bool]:
    dropped = []
    for pair in pairs:
        desk = module.Desk()
        await desk.take(pair.old)
        dropped.append((await desk.verdict(pair.new)).verdict == "duplicate")
    return dropped


def best_of(alike: list[float], labels: list[str]) -> tuple[float, list[bool]]:
    """The threshold with the best F1 on these very pairs: more than a user could know."""

    def f1(threshold: float) -> float:
        true = sum(a >= threshold and label == "duplicate" for a, label in zip(alike, labels, strict=True))
        return 2 * true / (sum(a >= threshold for a in alike) + labels.count("duplicate"))

    threshold = max((n / 100 for n in range(30, 100)), key=f1)
    return threshold, [a >= threshold for a in alike]


async def quality() -> None:
    module = SimpleNamespace(**runpy.run_path(str(GOLDEN)))
    pairs = module.load_pairs()
    labels = [pair.label for pair in pairs]
    print(f"\n{'quality on own pairs':<38}{len(pairs)} pairs, {labels.count('duplicate')} copies")
    print(f"{'nightwire':<38}{score(await our_quality(pairs, module), labels)}")
    jaccard = [len(shingles(p.old) & shingles(p.new)) / len(shingles(p.old) | shingles(p.new)) for p in pairs]
    threshold, dropped = best_of(jaccard, labels)
    print(f"{f'exact Jaccard >= {threshold}':<38}{score(dropped, labels)}")
    if available("datasketch"):
        threshold, dropped = best_of([minhash(p.old).jaccard(minhash(p.new)) for p in pairs], labels)
        print(f"{f'datasketch MinHash{SKETCH} >= {threshold}':<38}{score(dropped, labels)}")


async def behind(socket: Path, stored: int, args: argparse.Namespace, show: Callable[[Row], None]) -> None:
    """Measure with so many articles in the horizon."""
    prefix = f"bench{stored}"
    runtime = ValkeyRuntime(socket, prefix=prefix)
    await runtime.open()
    press = Press(args.words, seed=stored)
    before = await used_memory(runtime, prefix)
    for start in range(0, stored, 1000):
        await fill(runtime, prefix, press.articles(min(1000, stored - start)))
    size = (await used_memory(runtime, prefix) - before) / max(1, stored)
    print(f"{stored} articles in the horizon" + (f", {size:.0f} bytes each" if stored else ""))
    for _ in range(args.repeat):
        show(await ours(runtime, prefix, list(press.articles(args.articles)), BATCH))
    show(await ours(runtime, prefix, list(press.articles(max(100, args.articles // 4))), 1))
    await runtime.server.call("FLUSHALL")
    await runtime.close()


async def speed(args: argparse.Namespace, folder: Path, show: Callable[[Row], None]) -> None:
    server = PrivateServer(folder, fsync=args.fsync, maxmemory=ROOM + max(args.stored, default=0) * LARGE)
    socket = await server.start()
    try:
        for stored in args.stored:
            await behind(socket, stored, args, show)
        for row in peers(str(socket), list(Press(args.words, seed=1).articles(max(100, args.articles // 4)))):
            show(row)
    finally:
        await server.stop()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--words", type=int, default=470)
    parser.add_argument("--fsync", default="no", choices=["no", "everysec", "always"])
    parser.add_argument("--stored", type=int, nargs="*", default=[0])
    parser.add_argument("--repeat", type=int, default=2, help="times that batches are measured")
    parser.add_argument("--no-quality", action="store_true")
    args = parser.parse_args()
    began = datetime.now(UTC)
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        await speed(args, Path(folder), lambda row: print(row.line(), flush=True))
    if not args.no_quality:
        await quality()
    print(f"\n{(datetime.now(UTC) - began) / timedelta(seconds=1):.0f} s, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    asyncio.run(main())
