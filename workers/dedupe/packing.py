"""How dedupe's cells are written: a million articles have seventeen million of them, so every byte counts.

The number of the layout (`FORMAT` in `streams/state/keys.py`) is raised when one of these forms changes.
"""

from __future__ import annotations

import json
import sys
from binascii import a2b_base64, b2a_base64
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from schemas.base import Model
from workers.dedupe.cells import Bucket, Known, Pointer
from workers.dedupe.digests import SLOT, story_id
from workers.ports import Packing

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LARGEST: Final = 400_000
"""Bytes that a stored article may unpack to: a damaged or planted value costs no more than this."""

LEVEL: Final = 3
"""Of zstd: the higher ones take twice the time and save a hundredth."""

DAY, RAW_SLOT = 2, 6
"""Bytes of a day since 1970, and of a slot."""

LAST_DAY: Final = 2 ** (8 * DAY) - 1
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


class PackedPointer(Packing):
    """A pointer as the six bytes of its slot."""

    def pack(self, value: Model) -> bytes:
        """Six bytes."""
        assert isinstance(value, Pointer)
        return a2b_base64(value.slot, strict_mode=True)

    def unpack(self, raw: bytes) -> Pointer:
        """The pointer again; raises ValueError for another number of bytes."""
        if len(raw) != RAW_SLOT:
            raise ValueError(f"a pointer has {RAW_SLOT} bytes, not {len(raw)}")
        return Pointer.model_construct(slot=_text(raw))


class PackedBucket(Packing):
    """A bucket as its articles, each with its day: eight bytes an article, most buckets have one."""

    def pack(self, value: Model) -> bytes:
        """Day and slot of each article, end to end."""
        assert isinstance(value, Bucket)
        packed = bytearray()
        for day, slots in value.days.items():
            head, raw = min(max(day, 0), LAST_DAY).to_bytes(DAY, "big"), a2b_base64(slots, strict_mode=True)
            for start in range(0, len(raw), RAW_SLOT):
                packed += head + raw[start : start + RAW_SLOT]
        return bytes(packed)

    def unpack(self, raw: bytes) -> Bucket:
        """The bucket again; raises ValueError for bytes that are no whole articles."""
        if len(raw) % (DAY + RAW_SLOT):
            raise ValueError(f"a bucket has {DAY + RAW_SLOT} bytes an article, not {len(raw)} in all")
        days: defaultdict[int, str] = defaultdict(str)
        for start in range(0, len(raw), DAY + RAW_SLOT):
            slot = start + DAY
            days[int.from_bytes(raw[start:slot], "big")] += _text(raw[slot : slot + RAW_SLOT])
        return Bucket.model_construct(days=dict(days))


class PackedKnown(Packing):
    """An article as a JSON list of its fields, a line feed and its text, compressed together.

    A field with its default value is null, and so is the story that begins with the article itself.
    """

    def __init__(self) -> None:
        self._compressor = zstd.ZstdCompressor(level=LEVEL)

    def pack(self, value: Model) -> bytes:
        """The article, compressed."""
        assert isinstance(value, Known)
        fields = [None if (v := getattr(value, name)) == default else v for name, default in FIELDS.items()]
        times = [(value.at - EPOCH) // MICROSECOND, (value.published - EPOCH) // MICROSECOND]
        own = value.story == story_id(value.article, value.revision)
        head = json.dumps([*times, None if own else value.story, *fields], ensure_ascii=False, separators=(",", ":"))
        raw = f"{head}\n{value.text}".encode("utf-8", "surrogatepass")
        return self._compressor.compress(raw, zstd.ZstdCompressor.FLUSH_FRAME)

    def unpack(self, raw: bytes) -> Known:
        """The article again; raises ValueError for bytes that are none."""
        try:
            unpacker = zstd.ZstdDecompressor()
            whole = unpacker.decompress(raw, max_length=LARGEST)
            if not unpacker.eof:
                raise ValueError("it is cut off, or too large")
            head, _, text = whole.partition(b"\n")
            return _known(json.loads(head), text.decode("utf-8", "surrogatepass"))
        except (zstd.ZstdError, TypeError, OverflowError, RecursionError) as error:
            raise ValueError(str(error)) from error


FIELDS: Final[dict[str, Any]] = {
    name: field.default
    for name, field in Known.model_fields.items()
    if name not in {"at", "published", "story", "text"}
}
"""The fields in their order, with their defaults."""


def _known(values: list[Any], text: str) -> Known:
    at, published, story, *rest = values
    fields = {name: value for name, value in zip(FIELDS, rest, strict=True) if value is not None}
    return Known.model_validate(
        {
            **fields,
            "at": EPOCH + at * MICROSECOND,
            "published": EPOCH + published * MICROSECOND,
            "story": story_id(str(fields.get("article")), str(fields.get("revision"))) if story is None else story,
            "text": text,
        }
    )


def _text(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).decode("ascii")


assert len(_text(bytes(RAW_SLOT))) == SLOT
