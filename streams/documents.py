"""Reads YAML 1.2 files that people write, and finds the line and column of every error in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError


@dataclass(frozen=True, slots=True)
class Problem:
    """One error in a file, printed as `file:line:column: path: what is wrong; what to write`."""

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}:"
        return f"{where} {self.path}: {self.message}" if self.path else f"{where} {self.message}"


class DocumentError(Exception):
    """A file that cannot be used, with all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A parsed file: plain data that remembers where each part of it stands."""

    file: str
    data: Any

    def locate(self, path: tuple[int | str, ...]) -> tuple[int, int]:
        """Line and column (from 1) of a path, or of the deepest part of it that exists."""
        node, line, column = self.data, 0, 0
        for step in path:
            if isinstance(node, CommentedMap) and step in node:
                line, column = node.lc.key(step)
            elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
                line, column = node.lc.item(step)
            else:
                break
            node = node[step]
        return line + 1, column + 1

    def problem(self, path: tuple[int | str, ...], message: str) -> Problem:
        """A problem at a path of this document."""
        line, column = self.locate(path)
        return Problem(self.file, line, column, ".".join(map(str, path)), message)


def read_yaml(path: Path) -> YamlDocument:
    """Read a file; raises DocumentError when it is missing, unreadable, or no YAML 1.2."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DocumentError([Problem(str(path), 1, 1, "", f"cannot be read: {error.strerror or error}")]) from error
    except UnicodeDecodeError as error:
        raise DocumentError([Problem(str(path), 1, 1, "", f"is not UTF-8 text: {error.reason}")]) from error
    return parse_yaml(text, str(path))


def parse_yaml(text: str, name: str) -> YamlDocument:
    """Parse YAML 1.2: `18:00` and `NO` are text, a key given twice is an error; raises DocumentError."""
    yaml = YAML(typ="rt")
    yaml.version = (1, 2)
    try:
        return YamlDocument(name, yaml.load(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise DocumentError([Problem(name, line, column, "", _broken(error))]) from error
    except YAMLError as error:
        raise DocumentError([Problem(name, 1, 1, "", f"is not YAML: {error}")]) from error


def _broken(error: MarkedYAMLError) -> str:
    problem = error.problem or "it cannot be read"
    if isinstance(error, DuplicateKeyError):
        return f"{problem.partition(' with value')[0]}; keep one of the two"
    return f"is not YAML: {problem}; look at the indentation, the brackets and the quotes before this place"
