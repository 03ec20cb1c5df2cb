"""What dedupe remembers: articles by id, the exact keys and word runs that lead to them, and stories with voices."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

from pydantic import SerializerFunctionWrapHandler, model_serializer

from schemas.base import Instant, Model

LARGEST = 200_000
"""Characters that a stored text may unpack to: a damaged or planted value costs no more than this."""


class Voice(Model):
    """One article that tells a story: who, where and when; `origin` is the agency that its text names."""

    article: str
    source: str | None = None
    owner: str | None = None
    url: str | None = None
    origin: str | None = None
    at: Instant
    verdict: str = "unique"
    reason: str = "unique"
    of: str | None = None
    similarity: float | None = None


class Story(Model):
    """One text and all its copies; `id` stays when copies arrive, `more` counts voices beyond the list.

    A story of a single voice has no cell: what is known of its article says it all.
    """

    id: str
    voices: tuple[Voice, ...] = ()
    more: int = 0


class Known(Model):
    """One article as it was last decided about; `earlier` are the revisions met before this one, oldest first.

    `title` and `packed` hold the text for comparing; a copy has none, what comes is compared with its original.
    Empty fields are left out on the wire: a million of these are kept.
    """

    article: str
    revision: str
    content: str
    """Digest of the words of that revision."""
    earlier: tuple[str, ...] = ()
    story: str
    at: Instant
    published: Instant
    verdict: str = "unique"
    reason: str = "unique"
    of: str | None = None
    similarity: float | None = None
    feed: str | None = None
    source: str | None = None
    owner: str | None = None
    url: str | None = None
    origin: str | None = None
    title: str = ""
    packed: str = ""

    @model_serializer(mode="wrap")
    def _compact(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if value or value == 0}

    def voice(self) -> Voice:
        """The article as a voice of its story."""
        return Voice.model_validate({name: getattr(self, name) for name in Voice.model_fields})

    def body(self) -> str | None:
        """The stored text, or None when there is none or it cannot be read."""
        try:
            unpacker = zlib.decompressobj()
            return unpacker.decompress(base64.b64decode(self.packed, validate=True), LARGEST).decode()
        except (zlib.error, binascii.Error, ValueError):
            return None


def pack(text: str) -> str:
    """A text for `Known.packed`: compressed, in base64."""
    return base64.b64encode(zlib.compress(text.encode("utf-8", "replace"), 3)).decode("ascii")


class Pointer(Model):
    """Where an exact key (guid, URL, content) leads: the slot of the article that had it last."""

    slot: str


class Bucket(Model):
    """The articles that share one run of words: for each day (since 1970) the slots of its articles, end to end."""

    days: dict[int, str] = {}
