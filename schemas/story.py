"""What dedupe says of an article: whether it is new, and which story it belongs to."""

from __future__ import annotations

from typing import Literal

from schemas.article import Article
from schemas.base import Model

DedupeVerdict = Literal["unique", "duplicate", "update"]


class UniqueArticle(Model):
    """An article that goes on to extraction: one record on the topic `articles.unique`.

    `story` is shared by all copies of one text; `of` is the article id that an update follows.
    An update with the same article id as an earlier one supersedes that article's events.
    """

    article: Article
    story: str
    verdict: DedupeVerdict = "unique"
    of: str | None = None
    reason: str = "unique"
    similarity: float | None = None
    origin: str | None = None
    """The news agency that the text names as where its words come from."""
