from __future__ import annotations

import pytest

from workers.extract.slavic.tokens import folded, sentences, tokens
from workers.extract.tokens import plain


def values(text: str) -> list[int]:
    return [token.value for token in tokens(plain(text), 0, len(text)) if token.value is not None]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("64", 64),
        ("1 240", 1240),
        ("12\u00a0345", 12345),
        ("96-ма", 96),
        ("14-ю", 14),
        ("двадцять два", 22),
        ("двадцать один", 21),
        ("сто тридцять сім", 137),
        ("двести сорок три", 243),
        ("дві тисячі триста", 2300),
        ("сто тысяч пятьсот", 100_500),
        ("п’ятнадцятьма", 15),
        ("трёх", 3),
        ("четверо", 4),
        ("4,5 тисячі", 4500),
        ("5,2 тис.", 5200),
        ("3 тыс.", 3000),
        ("пів сотні", 50),
        ("півтора десятка", 15),
        ("полсотни", 50),
        ("два десятка", 20),
        ("десятки", 24),
        ("сотні", 200),
        ("тысячи", 2000),
    ],
)
def test_a_number(text: str, value: int) -> None:
    assert values(text) == [value]


@pytest.mark.parametrize(
    "text", ["7-го", "2024", "20:00", "08.30", "3:1", "Х-101", "Shahed-136/131", "14-річну", "4,5"]
)
def test_no_number_that_counts(text: str) -> None:
    assert values(text) == []


def test_numbers_side_by_side_stay_apart() -> None:
    assert values("двадцать двести") == [20, 200]
    assert values("12–15") == [12, 15]


def test_vague_numbers_say_so() -> None:
    [token] = tokens("десятки", 0, 7)
    assert token.qualifier == "at_least"


def test_latin_look_alikes_fold_in_cyrillic_words_alone() -> None:
    assert folded("БПЛA") == folded("БПЛА")
    assert folded("X-101") == "x-101"
    assert folded("Ещё") == "еще"


def test_sentences_end_at_stops_and_lines_but_not_at_abbreviations() -> None:
    text = "У м. Суми та обл. збито 5 дронів. Двох. людей\nІ. Ігнат сказав."
    assert [text[a:b].strip() for a, b in sentences(text)] == [
        "У м. Суми та обл. збито 5 дронів.",
        "Двох. людей",
        "І. Ігнат сказав.",
    ]


def test_a_list_belongs_to_the_line_before_it() -> None:
    text = "Збито:\n– 5 ракет;\n– 7 дронів.\nТривога тривала ніч."
    assert len(list(sentences(text))) == 2
