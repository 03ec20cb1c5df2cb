"""What dedupe remembers: articles by id, the exact keys that lead to them, and stories with their voices."""

from __future__ import annotations

from schemas.base import Instant, Model


class Voice(Model):
    """One article that tells a story: who, where and when; `origin` is the agency that its text names."""

    article: str
    source: str | None = None
    owner: str | None = None
    url: str | None = None
    origin: str | None = None
    at: Instant
    verdict: str = "unique"
    reason: str = "unique"
    similarity: float | None = None


class Story(Model):
    """One text and all its copies; `id` stays when copies arrive, `more` counts voices beyond the list."""

    id: str
    voices: tuple[Voice, ...] = ()
    more: int = 0


class Known(Model):
    """One article as it was last accepted or recognised; `seen` are the revisions met so far, oldest first."""

    article: str
    revision: str
    content: str
    """Digest of the words of that revision."""
    seen: tuple[str, ...]
    story: str
    at: Instant
    verdict: str
    reason: str
    of: str | None = None
    similarity: float | None = None


class Pointer(Model):
    """Where an exact key (guid, URL, content) leads: the article that had it last."""

    article: str
    at: Instant
