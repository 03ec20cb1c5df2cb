"""What docs/operations.md names is there: metrics and their labels, alarms, numbers of partitions."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.core import Metric
from ruamel.yaml import YAML

from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.kafka.layout import LAYOUT
from streams.runtimes.memory import MemoryRuntime
from streams.topics import TOPICS
from streams.web import Board
from streams.web.metrics import BoardCollector
from workers.pipeline import PIPELINE

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "operations.md"
MANUAL = FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def metrics() -> dict[str, Metric]:
    """What /metrics tells, by the names that Prometheus sees."""
    board = Board(MemoryRuntime(), ManualClock(datetime(2024, 9, 10, tzinfo=UTC)))
    found = BoardCollector(board).collect()
    return {each.name + ("_total" if each.type == "counter" else ""): each for each in found}


def test_every_metric_is_there_and_is_told_of(metrics: dict[str, Metric]) -> None:
    assert set(re.findall(r"\bnightwire_[a-z_]+", MANUAL)) == set(metrics)


def alarms() -> list[dict[str, Any]]:
    blocks = [YAML(typ="safe").load(text) for text in re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL)]
    (document,) = [block for block in blocks if "groups" in block]
    return [rule for group in document["groups"] for rule in group["rules"]]


LABELS = {
    "kind": {"in", "out", "dropped", "quarantined", "emitted"},
    "outcome": {"ok", "unchanged", "failed", "disabled", "unchecked"},
    "room": {room.name for room in PIPELINE},
}


@pytest.mark.parametrize("rule", alarms(), ids=lambda rule: rule["alert"])
def test_an_alarm_asks_for_what_is_there(rule: dict[str, Any], metrics: dict[str, Metric]) -> None:
    assert set(re.findall(r"nightwire_[a-z_]+", rule["expr"])) <= set(metrics)
    for label, value in re.findall(r'(\w+)="([^"]+)"', rule["expr"]):
        assert value in LABELS[label]
    assert rule["expr"].count("(") == rule["expr"].count(")")
    assert rule["annotations"]["summary"]


def test_the_numbers_of_partitions() -> None:
    assert {LAYOUT[topic].partitions for topic in (Topic.ARTICLES, Topic.UNIQUE, Topic.INCIDENTS)} == {6}
    assert {row.partitions for topic, row in LAYOUT.items() if row.partitions > 1} == {6}
    more = re.search(r"Only (.+) may have more than they come with", MANUAL)
    assert more
    assert set(re.findall(r"`([^`]+)`", more[1])) == {
        TOPICS[topic].wire for topic, row in LAYOUT.items() if row.partitions > 1
    }
