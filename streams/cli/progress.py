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
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from streams.cli.common import console, say

Tell = Callable[[int, datetime], None]

EVERY: Final = 10_000
"""Things done between two lines where there is no terminal and no end is known."""


@contextmanager
def progress(title: str, total: int | None, quiet: bool) -> Iterator[Tell]:
    """Yields what is to be called with the number done and the simulated time; `total` is None for an unknown end."""
    if quiet:
        yield lambda _done, _at: None
    elif console.is_terminal:
        with _bar(title, total) as tell:
            yield tell
    elif total is None:
        yield lambda done, at: say(f"{title}: {done}, {at:%Y-%m-%d %H:%M}Z") if done % EVERY == 0 else None
    else:
        yield _tenths(title, total)


@contextmanager
def _bar(title: str, total: int | None) -> Iterator[Tell]:
    """A bar to the end, or where none is known the number done and the time that it took."""
    columns: tuple[ProgressColumn, ...] = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    if total is None:
        columns = (BarColumn(), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(TextColumn("{task.description}"), *columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=total)

        def tell(done: int, at: datetime) -> None:
            bar.update(task, completed=done, description=f"{title} {at:%Y-%m-%d %H:%M}")

        yield tell


def _tenths(title: str, total: int) -> Tell:
    def tell(done: int, at: datetime) -> None:
        if done * 10 // total > (done - 1) * 10 // total:
            say(f"{title}: {done}/{total}, {at:%Y-%m-%d %H:%M}Z")

    return tell
