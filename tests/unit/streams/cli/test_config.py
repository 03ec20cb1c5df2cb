"""`nightwire config`: exit statuses, all errors on standard error, values on standard output."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from streams.cli.config import app

RULES = Path(__file__).parents[4] / "seeds" / "rules"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Writes a configuration and runs a command on it."""
    for name in [name for name in os.environ if name.startswith("NIGHTWIRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def command(text: str, *args: str) -> Result:
        file = tmp_path / "config.yaml"
        file.write_text(text, encoding="utf-8")
        return CliRunner().invoke(app, [*args, "--config", str(file)])

    return command


FEED = "feeds: [{id: a, url: 'https://a.example/rss'}]\n"


def test_a_good_configuration_is_said_to_be_good(run: Any) -> None:
    result = run(FEED, "check")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert "valid; 1 feeds" in result.stderr


def test_all_mistakes_are_told_and_the_status_is_three(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIGHTWIRE_LISTN", "x")
    monkeypatch.setenv("NIGHTWIRE_POLL__FLOR", "1")
    result = run(FEED + "fsync: never\n", "check")
    assert result.exit_code == 3
    lines = result.stderr.splitlines()
    assert len(lines) == 3
    assert "config.yaml:2:1: fsync: is none of 'always' or 'everysec'" in lines[0]
    assert lines[1] == "environment NIGHTWIRE_POLL__FLOR: is not a known setting; did you mean floor?"
    assert lines[2] == "NIGHTWIRE_LISTN: is read by nobody; did you mean NIGHTWIRE_LISTEN?"


def test_the_files_that_a_configuration_names_are_checked(run: Any, tmp_path: Path) -> None:
    (tmp_path / "bad-feeds.yaml").write_text("feeds: [{id: b}]\n", encoding="utf-8")
    (tmp_path / "bad-rules.yaml").write_text("version: 1\nrules: [{id: Q}]\n", encoding="utf-8")
    (tmp_path / "bad-words.toml").write_text("= =\n", encoding="utf-8")
    text = (
        "feed_files: [bad-feeds.yaml]\nrules: [bad-rules.yaml]\nlexicons: [bad-words.toml]\n"
        "receivers: {ops: {to: [{webhook: {url_env: UNSET_URL, secret_env: UNSET_SECRET}}]}}\n"
    )
    result = run(text, "check")
    assert result.exit_code == 3
    for words in ("bad-feeds.yaml:1:", "bad-rules.yaml:2:", "bad-words.toml:1:1", "config.yaml:4:", "UNSET_"):
        assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_show_prints_every_value_with_its_origin(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIGHTWIRE_REDIS_URL", "redis://u:hunter2@h:1/0")
    result = run(FEED, "show")
    assert result.exit_code == 0
    assert "redis_url         redis://***@h:1/0  # environment NIGHTWIRE_REDIS_URL" in result.stdout
    assert "hunter2" not in result.stdout + result.stderr
    content = json.loads(run(FEED, "show", "--json").stdout)
    assert content["schema"] == 1
    assert content["settings"]["redis_url"]["value"] == "redis://***@h:1/0"
    assert content["settings"]["poll.floor"] == {
        "value": 300.0, "origin": "default", "description": "shortest time between two checks of one feed"
    }  # fmt: skip


def test_show_of_an_invalid_file_tells_what_is_wrong(run: Any) -> None:
    result = run("fsync: never\n", "show")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "fsync" in result.stderr


def test_the_shipped_rules_are_where_the_default_points(run: Any) -> None:
    content = json.loads(run(FEED, "show", "--json").stdout)
    assert content["settings"]["rules"]["value"] == [str(RULES)]
