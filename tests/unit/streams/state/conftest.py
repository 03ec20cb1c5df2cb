"""A data directory, and a loud skip where no server binary can be had (in CI: a failure)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from streams.runtimes.base import RuntimeRefused
from streams.state.binary import Binary, find_server


@pytest.fixture(scope="session")
def binary() -> Binary:
    try:
        return find_server()
    except RuntimeRefused as refused:
        if os.environ.get("CI"):
            pytest.fail(f"CI needs a server: {refused}")
        pytest.skip(f"NO SERVER, NOT TESTED: {refused}")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"
