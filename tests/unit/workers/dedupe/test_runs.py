"""Runs of words: a sample that depends on the words and their order, and survives edits elsewhere."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from workers.dedupe.runs import FACTORS, LANE, REMEMBERED, WORDLIKE, _Lanes, runs

WORDS = [f"word{n}" for n in range(400)]


def test_a_text_shorter_than_a_run_is_one_run() -> None:
    assert runs([], 5, 3) == []
    assert runs(["one", "two"], 5, 3) == ["one two"]
    assert runs(WORDS[:5], 5, 3) == [" ".join(WORDS[:5])]


def test_runs_are_stretches_of_the_text_in_its_order() -> None:
    found = runs(WORDS, 5, 5, 6, 60)
    text = " ".join(WORDS) + " "
    places = [text.index(run + " ") for run in found]
    assert places == sorted(places)
    assert all(len(run.split()) == 5 for run in found)
    assert 6 <= len(found) <= 11
    assert sum(place < text.index("word60 ") for place in places) >= 6


def test_most_runs_survive_a_changed_word_and_none_another_order() -> None:
    before = set(runs(WORDS, 5, 5, 6, 60))
    edited = [*WORDS[:200], "other", *WORDS[201:]]
    assert len(before & set(runs(edited, 5, 5, 6, 60))) >= len(before) - 2
    assert not before & set(runs(WORDS[::-1], 5, 5, 6, 60))


def test_one_word_a_thousand_times_is_one_run() -> None:
    assert runs(["word"] * 1000, 5, 5, 6, 60) == ["word word word word word"]


@given(st.lists(st.text(min_size=1, max_size=5), max_size=40), st.integers(1, 5), st.integers(1, 6))
def test_ranks_do_not_depend_on_what_is_remembered(words: list[str], size: int, number: int) -> None:
    first = runs(words, size, number)
    for n in range(50):
        runs([f"{n}{random.random()}" for _ in range(10)], size, number)
    assert runs(words, size, number) == first


def test_what_is_remembered_is_bounded() -> None:
    lanes = _Lanes()
    for n in range(REMEMBERED + 10):
        assert len(lanes[f"w{n}"]) == LANE
    assert len(lanes) <= REMEMBERED
    assert lanes["x" * (WORDLIKE + 1)] not in lanes.values()


def test_the_sums_of_a_run_fit_their_lane() -> None:
    assert sum(FACTORS) * (2**32 - 1) < 2 ** (8 * LANE)
    assert all(factor % 2 for factor in FACTORS)
