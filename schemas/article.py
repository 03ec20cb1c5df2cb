"""An article as fetched, and the entry of a feed that it was made of."""

from __future__ import annotations

from typing import Final

from schemas.base import Instant, Mode, Model, digest, made_public

WHITE: Final = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + "\u2028\u2029\u202f\u205f\u3000"
)
"""All white space of Unicode but the plain space."""


class Entry(Model):
    """One entry of a feed document, as understood by the parser; times are null where the feed has none."""

    id: str
    guid: str | None = None
    url: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    authors: tuple[str, ...] = ()
    lang: str | None = None
    published: Instant | None = None
    updated: Instant | None = None
    feed_title: str | None = None
    caption: bool = False
    """True when `text` is only a media description, since the feed has no other body."""


class Article(Model):
    """One text of one outlet: the unit that travels from the fetcher to the extractor.

    `id` names the article across its revisions, `revision` is a digest of its words.
    `source` is the outlet as a reader knows it, `owner` who owns it (for independence of sources).
    """

    id: str
    revision: str
    feed: str | None = None
    source: str | None = None
    owner: str | None = None
    guid: str | None = None
    url: str | None = None
    lang: str | None = None
    title: str = ""
    summary: str = ""
    text: str = ""
    authors: tuple[str, ...] = ()
    published: Instant | None = None
    """As the feed says, but never later than one hour after `fetched`."""
    updated: Instant | None = None
    fetched: Instant
    mode: Mode = "live"

    @property
    def time(self) -> Instant:
        """The publication time, or the time of fetching where the feed gave none."""
        return made_public(self.published, self.fetched)


def content_revision(title: str | None, summary: str | None, text: str | None) -> str:
    """The revision of an article: a digest of its words, blind to white space."""
    return digest(*(words_of(part or "") for part in (title, summary, text)), size=8)


def words_of(text: str) -> str:
    """A text with one space between its words: `" ".join(text.split())`, at a third of its price."""
    for sign in WHITE:
        if sign in text:
            text = text.replace(sign, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")
