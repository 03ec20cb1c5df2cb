"""The AsyncAPI document is current, valid by AsyncAPI's own schema, and agrees with the tables and the codec."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from schemas.article import Article
from schemas.topic import Topic
from streams.cli import topics
from streams.codec import DATA, encode
from streams.published.asyncapi import HEADERS, document
from streams.runtimes.kafka.layout import LAYOUT
from streams.runtimes.kafka.wire import to_headers
from streams.topics import TOPICS
from workers.ports import Emit

ROOT = Path(__file__).parents[4]
COMMITTED = ROOT / "docs" / "asyncapi.yaml"
SPECIFICATION = ROOT / "tests" / "data" / "specifications" / "asyncapi-3.0.0.json"


@pytest.fixture(scope="module")
def committed() -> Any:
    return YAML(typ="safe").load(COMMITTED)


def test_the_committed_document_is_current() -> None:
    printed = CliRunner().invoke(topics.app, ["asyncapi"])
    assert printed.exit_code == 0, printed.output
    assert printed.stdout == COMMITTED.read_text(encoding="utf-8"), "run `make schemas`"


def test_it_is_valid(committed: Any) -> None:
    validator = jsonschema.Draft7Validator(json.loads(SPECIFICATION.read_text(encoding="utf-8")))
    assert [(error.json_path, error.message[:200]) for error in validator.iter_errors(committed)] == []
    committed["channels"]["alerts"]["bindings"]["kafka"]["partitions"] = 0
    assert list(validator.iter_errors(committed)), "the check can fail"
    committed["channels"]["alerts"]["bindings"]["kafka"]["partitions"] = 1


def references(node: Any) -> Iterator[str]:
    for name, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if name == "$ref":
            yield value
        else:
            yield from references(value)


def test_every_reference_leads_somewhere(committed: Any) -> None:
    found = set(references(committed))
    assert len(found) > 20
    for reference in found:
        node = committed
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
        assert node


def test_it_says_what_the_tables_say(committed: Any) -> None:
    assert set(committed["channels"]) == {topic.value for topic in TOPICS}
    for topic, spec in TOPICS.items():
        channel = committed["channels"][topic.value]
        kafka = channel["bindings"]["kafka"]
        assert channel["address"] == spec.wire
        assert kafka["partitions"] == LAYOUT[topic].partitions
        assert kafka["topicConfiguration"]["cleanup.policy"] == [LAYOUT[topic].settings()["cleanup.policy"]]
        message = committed["components"]["messages"][spec.model.__name__]
        assert message["name"] == spec.type
        assert message["bindings"]["kafka"]["key"]["description"] == spec.key


def test_payloads_are_valid_for_real_documents(committed: Any) -> None:
    article = Article(id="a", revision="r", fetched=datetime(2024, 9, 10, tzinfo=UTC))
    schema = {"$ref": "#/components/schemas/Article", "components": committed["components"]}
    validator = jsonschema.Draft7Validator(schema)
    validator.validate(json.loads(article.model_dump_json()))
    assert not validator.is_valid({"id": "a"})


def test_the_headers_are_those_that_are_sent() -> None:
    article = Article(id="a", revision="r", fetched=datetime(2024, 9, 10, tzinfo=UTC))
    fields = encode(Emit(Topic.ARTICLES, "a", article, "a.r"), article.fetched)
    sent = {name: value.decode() for name, value in to_headers(b"5-1", fields)}
    assert DATA.decode() not in sent
    assert set(sent) == set(HEADERS)
    trait = document()["components"]["messageTraits"]["cloudevent"]["headers"]
    jsonschema.Draft7Validator(trait, format_checker=jsonschema.FormatChecker()).validate(sent)


def test_the_broker_can_be_named() -> None:
    printed = CliRunner().invoke(topics.app, ["asyncapi", "--kafka", "broker.example.org:9093"])
    assert YAML(typ="safe").load(printed.stdout)["servers"]["kafka"]["host"] == "broker.example.org:9093"
