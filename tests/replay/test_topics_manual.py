"""Every program and command of docs/topics.md runs as it stands there, on a real broker and a real server."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from schemas.topic import Topic
from streams.app import REPLAY
from streams.runtimes.base import Record
from streams.runtimes.valkey import ValkeyRuntime
from streams.state.folder import Folder
from streams.topics import TOPICS

pytestmark = pytest.mark.usefixtures("valkey_binary")

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "topics.md").read_text(encoding="utf-8")
BLOCKS = {name: text for _, name, text in re.findall(r"```(\w+) (\S+)\n(.*?)```", MANUAL, re.DOTALL)}
PATIENCE = 300.0
"""Seconds that a program has to print what it must: machines of CI are busy."""


@dataclass(frozen=True)
class Place:
    """A folder with `nightwire` on the path, where examples are run."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, *words: str) -> str:
        done = subprocess.run(
            ["nightwire", *words],
            cwd=self.folder,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def watch(self, command: list[str], enough: Callable[[list[str]], bool]) -> list[str]:
        """Run a program that need not end until it has printed enough; returns what it printed."""
        with (self.folder / "stderr").open("w") as stderr:
            child = subprocess.Popen(
                command,
                cwd=self.folder,
                env=dict(self.environment),
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                start_new_session=True,
            )
        end = threading.Timer(PATIENCE, os.killpg, (child.pid, signal.SIGKILL))
        end.start()
        printed: list[str] = []
        assert child.stdout
        try:
            for line in child.stdout:
                printed.append(line.rstrip("\n"))
                if enough(printed):
                    return printed
        finally:
            end.cancel()
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
        pytest.fail(f"{command} ended too early: {printed} {(self.folder / 'stderr').read_text()[-2000:]}")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("consumer")
    shims = folder / "bin"
    shims.mkdir()
    jars = ROOT / ".cache" / "kafka" / "lib"
    programs = {
        "nightwire": f'exec {sys.executable} -m streams.cli.main "$@"',
        "kafka-console-consumer.sh": f"exec java -cp '{jars}/*' org.apache.kafka.tools.consumer.ConsoleConsumer \"$@\"",
    }
    for name, line in programs.items():
        (shims / name).write_text(f"#!/bin/sh\n{line}\n")
        (shims / name).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NIGHTWIRE_", "XDG_"))}
    ours = {"HOME": str(folder), "PYTHONPATH": str(ROOT), "PATH": f"{shims}:{os.environ['PATH']}", "NO_COLOR": "1"}
    return Place(folder, kept | ours)


@pytest.fixture(scope="module")
def brokers(place: Place, real_kafka: Callable[..., AbstractContextManager[Any]]) -> Iterator[str]:
    """A broker with the seed corpus on it."""
    with real_kafka() as one:
        place.run("replay", "--runtime", "kafka", "--kafka", one.address, "--quiet")
        yield one.address


@dataclass(frozen=True)
class Replayed:
    """The seed corpus on the private server of a replay that goes on serving."""

    page: str
    socket: Path

    def records(self, topic: Topic) -> list[Record]:
        return asyncio.run(self._records(topic))

    async def _records(self, topic: Topic) -> list[Record]:
        runtime = ValkeyRuntime(self.socket, REPLAY)
        try:
            await runtime.open()
            return await runtime.last(topic, 1000)
        finally:
            await runtime.close()


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory, place: Place) -> Iterator[Replayed]:
    home = tmp_path_factory.mktemp("home")
    command = ["nightwire", "replay", "--serve", "--listen", "127.0.0.1:0", "--data-dir", str(home)]
    child = subprocess.Popen(
        command, env=dict(place.environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        assert child.stderr
        page = ""
        for line in child.stderr:
            found = re.search(r"the page is on http://(\S+)/", line)
            page = found[1] if found else page
            if line.startswith("done;"):
                break
        assert page, "the replay serves no page"
        yield Replayed(page, Folder(home).socket())
    finally:
        child.terminate()
        child.communicate(timeout=PATIENCE)


def written(place: Place, name: str, **other: str) -> Path:
    """An example as a file, with the addresses of the test."""
    text = BLOCKS[name]
    for here, there in other.items():
        text = text.replace(ADDRESSES[here], there)
    file = place.folder / name
    file.write_text(text, encoding="utf-8")
    return file


ADDRESSES = {
    "kafka": "127.0.0.1:9092",
    "page": "127.0.0.1:8750",
    "redis": "redis://127.0.0.1:6379/0",
    "group": "my-board",
}


@pytest.fixture(scope="module")
def tool(lacking: Callable[[str], NoReturn]) -> Callable[[str], str]:
    """The path of an installed program."""
    return lambda name: shutil.which(name) or lacking(f"{name} must be installed for an example of docs/topics.md")


RUN = {"incidents.py", "alerts.py", "Notices.java"} | {"kafka-console-consumer", "topics-tail"} | {
    "server-sent-events", "snapshot"
}  # fmt: skip


def test_every_program_of_the_manual_is_run_here() -> None:
    assert {name for name, text in BLOCKS.items() if not name.endswith(".v1")} == RUN
    assert MANUAL.count("```") == 2 * len(BLOCKS), "every block has a name"


def rows_of(place: Place) -> dict[str, int]:
    with sqlite3.connect(place.folder / "incidents.db") as table:
        return dict(table.execute("SELECT id, revision FROM incidents"))


def test_incidents_in_python_and_nothing_twice(place: Place, brokers: str, valkey: Replayed) -> None:
    records = valkey.records(Topic.INCIDENTS)
    newest = {record.key: int(record.id.rpartition("-")[2]) for record in records}
    program = written(place, "incidents.py", kafka=brokers)
    printed = place.watch([sys.executable, program.name], lambda lines: len(lines) == len(records))
    assert not [line for line in printed if line.startswith("skipped")]
    assert rows_of(place) == newest
    assert any("'involved': 144" in line for line in printed)
    again = written(place, "incidents.py", kafka=brokers, group="somebody-else")
    printed = place.watch([sys.executable, again.name], lambda lines: len(lines) == len(records))
    assert all(line.startswith("skipped") for line in printed)
    assert rows_of(place) == newest


def notices(place: Place) -> list[str]:
    with sqlite3.connect(place.folder / "alerts.db") as table:
        return [name for (name,) in table.execute("SELECT ce_id FROM notices ORDER BY rowid")]


def test_alerts_from_streams_in_python_and_nothing_twice(place: Place, valkey: Replayed) -> None:
    program = written(place, "alerts.py", redis=f"unix://{valkey.socket}")
    printed = place.watch([sys.executable, program.name], lambda lines: len(lines) == 3)
    ids = [record.id for record in valkey.records(Topic.ALERTS)]
    assert notices(place) == ids
    assert sorted(line.rpartition(" ")[2] for line in printed) == ["144", "363", "64"]
    with sqlite3.connect(place.folder / "alerts.db") as table:
        table.execute("UPDATE position SET entry = '0'")  # all of it again
        table.execute("DELETE FROM notices WHERE ce_id = ?", [ids[-1]])
    assert place.watch([sys.executable, program.name], lambda lines: len(lines) == 1) == printed[-1:]
    assert notices(place) == ids


def test_notices_in_java(
    place: Place, brokers: str, tool: Callable[[str], str], lacking: Callable[[str], NoReturn]
) -> None:
    java = tool("java")
    modules = subprocess.run([java, "--list-modules"], capture_output=True, text=True, check=True).stdout
    if "jdk.compiler" not in modules:
        lacking("a Java development kit must be installed, not only a runtime")
    program = written(place, "Notices.java", kafka=brokers)
    jars = ROOT / ".cache" / "kafka" / "lib"
    printed = place.watch([java, "-cp", f"{jars}/*", program.name], lambda lines: len(lines) == 3)
    documents = [json.loads(line.partition(" ")[2]) for line in printed]
    assert [line.partition(" ")[0] for line in printed] == [document["id"] for document in documents]
    assert {document["value"] for document in documents} == {363, 144, 64}


def shell(place: Place, name: str, enough: Callable[[list[str]], bool], **other: str) -> list[str]:
    return place.watch(["bash", written(place, name, **other).name], enough)


def test_the_console_consumer(place: Place, brokers: str, tool: Callable[[str], str]) -> None:
    tool("java")
    printed = shell(place, "kafka-console-consumer", lambda lines: len(lines) == 3, kafka=brokers)
    assert all("ce_type:nightwire.alert.notice.v1" in line and '"mode":"replay"' in line for line in printed)


def test_topics_tail_on_kafka(place: Place, brokers: str) -> None:
    printed = shell(place, "topics-tail", lambda lines: len(lines) == 3, kafka=brokers)
    assert {json.loads(line)["data"]["value"] for line in printed} == {363, 144, 64}


def test_server_sent_events(place: Place, valkey: Replayed, tool: Callable[[str], str]) -> None:
    tool("curl")
    printed = shell(
        place,
        "server-sent-events",
        lambda lines: sum(line.startswith("data: ") for line in lines) == 4,
        page=valkey.page,
    )
    assert printed.count("event: notice") == 3


def test_a_snapshot_and_what_follows(place: Place, valkey: Replayed, tool: Callable[[str], str]) -> None:
    tool("curl")
    printed = shell(place, "snapshot", lambda lines: any(line.startswith("data: ") for line in lines), page=valkey.page)
    snapshot = json.loads((place.folder / "incidents.json").read_text())
    assert f"id: {snapshot['cursor']}" in printed
    assert "event: ready" in printed, "not reset: the cursor is understood"
    known = {row["id"] for row in snapshot["incidents"]}
    assert known == {record.key for record in valkey.records(Topic.INCIDENTS)}


def holds(real: Any, shown: Any) -> bool:
    """Whether a real record has everything that a shortened one shows."""
    if isinstance(shown, dict):
        return isinstance(real, dict) and all(name in real and holds(real[name], part) for name, part in shown.items())
    if isinstance(shown, list):
        return isinstance(real, list) and all(any(holds(each, part) for each in real) for part in shown)
    return bool(real == shown)


REAL = (Topic.ARTICLES, Topic.UNIQUE, Topic.EVENTS, Topic.INCIDENTS, Topic.ALERTS, Topic.NOTIFICATIONS)


@pytest.mark.parametrize("topic", REAL, ids=str)
def test_an_example_is_a_record_of_the_seed_corpus(topic: Topic, valkey: Replayed) -> None:
    shown = json.loads(BLOCKS[TOPICS[topic].wire])
    real = [json.loads(record.model.model_dump_json()) for record in valkey.records(topic)]
    assert any(holds(each, shown) for each in real), real
