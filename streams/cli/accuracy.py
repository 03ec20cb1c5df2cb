"""`nightwire accuracy`: how right the reading is on a set of annotated articles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from streams.accuracy.board import BINS, Board, Score
from streams.accuracy.gold import Counted, GoldArticle
from streams.accuracy.readers import Reader, largest_number, production, quantities
from streams.articles import ArticleLine
from streams.cli.common import Exit, emit, fail
from streams.cli.filters import Lexicons, extractor
from streams.clock import WallClock


def accuracy(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD.jsonl...", help="Annotated articles, one a line.")],
    lexicon: Lexicons = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Hold what is read from annotated articles against the annotation: claims, roles, nights and alarms.

    Beside it stand baselines: the largest number near the word drone, and where it is installed the
    library quantulum3 with the noun that follows each number.
    """
    articles = [article for file in gold for article in _read(file)]
    readers: dict[str, Reader | None] = {
        "nightwire": production(extractor(lexicon)),
        "largest number": largest_number,
        "quantulum3": quantities(),
    }
    boards = {name: measure(articles, reader) for name, reader in readers.items() if reader}
    if as_json:
        emit({"schema": 1, "articles": len(articles), **{name: figures(b.whole) for name, b in boards.items()}})
        return
    print(_table(boards["nightwire"], {name: board.whole for name, board in boards.items()}))


def _read(file: Path) -> Iterator[GoldArticle]:
    try:
        lines = file.read_bytes().splitlines()  # of bytes: text has other ends of lines, which may stand in an article
    except OSError as error:
        fail(f"{file}: cannot be read: {error.strerror or error}; check the name and the permissions", Exit.INVALID)
    for number, line in enumerate(lines, start=1):
        try:
            yield GoldArticle.model_validate(json.loads(line))
        except ValueError as error:
            fail(f"{file}:{number}: is no annotated article: {str(error).splitlines()[0]}", Exit.INVALID)


def measure(articles: list[GoldArticle], reader: Reader) -> Board:
    """The board of a reader over a set."""
    board, now = Board(), WallClock().now()
    for gold in articles:
        board.add(gold, reader(ArticleLine.model_validate(gold.line()).draft(now).article()))
    return board


def figures(score: Score) -> dict[str, float | str]:
    """The figures of a score by name; shares from 0 to 1."""
    return {
        "value_f1": round(score.value.f1, 4),
        "roles_f1": round(score.roles.f1, 4),
        "nightly_f1": round(score.nightly.f1, 4),
        "night_right": round(score.date_right / score.dated, 4) if score.dated else 1.0,
        "exact": round(score.exact / score.articles, 4) if score.articles else 1.0,
        "quiet": f"{score.quiet}/{score.must_be_quiet}",
        "false_alarms": score.false_alarms,
        "missed_alarms": f"{score.missed_alarms}/{score.must_alarm}",
    }


def _table(board: Board, wholes: dict[str, Score]) -> str:
    names = list(figures(board.whole))
    rows = [["", "articles", *names]]
    rows += [[name, str(score.articles), *map(str, figures(score).values())] for name, score in wholes.items()]
    tags = sorted(board.tags.items(), key=lambda tag: (-tag[1].articles, tag[0]))
    rows += [[f"  {name}", str(score.articles), *map(str, figures(score).values())] for name, score in tags]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, "", *_calibration(board)])


def _calibration(board: Board) -> list[str]:
    lines = ["confidence   told  right"]
    for low, high in pairwise(BINS):
        told = Counted(hits=board.sure_right[low], told=board.sure[low])
        if told.told:
            lines.append(f"{low:.2f}-{min(high, 1.0):.2f}  {told.told:6d}  {told.precision:.2f}")
    return lines
