"""The command `nightwire`: all families of commands under one roof."""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
from collections.abc import Iterator, MutableMapping
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

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


class OnDemand(MutableMapping[str, Any]):
    """All commands by name; the module of one is imported when it is asked for.

    A filter in a pipe should not wait for a web server to be imported, nor `--version` for anything.
    """

    def __init__(self) -> None:
        self._made: dict[str, Any] = dict.fromkeys((*COMMANDS, *FAMILIES))

    def __getitem__(self, name: str) -> Any:
        if self._made[name] is None:
            self._made[name] = _load(name)
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def _load(name: str) -> Any:
    """The command of a name, made by typer as if all were mounted."""
    roof = typer.Typer(rich_markup_mode=None)
    if name in COMMANDS:
        roof.command(name)(getattr(importlib.import_module(COMMANDS[name]), name))
    else:
        roof.add_typer(importlib.import_module(FAMILIES[name]).app, name=name)
    return typer.main.get_group(roof).commands[name]


class Roof(TyperGroup):
    """The command above all others."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = OnDemand()


app = typer.Typer(
    name="nightwire",
    cls=Roof,
    help="Reads live news feeds and tells you when what the news reports crosses a threshold.\n\n"
    "Exit status: 0 done, 1 failed, 2 wrong usage, 3 configuration or rules invalid, "
    "4 a server, port or folder cannot be had, 5 nothing matched (--fail-if-empty), 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


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
    app()


if __name__ == "__main__":
    main()
