"""The README leads with the two commands, and what it shows is what the program prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_two_commands_come_first() -> None:
    assert README.index("make run") < README.index("make test") < README.index("## What it does")


def test_the_alert_is_what_the_replay_prints(nightwire: Any) -> None:
    ran = nightwire("replay", "--runtime", "memory", "--quiet")
    assert ran.status == 0, ran.err
    shown = ran.out.split("\n\n")[0]
    assert "\n".join(f"    {line}" for line in shown.splitlines()) in README
