from __future__ import annotations

import pytest

from workers.extract.guards import Guards
from workers.extract.lexicon import Lexicon
from workers.extract.numerals import Number, NumberReader, digits
from workers.extract.tokens import Tokens

LEXICON = Lexicon.default()
READER = NumberReader(LEXICON)
GUARDS = Guards(LEXICON)


def numbers(text: str) -> list[Number]:
    return READER.find(Tokens(text, 0, len(text)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("64", 64),
        ("1,270", 1270),
        ("12 345", 12345),
        ("1.5 million", 1_500_000),
        ("3 dozen", 36),
        ("two dozen", 24),
        ("a dozen", 12),
        ("half a million", 500_000),
        ("a hundred", 100),
        ("twenty-three", 23),
        ("one hundred and five", 105),
        ("two thousand three hundred", 2300),
        ("dozens", 24),
        ("hundreds of thousands", 200_000),
        ("tens of thousands", 20_000),
        ("several hundred", 200),
        ("1.250.000", 1_250_000),
    ],
)
def test_values(text: str, value: int) -> None:
    assert [n.value for n in numbers(text)] == [value]


@pytest.mark.parametrize("text", ["300-400", "300 to 400", "300\u2013400", "between 300 and 400"])
def test_ranges(text: str) -> None:
    assert [(n.value, n.high) for n in numbers(text)] == [(300, 400)]


@pytest.mark.parametrize(("text", "qualifier"), [("dozens", "at_least"), ("a dozen", "about"), ("12", None)])
def test_words_that_imply_a_qualifier(text: str, qualifier: str | None) -> None:
    assert numbers(text)[0].qualifier == qualifier


@pytest.mark.parametrize("text", ["1,2,3", "12,34", "9" * 40])
def test_what_is_no_number(text: str) -> None:
    assert digits(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("on May 17", "date"),
        ("in 2024", "year"),
        ("$400", "money"),
        ("85%", "share"),
        ("the Su-34", "model"),
        ("the 72nd", "ordinal"),
        ("at 20:30", "clock"),
        ("a 12-storey", "compound"),
        ("aged 54", "age"),
        ("40 kilometres", "unit"),
        ("No. 5", "rank"),
        ("6.3 on the scale", "decimal"),
    ],
)
def test_numbers_that_are_no_counts(text: str, reason: str) -> None:
    tok = Tokens(text, 0, len(text))
    assert GUARDS.reason(tok, READER.find(tok)[0]) == reason


@pytest.mark.parametrize("text", ["64 drones", "2024 drones", "the 12 missiles", "about 30 people"])
def test_numbers_that_may_be_counts(text: str) -> None:
    tok = Tokens(text, 0, len(text))
    assert GUARDS.reason(tok, READER.find(tok)[0]) is None
