"""What all commands share: exit codes, one-line errors, JSON lines, and progress on standard error."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, NoReturn

import typer
from pydantic import BaseModel
from rich.console import Console

from streams.documents import DocumentError
from streams.refusal import Refusal
from streams.runtimes.base import RuntimeRefused, Unavailable
from streams.signals import Interrupted


class Exit(IntEnum):
    """The exit status of every command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INVALID = 3
    """The configuration or the rules are invalid."""
    UNREACHABLE = 4
    """A server, port or directory that is needed cannot be had."""
    EMPTY = 5
    """Data was found, nothing matched; only with --fail-if-empty."""
    INTERRUPTED = 130


console = Console(stderr=True)
"""Talk, errors and progress: never standard output, which carries data."""


def fail(message: str, status: Exit = Exit.FAILED) -> NoReturn:
    """Print one line that says what is wrong and what to do, and end the command."""
    print(f"nightwire: {message}", file=sys.stderr)
    raise typer.Exit(int(status))


def fail_all(messages: Iterable[object], status: Exit = Exit.INVALID) -> NoReturn:
    """Print every problem on a line of its own, and end the command."""
    for message in messages:
        print(message, file=sys.stderr)
    raise typer.Exit(int(status))


def say(message: str) -> None:
    """Talk to the person at the terminal."""
    print(message, file=sys.stderr, flush=True)


def emit(value: BaseModel | dict[str, Any]) -> None:
    """Print one JSON line."""
    line = value.model_dump_json() if isinstance(value, BaseModel) else json.dumps(value, ensure_ascii=False)
    print(line, flush=True)


def log_to_stderr(level: str) -> None:
    """Print log lines of at least this level; --debug, given before the command, asks for all of them."""
    root = logging.getLogger()
    if root.level != logging.DEBUG:
        root.setLevel(level.upper())


@contextmanager
def guarded() -> Iterator[None]:
    """Turn everything that can go wrong outside into one line and the right exit status."""
    try:
        yield
    except DocumentError as error:
        fail_all(error.problems)
    except Refusal as error:
        fail(str(error), Exit.INVALID if error.invalid else Exit.UNREACHABLE)
    except (RuntimeRefused, Unavailable) as error:
        fail(str(error), Exit.UNREACHABLE)
    except Interrupted:
        raise typer.Exit(int(Exit.INTERRUPTED)) from None
