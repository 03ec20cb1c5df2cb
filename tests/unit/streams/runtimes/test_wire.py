"""How values stand on the server: nothing is changed on the way there and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import Model
from schemas.topic import Topic
from streams.runtimes.base import Commit, Count, Damaged, Unwritable, Versioned
from streams.runtimes.valkey.wire import (
    EPOCH,
    VERSION,
    CommitWords,
    from_count,
    from_score,
    from_token,
    read_cell,
    to_count,
    to_score,
    token,
)
from streams.state.keys import Keys
from workers.ports import Cell, Emit, Packing, Table, Timer

NOON = datetime(2024, 9, 10, 12, 0, tzinfo=UTC)
NAMES = st.text(st.characters(exclude_characters="\x1f"))
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.integers(0, 280 * 365 * 86_400_000_000).map(lambda micro: EPOCH + timedelta(microseconds=micro))
MOMENTS = st.builds(datetime.astimezone, INSTANTS, ZONES)


class Tally(Model):
    number: int
    text: str = ""


class Terse(Packing):
    """A tally in one byte."""

    def pack(self, value: Model) -> bytes:
        assert isinstance(value, Tally)
        return bytes([value.number])

    def unpack(self, raw: bytes) -> Tally:
        if len(raw) != 1:
            raise ValueError("not one byte")
        return Tally(number=raw[0])


CELL = Cell(Table("unit.tally", Tally), "a")
SMALL = Cell(Table("unit.terse", Tally, packing=Terse()), "a")
FIVE = (5).to_bytes(VERSION, "big")


@given(MOMENTS)
def test_times_keep_every_microsecond(moment: datetime) -> None:
    score = to_score(moment)
    assert from_score(score) == moment
    assert from_score(b"%.17g" % float(score)) == moment, "a sorted set keeps a float"


@given(MOMENTS, MOMENTS)
def test_scores_order_as_times_do(one: datetime, other: datetime) -> None:
    assert (float(to_score(one)) < float(to_score(other))) is (one < other)


@given(NAMES, NAMES, NAMES)
def test_counts(room: str, kind: str, reason: str) -> None:
    assert from_count(to_count(Count(room, kind, reason))) == Count(room, kind, reason)


@pytest.mark.parametrize("topic", Topic, ids=str)
def test_tokens(topic: Topic) -> None:
    assert from_token(token(topic, "1-2")) == (topic, "1-2")


@pytest.mark.parametrize(
    ("raw", "version", "why"),
    [
        (FIVE + b'{"number": "many"}', 5, "number: "),
        (FIVE + b'{"number": ', 5, "EOF"),
        (FIVE, 5, "EOF"),
        (b"", 0, "it has no version"),
        (b"\0\0\0\0\1", 256, "it has no version"),
        (FIVE + b"\xff", 5, ""),
    ],
)
def test_a_cell_that_cannot_be_read(raw: bytes, version: int, why: str) -> None:
    found = read_cell(CELL, raw)
    assert found.version == version
    assert isinstance(found.value, Damaged)
    assert found.value.cell == "unit.tally/a"
    assert why in found.value.why


def test_a_cell() -> None:
    assert read_cell(CELL, FIVE + b'{"number": 1, "added_later": true}') == Versioned(Tally(number=1), 5)
    assert read_cell(CELL, None) == Versioned(None, 0)


def test_a_cell_of_a_table_with_a_form_of_its_own() -> None:
    words = CommitWords(Keys("p"), Commit("room", NOON, writes={SMALL: Tally(number=7)}), "0")
    assert b"\7" in words.args
    assert read_cell(SMALL, FIVE + b"\7") == Versioned(Tally(number=7), 5)
    damaged = read_cell(SMALL, FIVE + b"\7\7")
    assert isinstance(damaged.value, Damaged)
    assert (damaged.value.why, damaged.version) == ("not one byte", 5)


def test_cells_that_must_be_absent_are_named_without_a_version() -> None:
    absent, present = Cell(CELL.table, "new"), Cell(CELL.table, "old")
    words = CommitWords(Keys("p"), Commit("room", NOON, expected={absent: 0, present: 5}), "0")
    assert words.args[4:9] == [b"1", b"3", b"1", b"4", FIVE]


@pytest.mark.parametrize(
    "commit",
    [
        Commit("room", NOON, writes={CELL: Tally(number=1, text="\ud800")}),
        Commit("room", NOON, writes={SMALL: Tally(number=256)}),
        Commit("room", NOON, emits=[(Emit(Topic.EVENTS, "k", Tally(number=1, text="\ud800"), "i"), NOON)]),
        Commit("room", NOON, emits=[(Emit(Topic.EVENTS, "\ud800", Tally(number=1), "i"), NOON)]),
        Commit("room", NOON, emits=[(Emit(Topic.EVENTS, "k", Tally(number=1), "\udfff"), NOON)]),
        Commit("room", NOON, timers={Timer("room", "t"): NOON.replace(tzinfo=None)}),
        Commit("room", NOON, acks=["nowhere@1-1"]),
    ],
    ids=["cell", "packed cell", "record", "key", "id", "naive time", "topic"],
)
def test_what_has_no_form_is_refused_before_anything_is_sent(commit: Commit) -> None:
    with pytest.raises(Unwritable):
        CommitWords(Keys("p"), commit, "0")


def test_a_key_is_sent_once() -> None:
    commit = Commit("room", NOON, expected={CELL: 1}, writes={CELL: Tally(number=1)})
    commit.emits = [(Emit(Topic.EVENTS, "k", Tally(number=n), "i"), NOON) for n in range(3)]
    keys = Keys("p")
    words = CommitWords(keys, commit, "0")
    assert (
        len(words.keys)
        == len(set(words.keys))
        == len({keys.stamp, keys.counts, keys.cell(CELL), keys.topic(Topic.EVENTS)})
    )
