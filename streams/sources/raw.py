"""A feed as the document says it, before anything is derived: what every reader of a format hands on.

Bodies stay markup here. Turning markup into text is the larger half of the work, and most entries
of most documents have been seen before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

MAX_ENTRIES: Final = 5_000
"""Entries of one document: ten times the longest feed of a news site; more is refused."""

Kind = Literal["html", "text"]
"""How a body is written: markup, or text that is meant as it stands."""


@dataclass(slots=True)
class Body:
    """One text of an entry as it is in the document."""

    value: str
    kind: Kind = "html"


@dataclass(slots=True)
class RawEntry:
    """One entry; links are absolute where a base is known, the title is plain text, times are aware."""

    guid: str | None = None
    link: str | None = None
    title: str | None = None
    body: Body | None = None
    summary: Body | None = None
    caption: bool = False
    """True when `body` is a media description."""
    authors: tuple[str, ...] = ()
    lang: str | None = None
    published: datetime | None = None
    updated: datetime | None = None


@dataclass(slots=True)
class Hints:
    """What a feed says about itself for those who fetch it; durations in seconds."""

    ttl: float | None = None
    period: float | None = None
    """The distance between two updates by `sy:updatePeriod` and `sy:updateFrequency`."""
    hubs: tuple[str, ...] = ()
    topic: str | None = None
    """The feed's own address by its `self` link: what a hub knows it by."""


@dataclass(slots=True)
class RawFeed:
    """One document: its format, its title, its entries in their order, and what had to be put right."""

    format: str
    title: str | None = None
    lang: str | None = None
    entries: list[RawEntry] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    """A digest of the bytes of each entry, in their order; empty where they cannot be told apart."""
    familiar: list[str] = field(default_factory=list)
    """The ids of the document's other entries, which stand there as they stood when they were read before."""
    hints: Hints = field(default_factory=Hints)
    problems: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many entries the document has, read or not."""
        return len(self.entries) + len(self.familiar)
