"""Exact identity: the keys under which one and the same article, address or wording is met again."""

from __future__ import annotations

from typing import NamedTuple

from schemas.article import Article
from workers.dedupe.digests import slot_of
from workers.dedupe.urls import canonical_url, identifies
from workers.ports import Cell
from workers.reasons import Reason
from workers.tables import DEDUPE_CONTENT, DEDUPE_GUID, DEDUPE_URL


class ExactKey(NamedTuple):
    """One exact key of an article: the cell that points to who had it last, and the reason it stands for."""

    cell: Cell
    reason: Reason


def content_key(content: str) -> ExactKey:
    """The key of the words in their order, blind to case, marks and white space, wherever they were published."""
    return ExactKey(Cell(DEDUPE_CONTENT, content), Reason.SAME_CONTENT)


def item_keys(article: Article) -> tuple[ExactKey, ...]:
    """The keys of the item: its guid within its feed, and its canonical URL; their content may have been edited."""
    keys = []
    if article.guid and article.feed:
        keys.append(ExactKey(Cell(DEDUPE_GUID, slot_of(article.feed, article.guid)), Reason.SAME_GUID))
    address = canonical_url(article.url)
    if address and identifies(address):
        keys.append(ExactKey(Cell(DEDUPE_URL, slot_of(address)), Reason.SAME_URL))
    return tuple(keys)
