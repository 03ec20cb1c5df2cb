"""Short names in dedupe's state: made of digests, since a million articles have seventeen million of them."""

from __future__ import annotations

import hashlib
from binascii import b2a_base64
from typing import Final

from schemas.base import digest

SLOT: Final = 8
"""Letters of a slot: 48 bits, of which two of a million articles share one in about 500 installations."""


def slot_of(*parts: str) -> str:
    """The short name of something that is told by texts."""
    return slot_of_bytes("\x1f".join(parts).encode("utf-8", "surrogatepass"))


def slot_of_bytes(raw: bytes, size: int = 6) -> str:
    """The short name of something: `size` bytes of its digest in base64."""
    return b2a_base64(hashlib.blake2b(raw, digest_size=size).digest(), newline=False).decode("ascii")


def story_id(article: str, revision: str) -> str:
    """The id of the story that begins with an article."""
    return digest("story", article, revision)
