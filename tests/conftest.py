"""Helpers that every test may use: running the installed command, and a webhook receiver on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

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

    def run(*args: str | Path, stdin: str = "", env: dict[str, str] | None = None, seconds: float = 120) -> Ran:
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
