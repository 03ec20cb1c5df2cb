"""The command `nightwire`: all families of commands under one roof."""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
import os
import sys
from functools import cached_property
from typing import Annotated, Any, Final, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Where(NamedTuple):
    """The module of a command and what the command does, in one line."""

    module: str
    words: str


COMMANDS: Final = {
    "run": Where("streams.cli.run", "Poll the feeds, raise alerts and serve the page."),
    "replay": Where("streams.cli.replay", "Replay a corpus as live feeds and raise its alerts."),
    "backtest": Where("streams.cli.backtest", "Tell which alerts articles would have raised."),
    "dedupe": Where("streams.cli.filters", "Say of articles whether they are copies or updates."),
    "extract": Where("streams.cli.filters", "Print the claims of articles."),
    "resolve": Where("streams.cli.filters", "Print the incidents that articles tell of."),
    "accuracy": Where("streams.cli.accuracy", "Hold what is read against annotated articles."),
    "explain": Where("streams.cli.explain", "Tell why an alert was raised, or why none was."),
    "doctor": Where("streams.cli.doctor", "Look at everything that nightwire needs."),
}
"""Single commands, each by the function of that name in its module."""

FAMILIES: Final = {
    "feeds": Where("streams.cli.feeds", "Read, check and list feeds."),
    "rules": Where("streams.cli.rules", "Check rules and run their tests."),
    "config": Where("streams.cli.config", "Check and show the configuration."),
    "topics": Where("streams.cli.topics", "Look at topics; nothing is consumed."),
    "alerts": Where("streams.cli.alerts", "List, show, acknowledge and silence alerts."),
    "deliveries": Where("streams.cli.deliveries", "List who was told, try again, and test a receiver."),
}
"""Families of commands, each by the `app` of its module."""


class OnDemand(TyperCommand):
    """Stands for a command until it is called: its module is imported then, and not to be listed among the others.

    A filter in a pipe should not wait for a web server to be imported, nor `--help` for anything.
    """

    @cached_property
    def real(self) -> Any:
        """The command, made by typer as if it were mounted."""
        name, roof = str(self.name), typer.Typer(rich_markup_mode=None)
        if name in COMMANDS:
            roof.command(name)(getattr(importlib.import_module(COMMANDS[name].module), name))
        else:
            found = FAMILIES[name]
            roof.add_typer(importlib.import_module(found.module).app, name=name, help=found.words)
        return typer.main.get_group(roof).commands[name]

    def make_context(self, *words: Any, **more: Any) -> Any:
        """Begin a call, of the command itself."""
        return self.real.make_context(*words, **more)


class Roof(TyperGroup):
    """The command above all others."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name, where in (COMMANDS | FAMILIES).items():
            self.add_command(OnDemand(name, help=where.words))

    def invoke(self, ctx: Any) -> Any:
        """Run a command; a reader of its output that has seen enough, as `head` has, ends it quietly."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is still held back to be written
            raise typer.Exit from None


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
