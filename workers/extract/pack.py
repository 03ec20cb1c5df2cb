"""What a language brings: a pack reads the articles of one language, and all packs make the same claims."""

from __future__ import annotations

from typing import Final, Protocol

from schemas.article import Article
from schemas.event import ArticleRef, Extraction

FIELDS: Final = ("title", "summary", "text")
"""The fields of an article that are read, in this order."""
LONGEST_SENTENCE: Final = 6000
"""Code points of a sentence that are read; a longer one is a table or no language."""


class Prose(Protocol):
    """What is looked at to tell whether an article is worth reading."""

    @property
    def title(self) -> str:
        """Its headline; empty where it has none."""

    @property
    def summary(self) -> str:
        """The lead that the feed gives."""

    @property
    def text(self) -> str:
        """The body."""

    @property
    def lang(self) -> str | None:
        """The language that the feed tells."""


class Pack(Protocol):
    """A reader of one language: its words as data, and a module that knows where they stand in a sentence."""

    code: str
    """ISO 639-1."""

    def silent(self, article: Prose) -> bool:
        """Whether the article has nothing that would be read, told at a glance."""

    def read(self, article: Article, story: str | None = None) -> Extraction:
        """All claims of an article in this language; never raises, whatever the text."""


def reference(article: Article, story: str | None) -> ArticleRef:
    """What later rooms need to know of the article."""
    return ArticleRef(
        id=article.id,
        revision=article.revision,
        source=article.source,
        owner=article.owner,
        url=article.url,
        title=article.title,
        lang=article.lang,
        feed=article.feed,
        published=article.published,
        fetched=article.fetched,
        mode=article.mode,
        story=story,
    )
