"""Aggregates, limits and the words for what they come to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.rule import Rule
from schemas.rule_terms import format_duration, parse_comparison, parse_duration, parse_value
from workers.judge.cells import Member
from workers.judge.history import Usual
from workers.judge.levels import find
from workers.judge.readings import read

NOW = datetime(2026, 9, 4, 2, tzinfo=UTC)


def members(*given: Any) -> dict[str, Member]:
    made = {}
    for number, each in enumerate(given):
        value, qualifier, sources = each if isinstance(each, tuple) else (each, "exact", 1)
        time = NOW + timedelta(minutes=number)
        made[f"m{number}"] = Member(source="s", value=value, qualifier=qualifier, time=time, independent=sources)
    return made


@pytest.mark.parametrize(
    ("value", "given", "expected"),
    [
        ("max(value)", (3, 9, 4), 9), ("min(value)", (3, 9, 4), 3), ("sum(value)", (3, 9, 4), 16),
        ("avg(value)", (3, 9, 9), 7), ("median(value)", (3, 9, 4), 4), ("last(value)", (3, 9, 4), 4),
        ("count()", (None, None), 2), ("distinct(x)", ("a", "b", "a", None), 2),
        ("max(value)", (), None), ("sum(value)", (), None), ("count()", (), 0), ("distinct(x)", (), 0),
        ("max(value)", (None, 3), 3), ("last(value)", (3, None), 3),
    ],
)  # fmt: skip
def test_aggregates(value: str, given: tuple[Any, ...], expected: float | None) -> None:
    assert read(parse_value(value), members(*given), 1).value == expected


def test_the_deciding_item_comes_first() -> None:
    assert read(parse_value("max(value)"), members(3, 9, 4), 1).items == ("m1", "m2", "m0")
    assert read(parse_value("min(value)"), members(3, 9, 4), 1).items == ("m0", "m2", "m1")
    assert read(parse_value("last(value)"), members(3, 9, 4), 1).items[0] == "m2"
    assert read(parse_value("count()"), members(3, 9, 4), 1).items[0] == "m2"


def test_of_equal_values_the_one_that_is_over_decides() -> None:
    assert read(parse_value("max(value)"), members(50, (50, "over", 1)), 1).qualifier == "over"
    assert read(parse_value("min(value)"), members(50, (50, "over", 1)), 1).qualifier == "exact"


@pytest.mark.parametrize(
    ("qualifiers", "expected"),
    [
        (("exact", "exact"), "exact"), (("exact", "at_least"), "at_least"), (("over", "at_least"), "over"),
        (("over", "about"), "about"), (("exact", "up_to"), "about"),
    ],
)  # fmt: skip
def test_what_can_be_said_of_a_sum(qualifiers: tuple[str, ...], expected: str) -> None:
    assert read(parse_value("sum(value)"), members(*((1, q, 1) for q in qualifiers)), 1).qualifier == expected


def test_items_with_too_few_sources_do_not_count() -> None:
    assert read(parse_value("sum(value)"), members((3, "exact", 1), (4, "exact", 2)), 2).value == 4


@pytest.mark.parametrize(
    ("limit", "value", "over", "holds"),
    [
        ("> 50", 50, False, False), ("> 50", 50, True, True), ("> 50", 51, False, True), (">= 50", 50, False, True),
        ("< 50", 50, True, False), ("<= 50", 50, True, False), ("<= 50", 50, False, True), ("< 50", 49, True, True),
        ("> 50", 49, True, False),
    ],
)  # fmt: skip
def test_limits(limit: str, value: float, over: bool, holds: bool) -> None:
    comparison = parse_comparison(limit)
    assert comparison.holds(value, comparison.number, over) is holds


@pytest.mark.parametrize("text", ["30m", "1h30m", "14d", "45s", "1d2h3m4s"])
def test_durations_are_written_as_they_are_read(text: str) -> None:
    assert format_duration(parse_duration(text)) == text


def rule(**changes: Any) -> Rule:
    base: dict[str, Any] = {
        "id": "rule", "title": "t", "value": "max(value)", "window": {"tumbling": "6h"},
        "levels": [{"severity": "warning", "at": "> 50"}, {"severity": "critical", "at": "> 100", "sources": 2}],
    }  # fmt: skip
    return Rule.model_validate(base | changes)


MULTIPLE = {"baseline": {"windows": 7}, "levels": [{"severity": "warning", "at": ">= 2x"}]}


@pytest.mark.parametrize(
    ("given", "values", "usual", "outcome", "why"),
    [
        ({}, (48,), None, "below-limit", "48 of 50 (limit '> 50')"),
        ({}, (60,), None, "level-reached", "60 meets '> 50'"),
        ({}, (160,), None, "level-reached",
         "160 meets '> 50'; 160 meets '> 100', but critical asks for 2 sources, not 1"),
        ({"sources": 2}, (60,), None, "too-few-sources", "60 meets '> 50', but warning asks for 2 sources, not 1"),
        ({}, (None,), None, "no-value", "no item has a number"),
        (MULTIPLE, (60,), Usual(None, 3), "short-history", "no baseline yet: 3 of 7 windows of history"),
        (MULTIPLE, (60,), Usual(31.0, 7), "below-limit", "60 of 62 (limit '>= 2x')"),
        (MULTIPLE, (62,), Usual(31.0, 7), "level-reached", "62 meets '>= 2x'"),
        ({"levels": [{"severity": "info", "at": "< 5"}]}, (7,), None, "above-limit", "7 of 5 (limit '< 5')"),
    ],
)  # fmt: skip
def test_every_outcome_has_its_words(
    given: dict[str, Any], values: tuple[Any, ...], usual: Usual | None, outcome: str, why: str
) -> None:
    finding = find(rule(**given), members(*values), usual)
    assert (finding.outcome, finding.why) == (outcome, why)


def test_a_limit_is_shown_for_the_level_that_is_reached() -> None:
    finding = find(rule(), members((160, "exact", 2)), None)
    assert (finding.level, finding.threshold, finding.limit) == (1, 100, "> 100")
    assert find(rule(), members(10), None).limit == "> 50"


def test_clear_is_its_own_limit() -> None:
    cleared = rule(clear="<= 45")
    assert [find(cleared, members(value), None).clear for value in (45, 46, 51)] == [True, False, False]
    assert find(cleared, members(), None).clear
    assert [find(rule(), members(value), None).clear for value in (50, 51)] == [True, False]


@pytest.mark.parametrize(("qualifier", "level"), [("over", 0), ("at_least", None), ("about", None), ("exact", None)])
def test_only_over_fifty_is_more_than_fifty(qualifier: str, level: int | None) -> None:
    assert find(rule(), members((50, qualifier, 1)), None).level == level


@pytest.mark.parametrize(("qualifier", "clear"), [("over", True), ("exact", False)])
def test_over_the_limit_of_an_end_is_an_end(qualifier: str, clear: bool) -> None:
    low = rule(levels=[{"severity": "warning", "at": "< 5"}], clear="> 10")
    assert find(low, members((10, qualifier, 1)), None).clear is clear
