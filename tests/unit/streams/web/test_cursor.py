"""Cursors: every position survives the way to the client and back, and what is no cursor is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.runtimes.base import place
from streams.web.cursor import FOLLOWED, decode_cursor, encode_cursor

OFFSETS = st.one_of(st.none(), st.from_regex(r"[0-9]{1,15}(-[0-9]{1,5})?", fullmatch=True))


@given(st.fixed_dictionaries(dict.fromkeys(FOLLOWED, OFFSETS)))
def test_a_cursor_reads_back_as_what_it_was(positions: dict[object, str | None]) -> None:
    assert decode_cursor(encode_cursor(positions)) == positions  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "1", "1~2~3", "1~2~3~4~5", "1~2~3~<script>", "1~2~3~" + "9" * 65, "1~2~3~4\n5"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no cursor"):
        decode_cursor(text)


def test_offsets_sort_by_age() -> None:
    assert place(None) < place("0") < place("9") < place("10") < place("1700000000000-1") < place("1700000000000-10")
