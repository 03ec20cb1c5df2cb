"""How fast feed documents are read: MB a second, as a ratio to feedparser at its fastest and to bare lxml.

    python bench/feeds.py            documents of real sizes, the best CPU time of each, all readers in turn

feedparser's fastest setting leaves bodies as markup, without sanitising and without resolving links:
`parse_raw` does the same work, `parse_feed` also turns every body into text.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import feedparser
from feeds_documents import sizes
from lxml import etree

from streams.sources.parse import parse_feed, parse_raw


def fastest_setting(body: bytes) -> object:
    return feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)


READERS: tuple[tuple[str, Callable[[bytes], object], int], ...] = (
    ("bare lxml tree", etree.fromstring, 15),
    ("nightwire, raw entries", parse_raw, 15),
    ("nightwire, entries with text", parse_feed, 8),
    ("feedparser, fastest setting", fastest_setting, 4),
    ("feedparser, defaults", lambda body: feedparser.parse(io.BytesIO(body)), 2),
)
"""Each reader with its rounds: the quicker one is, the more a busy machine blurs one round."""


def best(reader: Callable[[bytes], object], rounds: int, body: bytes) -> float:
    """Seconds of CPU for one document, in the best of some rounds."""
    found = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        reader(body)
        found = min(found, time.process_time() - start)
    return found


def main() -> None:
    documents = sizes()
    total, median = sum(map(len, documents)) / 1e6, sorted(map(len, documents))[len(documents) // 2]
    found = {name: 0.0 for name, _, _ in READERS}
    for body in documents:
        for name, reader, rounds in READERS:
            found[name] += best(reader, rounds, body)
    lxml, fastest = found["bare lxml tree"], found["feedparser, fastest setting"]
    print(f"{len(documents)} documents, {total:.1f} MB, median {median:,} bytes\n")
    print(f"{'':<30} {'MB/s':>8} {'of lxml':>8} {'x feedparser':>13}")
    for name, seconds in found.items():
        print(f"{name:<30} {total / seconds:>8.1f} {lxml / seconds:>8.0%} {fastest / seconds:>13.1f}")


if __name__ == "__main__":
    main()
