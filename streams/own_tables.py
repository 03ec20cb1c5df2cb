"""Reads the tables of an operator's own: lexicons, and whose figure stands; every file that cannot be used is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from streams.documents import DocumentError, Problem
from workers.extract.lexicon import Lexicon
from workers.resolve.authority import parse_authority
from workers.resolve.policy import Policy
from workers.resolve.voices import parse_owners

Parse = Callable[[str], object]


def read_lexicons(paths: Iterable[Path]) -> Lexicon:
    """Our lexicon with those of the user; raises DocumentError with all that cannot be used."""
    return Lexicon.parse(*_texts((path, Lexicon.parse) for path in paths).values())


def read_policy(authority: Path | None, owners: Path | None) -> Policy:
    """The tables that decide whose figure stands, ours where none is given; raises DocumentError."""
    files = ((authority, parse_authority), (owners, parse_owners))
    texts = _texts((path, parse) for path, parse in files if path is not None)
    return Policy.parse(texts[authority] if authority else None, texts[owners] if owners else None)


def _texts(files: Iterable[tuple[Path, Parse]]) -> dict[Path, str]:
    """The texts of files that their parsers take."""
    texts: dict[Path, str] = {}
    problems: list[Problem] = []
    for path, parse in files:
        try:
            texts[path] = path.read_text(encoding="utf-8")
            parse(texts[path])
        except (OSError, ValueError) as error:
            problems.append(Problem(str(path), 1, 1, "", f"cannot be used: {error}"))
    if problems:
        raise DocumentError(problems)
    return texts
