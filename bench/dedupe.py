"""What dedupe costs and finds, beside MinHash LSH, in one run on one server.

    python bench/dedupe.py [--articles 2000] [--words 470] [--stored 0 20000] [--fsync no]

Every system gets the same synthetic articles: sentences of invented words with Zipf's frequencies, one in
ten a copy with small edits. `--stored` is how many articles are in the horizon before the measured ones come.
The peers are measured where they can be imported (`pip install datasketch rensa`) and left out where not.
The quality rows judge the labelled pairs of tests/golden/dedupe, each system at its best threshold on them.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from schemas.article import Article, content_revision
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import BATCH, Commit
from streams.runtimes.driver import step
from streams.runtimes.valkey import ValkeyRuntime
from streams.state.server import PrivateServer
from workers.dedupe.stage import Dedupe
from workers.dedupe.tokens import plain, words
from workers.ports import Emit

NOW = datetime(2026, 3, 4, tzinfo=UTC)
COPIES = 10
PEER_BANDS = 128
GOLDEN = Path(__file__).parent.parent / "tests" / "golden" / "dedupe" / "conftest.py"


@dataclass
class Row:
    """One measured row; times in seconds for `articles` articles."""

    name: str
    articles: int
    wall: float
    client: float
    server: float
    bytes: float
    p99: float

    def line(self) -> str:
        micro = [f"{value / self.articles * 1e6:9.0f}" for value in (self.client, self.server)]
        rate = f"{self.articles / self.wall:9.0f}"
        return f"{self.name:<38}{rate}{micro[0]}{micro[1]}{self.bytes:9.0f}{self.p99 * 1000:9.1f}"


class Press:
    """Prints synthetic articles, the same for the same seed."""

    def __init__(self, size: int, seed: int) -> None:
        self._random = random.Random(seed)
        letters = "abcdefghiklmnoprstuvz"
        self._words = ["".join(self._random.choices(letters, k=self._random.randint(2, 9))) for _ in range(40_000)]
        self._weights = [1 / (rank + 3) for rank in range(len(self._words))]
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
        return self._random.choices(self._words, self._weights, k=length)

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


async def ours(runtime: ValkeyRuntime, articles: list[Article], batch: int) -> Row:
    """The room on the runtime, from the topic `articles` to `articles.unique`, everything committed."""
    await publish(runtime, articles)
    room, clock, laps = Dedupe(), ManualClock(NOW), []
    server, memory = await info(runtime, "cpu", "used_cpu_sys", "used_cpu_user"), await cells_bytes(runtime)
    wall, client = time.perf_counter(), time.process_time()
    lap = wall
    while await step(runtime, room, clock, limit=batch):
        laps.append(time.perf_counter() - lap)
        lap = time.perf_counter()
    return Row(
        f"nightwire, {batch} a commit",
        len(articles),
        time.perf_counter() - wall,
        time.process_time() - client,
        await info(runtime, "cpu", "used_cpu_sys", "used_cpu_user") - server,
        (await cells_bytes(runtime) - memory) / len(articles),
        sorted(laps)[int(len(laps) * 0.99)],
    )


async def cells_bytes(runtime: ValkeyRuntime) -> float:
    """Bytes in all cells: the topics, which keep the articles for a day, are another matter."""
    total, cursor = 0, b"0"
    while True:
        cursor, keys = await runtime.server.call("SCAN", cursor, "MATCH", "*:cell:*", "COUNT", "1000")
        sizes = await asyncio.gather(*(runtime.server.call("MEMORY", "USAGE", key) for key in keys))
        total += sum(sizes)
        if cursor == b"0":
            return total


def shingles(article: Article) -> set[str]:
    tokens = words(plain(f"{article.title} {article.text}"))
    return {" ".join(tokens[place : place + 3]) for place in range(max(1, len(tokens) - 2))}


def minhash(article: Article) -> Any:
    from datasketch import MinHash

    sketch = MinHash(num_perm=PEER_BANDS)
    sketch.update_batch([shingle.encode() for shingle in shingles(article)])
    return sketch


def datasketch_lsh(socket: str, articles: list[Article], threshold: float) -> Row:
    """MinHashLSH with its Redis storage on the same server: query, then insert."""
    from datasketch import MinHashLSH

    storage = {"type": "redis", "basename": f"peer{threshold}".encode(), "redis": {"unix_socket_path": socket}}
    lsh = MinHashLSH(threshold=threshold, num_perm=PEER_BANDS, storage_config=storage)
    laps = []
    wall, client = time.perf_counter(), time.process_time()
    for article in articles:
        lap = time.perf_counter()
        sketch = minhash(article)
        lsh.query(sketch)
        lsh.insert(f"{threshold} {article.id}", sketch)
        laps.append(time.perf_counter() - lap)
    elapsed, used = time.perf_counter() - wall, time.process_time() - client
    p99 = sorted(laps)[int(len(laps) * 0.99)]
    return Row(f"datasketch LSH({threshold}), query + insert", len(articles), elapsed, used, 0.0, 0.0, p99)


def rensa_sketch(articles: list[Article]) -> Row:
    """rensa's sketches alone, without any index: what a faster sketch could save at the most."""
    from rensa import RMinHash

    wall, client = time.perf_counter(), time.process_time()
    for article in articles:
        sketch = RMinHash(num_perm=PEER_BANDS, seed=1)
        sketch.update(list(shingles(article)))
        sketch.digest()
    elapsed, used = time.perf_counter() - wall, time.process_time() - client
    return Row("rensa RMinHash, sketch only", len(articles), elapsed, used, 0.0, 0.0, 0.0)


