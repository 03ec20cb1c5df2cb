"""Every dependency is pinned with hashes, and every third-party import is a declared dependency."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = {"streams", "workers", "schemas", "tools", "tests"}
PACKAGE_OF = {
    "re2": "google-re2", "hiredis": "redis", "ruamel": "ruamel-yaml", "prometheus_client": "prometheus-client",
    "pydantic_settings": "pydantic-settings", "pydantic_core": "pydantic", "multidict": "aiohttp", "yarl": "aiohttp",
    "faust": "faust-streaming", "aiosignal": "aiohttp", "markupsafe": "jinja2", "mode": "faust-streaming",
    "backports": "backports-zstd", "compression": "backports-zstd",
}  # fmt: skip
"""Imports whose package has another name, or comes with one that is declared."""


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=;~! ]", line)[0].lower().replace("_", "-").replace(".", "-") for line in requirements}


def pinned(file: str) -> dict[str, bool]:
    """Names of a constraints file, and whether each has a hash."""
    text = (ROOT / file).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-zA-Z0-9])", text)
    found = {
        re.split(r"[\[=]", block)[0].strip().replace(".", "-").replace("_", "-"): "--hash=" in block for block in blocks
    }
    return {name.lower(): hashed for name, hashed in found.items() if name}


@pytest.mark.parametrize(
    ("file", "extras"),
    [
        ("constraints.txt", ["build"]),
        ("constraints-kafka.txt", ["build", "kafka"]),
        ("constraints-dev.txt", ["build", "dev"]),
    ],
)
def test_pins(file: str, extras: list[str]) -> None:
    wanted = names(PROJECT["dependencies"])
    for extra in extras:
        wanted |= names(PROJECT["optional-dependencies"][extra])
    pins = pinned(file)
    assert sorted(wanted - set(pins)) == [], "run `make lock`"
    assert [name for name, hashed in pins.items() if not hashed] == []
    assert "://" not in (ROOT / file).read_text(encoding="utf-8")


def imported() -> dict[str, str]:
    found = {}
    for storey in ("schemas", "workers", "streams"):
        for path in (ROOT / storey).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    modules = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    modules = [node.module]
                else:
                    continue
                found.update({module.split(".")[0]: str(path.relative_to(ROOT)) for module in modules})
    return found


def test_imports_are_declared() -> None:
    declared = names(PROJECT["dependencies"]) | names(PROJECT["optional-dependencies"]["kafka"])
    missing = {
        module: where
        for module, where in imported().items()
        if module not in OURS | sys.stdlib_module_names
        and PACKAGE_OF.get(module, module.replace("_", "-")).lower() not in declared
    }
    assert missing == {}
