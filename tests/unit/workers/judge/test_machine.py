"""The states of an alert, step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rule import Rule
from workers.judge.cells import AlertState
from workers.judge.machine import MERGE_SETTLE, Standing, Step, advance

NOW = datetime(2026, 9, 4, 2, tzinfo=UTC)
NEW = AlertState(rule="r", cell="c", window="w")


def rule(**changes: Any) -> Rule:
    base: dict[str, Any] = {
        "id": "rule",
        "title": "t",
        "value": "max(value)",
        "window": {"sliding": "24h"},
        "levels": [{"severity": "warning", "at": "> 50"}, {"severity": "high", "at": "> 100"}],
    }
    return Rule.model_validate(base | changes)


def at(level: int | None, value: float | None = 60, **more: Any) -> Standing:
    return Standing(level=level, value=value, clear=more.pop("clear", level is None), **more)


def opened(level: int = 0, value: float = 60, **changes: Any) -> AlertState:
    step = advance(NEW, at(level, value), rule(), NOW)
    return step.alert.model_copy(update=changes)


def kinds(step: Step) -> list[str]:
    return [told.kind for told in step.told]


def test_nothing_happens_below_the_limit() -> None:
    assert advance(NEW, at(None), rule(), NOW) == Step(NEW)


def test_an_opening_counts_one_and_remembers_what_it_said() -> None:
    alert = opened(1, 120)
    assert (alert.status, alert.seq, alert.level, alert.told, alert.peak) == ("open", 1, 1, 120, 1)
    assert (alert.opened, alert.told_at) == (NOW, NOW)


def test_too_late_opens_nothing_and_keeps_nothing_pending() -> None:
    step = advance(NEW.model_copy(update={"pending_since": NOW}), at(0, late=True), rule(), NOW)
    assert (step.told, step.alert.status, step.alert.pending_since) == ((), "idle", None)


def test_too_late_stops_no_correction() -> None:
    assert kinds(advance(opened(1, 120), at(0, 60, late=True), rule(), NOW + timedelta(hours=1))) == ["correct"]


@pytest.mark.parametrize(("minutes", "expected"), [(29, []), (30, ["open"]), (31, ["open"])])
def test_a_hold_ends_exactly_on_time(minutes: int, expected: list[str]) -> None:
    held = rule(hold="30m")
    first = advance(NEW, at(0), held, NOW)
    assert first.due == NOW + timedelta(minutes=30)
    assert kinds(advance(first.alert, at(0), held, NOW + timedelta(minutes=minutes))) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(9, []), (10, ["correct"])])
def test_a_cooldown_ends_exactly_on_time(minutes: int, expected: list[str]) -> None:
    step = advance(opened(1, 120), at(0, 60), rule(), NOW + timedelta(minutes=minutes))
    assert kinds(step) == expected
    assert step.due == (None if expected else NOW + timedelta(minutes=10))


@pytest.mark.parametrize(("value", "expected"), [(76, []), (75, ["correct"]), (74, ["correct"])])
def test_a_quarter_less_is_a_correction(value: float, expected: list[str]) -> None:
    assert kinds(advance(opened(0, 100), at(0, value), rule(), NOW + timedelta(hours=1))) == expected


def test_what_only_ages_is_no_correction() -> None:
    assert kinds(advance(opened(0, 100), at(0, 60, cause="expired"), rule(), NOW + timedelta(hours=1))) == []


@pytest.mark.parametrize(("value", "expected"), [(119, []), (120, ["update"])])
def test_growth_by_the_share_is_an_update(value: float, expected: list[str]) -> None:
    growing = rule(notify={"update_by": 0.2})
    assert kinds(advance(opened(1, 100), at(1, value), growing, NOW + timedelta(hours=1))) == expected


def test_growth_of_a_low_rule_is_a_fall() -> None:
    low = rule(levels=[{"severity": "warning", "at": "< 50"}], notify={"update_by": 0.2})
    alert = advance(NEW, at(0, 40), low, NOW).alert
    later = NOW + timedelta(hours=1)
    assert kinds(advance(alert, at(0, 30), low, later)) == ["update"]
    assert kinds(advance(alert, at(0, 49), low, later)) == []
    assert kinds(advance(alert, at(0, 50.5), low, later)) == ["correct"]


def test_an_escalation_takes_the_acknowledgement_away() -> None:
    acked = opened(0, 60, acked_by="Olena", acked_at=NOW)
    assert advance(acked, at(0, 70), rule(), NOW).alert.acked_by == "Olena"
    assert advance(acked, at(1, 120), rule(), NOW).alert.acked_by is None


def test_the_peak_stays() -> None:
    alert = advance(opened(1, 120), at(0, 60), rule(), NOW + timedelta(hours=1)).alert
    assert (alert.level, alert.peak) == (0, 1)


def test_a_new_opening_has_its_own_peak() -> None:
    ended = advance(opened(1, 120), at(None, 10), rule(), NOW).alert
    again = advance(ended, at(0, 60), rule(), NOW).alert
    assert (ended.status, again.status, again.peak, again.seq) == ("resolved", "open", 0, 3)


@pytest.mark.parametrize(
    ("standing", "kind", "status"),
    [
        (at(None, 10), "resolve", "resolved"),
        (at(None, None, empty=True, cause="retracted"), "withdraw", "withdrawn"),
    ],
)
def test_endings(standing: Standing, kind: str, status: str) -> None:
    step = advance(opened(), standing, rule(), NOW)
    assert (kinds(step), step.alert.status) == ([kind], status)
    assert step.told[0].was == 60


def test_below_the_level_and_not_clear_nothing_is_said() -> None:
    assert kinds(advance(opened(), at(None, 48, clear=False), rule(), NOW + timedelta(hours=1))) == []


def test_a_merge_holds_bad_news_back_for_a_moment() -> None:
    for standing in (at(None, None, empty=True, settle=True), at(None, 10, settle=True)):
        waiting = advance(opened(), standing, rule(), NOW)
        assert (kinds(waiting), waiting.due) == ([], NOW + MERGE_SETTLE)
        assert kinds(advance(waiting.alert, replace(standing, settle=False), rule(), NOW + MERGE_SETTLE)) != []
    assert kinds(advance(opened(), at(1, 120, settle=True), rule(), NOW)) == ["escalate"]


REPEATING = {"repeat": "4h", "notices": ["open", "repeat", "close"]}


def test_repeats_run_from_the_last_notice_to_the_end_of_the_grace() -> None:
    often, over = rule(notify=REPEATING), NOW + timedelta(hours=6)
    alert = advance(NEW, at(0, over=over), often, NOW).alert
    step = advance(alert, at(0, over=over), often, NOW + timedelta(hours=4))
    assert (kinds(step), step.due) == (["repeat"], over)
    last = advance(step.alert, at(0, over=over), often, over)
    assert (kinds(last), last.alert.status, last.due) == (["close"], "closed", None)
    assert kinds(advance(last.alert, at(0, over=over), often, over + timedelta(hours=9))) == []


def test_an_acknowledged_alert_is_not_repeated() -> None:
    often = rule(notify=REPEATING)
    alert = opened(acked_by="Olena")
    assert kinds(advance(alert, at(0), often, NOW + timedelta(hours=9))) == []


def test_a_closed_alert_is_still_corrected() -> None:
    closed = opened(1, 120, status="closed")
    assert kinds(advance(closed, at(0, 60), rule(), NOW + timedelta(days=3))) == ["correct"]
    assert advance(closed, at(1, 120), rule(), NOW + timedelta(days=3)).due is None


def test_what_is_not_asked_for_leaves_what_was_told() -> None:
    short = rule(notify={"notices": ["open"]})
    later = advance(opened(1, 120), at(0, 60), short, NOW + timedelta(hours=1))
    assert (later.told, later.alert.level, later.alert.told, later.alert.seq) == ((), 1, 120, 1)


def test_a_new_opening_was_acknowledged_by_nobody() -> None:
    ended = opened(status="resolved", acked_by="Olena", acked_at=NOW, ack_note="seen")
    again = advance(ended, at(0), rule(), NOW + timedelta(hours=1)).alert
    assert (again.status, again.acked_by, again.acked_at, again.ack_note) == ("open", None, None, None)


def test_an_opening_that_is_not_asked_for_takes_no_number() -> None:
    quiet = rule(notify={"notices": ["escalate"]})
    alert = advance(NEW, at(0), quiet, NOW).alert
    assert (alert.status, alert.seq, alert.told) == ("open", 0, 60)
    step = advance(alert, at(1, 120), quiet, NOW)
    assert (kinds(step), step.alert.seq, step.told[0].was) == (["escalate"], 1, 60)


def test_a_close_that_is_not_asked_for_begins_no_cooldown() -> None:
    over = NOW + timedelta(hours=6)
    closed = advance(opened(1, 120), at(1, 120, over=over), rule(), over)
    assert (kinds(closed), closed.alert.status, closed.alert.told_at) == ([], "closed", NOW)
    assert kinds(advance(closed.alert, at(0, 60, over=over), rule(), over + timedelta(minutes=1))) == ["correct"]


def test_a_repeat_that_a_correction_passes_over_is_not_waited_for() -> None:
    often = rule(notify={"repeat": "5m", "notices": ["open", "correct", "repeat"]})
    alert = advance(NEW, at(1, 120), often, NOW).alert
    step = advance(alert, at(0, 60), often, NOW + timedelta(minutes=5))
    assert (kinds(step), step.due) == ([], NOW + timedelta(minutes=10))


ALERTS = st.builds(
    AlertState,
    rule=st.just("r"),
    cell=st.just("c"),
    window=st.just("w"),
    status=st.sampled_from(["idle", "open", "closed", "resolved", "withdrawn"]),
    level=st.integers(0, 1),
    peak=st.integers(0, 1),
    told=st.one_of(st.none(), st.integers(0, 200)),
    told_at=st.integers(-900, 0).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    acked_by=st.sampled_from([None, "Olena"]),
    seq=st.integers(1, 5),
)
STANDINGS = st.builds(
    Standing,
    level=st.sampled_from([None, 0, 1]),
    value=st.one_of(st.none(), st.integers(0, 200)),
    clear=st.booleans(),
    empty=st.booleans(),
    late=st.booleans(),
    over=st.one_of(st.none(), st.integers(-900, 900).map(lambda minutes: NOW + timedelta(minutes=minutes))),
    settle=st.booleans(),
)
KINDS = ["open", "escalate", "update", "correct", "repeat", "resolve", "withdraw", "close"]
NOTIFY = st.fixed_dictionaries(
    {"cooldown": st.sampled_from(["5m", "3h"]), "repeat": st.sampled_from(["none", "2m", "4h"])},
    optional={"notices": st.lists(st.sampled_from(KINDS), unique=True), "update_by": st.just(0.1)},
)


@given(ALERTS, STANDINGS, NOTIFY, st.sampled_from([None, "10m"]))
def test_no_alarm_is_ever_set_for_the_past_and_every_notice_is_numbered(
    alert: AlertState, standing: Standing, notify: dict[str, Any], hold: str | None
) -> None:
    step = advance(alert, standing, rule(notify=notify, hold=hold), NOW)
    assert step.due is None or step.due > NOW
    assert step.alert.seq == alert.seq + len(step.told)
