"""The AsyncAPI 3.0 document of all topics on Kafka, made of the tables of topics and of their layout.

It is written for the consumer: each operation says `receive`, which is what its application does.
Payloads stand in `components.schemas` in the form of draft-07, which every AsyncAPI tool reads.
"""

from __future__ import annotations

import io
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import walk_tree

from streams.published.schemas import Generator, Json
from streams.runtimes.kafka.layout import LAYOUT
from streams.topics import TOPICS, TopicSpec

BINDING: Final = "0.5.0"
"""The version of the Kafka binding."""
VERSION: Final = "1.0.0"
"""The version of what is promised: the first number is that of the topics' names."""
LISTS: Final = ("cleanup.policy",)
"""Settings of a topic that AsyncAPI writes as a list."""

ABOUT: Final = """\
Topics that nightwire publishes, as a consumer sees them. docs/topics.md tells how to read them: what a
revision means, and why a record may come twice. On Valkey and Redis the same records are entries of the
streams `{nightwire}:topic:<address>`, with the headers as fields and the document in the field `d`.
"""

HEADERS: Final[dict[str, tuple[str, Json]]] = {
    "ce_specversion": ("version of CloudEvents", {"const": "1.0"}),
    "ce_id": ("names the record on its topic; the same id again is the same record", {}),
    "ce_source": ("who says it", {"format": "uri-reference"}),
    "ce_type": ("what kind of record, with the version of its schema", {}),
    "ce_dataschema": ("the URI of the JSON Schema", {"format": "uri"}),
    "ce_time": ("when it was published, by the clock of the records", {"format": "date-time"}),
    "ce_partitionkey": ("the record's key", {}),
    "ce_sequence": ("ascends within a partition; one that is not above the last is a repetition", {}),
    "content-type": ("the form of the value", {"const": "application/json"}),
}
"""The headers of every record: CloudEvents 1.0 in binary mode, their meaning and what their texts obey."""


def document(brokers: str = "localhost:9092") -> Json:
    """The whole document, for a cluster at `brokers`."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "nightwire", "version": VERSION, "description": ABOUT},
        "defaultContentType": "application/json",
        "servers": {"kafka": {"host": brokers, "protocol": "kafka", "description": "Any broker of the cluster."}},
        "channels": {spec.topic.value: _channel(spec) for spec in TOPICS.values()},
        "operations": {_operation_name(spec): _operation(spec) for spec in TOPICS.values()},
        "components": {
            "messages": {spec.model.__name__: _message(spec) for spec in TOPICS.values()},
            "messageTraits": {"cloudevent": {"headers": _headers()}},
            "schemas": _schemas(),
        },
    }


def to_yaml(content: Json) -> str:
    """The document as its file holds it."""
    yaml = YAML()
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO("")
    walk_tree(content)  # a text of several lines as a block
    yaml.dump(content, out)
    return out.getvalue()


def _channel(spec: TopicSpec) -> Json:
    row = LAYOUT[spec.topic]
    settings = {name: _setting(name, value) for name, value in row.settings().items()}
    return {
        "address": spec.wire,
        "description": f"{_sentence(spec.purpose)} Key: {spec.key}.",
        "messages": {spec.model.__name__: {"$ref": f"#/components/messages/{spec.model.__name__}"}},
        "bindings": {
            "kafka": {"partitions": row.partitions, "topicConfiguration": settings, "bindingVersion": BINDING}
        },
    }


def _setting(name: str, value: str) -> object:
    """A setting with the type that AsyncAPI wants."""
    if name in LISTS:
        return value.split(",")
    return int(value) if value.isdigit() else value


def _operation_name(spec: TopicSpec) -> str:
    return "receive" + spec.model.__name__


def _operation(spec: TopicSpec) -> Json:
    channel = _pointer(spec.topic.value)
    return {
        "action": "receive",
        "summary": f"Read {spec.purpose}.",
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{spec.model.__name__}"}],
    }


def _pointer(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _message(spec: TopicSpec) -> Json:
    return {
        "name": spec.type,
        "title": spec.model.__name__,
        "summary": _sentence(spec.purpose),
        "contentType": "application/json",
        "traits": [{"$ref": "#/components/messageTraits/cloudevent"}],
        "payload": {"$ref": f"#/components/schemas/{spec.model.__name__}"},
        "bindings": {"kafka": {"key": {"type": "string", "description": spec.key}, "bindingVersion": BINDING}},
    }


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _headers() -> Json:
    rows = {name: {"type": "string", "description": words, **more} for name, (words, more) in HEADERS.items()}
    return {"type": "object", "required": list(HEADERS), "properties": rows}


def _schemas() -> Json:
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(spec.model, "serialization") for spec in TOPICS.values()]
    template = "#/components/schemas/{model}"
    _, found = models_json_schema(models, ref_template=template, schema_generator=Generator)
    schemas = _older(found["$defs"])
    assert isinstance(schemas, dict)
    return schemas


def _older(node: Any) -> Any:
    """The same in draft-07, which has no `prefixItems`."""
    if isinstance(node, list):
        return [_older(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {"items" if name == "prefixItems" else name: _older(each) for name, each in node.items()}
