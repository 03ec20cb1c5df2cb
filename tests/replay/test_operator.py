"""What an operator types, on the state that a replay of the seed corpus has left."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from streams.cli.alerts import app

pytestmark = pytest.mark.usefixtures("valkey_binary")

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a finished replay."""
    folder = tmp_path_factory.mktemp("operator")
    command = [sys.executable, "-m", "streams.cli.main", "replay", "--json", "--quiet", "--data-dir", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 0, done.stderr
    (folder / "told.jsonl").write_text(done.stdout, encoding="utf-8")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def alerts(left: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (left / "told.jsonl").read_text(encoding="utf-8").splitlines()]


def test_an_alert_says_why_it_is_there_and_who_was_told(nightwire: Ask, left: Path) -> None:
    alert = alerts(left)[0]["alert"]
    ran = nightwire("explain", alert, "--mode", "replay", "--data-dir", left)
    assert ran.status == 0, ran.err
    for needed in (
        "144 meets '> 100'",
        "at least 20 in Moscow region",
        "intercepted 124",
        "one source",
        "console: notice 1 delivered",
        "1. 2024-09-10 15:00:00Z open (level-reached): at least 144",
    ):
        assert needed in ran.out, needed


def test_a_night_says_what_was_seen_and_how_far_it_was_from_the_limit(nightwire: Ask, left: Path) -> None:
    ran = nightwire("explain", "drones-night", "--night", "2024-09-10", "--mode", "replay", "--data-dir", left)
    assert "(attacker RU, target_country UA): below-limit, 46 of 50 (limit '> 50')" in ran.out
    assert "diverted about 50" in ran.out
    assert "no rule reads any of its figures" in ran.out


def test_an_article_says_what_each_room_made_of_it(nightwire: Ask, left: Path) -> None:
    article = alerts(left)[1]["evidence"][0]["article"]
    text = nightwire("explain", article, "--mode", "replay", "--data-dir", left).out
    assert "was not counted: cumulative, " in text
    assert "below-limit, 39 of 50" in text
    assert "level-reached, 363 meets '> 300'" in text


def test_alerts_are_listed_silenced_and_taken_by_name(nightwire: Ask, left: Path) -> None:
    where = ("--replay", "--data-dir", left)
    listed = nightwire("alerts", "ls", "--open", "--json", *where).lines
    assert [(row["value"], row["status"]) for row in listed] == [(64, "open")]
    alert = listed[0]["alert"]
    taken = nightwire("alerts", "ack", alert, "--note", "calling the region", "--author", "duty officer", *where)
    assert taken.status == 0, taken.err
    shown = nightwire("alerts", "show", alert, *where)
    assert "acknowledged by duty officer" in shown.out
    assert "calling the region" in shown.out
    rule = ("silence", "rule=drones-*", "--for", "4h", "--reason", "exercise", "--author", "me")
    made = nightwire("alerts", *rule, *where)
    assert made.status == 0, made.err
    assert made.err.startswith("1 open alert held back until ")
    assert nightwire("alerts", "unsilence", made.out.strip(), *where).status == 0
    odd = nightwire("alerts", "silence", "ruel=drones-night", "--for", "1h", "--reason", "x", "--author", "me", *where)
    assert odd.err.startswith("0 open alerts held back until ")
    assert "no alert has a field 'ruel'; did you mean rule?" in odd.err


def test_a_rule_without_a_night_tells_the_latest(nightwire: Ask, left: Path) -> None:
    text = nightwire("explain", "drones-night", "--mode", "replay", "--data-dir", left).out
    assert "window night/2025-11-15" in text
    assert "level-reached, 64 meets '> 50'" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("silence", "drones", "--for", "4h", "--reason", "x"), "field=value"),
        (("silence", "rule=x", "--for", "soon", "--reason", "x"), "30m, 4h or 2d"),
        (("silence", "rule=x", "--for", "4", "--reason", "x"), "30m, 4h or 2d"),
        (("silence", "rule=x", "--for", "4h", "--reason", " "), "reason is empty; say it in words"),
        (("silence", "rule=x", "--for", "400d", "--reason", "x"), "hours is above 2160"),
        (("silence", "rule=x", "--reason", "x"), "--for"),
        (("ack", "a1"), "--note"),
    ],
)
def test_what_is_missing_or_wrong_is_told_before_anything_is_done(words: tuple[str, ...], said: str) -> None:
    ran = CliRunner().invoke(app, list(words))
    assert ran.exit_code == 2
    assert said in ran.stderr
