"""Which server program is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.runtimes.base import RuntimeRefused
from streams.state import binary as module
from streams.state.binary import OVERRIDE, Binary, find_server


def fake(folder: Path, name: str, version: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho 'server v={version} sha=0'\n")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def _nothing_bundled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_bundled", lambda: None)


def test_the_named_one_and_nothing_else(tmp_path: Path) -> None:
    fake(tmp_path, "valkey-server", "9.0.0")
    named = fake(tmp_path, "mine", "8.0.1")
    environment = {OVERRIDE: str(named), "PATH": str(tmp_path)}
    assert find_server(environment) == Binary(named, (8, 0, 1))
    with pytest.raises(RuntimeRefused, match=OVERRIDE):
        find_server({**environment, OVERRIDE: str(tmp_path / "none")})


def test_the_bundled_one_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = fake(tmp_path, "bundled", "9.1.2")
    fake(tmp_path, "valkey-server", "8.0.0")
    monkeypatch.setattr(module, "_bundled", lambda: bundled)
    assert find_server({"PATH": str(tmp_path)}).path == bundled


def test_one_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    fake(tmp_path, "valkey-server", "6.9.9")
    new = fake(tmp_path, "redis-server", "7.0.0")
    assert find_server({"PATH": str(tmp_path)}) == Binary(new, (7, 0, 0))


def test_none_at_all_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RuntimeRefused, match=r"install valkey-server, or set .* or use --redis-url"):
        find_server({"PATH": str(tmp_path)})


def test_a_binary_that_is_killed_while_it_is_asked_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "valkey-server"
    path.write_text(
        f"#!/bin/sh\nif mkdir {tmp_path}/asked 2>/dev/null; then kill -9 $$; fi\necho 'server v=9.1.2 sha=0'\n"
    )
    path.chmod(0o755)
    assert find_server({OVERRIDE: str(path)}).version == (9, 1, 2)
