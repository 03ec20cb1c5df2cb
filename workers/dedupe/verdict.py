"""The verdict on one article: new, a copy, or an update of what was known; with the reason in one word."""

from __future__ import annotations

from schemas.base import Model
from schemas.story import DedupeVerdict


class Verdict(Model):
    """What dedupe thinks of an article; `of` is the article it copies or updates, `similarity` from 0 to 1."""

    id: str
    verdict: DedupeVerdict
    of: str | None = None
    reason: str
    similarity: float | None = None
    story: str
    origin: str | None = None
    """The agency that the text names as its source."""

    def line(self) -> dict[str, str | float | None]:
        """The answer of the filter `nightwire dedupe` for one input line."""
        return self.model_dump(include={"id", "verdict", "of", "reason", "similarity"})
