"""librdkafka's mock broker, and a state server, for tests of how the kafka runtime takes what a broker answers."""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

from streams.runtimes.base import RuntimeRefused
from streams.state.server import PrivateServer

TOOLS = Path(__file__).parents[2] / "tools" / "kafka"


def absent(why: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"CI needs it: {why}")
    pytest.skip(f"THE PROTOCOL OF KAFKA IS NOT TESTED: {why}")


@pytest.fixture(scope="session")
def kafka_mock() -> ModuleType:
    """The tool that runs the mock."""
    sys.path.insert(0, str(TOOLS))
    try:
        mock = importlib.import_module("mockbroker")
    finally:
        sys.path.pop(0)
    try:
        mock.load_library()
    except mock.MockAbsent as missing:
        absent(str(missing))
    return mock


@pytest.fixture(scope="session")
def private_socket() -> Iterator[Path]:
    """The socket of a state server for all tests, which keep to prefixes of their own."""
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        server = PrivateServer(Path(folder))
        try:
            socket = runner.run(server.start())
        except RuntimeRefused as refused:
            absent(str(refused))
        yield socket
        runner.run(server.stop())
