"""How dedupe's cells are written: nothing is lost, little is taken, and what is damaged is told."""

from __future__ import annotations

from binascii import b2a_base64
from datetime import UTC, datetime, timedelta

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from workers.dedupe.cells import Bucket, Known, Pointer
from workers.dedupe.digests import slot_of, story_id
from workers.dedupe.packing import LARGEST, LAST_DAY, PackedBucket, PackedKnown, PackedPointer

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SLOTS = st.binary(min_size=6, max_size=6).map(lambda raw: b2a_base64(raw, newline=False).decode())
TEXT = st.text(st.characters(exclude_categories=[]), max_size=40)
MAYBE = st.none() | TEXT
INSTANTS = st.datetimes(timezones=st.just(UTC))
KNOWN = st.builds(
    Known,
    article=TEXT,
    revision=TEXT,
    content=TEXT,
    earlier=st.lists(TEXT, max_size=3).map(tuple),
    story=TEXT,
    at=INSTANTS,
    published=INSTANTS,
    verdict=st.sampled_from(["unique", "update", "duplicate"]),
    of=MAYBE,
    similarity=st.none() | st.floats(0, 1),
    feed=MAYBE,
    url=MAYBE,
    title=TEXT,
    text=TEXT,
)


def known(**fields: object) -> Known:
    given = {"article": "a", "revision": "r", "content": "c", "story": story_id("a", "r"), "at": NOON}
    return Known.model_validate({**given, "published": NOON, **fields})


@given(SLOTS)
def test_a_pointer_is_six_bytes(slot: str) -> None:
    packed = PackedPointer().pack(Pointer(slot=slot))
    assert len(packed) == 6
    assert PackedPointer().unpack(packed) == Pointer(slot=slot)


@given(st.dictionaries(st.integers(0, LAST_DAY), st.lists(SLOTS, min_size=1, max_size=5).map("".join), max_size=9))
def test_a_bucket_is_eight_bytes_an_article(days: dict[int, str]) -> None:
    packed = PackedBucket().pack(Bucket(days=days))
    assert len(packed) == sum(map(len, days.values()))
    assert PackedBucket().unpack(packed) == Bucket(days=days)


def test_days_that_have_no_room_are_the_nearest_that_have() -> None:
    packed = PackedBucket().pack(Bucket(days={-3: slot_of("a"), 99_999: slot_of("b")}))
    assert PackedBucket().unpack(packed).days == {0: slot_of("a"), LAST_DAY: slot_of("b")}


@given(KNOWN)
def test_an_article_comes_back_as_it_was(value: Known) -> None:
    assert PackedKnown().unpack(PackedKnown().pack(value)) == value


def test_defaults_and_the_story_of_the_article_itself_take_no_room() -> None:
    bare, told = known(), known(story="another story with a name of its own", verdict="update", reason="changed-number")
    assert len(PackedKnown().pack(bare)) < 70
    assert len(PackedKnown().pack(told)) > len(PackedKnown().pack(bare)) + 40


def test_a_text_is_compressed() -> None:
    words = " ".join(f"word{n % 40}" for n in range(400))
    assert len(PackedKnown().pack(known(text=words))) < len(words) / 4


@pytest.mark.parametrize(
    ("packing", "raw"),
    [
        (PackedPointer(), b"12345"),
        (PackedPointer(), b'{"slot": "AAAAAAAA"}'),
        (PackedBucket(), b"123456789"),
        (PackedKnown(), b""),
        (PackedKnown(), b'{"article": "a"}'),
        (PackedKnown(), PackedKnown().pack(known(text="a text"))[:-3]),
        (PackedKnown(), zstd.compress(b"x" * (LARGEST + 1))),
        (PackedKnown(), zstd.compress(b"no list\n")),
        (PackedKnown(), zstd.compress(b"[1,2]\n")),
        (PackedKnown(), zstd.compress(b'["one","two",null]\n')),
        (PackedKnown(), zstd.compress(b"[1e99,1,null]\n")),
        (PackedKnown(), zstd.compress(b"[" * 100_000)),
        (PackedKnown(), zstd.compress(b"\xff\xfe\n\xff")),
    ],
)
def test_what_is_damaged_is_told(packing: PackedPointer | PackedBucket | PackedKnown, raw: bytes) -> None:
    with pytest.raises(ValueError):
        packing.unpack(raw)


def test_times_keep_their_microseconds() -> None:
    at = NOON + timedelta(microseconds=1)
    assert PackedKnown().unpack(PackedKnown().pack(known(at=at))).at == at
