"""The roof over all commands: help names each, and a wrong word is told with the usual exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from streams.cli.main import COMMANDS, FAMILIES

COMMAND = (sys.executable, "-m", "streams.cli.main")


def test_help_names_every_command(nightwire: Any) -> None:
    ran = nightwire("--help")
    assert ran.status == 0
    told = " ".join(ran.out.split())
    assert [name for name, where in (COMMANDS | FAMILIES).items() if f" {name} {where.words}" not in told] == []
    assert "130 interrupted" in told


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


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_what_is_told_of_all_commands_imports_none(flag: str) -> None:
    code = f"import sys; from streams.cli.main import app; app(['{flag}'], standalone_mode=False); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    commands = {where.module for where in (COMMANDS | FAMILIES).values()}
    assert not {*commands, "pydantic", "aiohttp"} & set(ran.stdout.split())


@pytest.mark.parametrize("words", [("rules", "schema"), ("topics", "schema"), ("doctor", "--json")])
def test_a_reader_that_has_seen_enough_ends_a_command_quietly(words: tuple[str, ...]) -> None:
    """Printed at once, held back to the end, or one line after the other: nobody reads any of it."""
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run([*COMMAND, *words], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_family_tells_of_itself_what_the_help_of_all_tells(nightwire: Any) -> None:
    assert FAMILIES["rules"].words in nightwire("rules", "--help").out
