"""The texts of the seed corpus."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[2] / "seeds" / "corpus"


@pytest.fixture
def corpus_texts() -> dict[str, str]:
    manifest = tomllib.loads((CORPUS / "manifest.toml").read_text(encoding="utf-8"))
    texts = {}
    for article in manifest["article"]:
        texts[article["file"]] = (CORPUS / article["file"]).read_text(encoding="utf-8").strip()
        texts[article["file"] + "#title"] = article["title"]
    return texts
