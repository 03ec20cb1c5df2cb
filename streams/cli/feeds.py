"""`nightwire feeds`: reads, checks and lists feeds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from schemas.article import Entry
from streams.cli import feeds_check, feeds_lists, feeds_status
from streams.cli.common import Exit, emit, say
from streams.sources.faults import NotAFeed
from streams.sources.parse import parse_feed

app = typer.Typer(no_args_is_help=True, help="Read, check and list feeds.")
app.command()(feeds_check.check)
app.command()(feeds_status.status)
app.command()(feeds_lists.add)
app.command("import")(feeds_lists.import_)
app.command()(feeds_lists.export)

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
