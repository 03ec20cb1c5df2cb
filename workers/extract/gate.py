"""The gate: tells cheaply which articles have nothing that the extractor would read."""

from __future__ import annotations

from workers.extract import sentences
from workers.extract.pack import FIELDS, LONGEST_SENTENCE, Prose
from workers.extract.prefilter import Prefilter, Worth
from workers.extract.tokens import flat, plain


class Gate:
    """Looks at an article as its pack does before any grammar; safe to share between threads."""

    def __init__(self, prefilter: Prefilter) -> None:
        self._prefilter = prefilter

    def silent(self, article: Prose) -> bool:
        """Whether no sentence is worth reading: such an article makes no claim, and leaves no number aside."""
        texts = [getattr(article, field) for field in FIELDS]
        return not self._prefilter.article("\n".join(texts)) or all(map(self._quiet, texts))

    def _quiet(self, text: str) -> bool:
        words = plain(text)
        low = flat(words)
        parts = (low[start : min(end, start + LONGEST_SENTENCE)] for start, end in sentences.split(words))
        return all(self._prefilter.sentence(part, going=False) is Worth.SKIP for part in parts)
