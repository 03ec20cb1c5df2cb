"""The other side of `helper`: reads documents from standard input until it ends; runs under a memory limit."""

from __future__ import annotations

import io
import json
import signal
import sys
from collections.abc import Callable
from typing import IO, Any, Final

from streams.sources.faults import NotAFeed
from streams.sources.finish import as_text
from streams.sources.fulltext import article_text
from streams.sources.helper import RAW_FEED
from streams.sources.lastresort import read_damaged
from streams.sources.parse import read_marked
from streams.sources.raw import Body, RawEntry, RawFeed
from streams.sources.tree import Malformed

MEMORY: Final = 1_500_000_000
"""Bytes of address space: some times what 10 MB of feed need."""


LONGEST: Final = 60
"""Seconds for one document, even when the parent with its deadline is gone."""


def read_large(body: bytes, url: str | None, content_type: str | None) -> RawFeed:
    """Read a large document, by whatever way, and turn its bodies into text here, so that the parent need not."""
    try:
        feed = read_marked(body, url, content_type)
    except Malformed:
        feed = read_damaged(body, url, content_type)
    for entry in feed.entries:
        entry.body, entry.summary = as_text(entry.body), as_text(entry.summary)
    return feed


def read_page(body: bytes, url: str | None, content_type: str | None) -> RawFeed:
    """The article of a web page, as a feed of one entry."""
    return RawFeed("page", entries=[RawEntry(body=Body(article_text(body, url, content_type), "text"))])


TASKS: Final[dict[str, Callable[[bytes, str | None, str | None], RawFeed]]] = {
    "walk": read_large,
    "feedparser": read_damaged,
    "page": read_page,
}


def limit_memory() -> None:
    """Cap this process's address space, where the system can."""
    try:
        import resource
    except ImportError:  # no such limit on Windows; the deadline remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def answer(header: dict[str, Any], body: bytes) -> bytes:
    """One JSON line for one document: `["feed", feed]` or `["fault", [reason, detail]]`."""
    try:
        feed = TASKS[header["task"]](body, header["url"], header["content_type"])
        return b'["feed",' + RAW_FEED.dump_json(feed) + b"]\n"
    except NotAFeed as fault:
        return json.dumps(["fault", [fault.reason, fault.detail]]).encode() + b"\n"
    except MemoryError:
        return json.dumps(["fault", ["too-large", "the document needs too much memory"]]).encode() + b"\n"


def limit_time(seconds: int) -> None:
    """End this process unless it is done by then (0: no limit), should nobody be left to do so."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until the input ends."""
    while line := requests.readline():
        header = json.loads(line)
        body = requests.read(header["size"])
        limit_time(LONGEST)
        answers.write(answer(header, body))
        limit_time(0)
        answers.flush()


if __name__ == "__main__":
    limit_memory()
    out = sys.stdout.buffer
    sys.stdout = io.TextIOWrapper(io.BytesIO())  # a library that prints must not disturb the answers
    serve(sys.stdin.buffer, out)
