"""Parses documents beside the event loop: small ones at once, large or damaged ones in processes that can be killed."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from streams.sources.helper import DEADLINE, Helper, Task
from streams.sources.parse import read_fresh, read_marked
from streams.sources.raw import RawFeed
from streams.sources.tree import Malformed

INLINE: Final = 200_000
"""Bytes that are parsed in the loop itself: some milliseconds, less than a process would cost."""
LOOKED_THROUGH: Final = 1_000_000
"""Bytes that are looked through in the loop for what is new in them: some milliseconds, too."""


class Reader:
    """A few helper processes, so that one hostile document does not hold up the others."""

    def __init__(self, processes: int = 2, deadline: float = DEADLINE) -> None:
        self._helpers: queue.SimpleQueue[Helper] = queue.SimpleQueue()
        self._all = [Helper(deadline) for _ in range(processes)]
        for helper in self._all:
            self._helpers.put(helper)
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="feed-reader")

    async def close(self) -> None:
        """End the processes; whoever waits for one gets NotAFeed."""
        for helper in self._all:
            helper.kill()
        await asyncio.to_thread(self._threads.shutdown)
        for helper in self._all:
            helper.close()

    async def read(
        self, body: bytes, url: str | None, content_type: str | None, familiar: Mapping[str, str] | None = None
    ) -> RawFeed:
        """Parse a document, or only what is new in it by the marks of what is familiar; raises NotAFeed."""
        if familiar and len(body) <= LOOKED_THROUGH:
            feed = read_fresh(body, url, content_type, familiar, INLINE)
            if feed is not None:
                return feed
        task: Task = "walk"
        if len(body) <= INLINE:
            try:
                return read_marked(body, url, content_type)
            except Malformed:
                task = "feedparser"
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._ask, task, body, url, content_type)

    async def article(self, page: bytes, url: str, content_type: str | None) -> str:
        """The article of a web page; raises NotAFeed when there is none."""
        loop = asyncio.get_running_loop()
        feed = await loop.run_in_executor(self._threads, self._ask, "page", page, url, content_type)
        body = feed.entries[0].body
        return body.value if body else ""

    def _ask(self, task: Task, body: bytes, url: str | None, content_type: str | None) -> RawFeed:
        helper = self._helpers.get()
        try:
            return helper.read(task, body, url, content_type)
        finally:
            self._helpers.put(helper)
