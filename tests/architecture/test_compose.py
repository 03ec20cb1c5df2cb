"""docker-compose.yml and Dockerfile: valid by the specification, and every word of ours in them is understood."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from schemas.config import Address, Config
from streams.cli import main, replay, run
from streams.cli.run import Part
from streams.clock import ManualClock
from streams.environment import unknown_variables
from streams.runtimes.kafka import start
from streams.runtimes.memory import MemoryRuntime
from streams.web import Board, create_app

ROOT = Path(__file__).parents[2]
COMPOSE = YAML(typ="safe").load(ROOT / "docker-compose.yml")
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
WORKERS = {name: service for name, service in OURS.items() if "--only" in service["command"]}
each_of_ours = pytest.mark.parametrize("name", OURS)


def test_it_is_valid() -> None:
    specification = ROOT / "tests" / "data" / "specifications" / "compose-spec.json"
    validator = jsonschema.Draft202012Validator(json.loads(specification.read_text(encoding="utf-8")))
    assert [(error.json_path, error.message) for error in validator.iter_errors(COMPOSE)] == []
    assert not validator.is_valid({"services": {"a": {"comand": []}}}), "the check can fail"


def variables(service: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Its environment, with the defaults of what the operator may set."""
    for name, value in service.get("environment", {}).items():
        yield name, re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the commands of services come to, in place of doing it."""
    found: list[Any] = []

    async def remember(*words: Any) -> list[Any]:
        found.extend(words)
        return []

    monkeypatch.setattr(run, "live", remember)
    monkeypatch.setattr(replay, "play", remember)
    monkeypatch.setattr(start, "create_topics", remember)
    for name in list(os.environ):
        if name.startswith("NIGHTWIRE_"):
            monkeypatch.delenv(name)
    return found


@each_of_ours
def test_its_command_and_its_environment_are_understood(
    name: str, asked: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable, value in variables(OURS[name]):
        monkeypatch.setenv(variable, value)
    assert list(unknown_variables()) == []
    words = OURS[name]["command"]
    ran = CliRunner().invoke(main.app, words)
    assert ran.exit_code == 0, ran.output
    assert asked, "the command has come to its work"
    configs = [each for each in asked if isinstance(each, Config)]
    if name in WORKERS:
        assert configs[0].kafka == "kafka:9092"
        assert configs[0].redis_url
        assert configs[0].redis_url.get_secret_value() == "redis://valkey:6379/0"


def test_every_part_has_its_service() -> None:
    parts = [service["command"][service["command"].index("--only") + 1] for service in WORKERS.values()]
    assert sorted(parts) == sorted(Part)


def test_the_embedded_service_is_the_default() -> None:
    assert [name for name, service in SERVICES.items() if "profiles" not in service] == ["nightwire"]
    assert {profile for service in SERVICES.values() for profile in service.get("profiles", ())} == {"replay", "kafka"}


def test_what_is_depended_on_is_there_and_comes_to_that_state() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            assert SERVICES[other].get("profiles") == service.get("profiles"), (name, other)
            checked = "test" in SERVICES[other].get("healthcheck", {})
            assert how["condition"] != "service_healthy" or checked, (name, other)


def test_whatever_runs_is_restarted_and_looked_at() -> None:
    for name, service in SERVICES.items():
        if name not in ("replay", "topics"):
            assert service["restart"] == "unless-stopped", name
            assert name == "nightwire" or "test" in service["healthcheck"], name


def test_a_room_may_be_scaled() -> None:
    for name in ("dedupe", "extract", "judge"):
        assert not {"container_name", "hostname", "ports"} & set(SERVICES[name])
        assert "--slot" not in SERVICES[name]["command"]


def paths() -> set[str]:
    board = Board(MemoryRuntime(), ManualClock(datetime(2024, 9, 10, tzinfo=UTC)))
    app = create_app(board, Address(host="127.0.0.1", port=0), follow=False)
    return {resource.canonical for resource in app.router.resources()}


def test_the_page_is_asked_where_it_listens() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for text in (dockerfile, SERVICES["page"]["healthcheck"]["test"][3]):
        port, path = re.findall(r"urlopen\('http://127\.0\.0\.1:(\d+)(/\w+)'", text)[0]
        assert path in paths()
        assert port == "8750"
    for name in ("nightwire", "page"):
        assert "0.0.0.0:8750" in SERVICES[name]["command"]
        assert SERVICES[name]["ports"] == ["127.0.0.1:8750:8750"]


@pytest.mark.parametrize("name", sorted(set(WORKERS) - {"page"}))
def test_a_sign_of_life_is_looked_for_where_it_is_given(name: str, tmp_path: Path) -> None:
    command, (_, _, flag, code) = SERVICES[name]["command"], SERVICES[name]["healthcheck"]["test"]
    place = command[command.index("--alive") + 1]
    assert f"'{place}'" in code
    assert Path(place).parent.as_posix() in SERVICES[name]["tmpfs"]
    file = tmp_path / "alive"
    check = [sys.executable, flag, code.replace(place, str(file))]
    for age, healthy in ((None, False), (5, True), (90, False)):
        if age is not None:
            file.touch()
            os.utime(file, (time.time() - age,) * 2)
        assert (subprocess.run(check, capture_output=True, check=False).returncode == 0) is healthy, age


def kept(path: str) -> bool:
    """Whether .dockerignore lets a path through."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    verdicts = [line for line in lines if line and line[0] != "#" and fnmatch.fnmatch(path, line.lstrip("!"))]
    return bool(verdicts) and verdicts[-1].startswith("!")


def test_the_image_is_made_of_files_that_are_there() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    arguments = dict(re.findall(r"^ARG (\w+)=(\S+)", text, re.MULTILINE))
    copied = [words.split()[:-1] for words in re.findall(r"^COPY (?!--from)(.+)", text, re.MULTILINE)]
    sources = {re.sub(r"\$\{(\w+)\}", lambda found: arguments[found[1]], word) for words in copied for word in words}
    assert {"pyproject.toml", "constraints-kafka.txt", "streams", "workers", "schemas", "seeds"} <= sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert kept(source), source
    assert not kept(".git")
    assert not kept(".venv")
