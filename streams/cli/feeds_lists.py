"""`nightwire feeds add|import|export`: feeds into feed files, and out of them as OPML."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from schemas.config import Config, FeedFile
from schemas.feed import Feed
from streams.app import house_config, make_fetcher
from streams.cli.common import Exit, fail, guarded, say
from streams.clock import WallClock
from streams.settings import load_feeds
from streams.sources.entries import primary_language
from streams.sources.faults import FeedFault, NotAFeed
from streams.sources.look import Look, find_feeds
from streams.sources.opml import feed_id, read_opml, write_opml


def add(url: str, into: Path | None, name: str | None, config: Path | None) -> None:
    """Find the feed at an address, and print its entry for a feed file, or add it to one."""
    with guarded():
        found = _find(house_config(config), url)
        feed = _feed(found[0], name, into)
        for other in found[1:]:
            say(f"also there: {other.url} ({other.title or other.format})")
        _put([feed], into)


def _find(config: Config, url: str) -> list[Look]:
    async def search() -> list[Look]:
        async with make_fetcher(config, WallClock()) as fetcher:
            return await find_feeds(fetcher, url)

    try:
        return asyncio.run(search())
    except NotAFeed as fault:
        fail(f"{url}: no feed was found there ({fault.reason}); look for a feed link on the site")
    except FeedFault as fault:
        fail(f"{url}: {fault}")


def _feed(found: Look, name: str | None, into: Path | None) -> Feed:
    taken = {feed.id for feed in _present(into)}
    chosen = name or feed_id(found.title, found.url, taken)
    try:
        return Feed(id=chosen, url=found.url, title=found.title, lang=primary_language(found.lang))
    except ValidationError:
        fail(f"{name!r} is no id; write small letters, digits, dots and hyphens", Exit.USAGE)


def import_(file: Path, into: Path | None) -> None:
    """Turn an OPML list into a feed file on standard output, or add what is new in it to one."""
    try:
        feeds = read_opml(file.read_bytes())
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror or error}; check the name and the permissions")
    except NotAFeed as fault:
        fail(f"{file}: {fault.detail}; export the list as OPML and import that")
    if not feeds:
        fail(f"{file} lists no feed; its outlines need an xmlUrl")
    with guarded():
        _put(feeds, into)


def export(config: Path | None) -> None:
    """Print all configured feeds as OPML."""
    with guarded():
        sys.stdout.buffer.write(write_opml(load_feeds(house_config(config))))
        sys.stdout.buffer.flush()


def _put(feeds: list[Feed], into: Path | None) -> None:
    if into is None:
        _yaml().dump({"version": 1, "feeds": [_plain(feed) for feed in feeds]}, sys.stdout)
        return
    present = _present(into)
    urls, ids = {feed.url for feed in present}, {feed.id for feed in present}
    new = [feed for feed in feeds if feed.url not in urls]
    new = [
        feed if feed.id not in ids else feed.model_copy(update={"id": feed_id(feed.title, feed.url, ids)})
        for feed in new
    ]
    _append(into, new)
    say(f"{into}: {len(new)} added, {len(feeds) - len(new)} there already")


def _present(into: Path | None) -> tuple[Feed, ...]:
    """The feeds of a file, none where it does not exist; ends the command for a file that is no feed file."""
    if into is None or not into.exists():
        return ()
    try:
        return FeedFile.model_validate(_yaml().load(into.read_text(encoding="utf-8")) or {}).feeds
    except (OSError, UnicodeDecodeError, YAMLError, ValidationError):
        fail(f"{into} is no feed file; `nightwire config check` tells what is wrong with it", Exit.INVALID)


def _append(into: Path, feeds: list[Feed]) -> None:
    """Add entries to a file whose comments and order are kept; it is replaced in one step."""
    yaml = _yaml()
    data = yaml.load(into.read_text(encoding="utf-8")) if into.exists() else None
    data = data or {"version": 1, "feeds": []}
    data["feeds"].extend(_plain(feed) for feed in feeds)
    part = into.with_name(f".{into.name}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            yaml.dump(data, file)
        part.replace(into)
    except OSError as error:
        fail(f"{into} cannot be written: {error.strerror or error}; choose another file", Exit.UNREACHABLE)


def _plain(feed: Feed) -> dict[str, Any]:
    return feed.model_dump(exclude_defaults=True)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 120
    return yaml
