"""The gate: tells cheaply which articles have nothing that the extractor would read."""

from __future__ import annotations

from schemas.article import Article
from workers.extract import sentences
from workers.extract.pack import FIELDS, LONGEST_SENTENCE
from workers.extract.prefilter import Prefilter, Worth
from workers.extract.tokens import flat, plain


class Gate:
    """Looks at an article as its pack does before any grammar; safe to share between threads."""

    def __init__(self, prefilter: Prefilter) -> None:
        self._prefilter = prefilter

    def silent(self, article: Article) -> bool:
        """Whether no sentence is worth reading: such an article makes no claim, and leaves no number aside."""
        return all(self._quiet(plain(getattr(article, field))) for field in FIELDS)

    def _quiet(self, words: str) -> bool:
        low = flat(words)
        if not self._prefilter.article(low):
            return True
        parts = (low[start : min(end, start + LONGEST_SENTENCE)] for start, end in sentences.split(words))
        return all(self._prefilter.sentence(part, going=False) is Worth.SKIP for part in parts)
