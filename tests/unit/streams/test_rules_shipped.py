"""The rules that come with nightwire, and the tests beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.rules import load_rules
from streams.rules_testing import TestResult, run_rule_tests

SHIPPED = Path(__file__).parents[3] / "seeds" / "rules"


def test_the_shipped_rules_load_without_a_warning() -> None:
    assert load_rules([SHIPPED]).warnings == ()


@pytest.mark.parametrize("result", run_rule_tests([SHIPPED]), ids=lambda result: result.name)
def test_shipped_rule(result: TestResult) -> None:
    assert result.failures == ()


def test_the_headline_rule_is_the_one_that_is_promised() -> None:
    rule = next(rule for rule in load_rules([SHIPPED]).rules if rule.id == "drones-night")
    assert [(level.severity, str(level.at)) for level in rule.levels or ()] == [
        ("warning", "> 50"),
        ("high", "> 100"),
        ("critical", "> 300"),
    ]
    assert rule.by == ("attacker", "target_country")
    assert str(rule.value) == "max(value)"
