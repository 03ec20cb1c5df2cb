"""What extract remembers: for every article, the last revision read and whether it had claims."""

from __future__ import annotations

from schemas.base import Model


class ArticleRead(Model):
    """The last revision of an article that was read, and how many events it gave."""

    revision: str
    events: int = 0
