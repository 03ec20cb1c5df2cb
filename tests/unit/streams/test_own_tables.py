"""The operator's own tables are read, or refused with the name of every file that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.documents import DocumentError
from streams.own_tables import read_lexicons, read_policy


def test_without_a_table_of_ones_own_the_shipped_one_stands() -> None:
    assert read_policy(None, None).owners.outlets["tass"] == "TASS"


def test_an_operators_own_owners(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text('[owners]\n"Harbour Press" = ["Harbour Gazette"]\n[agencies]\n', encoding="utf-8")
    assert read_policy(None, own).owners.outlets == {"harbour gazette": "Harbour Press"}


@pytest.mark.parametrize("setting", ["authority", "owners"])
@pytest.mark.parametrize("text", ["[[[", "unknown_table = 3"])
def test_a_broken_table_is_named(setting: str, text: str, tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=str(own)):
        read_policy(**{"authority": None, "owners": None, setting: own})


def test_all_lexicons_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[[[", encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read_lexicons((tmp_path / "missing.toml", tmp_path / "broken.toml"))
    assert [Path(problem.file).name for problem in caught.value.problems] == ["missing.toml", "broken.toml"]
