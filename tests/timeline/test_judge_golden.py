"""Rules over time: every case of `tests/golden/rules` on a fake clock, through the production judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.rules_testing import TestResult, run_rule_tests

GOLDEN = Path(__file__).parents[1] / "golden" / "rules"
RESULTS = run_rule_tests([GOLDEN])


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: f"{result.file.name.split('.')[0]}: {result.name}")
def test_rule_over_time(result: TestResult) -> None:
    assert result.failures == ()


def test_there_are_many_cases_and_no_name_twice() -> None:
    names = [(result.file.name, result.name) for result in RESULTS]
    assert len(names) == len(set(names))
    assert len(names) >= 60
