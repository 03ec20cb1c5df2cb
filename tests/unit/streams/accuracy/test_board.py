"""The board counts by hand-made articles whose figures a reader can check on fingers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from streams.accuracy.board import Board, must_alarm
from streams.accuracy.gold import Answer, Counted, GoldArticle, GoldNight, Row
from streams.accuracy.readers import Told, largest_number
from streams.articles import read_draft
from streams.clock import WallClock

NOTHING = Told((), (), alarm=False)


def gold(**more: Any) -> GoldArticle:
    claim = {"object": "drone", "measure": "intercepted", "value": 12, "attacker": "RU", "target_country": None}
    night = {"object": "drone", "measure": "intercepted", "value": 12, "attacker": "RU", "night_of": "2025-02-03"}
    body = {"id": "a", "text": "Twelve.", "published": "2025-02-03", "claims": [claim], "nightly": [night]}
    return GoldArticle.model_validate(body | more)


def answer(value: float = 12, attacker: str = "RU", confidence: float = 0.95) -> Answer:
    return Answer(
        object="drone",
        measure="intercepted",
        value=value,
        attacker=attacker,
        target_country="UA",
        confidence=confidence,
    )


def row(value: float = 12, night: str = "2025-02-03") -> Row:
    return Row(object="drone", measure="intercepted", value=value, attacker="RU", night_of=date.fromisoformat(night))


def test_all_right() -> None:
    board = Board()
    board.add(gold(tags=("plain",)), Told((answer(),), (row(),), alarm=False))
    for score in (board.whole, board.tags["plain"]):
        assert (score.value.f1, score.roles.f1, score.nightly.f1) == (1, 1, 1)
        assert (score.exact, score.date_right, score.dated) == (1, 1, 1)
    assert (board.sure[0.9], board.sure_right[0.9]) == (1, 1)


def test_a_wrong_side_counts_for_the_value_alone() -> None:
    board = Board()
    board.add(gold(), Told((answer(attacker="UA"),), (), alarm=False))
    assert board.whole.value.f1 == 1
    assert board.whole.roles.f1 == 0
    assert (board.sure[0.9], board.sure_right[0.9]) == (1, 0)


def test_a_claim_that_is_told_twice_is_wrong_once() -> None:
    board = Board()
    board.add(gold(), Told((answer(), answer()), (row(),), alarm=False))
    assert (board.whole.value.hits, board.whole.value.told, board.whole.value.wanted) == (1, 2, 1)


def test_a_wrong_night_is_a_figure_on_the_wrong_date() -> None:
    board = Board()
    board.add(gold(), Told((), (row(night="2025-02-04"),), alarm=False))
    assert board.whole.nightly.f1 == 1
    assert (board.whole.date_right, board.whole.dated) == (0, 1)


def test_quiet_articles_and_alarms() -> None:
    board = Board()
    board.add(gold(nightly=()), NOTHING)
    board.add(gold(nightly=()), Told((), (row(70),), alarm=True))
    board.add(gold(nightly=({"object": "drone", "measure": "launched", "value": 70},)), NOTHING)
    assert (board.whole.quiet, board.whole.must_be_quiet) == (1, 2)
    assert (board.whole.false_alarms, board.whole.missed_alarms, board.whole.must_alarm) == (1, 1, 1)


@pytest.mark.parametrize(
    ("figures", "alarm"),
    [
        ([("launched", 51, "exact")], True),
        ([("launched", 50, "exact")], False),
        ([("launched", 50, "over")], True),
        ([("launched", 50, "at_least")], False),
        ([("intercepted", 30, "exact"), ("lost", 21, "exact")], True),
        ([("intercepted", 30, "exact"), ("launched", 40, "exact")], False),
        ([], False),
    ],
)
def test_the_headline_limit(figures: list[tuple[str, int, str]], alarm: bool) -> None:
    rows = [GoldNight(object="drone", measure=m, value=v, qualifier=q) for m, v, q in figures]
    assert must_alarm(rows) is alarm


def test_counted_without_anything_is_perfect() -> None:
    assert Counted().f1 == 1


def test_the_baseline_takes_the_largest_number_near_the_word() -> None:
    line = (
        '{"text": "Of 80 drones, 1,200 km away, 61 fell. Earlier 2,000 people had fled the quiet coastal towns there."}'
    )
    told = largest_number(read_draft(1, line, WallClock().now()).article())
    assert [a.value for a in told.answers] == [1200]
    assert told.alarm
    assert largest_number(read_draft(1, '{"text": "Nothing."}', WallClock().now()).article()) == NOTHING
