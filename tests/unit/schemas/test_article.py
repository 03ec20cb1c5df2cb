"""Articles: their revision is blind to white space, and to nothing else."""

from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st

from schemas.article import WHITE, content_revision, words_of


def test_all_white_space_of_unicode_is_known() -> None:
    every = {chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()}
    assert every == {*WHITE, " "}


@given(st.text(st.sampled_from([" ", *WHITE, "a", "\u00e9", "\u0434", "\U0001f600", "\ud800"])))
def test_words_have_one_space_between_them(text: str) -> None:
    assert words_of(text) == " ".join(text.split())


def test_a_revision_is_of_words_in_their_fields() -> None:
    known = content_revision("Title", None, "Ten  drones\nflew.")
    assert known == content_revision(" Title ", "", "Ten drones flew.")
    assert known != content_revision("Title", "Ten drones flew.", "")
    assert known != content_revision("Title", "", "Ten drones flew")
