"""librdkafka's mock broker, for tests of how the kafka runtime takes what a broker answers."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

TOOLS = Path(__file__).parents[2] / "tools" / "kafka"


@pytest.fixture(scope="session")
def kafka_mock(lacking: Callable[[str], NoReturn]) -> ModuleType:
    """The tool that runs the mock."""
    sys.path.insert(0, str(TOOLS))
    try:
        mock = importlib.import_module("mockbroker")
    finally:
        sys.path.pop(0)
    try:
        mock.load_library()
    except mock.MockAbsent as missing:
        lacking(f"THE PROTOCOL OF KAFKA: {missing}")
    return mock
