"""The roof over all commands: help names each, and a wrong word is told with the usual exit status."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from streams.cli.main import COMMANDS, FAMILIES


def test_help_names_every_command(nightwire: Any) -> None:
    ran = nightwire("--help")
    assert ran.status == 0
    assert [name for name in (*COMMANDS, *FAMILIES) if f" {name} " not in ran.out] == []
    assert "130 interrupted" in " ".join(ran.out.split())


@pytest.mark.parametrize("name", [*COMMANDS, *FAMILIES])
def test_every_command_has_help_of_its_own(nightwire: Any, name: str) -> None:
    ran = nightwire(name, "--help")
    assert ran.status == 0, ran.err
    assert "Usage:" in ran.out


def test_an_unknown_word(nightwire: Any) -> None:
    ran = nightwire("replya")
    assert ran.status == 2
    assert "replya" in ran.err


def test_version(nightwire: Any) -> None:
    assert nightwire("--version").out.strip().count(".") == 2


def test_the_version_imports_no_command() -> None:
    code = (
        "import sys; from streams.cli.main import app; app(['--version'], standalone_mode=False); print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {*COMMANDS.values(), *FAMILIES.values(), "pydantic", "aiohttp"} & set(ran.stdout.split())
