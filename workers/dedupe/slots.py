"""Addresses in dedupe's state: short ones, since a million articles have seventeen million of them."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from schemas.base import digest
from workers.ports import Cell
from workers.tables import DEDUPE_ARTICLE, DEDUPE_BUCKET, DEDUPE_STORY

SLOT: Final = 8
"""Letters of a slot: 48 bits, of which two of a million articles share one in about 500 installations."""


def slot_of(*parts: str, size: int = 6) -> str:
    """The short address of something: `size` bytes of its digest in URL-safe base64."""
    text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return base64.urlsafe_b64encode(hashlib.blake2b(text, digest_size=size).digest()).decode("ascii")


def known_cell(article: str) -> Cell:
    """The cell of what is known of an article id."""
    return slot_cell(slot_of(article))


def slot_cell(slot: str) -> Cell:
    """The cell of what is known of the article of a slot; slots collide, so look at the article's id."""
    return Cell(DEDUPE_ARTICLE, slot)


def story_cell(story: str) -> Cell:
    """The cell of a story with several voices."""
    return Cell(DEDUPE_STORY, story)


def bucket_cell(key: str) -> Cell:
    """The cell of one run of words."""
    return Cell(DEDUPE_BUCKET, key)


def story_id(article: str, revision: str) -> str:
    """The id of the story that begins with an article."""
    return digest("story", article, revision)
