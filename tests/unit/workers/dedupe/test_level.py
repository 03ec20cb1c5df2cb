"""One way to write one thing: units, hours, numbers and spellings made even."""

from __future__ import annotations

import pytest

from workers.dedupe.level import level, level_tokens
from workers.dedupe.spelling import keys_of
from workers.dedupe.tokens import sentence_tokens


def even(text: str) -> list[str]:
    return level_tokens(sentence_tokens(level(text))).forms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("38 percent of homes", "38% of homes"),
        ("at 2:30 p.m. on Friday", "at 14:30 on Fri"),
        ("120 kilometres away", "120 km (75 miles) away"),
        ("3.5 million dollars", "$3.5 million"),
        ("twenty-five drones", "25 drones"),
        ("Mr Baker left", "Baker left"),
        ("площею два гектари", "площею 2 га"),
        ("близько сьомої ранку", "близько 7:00"),
        ("в 7 вечера", "в 19:00"),
        ("Европейский союз", "Евросоюз"),
        ("The US said", "United States said"),
        ("₴ 3 млн", "3 млн гривень"),
        ("at 7.05", "at 7:05"),
    ],
)
def test_two_ways_to_write_one_thing_become_one(one: str, other: str) -> None:
    assert even(one) == even(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("at 4 a.m.", "at 4 p.m."),
        ("64 a.m.", "4 a.m."),
        ("$3 million", "3 million euros"),
        ("5 km", "5 m"),
        ("за 3 дня", "за 15 дня"),
        ("told the us", "told the US"),
        ("the use of drones", "USA of drones"),
        ("at 7.05 %", "at 7:05 %"),
    ],
)
def test_different_things_stay_different(one: str, other: str) -> None:
    assert even(one) != even(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("serhii", "sergei"), ("melnyk", "melnik"), ("mykolaiv", "nikolaev"), ("neighbouring", "neighboring")],
)
def test_two_spellings_of_a_word_share_a_key(one: str, other: str) -> None:
    assert set(keys_of(one)) & set(keys_of(other))


@pytest.mark.parametrize(("one", "other"), [("kherson", "kharkiv"), ("rostov", "saratov"), ("killed", "injured")])
def test_two_words_share_none(one: str, other: str) -> None:
    assert not set(keys_of(one)) & set(keys_of(other))
