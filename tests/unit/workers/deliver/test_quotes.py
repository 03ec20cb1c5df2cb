"""Sentences come once, with every number that was read from them marked."""

from __future__ import annotations

import pytest

from schemas.alert import Evidence
from workers.deliver.quotes import QUOTE, marked, sentences

TEXT = "Crews brought down 21 drones near the port and another 1,204 over the plain."


def evidence(value: float, article: str = "a", sentence: str = TEXT) -> Evidence:
    return Evidence(article=article, revision="r", value=value, quote="q", sentence=sentence, span=(0, 1))


def test_two_figures_of_one_sentence_come_once() -> None:
    (one,) = sentences([evidence(21), evidence(1204)])
    assert [each.value for each in one.evidence] == [21, 1204]


def test_the_same_words_in_two_articles_come_twice() -> None:
    assert len(sentences([evidence(21), evidence(21, article="b"), evidence(1204)])) == 2


def test_evidence_without_a_sentence_shows_its_quote() -> None:
    assert sentences([evidence(3, sentence="")])[0].text == "q"


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([21, 1204], "Crews brought down **21** drones near the port and another **1,204** over the plain."),
        ([1204], "Crews brought down 21 drones near the port and another **1,204** over the plain."),
        ([2], TEXT),
        ([], TEXT),
        ([21, 21], "Crews brought down **21** drones near the port and another 1,204 over the plain."),
    ],
)
def test_marked(values: list[float], shown: str) -> None:
    assert marked(TEXT, values) == shown


def test_a_long_sentence_is_cut_around_its_number() -> None:
    text = "x" * 400 + " 77 " + "y" * 400
    shown = marked(text, [77])
    assert shown.startswith("…x")
    assert shown.endswith("y…")
    assert "**77**" in shown
    assert len(shown) == QUOTE + len("…**77**…") - len("77")
