"""What docs/topics.md says of topics, headers, records and rules is what the tables and the models say."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from streams.published.asyncapi import HEADERS
from streams.published.compatibility import RULES
from streams.published.schemas import schema_of
from streams.runtimes.kafka.layout import LAYOUT
from streams.topics import TOPICS, TopicSpec

FILE = Path(__file__).parents[4] / "docs" / "topics.md"
MANUAL = FILE.read_text(encoding="utf-8")
SPECS = pytest.mark.parametrize("spec", TOPICS.values(), ids=lambda spec: spec.wire)


def section(title: str) -> str:
    return MANUAL.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> dict[str, list[str]]:
    lines = [line.strip("| ").split(" | ") for line in section(title).splitlines() if line.startswith("| `")]
    return {cells[0].strip("`"): [cell.strip() for cell in cells[1:]] for cells in lines}


def days(length: timedelta) -> str:
    return f"{length.days} day{'s' if length.days > 1 else ''}"


@SPECS
def test_the_table_of_topics(spec: TopicSpec) -> None:
    layout = LAYOUT[spec.topic]
    _, key, partitions, kafka, valkey, schema = rows("The topics")[spec.wire]
    assert (key, partitions) == (spec.key, str(layout.partitions))
    assert kafka == ("newest per key" if layout.compact else days(layout.keep))
    assert valkey == days(spec.keep)
    assert schema.split("]")[0] == f"[{spec.model.__name__}"


def test_no_topic_too_many() -> None:
    assert set(rows("The topics")) == {spec.wire for spec in TOPICS.values()}


def test_the_table_of_headers() -> None:
    assert set(rows("A record")) == set(HEADERS)


def test_the_table_of_rules() -> None:
    told = re.findall(r"\| `([a-z-]+)` \| ?(forward|backward|both)? ?\|", section("What may change"))
    says = {name: rule.breaks for name, rule in RULES.items()}
    words = {"": "compatible", "both": "forward and backward"}
    assert {name: words.get(breaks, breaks) for name, breaks in told} == says


@SPECS
def test_every_topic_has_its_meaning_and_an_example(spec: TopicSpec) -> None:
    text = MANUAL.split(f"\n### {spec.wire}\n")[1].split("\n##")[0]
    (example,) = re.findall(rf"```json {re.escape(spec.wire)}\n(.*?)```", text, re.DOTALL)
    jsonschema.Draft202012Validator(schema_of(spec)).validate(json.loads(example))
    spec.model.model_validate_json(example)
