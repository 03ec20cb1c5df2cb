"""The house holds: imports point inward, time is injected, names stand in their tables, functions fit a screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.topic import Topic
from streams.topics import TOPICS
from workers.pipeline import PIPELINE
from workers.tables import TABLES

ROOT = Path(__file__).parents[2]
STOREYS = {"schemas": 0, "workers": 1, "streams": 2}
SHELL_LIBRARIES = {"aiohttp", "redis", "faust", "feedparser", "socket", "http", "urllib3", "requests", "subprocess"}
SOURCES = sorted(path for storey in STOREYS for path in (ROOT / storey).rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def storey(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def outward(path: Path, tree: ast.AST) -> list[str]:
    rank = STOREYS[storey(path)]
    return [where(path, line) for line, name in imports(tree) if STOREYS.get(name.split(".")[0], -1) > rank]


def test_imports_point_inward() -> None:
    assert [found for path, tree in TREES.items() for found in outward(path, tree)] == []


def test_the_check_of_imports_can_fail() -> None:
    assert outward(ROOT / "schemas" / "x.py", ast.parse("from workers.stage import Stage")) == ["schemas/x.py:1"]


def test_rooms_and_nouns_know_no_network() -> None:
    found = [
        where(path, line)
        for path, tree in TREES.items()
        if storey(path) != "streams"
        for line, name in imports(tree)
        if name.split(".")[0] in SHELL_LIBRARIES
    ]
    assert found == []


def test_nobody_imports_the_seeds() -> None:
    found = [where(path, line) for path, tree in TREES.items() for line, name in imports(tree) if name == "seeds"]
    assert found == []


def is_clock_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in CLOCK_CALLS
    )


CLOCK_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    found = [
        where(path, node.lineno)
        for path, tree in TREES.items()
        if path != ROOT / "streams" / "clock.py"
        for node in ast.walk(tree)
        if is_clock_call(node)
    ]
    assert found == []


def literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_wire_names_of_topics_stand_in_their_table_alone() -> None:
    names = {spec.wire for spec in TOPICS.values()} | {topic.value for topic in Topic if "." in topic.value}
    allowed = {ROOT / "streams" / "topics.py", ROOT / "schemas" / "topic.py"}
    found = [
        where(path, line)
        for path, tree in TREES.items()
        if path not in allowed
        for line, text in literals(tree)
        if text in names
    ]
    assert found == []


def calls_to(tree: ast.AST, name: str) -> list[int]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return [call.lineno for call in calls if call.func.id == name]  # type: ignore[attr-defined]


def test_tables_of_state_are_made_in_their_table_alone() -> None:
    allowed = {ROOT / "workers" / "tables.py"}
    pure = {path: tree for path, tree in TREES.items() if path not in allowed and storey(path) != "streams"}
    assert [where(path, line) for path, tree in pure.items() for line in calls_to(tree, "Table")] == []


def test_tables_and_topics_have_names_of_their_own() -> None:
    assert len({table.name for table in TABLES}) == len(TABLES)
    assert set(TOPICS) == set(Topic)
    assert len({spec.wire for spec in TOPICS.values()}) == len(Topic)


def test_the_map_is_connected() -> None:
    written: set[Topic] = set()
    for room in PIPELINE:
        assert room.reads is None or room.reads in written, room.name
        written.update(room.writes)
    assert written == set(Topic) - {Topic.DEAD_LETTERS}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_sizes_and_docstrings(path: Path) -> None:
    tree = TREES[path]
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, "a module above 350 lines"
    assert ast.get_docstring(tree), "a module says in one sentence what it is"
    too_long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1})"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > 50
    ]
    assert too_long == []
