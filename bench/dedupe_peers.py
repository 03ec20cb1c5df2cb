"""What dedupe is measured beside: datasketch's MinHash LSH, and rensa's sketches in bands of our own, on one server."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import redis

from schemas.article import Article
from workers.dedupe.tokens import plain, words

SKETCH = 128
"""Hashes in a sketch, as datasketch has it unless told."""
BANDS, BAND = 25, 5
"""Bands of rensa's sketch and hashes in each: half of the pairs with a Jaccard likeness of 0.53 share a band."""


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
        micro = [f"{value / self.articles * 1e6:9.0f}" for value in (self.wall, self.client, self.server)]
        return f"{self.name:<38}{self.articles / self.wall:9.0f}{''.join(micro)}{self.bytes:9.0f}{self.p99 * 1000:9.1f}"


HEAD = f"{'':<38}{'art/s':>9}{'wall us':>9}{'client us':>9}{'server us':>9}{'B/art':>9}{'p99 ms':>9}"


def available(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def shingles(article: Article) -> set[bytes]:
    tokens = words(plain(f"{article.title} {article.text}"))
    return {b" ".join(tokens[place : place + 3]) for place in range(max(1, len(tokens) - 2))}


def minhash(article: Article) -> Any:
    from datasketch import MinHash

    sketch = MinHash(num_perm=SKETCH)
    sketch.update_batch(list(shingles(article)))
    return sketch


def rensa_bands(article: Article) -> list[bytes]:
    from rensa import RMinHash

    sketch = RMinHash(num_perm=SKETCH, seed=1)
    sketch.update([shingle.decode() for shingle in shingles(article)])
    hashes = sketch.digest()
    return [f"rensa:{n}:{hashes[n * BAND : n * BAND + BAND]}".encode() for n in range(BANDS)]


def peers(socket: str, articles: list[Article]) -> Iterator[Row]:
    """A row for each peer that can be imported."""
    server = redis.Redis(unix_socket_path=socket)
    if available("datasketch"):
        for threshold in (0.5, 0.8):
            yield _measure(
                server, f"datasketch LSH({threshold}), query + insert", articles, _datasketch(socket, threshold)
            )
    if available("rensa"):
        yield _measure(server, f"rensa, {BANDS} bands of {BAND}, query + insert", articles, _rensa(server))
    server.close()


def _datasketch(socket: str, threshold: float) -> Callable[[Article], None]:
    from datasketch import MinHashLSH

    storage = {"type": "redis", "basename": f"peer{threshold}".encode(), "redis": {"unix_socket_path": socket}}
    lsh = MinHashLSH(threshold=threshold, num_perm=SKETCH, storage_config=storage)

    def take(article: Article) -> None:
        sketch = minhash(article)
        lsh.query(sketch)
        lsh.insert(f"{threshold} {article.id}", sketch)

    return take


def _rensa(server: redis.Redis) -> Callable[[Article], None]:
    def take(article: Article) -> None:
        bands = rensa_bands(article)
        pipe = server.pipeline(transaction=False)
        for band in bands:
            pipe.smembers(band)
            pipe.sadd(band, article.id)
        pipe.execute()

    return take


def _measure(server: redis.Redis, name: str, articles: list[Article], take: Callable[[Article], None]) -> Row:
    laps = []
    cpu, memory = _cpu(server), int(server.info("memory")["used_memory"])
    wall, client = time.perf_counter(), time.process_time()
    for article in articles:
        lap = time.perf_counter()
        take(article)
        laps.append(time.perf_counter() - lap)
    elapsed, used = time.perf_counter() - wall, time.process_time() - client
    spent, grown = _cpu(server) - cpu, int(server.info("memory")["used_memory"]) - memory
    p99 = sorted(laps)[int(len(laps) * 0.99)]
    return Row(name, len(articles), elapsed, used, spent, grown / len(articles), p99)


def _cpu(server: redis.Redis) -> float:
    facts = server.info("cpu")
    return float(facts["used_cpu_sys"]) + float(facts["used_cpu_user"])
