"""Exact identity: the keys under which one and the same article, address or wording is met again."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from schemas.article import Article
from schemas.base import digest
from workers.dedupe.urls import canonical_url, identifies
from workers.ports import Cell
from workers.reasons import Reason
from workers.tables import DEDUPE_CONTENT, DEDUPE_GUID, DEDUPE_URL

WORD: Final = re.compile(r"\w+")


class ExactKey(NamedTuple):
    """One exact key of an article: the cell that points to who had it last, and the reason it stands for."""

    cell: Cell
    reason: Reason


def words_of(article: Article) -> list[str]:
    """Every word of title, summary and text, blind to case, punctuation and white space."""
    return WORD.findall(f"{article.title}\n{article.summary}\n{article.text}".casefold())


def content_key(words: list[str]) -> ExactKey:
    """The key of the words in their order; equal keys mean equal content, wherever it was published."""
    return ExactKey(Cell(DEDUPE_CONTENT, digest(*words, size=16)), Reason.SAME_CONTENT)


def item_keys(article: Article) -> tuple[ExactKey, ...]:
    """The keys of the item: its guid within its feed, and its canonical URL; their content may have been edited."""
    keys = []
    if article.guid and article.feed:
        keys.append(ExactKey(Cell(DEDUPE_GUID, digest(article.feed, article.guid)), Reason.SAME_GUID))
    address = canonical_url(article.url)
    if address and identifies(address):
        keys.append(ExactKey(Cell(DEDUPE_URL, digest(address)), Reason.SAME_URL))
    return tuple(keys)
