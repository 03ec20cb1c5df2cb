"""The texts of the seed corpus, and a loud skip where no server binary can be had."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from streams.runtimes.base import RuntimeRefused
from streams.state.binary import find_server

CORPUS = Path(__file__).parents[2] / "seeds" / "corpus"


@pytest.fixture
def corpus_texts() -> dict[str, str]:
    manifest = tomllib.loads((CORPUS / "manifest.toml").read_text(encoding="utf-8"))
    texts = {}
    for article in manifest["article"]:
        texts[article["file"]] = (CORPUS / article["file"]).read_text(encoding="utf-8").strip()
        texts[article["file"] + "#title"] = article["title"]
    return texts


@pytest.fixture(scope="session")
def valkey_server_available() -> None:
    try:
        find_server()
    except RuntimeRefused as error:
        if os.environ.get("CI"):
            pytest.fail(f"in CI a server binary must be there: {error}")
        pytest.skip(f"NO VALKEY SERVER ON THIS MACHINE, THE MAIN JOB IS NOT TESTED: {error}")
