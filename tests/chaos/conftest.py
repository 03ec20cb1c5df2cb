"""A webhook receiver that remembers every delivery, and how many rounds of killing are asked for."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Receiver:
    """A receiver as Standard Webhooks asks for: it takes every `webhook-id` once, and answers 204 also to a repeat.

    `ids` are the notices that it took, `repeats` the deliveries that it knew already.
    """

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.repeats: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                name = self.headers["webhook-id"]
                (receiver.repeats if name in receiver.ids else receiver.ids).append(name)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def forget(self) -> tuple[list[str], int]:
        """What was taken and how many repeats there were since the last call."""
        told, repeats = self.ids, len(self.repeats)
        self.ids, self.repeats = [], []
        return told, repeats

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def rounds() -> int:
    """Few in the normal suite; `make chaos` asks for fifty."""
    return int(os.environ.get("NIGHTWIRE_CHAOS", "4"))
