"""Runs of words: a sample that depends on the words and their order, and survives edits elsewhere."""

from __future__ import annotations

from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st

from workers.dedupe.runs import FACTORS, LANE, RANKS, runs

WORDS = [f"word{n}" for n in range(400)]


def found(words: list[str], size: int, number: int, lead: int = 0, lead_words: int = 0) -> list[str]:
    return [run.decode() for run in runs([word.encode() for word in words], size, number, lead, lead_words)]


def test_a_text_shorter_than_a_run_is_one_run() -> None:
    assert found([], 5, 3) == []
    assert found(["one", "two"], 5, 3) == ["one two"]
    assert found(WORDS[:5], 5, 3) == [" ".join(WORDS[:5])]


def test_runs_are_stretches_of_the_text_in_its_order() -> None:
    sample = found(WORDS, 5, 5, 6, 60)
    text = " ".join(WORDS) + " "
    places = [text.index(run + " ") for run in sample]
    assert places == sorted(places)
    assert all(len(run.split()) == 5 for run in sample)
    assert 6 <= len(sample) <= 11
    assert sum(place < text.index("word60 ") for place in places) >= 6


def test_most_runs_survive_a_changed_word_and_none_another_order() -> None:
    before = set(found(WORDS, 5, 5, 6, 60))
    edited = [*WORDS[:200], "other", *WORDS[201:]]
    assert len(before & set(found(edited, 5, 5, 6, 60))) >= len(before) - 2
    assert not before & set(found(WORDS[::-1], 5, 5, 6, 60))


def test_one_word_a_thousand_times_is_one_run() -> None:
    assert found(["word"] * 1000, 5, 5, 6, 60) == ["word word word word word"]


@given(st.lists(st.binary(min_size=1, max_size=5), min_size=6, max_size=40), st.integers(1, 5), st.integers(1, 6))
def test_runs_are_those_with_the_smallest_ranks(words: list[bytes], size: int, number: int) -> None:
    every = [words[start : start + size] for start in range(len(words) - size + 1)]
    ranks = [sum(crc32(w) * f for w, f in zip(run, FACTORS, strict=False)) % RANKS for run in every]
    chosen = [every[place] for place in sorted(map(ranks.index, sorted(set(ranks))[:number]))]
    assert runs(words, size, number) == [b" ".join(run) for run in chosen]


def test_the_sums_of_a_run_fit_their_lane() -> None:
    assert sum(FACTORS) * (2**32 - 1) < 2 ** (8 * LANE)
    assert all(factor % 2 for factor in FACTORS)
