"""What tests of several folders use: the installed command, servers, and a word about what a machine lacks."""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, settings

from streams.runtimes.base import RuntimeRefused
from streams.state.binary import Binary, find_server
from streams.state.server import PrivateServer

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # properties are no measurements: a busy machine is no reason to fail

TRIES = 5
"""A machine that is busy with other work spoils some measurements, and hardly all."""

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "streams.cli.main")


@dataclass(frozen=True)
class Ran:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, object]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Nightwire = Callable[..., Ran]


def clean_environment(home: Path) -> dict[str, str]:
    """An environment without any configuration of the machine's user."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NIGHTWIRE_", "XDG_"))}
    return kept | {"HOME": str(home), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}


@pytest.fixture
def nightwire(tmp_path: Path) -> Nightwire:
    """Run `nightwire` in an empty folder of its own and return what it printed."""

    def run(*args: str | Path, stdin: str = "", env: dict[str, str] | None = None, seconds: float = 300) -> Ran:
        done = subprocess.run(
            [*COMMAND, *map(str, args)],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=seconds,
            cwd=tmp_path,
            env=clean_environment(tmp_path) | (env or {}),
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `nightwire` in the background; whatever is still there at the end is killed."""
    children: list[subprocess.Popen[str]] = []

    def start(*args: str | Path, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        command: Sequence[str] = [*COMMAND, *map(str, args)]
        child = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=clean_environment(tmp_path) | (env or {}),
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


class Hook(ThreadingHTTPServer):
    """A receiver of webhooks on loopback: keeps what it is sent, and answers with its `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Post)
        self.url = f"http://127.0.0.1:{self.server_port}/"
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []


class Post(BaseHTTPRequestHandler):
    """One request to it."""

    def do_POST(self) -> None:
        assert isinstance(self.server, Hook)
        self.server.got.append((dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


@pytest.fixture
def webhook() -> Iterator[Hook]:
    """A receiver of webhooks that runs for the length of a test, in a thread of its own."""
    with Hook() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def takes_linear_time() -> Callable[..., bool]:
    """Whether ten times the text takes at most forty times the processor time; a quadratic reader takes a hundred."""

    def compare(work: Callable[[str], object], unit: str, size: int) -> bool:
        def seconds(times: int) -> float:
            text = unit * (times * size // len(unit))
            start = time.process_time()
            work(text)
            return time.process_time() - start

        return any(seconds(10) < 40 * max(seconds(1), 0.001) for _ in range(TRIES))

    return compare


def fail_or_skip(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"CI needs it: {what}")
    pytest.skip(f"NOT TESTED: {what}")


@pytest.fixture(scope="session")
def lacking() -> Callable[[str], NoReturn]:
    """Says that this machine lacks something: a loud skip, and in CI a failure."""
    return fail_or_skip


@pytest.fixture(scope="session")
def valkey_binary() -> Binary:
    """The program of the private server."""
    try:
        return find_server()
    except RuntimeRefused as refused:
        fail_or_skip(f"VALKEY: {refused}")


@pytest.fixture(scope="session")
def private_server() -> Callable[[], AbstractContextManager[Path]]:
    """Runs an empty private server for the length of a block, outside of any event loop, and tells its socket."""

    @contextmanager
    def run() -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
            server = PrivateServer(Path(folder))
            yield runner.run(server.start())
            runner.run(server.stop())

    return run


@pytest.fixture(scope="session")
def private_socket(valkey_binary: Binary, private_server: Callable[[], AbstractContextManager[Path]]) -> Iterator[Path]:
    """The socket of one server for all tests of a session, which keep to prefixes of their own."""
    with private_server() as socket:
        yield socket


@pytest.fixture(scope="session")
def kafka_tool() -> Callable[[str], SimpleNamespace]:
    """What a program of tools/kafka defines, by its name."""
    return lambda name: SimpleNamespace(**runpy.run_path(str(ROOT / "tools" / "kafka" / f"{name}.py")))


@pytest.fixture(scope="session")
def real_kafka(kafka_tool: Callable[[str], SimpleNamespace]) -> Callable[..., AbstractContextManager[Any]]:
    """Runs a broker with an empty folder for the length of a block, with the arguments of the tool's `running`."""

    tool = kafka_tool("broker")

    @contextmanager
    def run(**settings: Any) -> Iterator[Any]:
        try:
            with tool.running(**settings) as one:
                yield one
        except tool.BrokerAbsent as absent:
            fail_or_skip(f"KAFKA: {absent}")

    return run
