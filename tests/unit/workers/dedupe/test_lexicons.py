"""The lexicons: each word can be met, each phrase is found by its sign."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from workers.dedupe.level import level
from workers.dedupe.lexicons import PHRASES
from workers.dedupe.tokens import plain, sentence_tokens

NO_WORDS = {"phrases", "currencies", "captions"}


def words_of(name: str) -> set[str]:
    sections: dict[str, Any] = tomllib.loads((files("workers.dedupe") / "lexicon" / f"{name}.toml").read_text("utf-8"))
    rows = [row for kind, section in sections.items() if kind not in NO_WORDS for row in section.values()]
    return {word.rstrip("*") for row in rows for word in row.replace("/", " ").split()}


@pytest.mark.parametrize("name", ["words", "numbers", "level", "furniture"])
def test_every_word_is_one_that_a_text_can_have(name: str) -> None:
    assert [word for word in words_of(name) if sentence_tokens(plain(word)).forms != [word]] == []


@pytest.mark.parametrize(("phrase", "name"), PHRASES)
def test_every_phrase_is_levelled(phrase: str, name: str) -> None:
    assert level(f"so {phrase.replace('*', 'ым')}, then") == f"so {name}, then"
