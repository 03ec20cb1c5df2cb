"""Where concrete things meet: the operator's own tables are read, or refused with the file's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.app import read_lexicons, read_policy
from streams.documents import DocumentError
from streams.settings import load_config


def test_without_a_table_of_ones_own_the_shipped_one_stands() -> None:
    assert read_policy(load_config()).owners.outlets["tass"] == "TASS"


def test_an_operators_own_owners(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text('[owners]\n"Harbour Press" = ["Harbour Gazette"]\n[agencies]\n', encoding="utf-8")
    assert read_policy(load_config(owners=own)).owners.outlets == {"harbour gazette": "Harbour Press"}


@pytest.mark.parametrize("setting", ["authority", "owners"])
@pytest.mark.parametrize("text", ["[[[", "unknown_table = 3"])
def test_a_broken_table_is_named(setting: str, text: str, tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=str(own)):
        read_policy(load_config(**{setting: own}))


def test_a_missing_lexicon_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"words\.toml"):
        read_lexicons((tmp_path / "words.toml",))