def golden() -> Any:
    spec = importlib.util.spec_from_file_location("golden_pairs", GOLDEN)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
    module = golden()
    pairs = module.load_pairs()
    labels = [pair.label for pair in pairs]
    print(f"\n{'quality on own pairs':<38}{len(pairs)} pairs, {labels.count('duplicate')} copies")
    print(f"{'nightwire':<38}{score(await our_quality(pairs, module), labels)}")
    jaccard = [len(shingles(p.old) & shingles(p.new)) / len(shingles(p.old) | shingles(p.new)) for p in pairs]
    threshold, dropped = best_of(jaccard, labels)
    print(f"{f'exact Jaccard >= {threshold}':<38}{score(dropped, labels)}")
    if available("datasketch"):
        threshold, dropped = best_of([minhash(p.old).jaccard(minhash(p.new)) for p in pairs], labels)
        print(f"{f'datasketch MinHash{PEER_BANDS} >= {threshold}':<38}{score(dropped, labels)}")


def available(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


async def speed(args: argparse.Namespace, folder: Path, show: Callable[[Row], None]) -> None:
    server = PrivateServer(folder, fsync=args.fsync)
    socket = await server.start()
    try:
        for stored in args.stored:
            runtime = ValkeyRuntime(socket, prefix=f"bench{stored}")
            await runtime.open()
            press = Press(args.words, seed=stored)
            for start in range(0, stored, 2000):
                await publish(runtime, press.articles(min(2000, stored - start)))
                while await step(runtime, Dedupe(), ManualClock(NOW)):
                    pass
            print(f"{stored} articles in the horizon")
            show(await ours(runtime, list(press.articles(args.articles)), BATCH))
            show(await ours(runtime, list(press.articles(max(100, args.articles // 4))), 1))
            await runtime.close()
        sample = list(Press(args.words, seed=1).articles(max(100, args.articles // 4)))
        if available("datasketch"):
            show(datasketch_lsh(str(socket), sample, 0.5))
            show(datasketch_lsh(str(socket), sample, 0.8))
        if available("rensa"):
            show(rensa_sketch(sample))
    finally:
        await server.stop()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--words", type=int, default=470)
    parser.add_argument("--fsync", default="no", choices=["no", "everysec", "always"])
    parser.add_argument("--stored", type=int, nargs="*", default=[0])
    args = parser.parse_args()
    began = datetime.now(UTC)
    print(f"{'':<38}{'art/s':>9}{'client us':>9}{'server us':>9}{'B/art':>9}{'p99 ms':>9}")
    with tempfile.TemporaryDirectory() as folder:
        await speed(args, Path(folder), lambda row: print(row.line(), flush=True))
    await quality()
    print(f"\n{(datetime.now(UTC) - began) / timedelta(seconds=1):.0f} s, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    asyncio.run(main())
