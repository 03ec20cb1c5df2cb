"""The command backtest: lines as ever by default, reports where they are asked for, talk on standard error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from streams.cli import backtest as command

RULE = """version: 1
rules:
  - id: drones-night
    title: Drones
    where: {object: drone, measure: involved, is_total: true}
    value: max(value)
    by: [attacker, target_country]
    window: {night: "18:00-09:00", tz: Europe/Kyiv, grace: 12h}
    levels: [{severity: warning, at: "> LIMIT"}]
"""
app = typer.Typer()
app.command()(command.backtest)


@pytest.fixture
def rules(tmp_path: Path) -> dict[int, str]:
    files = {limit: tmp_path / f"{limit}.yaml" for limit in (50, 80)}
    for limit, file in files.items():
        file.write_text(RULE.replace("LIMIT", str(limit)), encoding="utf-8")
    return {limit: str(file) for limit, file in files.items()}


def lines(*values: int) -> str:
    return "".join(
        json.dumps(
            {
                "id": f"a{day}",
                "published": f"2026-09-0{day}T06:00:00Z",
                "text": f"Russia launched {value} drones at Ukraine overnight, the Ukrainian air force said.",
            }
        )
        + "\n"
        for day, value in enumerate(values, 1)
    )


def run(*words: Any, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=lines(40, 70, 90) if stdin is None else stdin)


def test_the_default_is_a_notice_a_line_and_nothing_else(rules: dict[int, str]) -> None:
    ran = run("--rules", rules[50])
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(each["window"], each["notice"], each["value"], each["threshold"]) for each in told] == [
        ("night/2026-09-02", "open", 70, 50),
        ("night/2026-09-03", "open", 90, 50),
    ]
    assert list(told[0])[:11] == [
        "alert", "rule", "group", "window", "notice", "severity", "value", "threshold", "was", "at", "evidence",
    ]  # fmt: skip
    assert ran.stderr == ""


def test_against_tells_the_difference_as_text(rules: dict[int, str]) -> None:
    ran = run("--rules", rules[50], "--against", rules[80])
    assert "differences from the old rules: 1" in ran.stdout
    assert "night/2026-09-02, RU on UA: only the new rules" in ran.stdout


def test_each_format_goes_to_the_file_that_is_named(rules: dict[int, str], tmp_path: Path) -> None:
    for form, begins in (
        ("lines", '{"alert"'),
        ("json", '{"schema": 1'),
        ("html", "<!doctype html>"),
        ("text", "3 art"),
    ):
        ran = run("--rules", rules[50], "--format", form, "--output", tmp_path / form)
        assert (ran.exit_code, ran.stdout) == (0, "")
        assert (tmp_path / form).read_text(encoding="utf-8").startswith(begins)


def test_a_file_that_cannot_be_written(rules: dict[int, str], tmp_path: Path) -> None:
    ran = run("--rules", rules[50], "--format", "html", "--output", tmp_path / "no" / "folder.html")
    assert ran.exit_code == 1
    assert "--output" in ran.stderr


def test_from_and_to_bound_what_is_tried(rules: dict[int, str]) -> None:
    ran = run("--rules", rules[50], "--from", "2026-09-03", "--format", "text")
    assert ran.stdout.startswith("1 articles from 2026-09-03 06:00Z")
    assert run("--rules", rules[50], "--to", "2026-09-01T12:00Z", "--fail-if-empty").exit_code == 5


def test_a_malformed_line_is_told_and_the_rest_is_tried(rules: dict[int, str]) -> None:
    ran = run("--rules", rules[50], "--format", "text", stdin="no json\n" + lines(90))
    assert ran.exit_code == 1
    assert "line 1" in ran.stderr
    assert "open 90" in ran.stdout


def test_progress_is_told_now_and_then_on_standard_error(
    rules: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.cli.progress.EVERY", 2)
    assert run("--rules", rules[50]).stderr == "backtest: 2, 2026-09-02 06:00Z\n"
    assert run("--rules", rules[50], "--quiet").stderr == ""
