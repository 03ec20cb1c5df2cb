"""The pieces of the kafka runtime that need no broker: sequences, cursors, repetitions, chunks, the layout."""

from __future__ import annotations

import logging

import pytest
from aiokafka import client, cluster, conn
from aiokafka.consumer import fetcher, group_coordinator
from aiokafka.producer import sender

from schemas.topic import Topic
from streams.codec import DATA
from streams.runtimes.kafka.journal import CHUNK, Entry, chunks
from streams.runtimes.kafka.layout import LAYOUT, Names
from streams.runtimes.kafka.port import Raw
from streams.runtimes.kafka.quiet import TALKERS, Once
from streams.runtimes.kafka.reader import fresh, from_cursor, to_cursor
from streams.runtimes.kafka.wire import SEQUENCE, from_sequence, to_fields, to_sequence


def raw(offset: int, sequence: bytes | None) -> Raw:
    return Raw(0, offset, b"k", b"{}", ((SEQUENCE, sequence),) if sequence else ())


def test_a_sequence_survives_the_wire_and_sorts_as_text() -> None:
    early, late = to_sequence(b"999-12"), to_sequence(b"1000-2")
    assert from_sequence(early) == (999, 12)
    assert early < late


@pytest.mark.parametrize("text", [None, b"", b"12", b"a-b", b"1-", b"1" * 30 + b"-1"])
def test_what_is_no_sequence_of_ours(text: bytes | None) -> None:
    assert from_sequence(text) is None


def test_repetitions_are_passed_over_and_records_of_others_are_not() -> None:
    log = [raw(0, b"5-0"), raw(1, b"6-0"), raw(2, b"5-0"), raw(3, None), raw(4, b"6-0"), raw(5, b"7-0")]
    assert [found.raw.offset for found in fresh(log)] == [0, 1, 3, 5]


@pytest.mark.parametrize("positions", [[1], [7, 0, 3]])
def test_a_cursor_is_read_back(positions: list[int]) -> None:
    assert from_cursor(to_cursor(positions), len(positions)) == positions


def test_a_cursor_of_fewer_partitions_starts_the_new_ones_at_their_beginning() -> None:
    assert from_cursor("4.5", 3) == [4, 5, 0]
    assert from_cursor("7", 2) == [8, 0]


def test_a_cursor_of_more_partitions_is_of_another_topic() -> None:
    with pytest.raises(ValueError, match="made anew"):
        from_cursor("4.5", 1)


def test_chunks_keep_the_order_and_a_big_record_goes_alone() -> None:
    entries = [Entry(b"%d-0" % n, {DATA: b"x" * size}) for n, size in enumerate([10, CHUNK * 2, 10, 10])]
    found = [[entry.id for entry in chunk] for chunk in chunks(entries)]
    assert found == [[b"0-0"], [b"1-0"], [b"2-0", b"3-0"]]


def test_the_key_of_a_record_of_others_is_its_own() -> None:
    assert to_fields(raw(0, None))[b"ce_partitionkey"] == b"k"


def test_every_topic_has_a_layout_and_a_name_in_front() -> None:
    assert set(LAYOUT) == set(Topic)
    assert Names("replay.").topic(Topic.ALERTS).startswith("replay.")
    assert {row.settings()["cleanup.policy"] for row in LAYOUT.values()} == {"delete", "compact"}


def test_those_that_talk_go_by_the_names_that_are_hushed() -> None:
    modules = (client, cluster, conn, fetcher, group_coordinator, sender)
    assert {module.log.name for module in modules} == set(TALKERS)


def test_a_text_is_told_once_in_a_while() -> None:
    once, record = Once(every=60), logging.makeLogRecord({"msg": "away"})
    assert [once.filter(record), once.filter(record), once.filter(logging.makeLogRecord({"msg": "back"}))] == [
        True,
        False,
        True,
    ]
