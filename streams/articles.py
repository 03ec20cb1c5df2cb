"""Reads articles as JSON lines, the input of every filter of the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import Field, ValidationError, field_validator
from pydantic_core import from_json

from schemas.article import Article, content_revision
from schemas.base import Instant, Mode, Model, digest
from streams.advice import advise
from streams.sources.plaintext import html_to_text

_HALVES: Final = re.compile("[\ud800-\udfff]")


class ArticleLine(Model):
    """One line of input; unknown fields are ignored, and one of title, summary and text must be there."""

    id: str | None = None
    url: str | None = None
    guid: str | None = None
    feed: str | None = None
    source: str | None = None
    owner: str | None = None
    lang: str | None = None
    published: Instant | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    html: bool = False
    mode: Mode = Field(default="replay")

    def plain(self, part: str | None) -> str:
        """A part of it as text without markup."""
        return html_to_text(part) if part and self.html else part or ""

    @field_validator("published", mode="before")
    @classmethod
    def _date_alone(cls, value: Any) -> Any:
        """A date without a time is midnight UTC, and a time without an offset is UTC."""
        if not isinstance(value, str):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"{value[:40]!r} is no time; write for example 2026-09-04T02:00:00Z") from error
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def draft(self, now: datetime) -> Draft:
        """The article of this line, fetched when it was published, or `now` where that is not told."""
        return Draft(self, now)


class Draft:
    """An article of a line, as far as a look at it needs; its revision is worked out for those that are taken up."""

    def __init__(self, line: ArticleLine, now: datetime) -> None:
        self._line = line
        self.title, self.summary, self.text = map(line.plain, (line.title, line.summary, line.text))
        self.lang = line.lang
        self.fetched = self.time = line.published or now
        self.id = line.id or digest("article", line.url or self.revision)

    @property
    def revision(self) -> str:
        """The digest of its words."""
        return content_revision(self.title, self.summary, self.text)

    def article(self) -> Article:
        """The article, whole."""
        line = self._line
        return Article(
            id=self.id,
            revision=self.revision,
            title=self.title,
            summary=self.summary,
            text=self.text,
            fetched=self.fetched,
            feed=line.feed,
            source=line.source,
            owner=line.owner,
            guid=line.guid,
            url=line.url,
            lang=line.lang,
            published=line.published,
            mode=line.mode,
        )


class BadLine(Exception):
    """A line that is no article, with its number and what is wrong."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"line {number}: {why}")


def read_draft(number: int, line: str | bytes, now: datetime) -> Draft:
    """The article of one line; raises BadLine."""
    try:
        data = _json(line)
        if not isinstance(data, dict):
            raise BadLine(number, "is not a JSON object; write one article a line")
        entry = ArticleLine.model_validate({**data, "id": _text(data.get("id"))})
    except ValidationError as error:
        why = (f"{'.'.join(map(str, each['loc']))}: {advise(each, ArticleLine)}" for each in error.errors())
        raise BadLine(number, "; ".join(why)) from error
    except (ValueError, RecursionError) as error:
        raise BadLine(number, f"is not JSON: {error}") from error
    if not (entry.title or entry.summary or entry.text):
        raise BadLine(number, "has no title, no summary and no text; an article needs one of them")
    return entry.draft(now)


def _json(line: str | bytes) -> Any:
    """The value of a line: by the fast parser, or where that refuses by the one that takes half a character."""
    try:
        return from_json(line)
    except ValueError:
        return json.loads(line, object_hook=_whole)


def _whole(data: dict[str, Any]) -> dict[str, Any]:
    """Half a character, which JSON can carry and nothing else can, becomes U+FFFD; offsets stay as they are."""
    return {name: _HALVES.sub("\ufffd", part) if isinstance(part, str) else part for name, part in data.items()}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def read_drafts(lines: Iterable[str | bytes], now: datetime) -> Iterator[Draft | BadLine]:
    """Every line as an article, or as the error that it is; empty lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield read_draft(number, line, now)
            except BadLine as bad:
                yield bad
