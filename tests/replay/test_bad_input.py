"""What goes wrong outside gets one clear line that says what to do, and the exit status of the manual."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any


def one_line(err: str) -> str:
    assert "Traceback" not in err
    lines = [line for line in err.splitlines() if line]
    assert len(lines) == 1, err
    return lines[0]


def test_a_rule_with_a_typo(nightwire: Any, tmp_path: Path) -> None:
    rules = tmp_path / "typo.yaml"
    rules.write_text(
        "version: 1\nrules:\n  - id: drones-night\n    title: Many drones\n"
        "    where: {object: drone, measure: involved}\n    vale: max(value)\n    value: max(value)\n"
        '    window: {night: "18:00-09:00", tz: Europe/Kyiv}\n    levels: [{severity: warning, at: "> 50"}]\n',
        encoding="utf-8",
    )
    ran = nightwire("replay", "--rules", rules, "--data-dir", tmp_path / "state")
    assert ran.status == 3
    assert f"{rules}:6:5: rules.0.vale" in one_line(ran.err)
    assert not (tmp_path / "state").exists(), "nothing is started with rules that are wrong"


def test_a_data_directory_that_is_not_writable(nightwire: Any, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    ran = nightwire("replay", "--data-dir", blocked / "state")
    assert ran.status == 4
    assert str(blocked) in one_line(ran.err)


def test_a_port_in_use(nightwire: Any, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ran = nightwire("replay", "--serve", "--listen", f"127.0.0.1:{port}", "--data-dir", tmp_path / "state")
    assert ran.status == 4
    assert f"port {port} on 127.0.0.1 is in use" in one_line(ran.err)
    assert "--listen" in ran.err


def test_a_corpus_that_is_not_there(nightwire: Any, tmp_path: Path) -> None:
    ran = nightwire("replay", tmp_path / "nothing", "--data-dir", tmp_path / "state")
    assert ran.status == 3
    assert "manifest.toml" in one_line(ran.err)


def test_a_second_nightwire_on_the_same_directory(nightwire: Any, spawn: Any, tmp_path: Path) -> None:
    first = spawn("replay", "--serve", "--listen", "127.0.0.1:0", "--data-dir", tmp_path / "state")
    assert first.stderr is not None
    assert any("stays until" in line for line in first.stderr)
    ran = nightwire("replay", "--data-dir", tmp_path / "state")
    assert ran.status == 4
    assert f"is in use by another nightwire (pid {first.pid})" in one_line(ran.err)


def test_a_malformed_line_is_told_and_the_rest_goes_on(nightwire: Any) -> None:
    ran = nightwire(
        "extract", stdin='{"id": "a", "text": "Quiet."}\nnot json\n{"id": "b"}\n{"id": "c", "text": "Quiet."}\n'
    )
    assert ran.status == 1
    assert [line["id"] for line in ran.lines] == ["a", "c"]
    assert "line 2" in ran.err
    assert "line 3" in ran.err
