"""`nightwire config`: check the configuration with all that it names, and show every value with its origin."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from streams.advice import plain
from streams.cli.common import emit, fail_all, say
from streams.clock import WallClock
from streams.documents import DocumentError, Problem
from streams.environment import referred_variables, unknown_variables
from streams.own_tables import read_lexicons, read_policy
from streams.rules import load_rules
from streams.settings import Settings, describe, load_feeds, read_settings
from streams.sinks.lanes import ReceiverError, lanes_of

app = typer.Typer(no_args_is_help=True)

FileOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="YAML file; default: NIGHTWIRE_CONFIG, the user's, or the shipped one."),
]


@app.command()
def check(config: FileOption = None) -> None:
    """Look for mistakes in the configuration, its feed files and the environment; exit status 3 when there are any."""
    settings, problems = _read(config)
    if settings is not None:
        problems += _problems_beside(settings)
    named = {problem.file for problem in problems}
    problems += [p for p in unknown_variables(_referred(settings)) if f"environment {p.file}" not in named]
    if settings is None or problems:
        fail_all(problems)
    say(_summary(settings))


@app.command()
def show(
    config: FileOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
) -> None:
    """Print every setting, its value and who set it; secrets are masked. Exit status 3 when the file is invalid."""
    settings, problems = _read(config)
    if settings is None:
        fail_all(problems)
    lines = describe(settings)
    if as_json:
        values = {s.name: {"value": s.value, "origin": s.origin, "description": s.description} for s in lines}
        emit({"schema": 1, "file": str(settings.file), "settings": values})
        return
    width = max(len(line.name) for line in lines)
    for line in lines:
        print(f"{line.name:<{width}}  {_text(line.value)}  # {line.origin}")


def _read(config: Path | None) -> tuple[Settings | None, list[Problem]]:
    try:
        return read_settings(config), []
    except DocumentError as error:
        return None, list(error.problems)


def _problems_beside(settings: Settings) -> list[Problem]:
    """What is wrong with the files and the variables that the configuration names."""
    config, problems = settings.config, []
    for load in (
        lambda: load_feeds(config),
        lambda: load_rules(config.rules, config.receivers),
        lambda: read_lexicons(config.lexicons),
        lambda: read_policy(config.authority, config.owners),
    ):
        try:
            load()
        except DocumentError as error:
            problems += error.problems
    for name, receiver in config.receivers.items():
        try:
            lanes_of(name, receiver, os.environ, WallClock())
        except ReceiverError as error:
            problems.append(settings.problem(("receivers", name), str(error).removeprefix(f"receiver {name}: ")))
    return problems


def _summary(settings: Settings) -> str:
    config = settings.config
    rules = load_rules(config.rules, config.receivers)
    for warning in rules.warnings:
        say(f"{warning} (a warning)")
    counts = f"{len(load_feeds(config))} feeds, {len(rules.rules)} rules, {len(config.receivers)} receivers"
    return f"{settings.file}: valid; {counts}"


def _referred(settings: Settings | None) -> set[str]:
    return referred_variables(plain(settings.config.model_dump())) if settings else set()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
