"""The environment: lists, nested names, what cannot be read, and names that nobody reads."""

from __future__ import annotations

import os
from typing import Any

import pytest

from schemas.config import Config
from streams.advice import accepts, names, near
from streams.environment import read_environment, referred_variables, unknown_variables, variable


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("NIGHTWIRE_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("NIGHTWIRE_HOSTS", "a.example, b.example", {"hosts": ["a.example", "b.example"]}),
        ("NIGHTWIRE_HOSTS", "a.example", {"hosts": ["a.example"]}),
        ("NIGHTWIRE_HOSTS", '["a.example"]', {"hosts": ["a.example"]}),
        ("NIGHTWIRE_FEEDS", '[{"id": "a", "url": "https://a.example"}]', {"feeds": [{"id": "a", "url": "https://a.example"}]}),
        ("NIGHTWIRE_POLL", "{floor: 60}", {"poll": {"floor": 60}}),
        ("NIGHTWIRE_POLL__FLOOR", "90s", {"poll": {"floor": "90s"}}),
        ("NIGHTWIRE_CONTACT", "", {}),
        ("NIGHTWIRE_FEED_FILES", "[]", {"feed_files": []}),
        ("NIGHTWIRE_LISTEN", "127.0.0.1:1", {"listen": "127.0.0.1:1"}),
        ("NIGHTWIRE_REDIS_URL", "redis://u:p@h", {"redis_url": "redis://u:p@h"}),
        ("NIGHTWIRE_ALLOW_ADDRESSES", "127.0.0.1:1,127.0.0.1:2", {"allow_addresses": ["127.0.0.1:1", "127.0.0.1:2"]}),
    ],
)  # fmt: skip
def test_a_variable_sets_what_it_names(monkeypatch: pytest.MonkeyPatch, name: str, text: str, value: Any) -> None:
    monkeypatch.setenv(name, text)
    assert read_environment() == (value, [])


def test_what_cannot_be_read_is_told_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIGHTWIRE_FEEDS", "[{id: a")
    monkeypatch.setenv("NIGHTWIRE_FSYNC", "always")
    found, problems = read_environment()
    assert found == {"fsync": "always"}
    assert len(problems) == 1
    assert str(problems[0]).startswith("NIGHTWIRE_FEEDS: ")
    assert str(problems[0]).endswith("; write it as JSON")


def test_names_that_nobody_reads_are_listed_with_a_near_one(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = ("LISTN", "POLL__FLOR", "XYZZY", "POLL__FLOOR__DEEP")
    fine = ("LISTEN", "CONFIG", "VALKEY_SERVER", "HOOK_SECRET", "RECEIVERS__OPS__RATE")
    for name in (f"NIGHTWIRE_{suffix}" for suffix in listed + fine):
        monkeypatch.setenv(name, "x")
    assert [str(problem) for problem in unknown_variables({"NIGHTWIRE_HOOK_SECRET"})] == [
        "NIGHTWIRE_LISTN: is read by nobody; did you mean NIGHTWIRE_LISTEN?",
        "NIGHTWIRE_POLL__FLOOR__DEEP: is read by nobody; did you mean NIGHTWIRE_POLL__FLOOR?",
        "NIGHTWIRE_POLL__FLOR: is read by nobody; did you mean NIGHTWIRE_POLL__FLOOR?",
        "NIGHTWIRE_XYZZY: is read by nobody; remove it, or see `nightwire config show`",
    ]


def test_variables_that_the_configuration_points_at_are_known() -> None:
    node = {"a": [{"secret_env": "ONE", "url_env": None}, {"b": {"key_env": "TWO"}}], "env": "no"}
    assert referred_variables(node) == {"ONE", "TWO"}


def test_every_setting_has_a_variable_that_is_accepted() -> None:
    for path in names(Config):
        assert accepts(Config, path)
        assert variable(path).startswith("NIGHTWIRE_")
    assert not accepts(Config, ("poll", "x"))
    assert near("xyzzy", ["listen"]) is None
