"""Fixtures for tests of the extractor: articles from plain words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from schemas.article import Article, content_revision
from schemas.event import Extraction
from workers.extract.extractor import Extractor

Read = Callable[..., Extraction]


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return Extractor()


@pytest.fixture(scope="session")
def read(extractor: Extractor) -> Read:
    def extract(text: str, title: str = "", published: datetime | None = None) -> Extraction:
        when = published or datetime(2025, 9, 10, 9, tzinfo=UTC)
        article = Article(
            id="a", revision=content_revision(title, "", text), title=title, text=text, published=when, fetched=when
        )
        return extractor.extract(article)

    return extract
