"""Reads settings from the environment: `NIGHTWIRE_LISTEN`, nested with two underscores `NIGHTWIRE_POLL__FLOOR`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from schemas.config import Config
from streams.advice import accepts, names, near, plain
from streams.documents import DocumentError, Problem, parse_yaml
from streams.state.binary import OVERRIDE as VALKEY_VARIABLE

PREFIX: Final = "NIGHTWIRE_"
NESTED: Final = "__"
CONFIG_VARIABLE: Final = "NIGHTWIRE_CONFIG"
"""Names the configuration file where no --config is given."""


class VariableProblem(Problem):
    """An error in an environment variable or a flag, which has no line and column."""

    def __str__(self) -> str:
        return f"{self.file}: {self.path}: {self.message}" if self.path else f"{self.file}: {self.message}"


class _Target(BaseSettings, Config):
    """The fields of Config with the environment's naming rules; never made an instance of."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=NESTED, env_ignore_empty=True, frozen=True, extra="forbid"
    )


class _Source(EnvSettingsSource):
    """The environment source of pydantic-settings, which also reads lists as YAML or with commas."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """A list or an object as YAML, of which JSON is a part; plain text with commas is a list."""
        parsed = plain(parse_yaml(str(value), variable((field_name,))).data)
        if isinstance(parsed, str) and "tuple" in str(field.annotation):
            return [part.strip() for part in str(value).split(",") if part.strip()]
        return parsed


def variable(path: Iterable[str]) -> str:
    """The name of the variable that sets a path."""
    return PREFIX + NESTED.join(path).upper()


def read_environment() -> tuple[dict[str, Any], list[Problem]]:
    """What the environment sets, nested as the configuration is, and what of it cannot be read."""
    source = _Source(_Target)
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, field in Config.model_fields.items():
        try:
            value, _, nested = source.get_field_value(field, name)
            value = source.prepare_field_value(name, field, value, nested)
        except DocumentError as error:
            problems += [
                VariableProblem(variable((name,)), 0, 0, "", f"{p.message}; write it as JSON") for p in error.problems
            ]
        else:
            if value is not None:
                found[name] = value
    return found, problems


def unknown_variables(referred: Iterable[str] = ()) -> Iterator[Problem]:
    """Every `NIGHTWIRE_` name that nobody reads; `referred` are the names that the configuration points at."""
    expected = {CONFIG_VARIABLE, VALKEY_VARIABLE, *referred}
    known = {variable(path) for path in names(Config)} | expected
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in expected and not accepts(Config, _path(name)):
            meant = near(name.removeprefix(PREFIX), (each.removeprefix(PREFIX) for each in known))
            advice = f"did you mean {PREFIX}{meant}?" if meant else "remove it, or see `nightwire config show`"
            yield VariableProblem(name, 0, 0, "", f"is read by nobody; {advice}")


def _path(name: str) -> tuple[str, ...]:
    return tuple(name.removeprefix(PREFIX).lower().split(NESTED))


def referred_variables(node: Any) -> set[str]:
    """The names of variables that a configuration points at: the values of all keys that end in `_env`."""
    if isinstance(node, Mapping):
        here = {str(value) for key, value in node.items() if str(key).endswith("_env") and isinstance(value, str)}
        return here.union(*(referred_variables(value) for value in node.values()))
    if isinstance(node, list | tuple):
        return set().union(*(referred_variables(value) for value in node))
    return set()
