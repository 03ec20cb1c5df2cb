"""Records on the wire are CloudEvents 1.0 in binary mode, by the word of the CloudEvents library too."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event

from schemas.article import Article
from schemas.event import ArticleRef, Event, Extraction
from schemas.topic import Topic
from streams.codec import DATA, decode, encode
from streams.runtimes.base import Broken, Record
from streams.runtimes.kafka.port import Raw
from streams.runtimes.kafka.wire import KEY, SEQUENCE, to_fields, to_headers
from streams.topics import TOPICS
from workers.ports import Emit

AT = datetime(2024, 9, 10, 3, 0, 0, 123456, tzinfo=UTC)
ARTICLE = Article(id="стаття", revision="r", title="Дрони над Сумами", fetched=AT)
EMIT = Emit(Topic.ARTICLES, ARTICLE.id, ARTICLE, "стаття.r")


def message() -> KafkaMessage:
    fields = encode(EMIT, AT)
    return KafkaMessage(dict(to_headers(b"1725937200123-4", fields)), fields[KEY], fields[DATA])


def test_the_cloudevents_library_reads_a_record() -> None:
    event = from_kafka_event(message())
    spec = TOPICS[Topic.ARTICLES]
    assert event.get_specversion() == "1.0"
    assert (event.get_id(), event.get_source(), event.get_type()) == ("стаття.r", "/nightwire", spec.type)
    assert event.get_dataschema() == spec.schema_id
    assert event.get_datacontenttype() == "application/json"
    assert event.get_time() == AT
    assert event.get_extension("partitionkey") == ARTICLE.id
    data = event.get_data()
    assert Article.model_validate(data if isinstance(data, dict) else json.loads(data)) == ARTICLE  # type: ignore[arg-type]


def test_the_headers_follow_the_binding() -> None:
    """Names of attributes in small letters and digits behind `ce_`, datacontenttype as content-type alone."""
    headers = message().headers
    attributes = [name.removeprefix("ce_") for name in headers if name.startswith("ce_")]
    assert all(name.isascii() and name.isalnum() and name.islower() and len(name) <= 20 for name in attributes)
    assert {"id", "source", "specversion", "type"} <= set(attributes)
    assert {name for name in headers if not name.startswith("ce_")} == {"content-type"}
    assert headers["content-type"] == b"application/json"
    assert all(headers.values()), "no attribute is empty"
    assert headers[SEQUENCE] == b"001725937200123-00000004"


@pytest.mark.parametrize("topic", TOPICS, ids=str)
def test_types_and_schemas_carry_the_version_of_the_topic(topic: Topic) -> None:
    spec = TOPICS[topic]
    version = spec.wire.rpartition(".")[2]
    assert spec.type.startswith("nightwire.")
    assert spec.type.endswith(f".{version}")
    assert spec.schema_id == f"urn:nightwire:{spec.wire}"


def read(value: bytes, **headers: bytes) -> Record | Broken:
    found = {
        **message().headers,
        **{name.replace("content_type", "content-type"): text for name, text in headers.items()},
    }
    return decode(Topic.ARTICLES, "7", to_fields(Raw(0, 7, b"k", value, tuple(found.items()))))


def test_a_record_comes_back() -> None:
    assert read(message().value) == Record("7", Topic.ARTICLES, ARTICLE.id, EMIT.id, AT, ARTICLE)


def test_fields_of_a_newer_version_are_passed_over() -> None:
    newer = {**json.loads(message().value), "mood": "grim", "parts": {"a": [1]}}
    found = read(json.dumps(newer).encode())
    assert isinstance(found, Record)
    assert found.model == ARTICLE


def test_a_value_of_a_newer_version_is_other_where_there_is_one() -> None:
    ref = ArticleRef(id="a", revision="r", fetched=AT)
    document = json.loads(
        Extraction(article=ref, events=(Event(id="e", type="attack", quote="q", span=(0, 1)),)).model_dump_json()
    )
    document["events"][0]["type"] = "surrender"
    assert Extraction.model_validate_json(json.dumps(document)).events[0].type == "other"


def test_a_record_of_another_type_is_put_aside_whole_and_not_misread() -> None:
    found = read(message().value, ce_type=b"nightwire.article.fetched.v2")
    assert isinstance(found, Broken)
    assert found.raw == message().value
    assert found.why == "is a nightwire.article.fetched.v2, and this version reads nightwire.article.fetched.v1"


@pytest.mark.parametrize(
    ("value", "headers", "why"),
    [
        (b"", {}, "EOF"),
        (b"\xff", {}, ""),
        (b"{}", {}, "id: Field required"),
        (None, {"ce_time": b"yesterday"}, "attributes: "),
        (None, {"ce_time": b"2024-09-10T03:00:00"}, "no offset"),
        (None, {"ce_time": b"\xff"}, "attributes: "),
    ],
)
def test_what_cannot_be_read_is_told_and_never_raised(value: bytes | None, headers: dict[str, bytes], why: str) -> None:
    found = read(message().value if value is None else value, **headers)
    assert isinstance(found, Broken)
    assert why in found.why
