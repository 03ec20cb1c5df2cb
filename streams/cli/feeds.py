"""`nightwire feeds`: reads, checks and lists feeds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from schemas.article import Entry
from streams.cli.common import Exit, emit, say
from streams.cli.options import ConfigOption, DataDirOption, JsonOption, RedisOption
from streams.sources.faults import NotAFeed
from streams.sources.parse import parse_feed

app = typer.Typer(no_args_is_help=True)

IntoOption = Annotated[Path | None, typer.Option("--into", help="Feed file to add to; made where it is missing.")]

FIELDS = (
    "id", "guid", "url", "title", "summary", "text", "authors", "lang", "published", "updated", "feed_title",
)  # fmt: skip
"""The fields of an entry that `feeds parse` prints, in this order, behind `file`."""


@app.command()
def parse(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Feed documents; - is standard input.")],
) -> None:
    """Print one JSON line for each entry of feed documents, in the documents' order.

    A document that cannot be read is named on standard error with the reason, and the others go on;
    the exit status is then 1.
    """
    failed = False
    for name in files:
        try:
            for entry in _read(name):
                emit({"file": name, **entry.model_dump(mode="json", include=set(FIELDS))})
        except (NotAFeed, OSError) as error:
            failed = True
            say(f"nightwire: {name}: {_explain(error)}")
    raise typer.Exit(int(Exit.FAILED if failed else Exit.OK))


def _read(name: str) -> Iterator[Entry]:
    body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    yield from parse_feed(body).entries


def _explain(error: NotAFeed | OSError) -> str:
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}; check the name and the permissions"
    return str(error)


# The commands below import their work when they are called: `parse` is a filter and must start quickly.


@app.command()
def check(
    feeds: Annotated[
        list[str] | None, typer.Argument(metavar="URL|ID...", help="Addresses, or ids of the configuration.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every feed of the configuration.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch feeds once and show what was understood; nothing is remembered. Exit status 1 when one failed."""
    from streams.cli import feeds_check

    feeds_check.check(feeds or [], everything, config, as_json)


@app.command()
def status(
    config: ConfigOption = None,
    data_dir: DataDirOption = None,
    redis_url: RedisOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show for every feed its last success, its next check and why, failures in a row, items a day, newest item."""
    from streams.cli import feeds_status

    feeds_status.status(config, data_dir, redis_url, as_json)


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a page that advertises one.")],
    into: IntoOption = None,
    name: Annotated[str | None, typer.Option("--id", help="The feed's id; made of its title otherwise.")] = None,
    config: ConfigOption = None,
) -> None:
    """Find the feed at an address, and print its entry for a feed file, or add it to one with --into."""
    from streams.cli import feeds_lists

    feeds_lists.add(url, into, name, config)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A list of feeds from another reader.")],
    into: IntoOption = None,
) -> None:
    """Turn an OPML list into a feed file on standard output, or add what is new in it to one with --into."""
    from streams.cli import feeds_lists

    feeds_lists.import_(file, into)


@app.command()
def export(config: ConfigOption = None) -> None:
    """Print all configured feeds as OPML, which every other reader imports."""
    from streams.cli import feeds_lists

    feeds_lists.export(config)
