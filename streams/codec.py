"""The wire format: one JSON document per record, with CloudEvents 1.0 attributes beside it (binary mode)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from schemas.topic import Topic
from streams.runtimes.base import Broken, Record
from streams.topics import TOPICS
from workers.ports import Emit

SPEC_VERSION: Final = "1.0"
SOURCE: Final = "/nightwire"
DATA: Final = b"d"


def encode(emit: Emit, at: datetime) -> dict[bytes, bytes]:
    """Fields of a stream entry or headers and value of a Kafka record: attributes `ce_*`, and the document in `d`."""
    spec = TOPICS[emit.topic]
    return {
        b"ce_specversion": SPEC_VERSION.encode(),
        b"ce_id": emit.id.encode(),
        b"ce_source": SOURCE.encode(),
        b"ce_type": spec.type.encode(),
        b"ce_dataschema": spec.schema_id.encode(),
        b"ce_time": at.isoformat().encode(),
        b"ce_partitionkey": emit.key.encode(),
        b"content-type": b"application/json",
        DATA: emit.model.model_dump_json().encode(),
    }


def decode(topic: Topic, offset: str, fields: Mapping[bytes, bytes]) -> Record | Broken:
    """The record of a stream entry; whatever cannot be read comes back as Broken with the reason, never raises."""
    kind = fields.get(b"ce_type", b"").decode("utf-8", "replace")
    if kind not in ("", TOPICS[topic].type):
        return unread(topic, offset, fields, f"is a {kind}, and this version reads {TOPICS[topic].type}")
    try:
        model = TOPICS[topic].model.model_validate_json(fields.get(DATA, b""))
        time = datetime.fromisoformat(fields[b"ce_time"].decode())
        if time.tzinfo is None:
            raise ValueError("ce_time has no offset")
        return Record(offset, topic, _key(fields), fields[b"ce_id"].decode(), time, model)
    except ValidationError as error:
        why = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
        return unread(topic, offset, fields, why)
    except (KeyError, ValueError) as error:
        return unread(topic, offset, fields, f"attributes: {error!r}")


def unread(topic: Topic, offset: str, fields: Mapping[bytes, bytes], why: str) -> Broken:
    """The record of a stream entry that is not to be read, or cannot be: as it stands, with the reason."""
    return Broken(offset, topic, _key(fields), fields.get(DATA, b""), why)


def _key(fields: Mapping[bytes, bytes]) -> str:
    return fields.get(b"ce_partitionkey", b"").decode("utf-8", "replace")
