"""Progress on standard error: a bar on a terminal, a line for every tenth elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from streams.cli.common import console, say

Tell = Callable[[int, datetime], None]


@contextmanager
def progress(title: str, total: int, quiet: bool) -> Iterator[Tell]:
    """Yields what is to be called with the number done and the simulated time."""
    if quiet:
        yield lambda _done, _at: None
    elif console.is_terminal:
        with _bar(title, total) as tell:
            yield tell
    else:
        yield _lines(title, total)


@contextmanager
def _bar(title: str, total: int) -> Iterator[Tell]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=total)

        def tell(done: int, at: datetime) -> None:
            bar.update(task, completed=done, description=f"{title} {at:%Y-%m-%d %H:%M}")

        yield tell


def _lines(title: str, total: int) -> Tell:
    def tell(done: int, at: datetime) -> None:
        if done * 10 // total > (done - 1) * 10 // total:
            say(f"{title}: {done}/{total}, {at:%Y-%m-%d %H:%M}Z")

    return tell


EVERY: Final = 10_000
"""Articles between two lines where there is no terminal."""


@contextmanager
def counting(title: str, quiet: bool) -> Iterator[Tell]:
    """Like `progress`, for work whose end is not known beforehand: what is done, how fast, and where time stands."""
    if quiet:
        yield lambda _done, _at: None
    elif console.is_terminal:
        with _counter(title) as tell:
            yield tell
    else:
        yield lambda done, at: say(f"{title}: {done}, {at:%Y-%m-%d %H:%M}Z") if done % EVERY == 0 else None


@contextmanager
def _counter(title: str) -> Iterator[Tell]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def tell(done: int, at: datetime) -> None:
            bar.update(task, completed=done, description=f"{title} {at:%Y-%m-%d %H:%M}")

        yield tell
