"""What extract remembers: for every article, the last revision read and whether it had claims."""

from __future__ import annotations

from schemas.base import Model
from schemas.event import Abstention


class ArticleRead(Model):
    """The last revision of an article that was read, and how many events it gave."""

    revision: str
    events: int = 0


class Aside(Model):
    """What was read in the last revision of an article and not taken as a claim, with the reasons; for `explain`."""

    revision: str
    abstained: tuple[Abstention, ...] = ()
    more: int = 0
    """How many further ones were left out."""
