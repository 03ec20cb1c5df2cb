"""A replay that is killed at random moments, or whose server is, ends with the same three alerts, each told once."""

from __future__ import annotations

import base64
import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytestmark = pytest.mark.chaos

Spawn = Callable[..., "subprocess.Popen[str]"]
SECRET = "whsec_" + base64.b64encode(b"a secret of the tests, 32 bytes!").decode()


def configuration(folder: Path, url: str) -> Path:
    file = folder / "chaos.yaml"
    file.write_text(
        "version: 1\n"
        "receivers:\n"
        "  hook:\n"
        "    accept: {mode: [replay]}\n"
        f"    to: [{{webhook: {{url: '{url}', secret_env: HOOK_SECRET}}}}]\n",
        encoding="utf-8",
    )
    return file


class Round:
    """One data directory, replayed until it is done."""

    def __init__(self, spawn: Spawn, config: Path, state: Path) -> None:
        self._spawn = spawn
        self._args = ("replay", "--speed", "max", "--deliver", "--json", "--config", config, "--data-dir", state)

    def start(self) -> subprocess.Popen[str]:
        return self._spawn(*self._args, env={"HOOK_SECRET": SECRET})

    def finish(self) -> str:
        child = self.start()
        out, err = child.communicate(timeout=300)
        assert child.returncode == 0, err
        return out


def server_of(process: subprocess.Popen[str]) -> int | None:
    """The pid of the private server of a replay, once it is there."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    for pid in children.read_text().split() if children.exists() else []:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if (b"valkey" in words or b"redis" in words) and b"--version" not in words:
            return int(pid)
    return None


def wait_for_server(process: subprocess.Popen[str]) -> int | None:
    """The pid of the private server as soon as it runs; None when the replay ends without one."""
    while process.poll() is None:
        if (server := server_of(process)) is not None:
            return server
        time.sleep(0.005)
    return None


class Length(NamedTuple):
    """Seconds that an undisturbed replay takes here: before its server runs, and from then on."""

    before: float
    served: float


@pytest.fixture
def length(spawn: Spawn, receiver: Any, tmp_path: Path) -> Length:
    """Measured on one undisturbed replay, which also shows that three notices are delivered."""
    begun = time.monotonic()
    child = Round(spawn, configuration(tmp_path, receiver.url), tmp_path / "undisturbed").start()
    assert wait_for_server(child) is not None
    served = time.monotonic()
    _, err = child.communicate(timeout=300)
    assert child.returncode == 0, err
    assert (len(receiver.ids), receiver.repeats) == (3, [])
    return Length(served - begun, time.monotonic() - served)


def check(receiver: Any, expected: set[str], most_repeats: int, what: object) -> int:
    """Every notice was taken once; returns how many deliveries were repeats under a known id.

    A sender that is killed between the receiver's answer and its own commit cannot know that it was
    heard: it sends again, under the same id, and at most the one that was under way.
    """
    told, repeats = receiver.forget()
    assert set(told) == expected, (what, "lost or invented")
    assert repeats <= most_repeats, (what, "told again without need")
    return int(repeats)


def test_the_process_is_killed(spawn: Spawn, receiver: Any, tmp_path: Path, rounds: int, length: Length) -> None:
    expected = set(receiver.forget()[0])
    config, dice = configuration(tmp_path, receiver.url), random.Random(20260904)
    repeats = 0
    for number in range(rounds):
        play = Round(spawn, config, tmp_path / f"killed-{number}")
        child = play.start()
        wait_for_server(child)
        delay = dice.uniform(0.0, 1.0) * length.served
        time.sleep(delay)  # the one kind of test that may: the moment of the blow is its subject
        child.send_signal(signal.SIGKILL)
        child.communicate()
        play.finish()
        repeats += check(receiver, expected, 1, (number, delay))
    print(f"{rounds} kills of the process, {repeats} deliveries repeated under their id")


def test_the_server_is_killed(spawn: Spawn, receiver: Any, tmp_path: Path, rounds: int, length: Length) -> None:
    expected = set(receiver.forget()[0])
    config, dice = configuration(tmp_path, receiver.url), random.Random(20260905)
    struck = 0
    for number in range(rounds):
        play = Round(spawn, config, tmp_path / f"server-{number}")
        child = play.start()
        server = wait_for_server(child)
        assert server is not None
        delay = dice.uniform(0.0, 0.6) * length.served if number else 0.0  # the first blow never comes too late
        time.sleep(delay)
        with contextlib.suppress(ProcessLookupError):  # it may have been faster this time
            os.kill(server, signal.SIGKILL)
            struck += 1
        _, err = child.communicate(timeout=300)
        assert child.returncode == 0, (number, delay, err)
        check(receiver, expected, 0, (number, delay))
    assert struck > 0, "no server was ever struck: the test tests nothing"
    print(f"{struck} kills of the server, nothing repeated")
