"""The table of keys: every kind is used, kept apart, and made in one place."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import streams
from schemas.base import Model
from schemas.topic import Topic
from streams.state.keys import LAYOUT, Keys
from streams.topics import TOPICS
from workers.ports import Cell, Table

TEXT = st.text()
TABLE_NAMES = st.sampled_from(["dedupe.guid", "resolve.incident", "a"])


def cell(table: str, key: str) -> Cell:
    return Cell(Table(table, Model), key)


SAMPLES = {"Topic": Topic.ARTICLES, "int": 0, "str": "room", "Cell": cell("a", "b")}


def every_key(keys: Keys) -> list[bytes]:
    """A key of every row of the table, made by the maker of the row's name."""
    made = []
    for kind in LAYOUT:
        maker = getattr(keys, kind)
        made.append(maker if isinstance(maker, bytes) else maker(*map(SAMPLES.get, arguments(maker))))
    return made + [keys.topic(topic) for topic in Topic if topic is not Topic.ARTICLES]


def arguments(maker: Callable[..., bytes]) -> list[str]:
    return [parameter.annotation for parameter in inspect.signature(maker).parameters.values()]


def test_every_key_is_made_by_its_row() -> None:
    made = {key.decode().removeprefix("{p}:").split(":")[0] for key in every_key(Keys("p"))}
    assert made == set(LAYOUT)


def test_all_keys_differ_and_share_one_slot_of_a_cluster() -> None:
    keys = every_key(Keys("p"))
    assert len(set(keys)) == len(keys)
    assert all(key.startswith(b"{p}:") for key in keys)


@given(st.tuples(TABLE_NAMES, TEXT), st.tuples(TABLE_NAMES, TEXT))
def test_two_cells_never_share_a_key(one: tuple[str, str], other: tuple[str, str]) -> None:
    keys = Keys("p")
    assert (keys.cell(cell(*one)) == keys.cell(cell(*other))) is (one == other)


def test_prefixes_are_apart() -> None:
    assert not set(every_key(Keys("nightwire"))) & set(every_key(Keys("nightwire-replay")))


def literals() -> Iterator[tuple[Path, str]]:
    assert streams.__file__
    for path in Path(streams.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path, node.value


@pytest.mark.parametrize("text", [spec.wire for spec in TOPICS.values()] + [f"{kind}:" for kind in LAYOUT])
def test_no_key_or_wire_name_is_written_out_elsewhere(text: str) -> None:
    tables = {"keys.py", "topics.py"}
    assert [str(path) for path, value in literals() if value.startswith(text) and path.name not in tables] == []
