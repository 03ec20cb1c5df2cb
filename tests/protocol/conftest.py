"""librdkafka's mock broker, for tests of how the kafka runtime takes what a broker answers."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import NoReturn

import pytest


@pytest.fixture(scope="session")
def kafka_mock(kafka_tool: Callable[[str], SimpleNamespace], lacking: Callable[[str], NoReturn]) -> SimpleNamespace:
    """The tool that runs the mock."""
    mock = kafka_tool("mockbroker")
    try:
        mock.load_library()
    except mock.MockAbsent as missing:
        lacking(f"THE PROTOCOL OF KAFKA: {missing}")
    return mock
