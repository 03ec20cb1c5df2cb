"""`nightwire backtest`: the production code over an archive of articles; tells which alerts would have fired."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from schemas.alert import Notice
from schemas.rule import Rule
from streams.app import build_readers, house_config
from streams.archive import by_publication
from streams.articles import Draft
from streams.backtest.circles import rare_collections
from streams.backtest.report import report_json, report_of
from streams.backtest.text import text_lines
from streams.backtest.trial import Trial
from streams.cli.common import Exit, fail, guarded
from streams.cli.filters import Input
from streams.cli.options import ConfigOption, FromOption, RulesOption, ToOption
from streams.cli.progress import progress
from streams.cli.times import moment
from streams.rules import load_rules
from workers.deliver.line import notice_line

Span = tuple[datetime | None, datetime | None]


class Format(StrEnum):
    """How a backtest is told."""

    LINES = "lines"
    TEXT = "text"
    JSON = "json"
    HTML = "html"


def backtest(
    rules: RulesOption = None,
    against: Annotated[
        list[Path] | None, typer.Option("--against", help="Older rules: the report tells what fires differently.")
    ] = None,
    start: FromOption = None,
    end: ToOption = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format", help="lines: a notice a line (default); text, json, html: a report (text with --against)."
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    config: ConfigOption = None,
    fail_if_empty: Annotated[
        bool, typer.Option("--fail-if-empty", help="Exit status 5 when nothing would have fired.")
    ] = False,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Take articles without a subject word through all rooms, too; slow.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Read articles as JSON lines from standard input and print every notice that would have been sent."""
    form = form or (Format.TEXT if against else Format.LINES)
    with guarded():
        settings = house_config(config, rules=rules, mode="replay")
        old: tuple[Rule, ...] | None = load_rules(against).rules if against else None
        trial = Trial(build_readers(settings), load_rules(settings.rules).rules, old, thorough=thorough)
        articles = Input()
        lines = form is Format.LINES and output is None
        with rare_collections():
            asyncio.run(_run(trial, articles.drafts(), (moment(start), moment(end)), _print if lines else _keep, quiet))
    if not lines:
        _write(WRITERS[form](trial), output)
    articles.finish()
    if fail_if_empty and not trial.new.notices:
        raise typer.Exit(int(Exit.EMPTY))


async def _run(
    trial: Trial, articles: Iterable[Draft], span: Span, tell: Callable[[Notice], None], quiet: bool
) -> None:
    low, high = span
    with progress("backtest", None, quiet) as count:
        for article in by_publication(articles):
            if (low is None or article.time >= low) and (high is None or article.time <= high):
                for notice in await trial.take(article):
                    tell(notice)
                count(trial.articles, article.time)
    for notice in await trial.finish():
        tell(notice)


def _print(notice: Notice) -> None:
    print(notice_line(notice), flush=True)


def _keep(notice: Notice) -> None:
    """The trial keeps it for the report."""


def _lines(trial: Trial) -> str:
    return "".join(f"{notice_line(notice)}\n" for notice in trial.new.notices)


def _text(trial: Trial) -> str:
    return "".join(f"{line}\n" for line in text_lines(report_of(trial)))


def _json(trial: Trial) -> str:
    return json.dumps(report_json(report_of(trial), trial.new.notices), ensure_ascii=False) + "\n"


def _html(trial: Trial) -> str:
    from streams.backtest.page import page  # a filter in a pipe should not wait for the template engine

    return page(report_of(trial), trial.new.notices)


WRITERS: Final[dict[Format, Callable[[Trial], str]]] = {
    Format.LINES: _lines,
    Format.TEXT: _text,
    Format.JSON: _json,
    Format.HTML: _html,
}


def _write(text: str, output: Path | None) -> None:
    if output is None:
        print(text, end="", flush=True)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror or error}; name another file with --output")
