"""The main job on a real broker: the same bytes as on every other runtime, and nothing is told twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("valkey_binary")


@pytest.fixture
def brokers(real_kafka: Callable[..., AbstractContextManager[Any]]) -> Iterator[str]:
    with real_kafka() as one:
        yield one.address


def test_the_same_bytes_as_in_memory_and_nothing_twice(nightwire: Any, tmp_path: Path, brokers: str) -> None:
    def replay(*more: str | Path) -> Any:
        return nightwire("replay", "--speed", "max", "--json", *more)

    on_kafka = ("--runtime", "kafka", "--kafka", brokers, "--data-dir", tmp_path / "state")
    first = replay(*on_kafka)
    assert first.status == 0, first.err
    assert first.out == replay("--runtime", "memory").out
    assert first.out.count("\n") == 3
    again = replay(*on_kafka)
    assert (again.status, again.out) == (0, "")


def test_topics_are_asked_for_by_name(nightwire: Any, tmp_path: Path, brokers: str) -> None:
    refused = nightwire("topics", "ls", "--data-dir", tmp_path, env={"NIGHTWIRE_KAFKA": brokers})
    assert refused.status == 4
    assert f"nightwire topics create --kafka {brokers}" in refused.err
    assert nightwire("topics", "create", "--kafka", brokers).out.count("created") == 8
    assert nightwire("topics", "create", "--kafka", brokers).out.count("is there") == 8
    assert nightwire("topics", "ls", "--data-dir", tmp_path, env={"NIGHTWIRE_KAFKA": brokers}).status == 0
