"""What dedupe remembers: articles by id, the exact keys and word runs that lead to them, and stories with voices."""

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
    of: str | None = None
    similarity: float | None = None


class Story(Model):
    """One text and all its copies; `id` stays when copies arrive, `more` counts voices beyond the list.

    A story of a single voice has no cell: what is known of its article says it all.
    """

    id: str
    voices: tuple[Voice, ...] = ()
    more: int = 0


class Known(Model):
    """One article as it was last decided about; `earlier` are the revisions met before this one, oldest first.

    `title` and `text` are for comparing; a copy has none, what comes is compared with its original.
    """

    article: str
    revision: str
    content: str
    """Digest of the words of that revision."""
    earlier: tuple[str, ...] = ()
    story: str
    at: Instant
    published: Instant
    verdict: str = "unique"
    reason: str = "unique"
    of: str | None = None
    similarity: float | None = None
    feed: str | None = None
    source: str | None = None
    owner: str | None = None
    url: str | None = None
    origin: str | None = None
    title: str = ""
    text: str = ""

    def voice(self) -> Voice:
        """The article as a voice of its story."""
        return Voice.model_validate({name: getattr(self, name) for name in Voice.model_fields})


class Pointer(Model):
    """Where an exact key (guid, URL, content) leads: the slot of the article that had it last."""

    slot: str


class Bucket(Model):
    """The articles that share one run of words: for each day (since 1970) the slots of its articles, end to end."""

    days: dict[int, str] = {}
