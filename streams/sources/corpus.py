"""A corpus: a folder of texts with a manifest that says when each was published, by whom and in which feed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from pydantic import Field, ValidationError

from schemas.base import Document, Instant
from schemas.feed import Feed
from streams.documents import DocumentError, Problem

MANIFEST: Final = "manifest.toml"
DEFAULT_FEED: Final = "corpus"
_ID: Final = r"^[a-z0-9][a-z0-9._-]{0,62}$"
_LINE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


class CorpusArticle(Document):
    """One `[[article]]` of a manifest; `file` stands beside it."""

    file: str
    title: str
    published: Instant
    certain: bool = True
    """False where the time of publication is an estimate."""
    feed: str = Field(DEFAULT_FEED, pattern=_ID)
    source: str | None = None
    owner: str | None = None
    lang: str | None = None
    url: str | None = None
    guid: str | None = None
    summary: str | None = None


class CorpusFeed(Document):
    """One `[[feed]]` of a manifest."""

    id: str = Field(pattern=_ID)
    title: str | None = None
    source: str | None = None
    owner: str | None = None
    lang: str | None = None


class Manifest(Document):
    """The whole manifest."""

    feed: tuple[CorpusFeed, ...] = ()
    article: tuple[CorpusArticle, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One article of a corpus as its feed serves it; link and guid are the same in every run."""

    name: str
    feed: str
    title: str
    published: datetime
    text: str
    url: str
    guid: str
    summary: str | None = None


class Corpus:
    """The feeds and articles of a folder."""

    def __init__(self, feeds: Iterable[CorpusFeed], items: Iterable[Item]) -> None:
        self._feeds = {feed.id: feed for feed in feeds}
        self.items = tuple(sorted(items, key=lambda item: (item.published, item.name)))
        self._by_name = {item.name: item for item in self.items}

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a folder; raises DocumentError with all that is wrong with it."""
        file = path / MANIFEST
        manifest = _manifest(file)
        problems: list[Problem] = []
        items = [_item(path, file, index, article, problems) for index, article in enumerate(manifest.article)]
        feeds = _feeds(file, manifest, problems)
        if problems:
            raise DocumentError(problems)
        return cls(feeds, [item for item in items if item])

    def feeds(self, base_url: str) -> list[Feed]:
        """The feeds as a poller is configured with them, at a server's address."""
        return [
            Feed(
                id=feed.id,
                url=f"{base_url}/feeds/{feed.id}.xml",
                title=feed.title or feed.source,
                source=feed.source,
                owner=feed.owner,
                lang=feed.lang,
            )
            for feed in self._feeds.values()
        ]

    def feed(self, name: str) -> CorpusFeed | None:
        """A feed by its id."""
        return self._feeds.get(name)

    def item(self, name: str) -> Item | None:
        """An article by its name: its file without the ending."""
        return self._by_name.get(name)

    def times(self) -> list[datetime]:
        """Every time at which something is published, once, in order."""
        return sorted({item.published for item in self.items})

    def published(self, feed: str, until: datetime, most: int) -> list[Item]:
        """The newest items of a feed at a time, newest first."""
        return [item for item in reversed(self.items) if item.feed == feed and item.published <= until][:most]


def _manifest(file: Path) -> Manifest:
    try:
        text = file.read_text(encoding="utf-8")
        data = tomllib.loads(text)
        return Manifest.model_validate(data)
    except OSError as error:
        why = f"cannot be read: {error.strerror or error}; a corpus is a folder with a {MANIFEST}"
        raise DocumentError([Problem(str(file), 1, 1, "", why)]) from error
    except UnicodeDecodeError as error:
        raise DocumentError([Problem(str(file), 1, 1, "", f"is not UTF-8 text: {error.reason}")]) from error
    except tomllib.TOMLDecodeError as error:
        at = _LINE.search(str(error))
        line, column = (int(at[1]), int(at[2])) if at else (1, 1)
        why = f"is not TOML: {_LINE.sub('', str(error)).strip()}"
        raise DocumentError([Problem(str(file), line, column, "", why)]) from error
    except ValidationError as error:
        raise DocumentError([_problem(file, text, tuple(e["loc"]), e["msg"]) for e in error.errors()]) from error


def _problem(file: Path, text: str, path: tuple[Any, ...], message: str) -> Problem:
    """A problem at the line of the table and key that a path names."""
    line, table = 1, 0
    wanted = int(path[1]) + 1 if len(path) > 1 and isinstance(path[1], int) else 0
    for number, row in enumerate(text.splitlines(), 1):
        if row.strip() == f"[[{path[0]}]]":
            table += 1
            line = number if table == wanted else line
        elif table == wanted and len(path) > 2 and re.match(rf"\s*{re.escape(str(path[2]))}\s*=", row):
            line = number
    return Problem(str(file), line, 1, ".".join(map(str, path)), message.removeprefix("Value error, "))


def _item(folder: Path, file: Path, index: int, article: CorpusArticle, problems: list[Problem]) -> Item | None:
    manifest = file.read_text(encoding="utf-8")
    try:
        text = (folder / article.file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        path = ("article", index, "file")
        problems.append(_problem(file, manifest, path, f"{article.file} cannot be read: {why}; put the text beside it"))
        return None
    name = Path(article.file).stem
    return Item(
        name=name,
        feed=article.feed,
        title=article.title,
        published=article.published,
        text=text,
        url=article.url or f"https://corpus.invalid/{name}",
        guid=article.guid or f"urn:nightwire:corpus:{name}",
        summary=article.summary,
    )


def _feeds(file: Path, manifest: Manifest, problems: list[Problem]) -> list[CorpusFeed]:
    """The declared feeds, and those that articles name; what an article says of its feed may not contradict it."""
    feeds = {feed.id: feed for feed in manifest.feed}
    text = file.read_text(encoding="utf-8")
    for index, article in enumerate(manifest.article):
        said = {key: value for key in ("source", "owner", "lang") if (value := getattr(article, key)) is not None}
        feed = feeds.setdefault(article.feed, CorpusFeed(id=article.feed, **said))
        for key, value in said.items():
            if getattr(feed, key) != value:
                why = f"the feed {feed.id} has {getattr(feed, key)!r}; give the article a feed of its own"
                problems.append(_problem(file, text, ("article", index, key), why))
    return list(feeds.values())
