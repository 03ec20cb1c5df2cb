"""The command prints a board with its baseline, and names the line that is no annotation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

GOLD = {
    "id": "g1",
    "text": "Ukraine said its air force shot down 14 Russian drones overnight.",
    "published": "2025-02-03",
    "claims": [{"object": "drone", "measure": "intercepted", "value": 14, "attacker": "RU", "target_country": "UA"}],
    "nightly": [{"object": "drone", "measure": "intercepted", "value": 14, "night_of": "2025-02-03"}],
    "tags": ["plain"],
}


def test_board(nightwire: Any, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(GOLD), encoding="utf-8")
    ran = nightwire("accuracy", "--json", file)
    assert ran.status == 0, ran.err
    (board,) = ran.lines
    assert board["nightwire"]["value_f1"] == 1
    assert board["largest number"]["value_f1"] == 0
    table = nightwire("accuracy", file).out
    assert "plain" in table
    assert "confidence" in table


def test_an_article_may_hold_what_ends_a_line_of_text_elsewhere(nightwire: Any, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    text = GOLD["text"] + "\u2028More of it.\x85"
    file.write_text(json.dumps(GOLD | {"text": text}, ensure_ascii=False) + "\n", encoding="utf-8")
    ran = nightwire("accuracy", "--json", file)
    assert ran.status == 0, ran.err
    assert ran.lines[0]["articles"] == 1


def test_bad_line(nightwire: Any, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(GOLD) + "\nnonsense\n", encoding="utf-8")
    ran = nightwire("accuracy", file)
    assert ran.status == 3
    assert f"{file}:2:" in ran.err
