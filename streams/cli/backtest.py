"""`nightwire backtest`: the production code over an archive of articles; tells which alerts would have fired."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from schemas.alert import Notice
from schemas.topic import Topic
from streams.app import Rooms, build_readers, house_config
from streams.archive import Archive, by_publication
from streams.cli.common import Exit, guarded
from streams.cli.filters import Input
from streams.cli.times import moment
from streams.rules import load_rules
from workers.deliver.line import notice_line
from workers.judge.stage import Judge


def backtest(
    rules: Annotated[
        list[Path] | None, typer.Option("--rules", help="Rule files or folders; default: the configured ones.")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="Leave out what was published before this time.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Leave out what was published after this time.")] = None,
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Configuration file.")] = None,
    fail_if_empty: Annotated[
        bool, typer.Option("--fail-if-empty", help="Exit status 5 when nothing would have fired.")
    ] = False,
) -> None:
    """Read articles as JSON lines from standard input and print every notice that would have been sent."""
    with guarded():
        settings = house_config(config, rules=rules, mode="replay")
        rooms = (*build_readers(settings), Judge(load_rules(settings.rules).rules))
        articles = Input()
        told = asyncio.run(_run(articles, rooms, (moment(start), moment(end))))
    articles.finish()
    if fail_if_empty and not told:
        raise typer.Exit(int(Exit.EMPTY))


async def _run(articles: Input, rooms: Rooms, span: tuple[datetime | None, datetime | None]) -> int:
    archive, told = Archive(rooms), 0
    low, high = span
    for article in by_publication(articles):
        if (low is None or article.time >= low) and (high is None or article.time <= high):
            await archive.take(article)
            told += await _tell(archive)
    return told


async def _tell(archive: Archive) -> int:
    notices = [model for model in await archive.news(Topic.ALERTS) if isinstance(model, Notice)]
    for notice in notices:
        print(notice_line(notice), flush=True)
    return len(notices)
