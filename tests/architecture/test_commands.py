"""Every command of ours that a document shows is there, with its flags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from streams.cli import main

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]


def commands() -> Iterator[tuple[str, ...]]:
    """The words of each; of several that are written as one, `ls|ack`, the first."""
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        for shown in re.findall(r"^    (nightwire .+)$|`(nightwire [a-z][^`]*)`", text, re.MULTILINE):
            for command in "".join(shown).split("#")[0].split("&&"):
                yield tuple(word.split("|")[0] for word in command.split()[1:])


@pytest.mark.parametrize("words", sorted(set(commands())), ids=" ".join)
def test_a_command_is_there_with_its_flags(words: tuple[str, ...]) -> None:
    command: Any = typer.main.get_command(main.app)
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        command = command.commands[words[0]]
        command, words = getattr(command, "real", command), words[1:]
    known = {flag for parameter in command.params for flag in parameter.opts}
    assert {word for word in words if re.match(r"--?\w", word)} <= known | {"--help"}
