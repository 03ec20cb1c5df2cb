"""Laws of places: any text is safe, spans lie in the text, and words beside a place do not move it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workers.extract.places import Gazetteer

PIECES = st.sampled_from(
    [
        "Kyiv",
        "Moscow",
        "region",
        "of",
        "the",
        "Ryazan",
        "oblasts",
        "and",
        ",",
        "Tula",
        "district",
        "Ruza",
        "New",
        "York",
        "Sea",
        "Black",
        "Vladimir",
        "Putin",
        "Nice",
        "al-Fasher",
        "U.S.",
        "US",
        "Київ",
        "области",
        "Рязань",
        ".",
    ]
)


@given(st.lists(PIECES, max_size=16))
def test_mentions_lie_in_the_text_in_order(pieces: list[str]) -> None:
    text = " ".join(pieces)
    last = 0
    for mention in Gazetteer.default().find(text):
        assert last <= mention.start < mention.end <= len(text)
        last = mention.end


@given(st.text())
def test_no_text_raises(text: str) -> None:
    Gazetteer.default().find(text)
    Gazetteer.default().lookup(text)


@given(st.lists(PIECES, max_size=10))
def test_a_text_is_read_the_same_way_twice(pieces: list[str]) -> None:
    text = " ".join(pieces)
    assert Gazetteer.default().find(text) == Gazetteer.default().find(text)


@given(st.lists(PIECES, max_size=8), st.integers(1, 99))
def test_small_words_before_a_text_move_its_places_and_change_nothing_else(pieces: list[str], count: int) -> None:
    text, lead = " ".join(pieces), f"some {count} of them fell, it is said; "
    moved = [(m.start - len(lead), m.end - len(lead), m.place) for m in Gazetteer.default().find(lead + text)]
    assert moved == [(m.start, m.end, m.place) for m in Gazetteer.default().find(text)]
