"""The manual of the rule language: its examples load and run, and it leaves out no key, operator or field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schemas.rule import Notify, Rule
from schemas.rule_where import KNOWN
from streams.rules import load_rules
from streams.rules_check import FIELDS
from streams.rules_testing import run_rule_tests
from workers.judge.compose import CONTEXT
from workers.judge.templates import OWN_FILTERS, STOCK_FILTERS

MANUAL = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL)
WORDS = set(re.findall(r"[a-z_0-9.-]+", MANUAL))


def test_the_examples_work(tmp_path: Path) -> None:
    rules, tests = EXAMPLES
    (tmp_path / "drones.yaml").write_text(rules, encoding="utf-8")
    (tmp_path / "drones.test.yaml").write_text(tests, encoding="utf-8")
    assert load_rules([tmp_path]).warnings == ()
    assert [result.failures for result in run_rule_tests([tmp_path])] == [()]


@pytest.mark.parametrize(
    "words",
    [
        {field.alias or name for name, field in Rule.model_fields.items()},
        set(Notify.model_fields),
        set(KNOWN),
        *FIELDS.values(),
        set(CONTEXT),
        {*OWN_FILTERS, *STOCK_FILTERS},
    ],
    ids=["keys", "notify", "operators", *FIELDS, "template names", "filters"],
)
def test_nothing_is_left_out(words: set[str]) -> None:
    assert words - WORDS == set()
