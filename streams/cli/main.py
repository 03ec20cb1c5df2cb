"""The command `nightwire`: all families of commands under one roof."""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
import sys
from typing import Annotated, Final

import typer

COMMANDS: Final = {
    "run": "streams.cli.run",
    "replay": "streams.cli.replay",
    "backtest": "streams.cli.backtest",
    "dedupe": "streams.cli.filters",
    "extract": "streams.cli.filters",
    "resolve": "streams.cli.filters",
    "accuracy": "streams.cli.accuracy",
    "explain": "streams.cli.explain",
    "doctor": "streams.cli.doctor",
}
"""Single commands and the modules that hold the function of that name."""

FAMILIES: Final = {
    "feeds": "streams.cli.feeds",
    "rules": "streams.cli.rules",
    "config": "streams.cli.config",
    "topics": "streams.cli.topics",
    "alerts": "streams.cli.alerts",
}
"""Families of commands and the modules that hold their `app`."""

app = typer.Typer(
    name="nightwire",
    help="Reads live news feeds and tells you when what the news reports crosses a threshold.\n\n"
    "Exit status: 0 done, 1 failed, 2 wrong usage, 3 configuration or rules invalid, "
    "4 a server, port or folder cannot be had, 5 nothing matched (--fail-if-empty), 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def mount(words: list[str]) -> None:
    """Load the one command that is asked for: a filter in a pipe should not wait for a web server to be imported."""
    asked = next((word for word in words if not word.startswith("-")), None)
    known = asked in COMMANDS or asked in FAMILIES
    for name, module in COMMANDS.items():
        if name == asked or not known:
            app.command(name)(getattr(importlib.import_module(module), name))
    for name, module in FAMILIES.items():
        if name == asked or not known:
            app.add_typer(importlib.import_module(module).app, name=name)


def _version(asked: bool) -> None:
    if asked:
        print(importlib.metadata.version("nightwire"))
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Log everything, with tracebacks, to standard error.")] = False,
) -> None:
    """Set up what all commands share."""
    level = logging.DEBUG if debug else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")


def main() -> None:
    """Entry point of the command line."""
    mount(sys.argv[1:])
    app()


if __name__ == "__main__":
    main()
