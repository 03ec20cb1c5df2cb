"""Loads rule files: every error of every file at its line, and warnings for what is legal but cannot work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from schemas.rule import Rule, RuleFile
from streams.documents import DocumentError, Problem, YamlDocument, read_yaml
from streams.rules_check import errors_of, warnings_of
from streams.rules_remark import Remark, Steps
from streams.rules_words import gaps, refusals

SUFFIXES = (".yaml", ".yml")
TEST_SUFFIX = ".test.yaml"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of some files, in the order of the files, and what is odd about them."""

    rules: tuple[Rule, ...] = ()
    warnings: tuple[Problem, ...] = ()
    files: tuple[Path, ...] = ()


def rule_files(paths: Iterable[Path]) -> list[Path]:
    """The rule files among paths: files as given, of folders the `.yaml` files that are no tests."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES) if path.is_dir() else [path]
        found += [p for p in inside if not (path.is_dir() and p.name.endswith(TEST_SUFFIX))]
    return list(dict.fromkeys(found))


def load_rules(paths: Iterable[Path], receivers: Iterable[str] | None = None) -> RuleSet:
    """Read rule files; raises DocumentError with all problems of all files.

    `receivers` are the names that a route may use; without them routes are not looked at.
    """
    known = None if receivers is None else frozenset(receivers)
    problems: list[Problem] = []
    warnings: list[Problem] = []
    rules: dict[str, Rule] = {}
    files = rule_files(paths)
    for file in files:
        try:
            document, loaded = _read(file)
        except DocumentError as error:
            problems += error.problems
            continue
        problems += _double(document, [rule.id for rule in loaded], rules)
        rules |= {rule.id: rule for rule in loaded}
        warnings += [_at(document, remark) for i, rule in enumerate(loaded) for remark in warnings_of(rule, i, known)]
    if problems:
        raise DocumentError(problems)
    return RuleSet(tuple(rules.values()), tuple(warnings), tuple(files))


def _read(file: Path) -> tuple[YamlDocument, tuple[Rule, ...]]:
    document = read_yaml(file)
    if not isinstance(document.data, dict):
        raise DocumentError([document.problem((), "a rule file is a map with version: 1 and rules: [...]")])
    try:
        rules = RuleFile.model_validate(document.data).effective()
    except ValidationError as error:
        found = _beside(document, list(refusals(error)))
        raise DocumentError(sorted(found, key=lambda p: (p.line, p.column))) from error
    second = [_at(document, remark) for index, rule in enumerate(rules) for remark in errors_of(rule, index)]
    if second:
        raise DocumentError(second)
    return document, rules


LOOSE: Final = ("title", "from", "by", "where", "labels", "annotations")
"""Keys of a rule that the second look needs, whatever is wrong with the others."""


def _beside(document: YamlDocument, refused: Sequence[Remark]) -> list[Problem]:
    """What is wrong with a file that was refused, and what the later looks find there, so that all comes at once."""
    given = document.data.get("rules")
    rules = [each if isinstance(each, dict) else {} for each in given] if isinstance(given, list) else []
    found = list(refused)
    for index, each in enumerate(rules):
        found += (remark for remark in gaps(each, index) if each and remark not in refused)
        found += errors_of(_loose(each), index)
    return [*(_at(document, remark) for remark in found), *_double(document, [each.get("id") for each in rules], ())]


def _loose(given: Mapping[str, Any]) -> Rule:
    """A rule of the parts of a refused one that are well formed."""
    parts: dict[str, Any] = {"id": "loose", "title": "loose", "first_seen": {"severity": "info"}}
    for key in LOOSE:
        tried = parts | ({key: given[key]} if key in given else {})
        with suppress(ValidationError):
            Rule.model_validate(tried)
            parts = tried
    return Rule.model_validate(parts)


def _double(document: YamlDocument, ids: Sequence[object], known: Iterable[str]) -> Iterator[Problem]:
    seen: list[object] = list(known)
    for index, name in enumerate(ids):
        if name in seen:
            yield document.problem(("rules", index, "id"), f"the id {name} is taken; every rule has its own")
        if isinstance(name, str):
            seen.append(name)


def _written(data: Any, path: Steps) -> Steps:
    """Where a key of a rule was written: in the rule, or in the defaults of the file."""
    if len(path) < 3 or path[0] != "rules" or not isinstance(data.get("defaults"), dict):
        return path
    inherited = path[2] in data["defaults"] and path[2] not in data["rules"][path[1]]
    return ("defaults", *path[2:]) if inherited else path


def _at(document: YamlDocument, remark: Remark) -> Problem:
    """A remark at its place: steps that only the model knows (short forms are spelled out there) are left out."""
    path: list[int | str] = []
    node = document.data
    for step in _written(document.data, remark.path):
        inside = isinstance(node, list) and isinstance(step, int) and step < len(node)
        if inside or (isinstance(node, dict) and step in node):
            node = node[step]
            path.append(step)
    line, column = document.locate(tuple(path))
    last = remark.path[-1] if remark.path else ""
    if isinstance(last, str) and last not in path and last.isidentifier() and last not in ("fields", "none_of"):
        path.append(last)
    return Problem(document.file, line, column, ".".join(map(str, path)), remark.message)
