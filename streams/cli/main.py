"""The command `nightwire`: all families of commands under one roof."""

from __future__ import annotations

import importlib.metadata
import logging
from typing import Annotated

import typer

from streams.cli import accuracy, backtest, config, feeds, filters, replay, rules, run, topics

app = typer.Typer(
    name="nightwire",
    help="Reads live news feeds and tells you when what the news reports crosses a threshold.\n\n"
    "Exit status: 0 done, 1 failed, 2 wrong usage, 3 configuration or rules invalid, "
    "4 a server, port or folder cannot be had, 5 nothing matched (--fail-if-empty), 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(run.run)
app.command()(replay.replay)
app.command()(filters.dedupe)
app.command()(filters.extract)
app.command()(filters.resolve)
app.command()(backtest.backtest)
app.command()(accuracy.accuracy)
app.add_typer(feeds.app, name="feeds", help="Feeds: parse, check, import, export.")
app.add_typer(rules.app, name="rules", help="Rules: check, test, schema.")
app.add_typer(config.app, name="config", help="Configuration: check, show.")
app.add_typer(topics.app, name="topics", help="Topics: ls, tail, schema.")


def _version(asked: bool) -> None:
    if asked:
        print(importlib.metadata.version("nightwire"))
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="log everything, with tracebacks, to standard error")] = False,
) -> None:
    """Set up what all commands share."""
    level = logging.DEBUG if debug else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")


def main() -> None:
    """Entry point of the command line."""
    app()


if __name__ == "__main__":
    main()
