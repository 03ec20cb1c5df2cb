"""Tokens and numbers: one form for one figure, in digits and in words of three languages."""

from __future__ import annotations

import pytest

from workers.dedupe.numbers import figures
from workers.dedupe.tokens import plain, sentence_tokens, words


def counted(text: str) -> list[str]:
    return sorted(figures(sentence_tokens(plain(text)).forms).elements())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25 drones", ["25"]),
        ("twenty-five drones", ["25"]),
        ("twenty five drones", ["25"]),
        ("1,200 and 1 200 and 1.200", ["1200", "1200", "1200"]),
        ("1.2 million", ["1200000"]),
        ("two hundred thousand", ["200000"]),
        ("five hundred", ["500"]),
        ("1,213,000 people", ["1213000"]),
        ("двадцять п'ять дронів", ["25"]),
        ("двадцять п’ять дронів", ["25"]),
        ("сто двадцать три", ["123"]),
        ("тридцать тысяч пятьсот", ["30500"]),
        ("5,5 млн", ["5500000"]),
        ("троє поранених, шестеро загиблих", ["3", "6"]),
        ("dozens of drones", ["dozens"]),
        ("десятки дронів", ["dozens"]),
        ("half of the city", ["half"]),
        ("at 23:40 on May 5, 2026", ["2026", "23:40", "5"]),
        ("at 10:00 and at 10", ["10", "10"]),
        ("ten five", ["10", "5"]),
        ("20 5", ["20", "5"]),
        ("Su-34 and S-300", ["300", "34"]),
        ("no figure here", []),
    ],
)
def test_a_figure_has_one_form(text: str, expected: list[str]) -> None:
    assert counted(text) == sorted(expected)


def test_leftovers_of_html_and_odd_marks_do_not_matter() -> None:
    assert words(plain("<p>Don&#39;t&nbsp;fly <b>over</b> Kyiv</p>")) == b"don t fly over kyiv".split()
    assert words(plain("П’ЯТЬ пʼять ещё")) == "п ять п ять еще".encode().split()


def test_a_sentence_knows_its_first_word_and_its_capitals() -> None:
    first, second = sentence_tokens("Drones over")[:2]
    assert (first.form, first.written, first.first, second.first) == ("drones", "Drones", True, False)


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("It's the mayor's car.", ["It's", "the", "mayor's", "car"]),
        ("He said 'no' to it''s rock 'n' roll", ["He", "said", "no", "to", "it", "s", "rock", "n", "roll"]),
        ("a\u2009'b' c", ["a", "b", "c"]),
        ("«П'ять» – “двоє”", ["П'ять", "двоє"]),
        ("Drones_over 漢字€now", ["Drones", "over", "漢字", "now"]),
        ("F-16s, 1 000 at 10:30", ["F", "16", "s", "1 000", "at", "10:30"]),
        ("at ٣ o'clock", ["at", "٣", "o'clock"]),
        ("", []),
    ],
)
def test_words_are_found_between_all_marks(sentence: str, written: list[str]) -> None:
    tokens = sentence_tokens(sentence)
    assert tokens.written == written
    assert [token.first for token in tokens] == [place == 0 for place in range(len(written))]
    assert [token.form for token in tokens[1:]] == tokens.forms[1:]
