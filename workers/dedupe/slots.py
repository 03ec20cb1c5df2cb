"""Addresses in dedupe's state: which cell holds what."""

from __future__ import annotations

from workers.dedupe.digests import slot_of
from workers.ports import Cell
from workers.tables import DEDUPE_ARTICLE, DEDUPE_BUCKET, DEDUPE_STORY


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
