"""A second process for documents that are large or damaged: it can be killed, and its memory is limited.

It is started when it is first needed, serves one document after another, and is replaced after a
deadline or a crash. Requests are one JSON line and the body; answers are one JSON line.
"""

from __future__ import annotations

import atexit
import functools
import json
import subprocess
import sys
import threading
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

from streams.sources.faults import NotAFeed
from streams.sources.raw import RawFeed

Task = Literal["walk", "feedparser", "page"]
RAW_FEED: Final = TypeAdapter(RawFeed)
DEADLINE: Final = 10.0
"""Seconds for one document: a hundred times what the largest real feed takes."""


class Helper:
    """The parent's side; safe to call from several threads, which then wait for each other."""

    def __init__(self, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, task: Task, body: bytes, url: str | None, content_type: str | None) -> RawFeed:
        """Have one document read; raises NotAFeed, also when the deadline or the memory limit ended it."""
        header = {"task": task, "size": len(body), "url": url, "content_type": content_type}
        with self._lock:
            answer, late = self._ask(json.dumps(header).encode() + b"\n" + body)
        if late:
            raise NotAFeed("parser-timeout", f"not read within {self._deadline:g} s")
        try:
            kind, value = json.loads(answer)
            if kind == "feed":
                return RAW_FEED.validate_python(value)
        except (ValueError, ValidationError) as error:
            raise NotAFeed("unreadable", "the reader gave up") from error
        raise NotAFeed(*value)

    def kill(self) -> None:
        """End the process even while it is at work; whoever waits for it gets NotAFeed."""
        if self._process:
            self._process.kill()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    def _ask(self, request: bytes) -> tuple[bytes, bool]:
        process = self._process = self._running() or self._start()
        assert process.stdin
        assert process.stdout
        late = threading.Event()
        timer = threading.Timer(self._deadline, _kill, (process, late))
        timer.start()
        try:
            process.stdin.write(request)
            process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = b""
        finally:
            timer.cancel()
        if not answer.endswith(b"\n"):
            self._stop()
        return answer, late.is_set()

    def _running(self) -> subprocess.Popen[bytes] | None:
        return self._process if self._process and self._process.poll() is None else None

    def _start(self) -> subprocess.Popen[bytes]:
        self._stop()
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "streams.sources.child"],  # -P: nothing is imported from the current folder
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:  # bytes that the dead process never took
                    continue


def _kill(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


@functools.cache
def shared_helper() -> Helper:
    """The helper of this process, ended with it."""
    helper = Helper()
    atexit.register(helper.close)
    return helper
