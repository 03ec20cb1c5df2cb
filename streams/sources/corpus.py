"""A corpus: a folder of texts with a manifest that says when each was published, by whom and in which feed."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from pydantic import Field, ValidationError

from schemas.base import Document, Instant
from schemas.feed import Feed
from streams.advice import advise
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
        self._by_feed: dict[str, list[Item]] = {}
        for item in self.items:
            self._by_feed.setdefault(item.feed, []).append(item)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a folder; raises DocumentError with all that is wrong with it."""
        loader = _Loader(path)
        feeds, items = loader.feeds(), loader.items()
        if loader.problems:
            raise DocumentError(loader.problems)
        return cls(feeds, items)

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
        items = self._by_feed.get(feed, [])
        end = bisect_right(items, until, key=lambda item: item.published)
        return items[max(end - most, 0) : end][::-1]


class _Loader:
    """Reads a folder and gathers what is wrong with it; raises DocumentError when there is no manifest to go by."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / MANIFEST
        self.problems: list[Problem] = []
        try:
            self._text = self._file.read_text(encoding="utf-8")
            self._manifest = Manifest.model_validate(tomllib.loads(self._text))
        except OSError as error:
            why = f"cannot be read: {error.strerror or error}; a corpus is a folder with a {MANIFEST}"
            raise self._failure(why) from error
        except UnicodeDecodeError as error:
            raise self._failure(f"is not UTF-8 text: {error.reason}") from error
        except tomllib.TOMLDecodeError as error:
            at = _LINE.search(str(error))
            line, column = (int(at[1]), int(at[2])) if at else (1, 1)
            raise self._failure(f"is not TOML: {_LINE.sub('', str(error)).strip()}", line, column) from error
        except ValidationError as error:
            problems = [self._problem(tuple(each["loc"]), advise(each, Manifest)) for each in error.errors()]
            raise DocumentError(problems) from error

    def _failure(self, why: str, line: int = 1, column: int = 1) -> DocumentError:
        return DocumentError([Problem(str(self._file), line, column, "", why)])

    def _problem(self, path: tuple[Any, ...], message: str) -> Problem:
        """A problem at the line of the table and key that a path names."""
        line, table = 1, 0
        wanted = int(path[1]) + 1 if len(path) > 1 and isinstance(path[1], int) else 0
        for number, row in enumerate(self._text.splitlines(), 1):
            if row.strip() == f"[[{path[0]}]]":
                table += 1
                line = number if table == wanted else line
            elif table == wanted and len(path) > 2 and re.match(rf"\s*{re.escape(str(path[2]))}\s*=", row):
                line = number
        return Problem(str(self._file), line, 1, ".".join(map(str, path)), message)

    def items(self) -> list[Item]:
        """The articles whose texts can be read."""
        items: dict[str, Item] = {}
        for index, article in enumerate(self._manifest.article):
            name, path = Path(article.file).stem, ("article", index, "file")
            text = self._read(article.file, path)
            if name in items:
                self.problems.append(self._problem(path, f"a second article named {name}; give its file another name"))
            elif text is not None:
                items[name] = _item(article, name, text)
        return list(items.values())

    def _read(self, name: str, path: tuple[Any, ...]) -> str | None:
        file = self._folder / name
        try:
            if not file.resolve().is_relative_to(self._folder.resolve()):
                raise OSError("it stands outside the corpus")
            return file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or error
            self.problems.append(self._problem(path, f"{name} cannot be read: {why}; put the text beside the manifest"))
            return None

    def feeds(self) -> list[CorpusFeed]:
        """The declared feeds, and those that articles name; what an article says of its feed may not contradict it."""
        feeds = {feed.id: feed for feed in self._manifest.feed}
        for index, article in enumerate(self._manifest.article):
            said = {key: value for key in ("source", "owner", "lang") if (value := getattr(article, key)) is not None}
            feed = feeds.setdefault(article.feed, CorpusFeed(id=article.feed, **said))
            for key, value in said.items():
                if getattr(feed, key) != value:
                    why = f"the feed {feed.id} has {getattr(feed, key)!r}; give the article a feed of its own"
                    self.problems.append(self._problem(("article", index, key), why))
        return list(feeds.values())


def _item(article: CorpusArticle, name: str, text: str) -> Item:
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
