"""`nightwire rules`: what the commands print, where, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from streams.cli.rules import app

RULE = """\
version: 1
rules:
  - id: many
    title: Many
    where: {measure: hit}
    value: count()
    window: {sliding: 24h}
    levels: [{severity: info, at: ">= 2"}]
"""
TEST = """\
rule_files: [many.yaml]
tests:
  - name: two are many
    start: "2026-09-03T20:00"
    event_defaults: {measure: hit}
    input: [{at: "+1h", id: a}, {at: "+2h", id: b}]
    expect: [{at: "+2h", notice: open, value: 2}]
"""
runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "many.yaml").write_text(RULE, encoding="utf-8")
    (tmp_path / "many.test.yaml").write_text(TEST, encoding="utf-8")
    return tmp_path


def test_what_is_wrong_with_all_files_of_tests_is_told_at_once(folder: Path) -> None:
    (folder / "b.test.yaml").write_text(TEST.replace("+2h", "26 September", 1), encoding="utf-8")
    (folder / "c.test.yaml").write_text(TEST.replace("name: two", "title: two"), encoding="utf-8")
    (folder / "d.test.yaml").write_text("- a list\n", encoding="utf-8")
    result = runner.invoke(app, ["test", str(folder)])
    assert result.exit_code == 3
    told = [line.removeprefix(f"{folder}/").split(": ", 1) for line in result.stderr.splitlines()]
    assert [where for where, _ in told] == ["b.test.yaml:6:34", "c.test.yaml:3:5", "c.test.yaml:3:5", "d.test.yaml:1:1"]
    assert "write for example '2026-09-04T02:00' (local), or '+90m' after the start" in told[0][1]
    assert told[1][1] == "tests.0.name: is missing; write name: opens and ends"
    assert told[3][1].startswith("a file of tests is a map with rule_files:")


def test_check_of_good_rules(folder: Path) -> None:
    result = runner.invoke(app, ["check", str(folder)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 rules in 1 files are valid, 0 warnings\n"


def test_check_of_the_shipped_rules() -> None:
    assert runner.invoke(app, ["check", "--strict"]).exit_code == 0


def test_check_of_bad_rules_prints_every_problem_and_ends_with_three(folder: Path) -> None:
    (folder / "many.yaml").write_text(RULE.replace("24h", "24").replace(">= 2", "2"), encoding="utf-8")
    result = runner.invoke(app, ["check", str(folder)])
    assert result.exit_code == 3
    lines = result.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{folder / 'many.yaml'}:7:14: rules.0.window.sliding: a duration is text such as")


def test_warnings_are_told_and_only_strict_makes_them_fatal(folder: Path) -> None:
    (folder / "many.yaml").write_text(RULE.replace("measure: hit", "colour: red"), encoding="utf-8")
    result = runner.invoke(app, ["check", str(folder)])
    assert result.exit_code == 0
    assert "incidents have no field colour" in result.stderr
    assert "(warning)" in result.stderr
    assert runner.invoke(app, ["check", "--strict", str(folder)]).exit_code == 3


def test_an_unknown_route_is_a_warning_when_receivers_are_given(folder: Path) -> None:
    (folder / "many.yaml").write_text(RULE + "    route: [ops]\n", encoding="utf-8")
    assert "no receiver is called ops" in runner.invoke(app, ["check", "--receiver", "desk", str(folder)]).stderr


def test_without_files_the_rules_and_receivers_of_the_configuration_are_held_together(folder: Path) -> None:
    config = folder / "conf.yaml"
    config.write_text("rules: [many.yaml]\nfeeds: []\nreceivers: {duty: {to: [console]}}\n", encoding="utf-8")
    (folder / "many.yaml").write_text(RULE + "    route: [ops]\n", encoding="utf-8")
    result = runner.invoke(app, ["check", "--config", str(config)])
    assert "no receiver is called ops" in result.stderr
    assert "1 rules in 1 files are valid, 1 warnings" in result.stderr
    tested = runner.invoke(app, ["test", "--config", str(config)])
    assert (tested.exit_code, tested.stderr) == (0, "1 passed, 0 failed\n")


def test_a_folder_without_rules_is_an_error(tmp_path: Path) -> None:
    result = runner.invoke(app, ["check", str(tmp_path)])
    assert result.exit_code == 3
    assert "no rule file in" in result.stderr


def test_tests_that_pass(folder: Path) -> None:
    result = runner.invoke(app, ["test", str(folder)])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "1 passed, 0 failed\n")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value: 2", "value: 3", "notice 1: value is 2, expected 3 (2026-09-03T22:00 open info 2, level-reached, slid"),
        ('at: "+2h", notice', 'at: "+3h", notice', "notice 1: at is 2026-09-03T22:00:00+00:00, expected '+3h'"),
        ('[{at: "+2h", notice: open, value: 2}]', "[]", "unexpected notice: 2026-09-03T22:00 open info 2"),
        (', {at: "+2h", id: b}', "", "missing notice: {'at': '+2h', 'notice': 'open', 'value': 2}"),
        ("notice: open, value: 2", "title: Few", "notice 1: title is 'Many', expected 'Few'"),
        ("expect:", "late: 1\n    expect:", "expected 1 late windows, found 0"),
    ],
)  # fmt: skip
def test_tests_that_fail_say_what_was_there_instead(folder: Path, old: str, new: str, message: str) -> None:
    assert old in TEST
    (folder / "many.test.yaml").write_text(TEST.replace(old, new), encoding="utf-8")
    result = runner.invoke(app, ["test", str(folder)])
    assert result.exit_code == 1
    assert message in result.stdout
    assert f"{folder / 'many.test.yaml'}:3: two are many: " in result.stdout


def test_results_as_json_lines(folder: Path) -> None:
    result = runner.invoke(app, ["test", "--json", str(folder)])
    line = json.loads(result.stdout)
    assert (line["schema"], line["name"], line["passed"], line["failures"], line["line"]) == (
        1,
        "two are many",
        True,
        [],
        3,
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("+1h", "tomorrow", "is no time; write for example '2026-09-04T02:00' (local), or '+90m'"),
        ("+1h", "+1x", "a duration is text such as"),
        ("2026-09-03T20:00", "2026-13-03T20:00", "month must be in 1..12"),
        ("id: a}", "id: a, retract: a}", "each input has exactly one of id, retract, ack, outage; found id, retract"),
        ("value: 2", "valeu: 2", "a notice has no field valeu"),
        ("    start:", "    rules: [none]\n    start:", "no rule is called none; known: many"),
        ("many.yaml", "none.yaml", "cannot be read"),
    ],
)
def test_files_of_tests_that_are_wrong(folder: Path, old: str, new: str, message: str) -> None:
    assert old in TEST
    (folder / "many.test.yaml").write_text(TEST.replace(old, new, 1), encoding="utf-8")
    result = runner.invoke(app, ["test", str(folder)])
    assert result.exit_code == 3
    assert message in result.stderr


def test_rules_that_were_copied_beside_their_tests_are_found(folder: Path) -> None:
    (folder / "many.test.yaml").write_text(TEST.replace("many.yaml", "../rules/many.yaml"), encoding="utf-8")
    assert runner.invoke(app, ["test", str(folder)]).exit_code == 0


def test_a_folder_without_tests_is_an_error(tmp_path: Path) -> None:
    assert runner.invoke(app, ["test", str(tmp_path)]).exit_code == 3


def test_the_schema_is_json() -> None:
    document = json.loads(runner.invoke(app, ["schema"]).stdout)
    assert document["title"] == "nightwire rules, version 1"
    assert set(document["properties"]) == {"version", "defaults", "rules"}
