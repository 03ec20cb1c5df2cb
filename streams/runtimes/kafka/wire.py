"""How a record stands on Kafka: CloudEvents in binary mode, attributes as headers, the document as the value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from streams.codec import DATA
from streams.runtimes.kafka.port import Raw

KEY: Final = b"ce_partitionkey"
SEQUENCE: Final = "ce_sequence"
"""CloudEvents' extension `sequence`: ascends within a partition; one that is not above the last is a repetition."""
WRITER: Final = b"nw_by"
"""Field of a journal entry, never sent: who wrote it."""

Sequence = tuple[int, int]
FIRST: Final[Sequence] = (0, 0)
_SEQUENCE: Final = re.compile(rb"(\d{1,19})-(\d{1,19})")


def to_sequence(entry: bytes) -> bytes:
    """The id of a journal entry as a header: padded, so that sequences sort as text too."""
    first, second = from_sequence(entry) or FIRST
    return b"%015d-%08d" % (first, second)


def from_sequence(raw: bytes | None) -> Sequence | None:
    """The two numbers of a sequence; None for what is none of ours."""
    found = _SEQUENCE.fullmatch(raw or b"")
    return (int(found[1]), int(found[2])) if found else None


def to_headers(entry: bytes, fields: Mapping[bytes, bytes]) -> list[tuple[str, bytes]]:
    """The headers of a record from its journal entry."""
    names = (name for name in fields if name not in (DATA, WRITER))
    return [(SEQUENCE, to_sequence(entry)), *((name.decode(), fields[name]) for name in names)]


def to_fields(raw: Raw) -> dict[bytes, bytes]:
    """A record as the codec reads it; a program of another kind may have left the key to Kafka's own."""
    fields = {name.encode("utf-8", "surrogateescape"): value for name, value in raw.headers}
    fields.setdefault(KEY, raw.key)
    return {**fields, DATA: raw.value}


def sequence_of(raw: Raw) -> Sequence | None:
    """A record's sequence; None when another program wrote it."""
    return next((from_sequence(value) for name, value in raw.headers if name == SEQUENCE), None)
