"""The words of `explain`: read from what the evaluations left."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.rule import Rule
from workers.judge.cells import AlertState, Judgement, SourceState, Verdict, WindowState
from workers.judge.explain import incident_cell, why_alert, why_source, why_window, window_cell
from workers.judge.seats import Seat
from workers.tables import JUDGE_GROUP, JUDGE_WINDOW

NOW = datetime(2026, 9, 4, 2, tzinfo=UTC)


def rule(window: dict[str, Any]) -> Rule:
    levels = [{"severity": "high", "at": "> 50"}]
    return Rule.model_validate({"id": "rule", "title": "t", "value": "count()", "window": window, "levels": levels})


def test_where_a_window_left_its_reason() -> None:
    nightly = rule({"night": "18:00-09:00", "tz": "Europe/Kyiv"})
    cell = window_cell(nightly, ("RU", None), "night/2026-09-04")
    assert cell.table is JUDGE_WINDOW
    assert Seat.parse(cell.key) == Seat("rule", nightly.shape, "live", ("RU", None), "night/2026-09-04")


@pytest.mark.parametrize("window", [{"sliding": "6h"}, {"session": "1h"}])
def test_moving_windows_have_one_cell_for_the_group(window: dict[str, Any]) -> None:
    cell = window_cell(rule(window), (), "sliding/a", "replay")
    assert cell.table is JUDGE_GROUP
    assert Seat.parse(cell.key).window == "*"
    assert Seat.parse(cell.key).mode == "replay"


def test_why_a_window_has_no_alert() -> None:
    judged = Judgement(at=NOW, outcome="below-limit", why="48 of 50 (limit '> 50')", baseline=12.5, items=2)
    assert list(why_window(WindowState(judgement=judged))) == [
        "below-limit: 48 of 50 (limit '> 50')",
        "the usual value is 12.5",
        "2 items, judged last at 2026-09-04T02:00:00+00:00",
    ]
    assert list(why_window(None)) == ["no item ever counted in this window"]


def test_how_an_alert_stands() -> None:
    state = AlertState(rule="rule", cell="c", window="night/2026-09-04", status="open", seq=2, acked_by="Olena")
    assert list(why_alert(state)) == ["open, rule rule, night/2026-09-04, 2 notices", "acknowledged by Olena"]


def test_what_became_of_an_incident() -> None:
    seat = Seat("rule", "shape", "live", (), "night/2026-09-04")
    state = SourceState(
        revision=3,
        ingested=NOW,
        homes={seat.key: ("i/involved",)},
        verdicts=(Verdict(rule="other", item="i/hit", why="value gte 10, but it is 3"),),
    )
    assert list(why_source(state)) == [
        "rule: counted in night/2026-09-04 (i/involved)",
        "other: i/hit does not count: value gte 10, but it is 3",
    ]
    assert list(why_source(None)) == ["no rule reads any of its figures"]
    assert list(why_source(SourceState(revision=4, ingested=NOW, retracted=True))) == ["retracted in revision 4"]
    assert incident_cell("i").key == "incidents/live/i"
