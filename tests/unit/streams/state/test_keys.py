"""The table of keys: every kind is used, kept apart, and made in one place."""

from __future__ import annotations

import ast
import inspect
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import streams
from schemas.base import Model
from schemas.topic import Topic
from streams.state.keys import LAYOUT, LETTERS, Keys
from streams.topics import TOPICS
from workers.ports import Cell, Table
from workers.tables import TABLES

TEXT = st.text()
TABLE_NAMES = st.sampled_from(["dedupe.guid", "dedupe.run", "resolve.incident", "a"])


def cell(table: str, key: str) -> Cell:
    return Cell(Table(table, Model), key)


SAMPLES = {"Topic": Topic.ARTICLES, "int": 0, "str": "room", "Cell": cell("a", "b")}
SMALL = (b"a", "AAAAAAAA")
SLOTS = st.binary(min_size=6, max_size=6).map(lambda raw: b2a_base64(raw, newline=False).decode())


def every_key(keys: Keys) -> list[bytes]:
    """A key of every row of the table, made by the maker of the row's name."""
    made = []
    for kind in LAYOUT:
        maker = getattr(keys, kind)
        made.append(maker if isinstance(maker, bytes) else maker(*samples_for(maker)))
    return made + [keys.topic(topic) for topic in Topic if topic is not Topic.ARTICLES]


def samples_for(maker: Callable[..., bytes]) -> Iterable[object]:
    return SMALL if maker.__name__ == "small" else map(SAMPLES.get, arguments(maker))


def arguments(maker: Callable[..., bytes]) -> list[str]:
    return [parameter.annotation for parameter in inspect.signature(maker).parameters.values()]


def test_every_key_is_made_by_its_row() -> None:
    made = {key.decode().removeprefix("{p}:").split(":")[0] for key in every_key(Keys("p"))}
    assert made == {kind for kind in LAYOUT if kind != "small"} | {"a\0\0\0\0\0\0"}


def test_all_keys_differ_and_share_one_slot_of_a_cluster() -> None:
    keys = every_key(Keys("p"))
    assert len(set(keys)) == len(keys)
    assert all(key.startswith(b"{p}:") for key in keys)


@given(st.tuples(TABLE_NAMES, TEXT | SLOTS), st.tuples(TABLE_NAMES, TEXT | SLOTS))
def test_two_cells_never_share_a_key(one: tuple[str, str], other: tuple[str, str]) -> None:
    keys = Keys("p")
    assert (keys.cell(cell(*one)) == keys.cell(cell(*other))) is (one == other)


def test_a_digest_stands_in_its_key_as_bytes_and_anything_else_as_text() -> None:
    keys = Keys("p")
    assert keys.cell(cell("dedupe.run", "AAAAAAAB")) == b"{p}:r\0\0\0\0\0\1"
    for key in ("AAAAAAA", "AAAAAAA=", "AAAA_AAA", "AAAA\nAAA", "AAAAAAAé", ""):
        assert keys.cell(cell("dedupe.run", key)) == f"{{p}}:cell:dedupe.run:{key}".encode()


def test_no_letter_begins_another_kind_of_key_and_every_one_belongs_to_a_table() -> None:
    kinds = {spec.pattern[0].encode() for kind, spec in LAYOUT.items() if kind != "small"}
    assert not kinds & set(LETTERS.values())
    assert len(set(LETTERS.values())) == len(LETTERS)
    assert set(LETTERS) <= {table.name for table in TABLES}


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
