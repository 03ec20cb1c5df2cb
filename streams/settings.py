"""Loads the configuration: flags over the environment over a YAML file over the defaults, all errors at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from schemas.config import Config, FeedFile, distinct_feeds, mask_url
from schemas.feed import Feed
from streams.advice import advise, plain
from streams.documents import DocumentError, Problem, YamlDocument, read_yaml
from streams.environment import CONFIG_VARIABLE, VariableProblem, read_environment, variable
from streams.resources import seed

Steps = tuple[str, ...]
_SECRET_FILES: Final = {"redis_url": "redis_url_file", "api_token": "api_token_file"}
"""Settings that may be read from a file: of the two names a layer gives, the higher layer's wins."""
_FEEDS: Final = ("feeds", "feed_files")


class Layer(NamedTuple):
    """One source of settings: `origin` in words, `document` where it is a file."""

    origin: str
    data: Mapping[str, Any]
    document: YamlDocument | None = None

    def name(self, path: Steps) -> str:
        """Who set a path, as a person would look for it."""
        if self.origin == "environment":
            return f"environment {variable(path)}"
        return f"flag --{'-'.join(path).replace('_', '-')}" if self.origin == "flag" else self.origin


@dataclass(frozen=True, slots=True)
class Settings:
    """A configuration and who set each part of it."""

    config: Config
    owners: Mapping[Steps, Layer]
    file: Path

    def origin(self, path: Steps) -> str:
        """Who set a path, in words; `default` where nobody did."""
        return self.owners[path].name(path) if path in self.owners else "default"

    def problem(self, path: Steps, message: str) -> Problem:
        """A problem at the place where a path was written."""
        return _problem(path, message, self.owners)


class Setting(NamedTuple):
    """One line of `nightwire config show`; secrets are masked."""

    name: str
    value: Any
    origin: str
    description: str


def load_config(path: Path | None = None, **flags: Any) -> Config:
    """The configuration in force; flags that are None are not given. Raises DocumentError with every error."""
    return read_settings(path, **flags).config


def read_settings(path: Path | None = None, **flags: Any) -> Settings:
    """The configuration with its origins; raises DocumentError with every error of every source."""
    file = path or find_config()
    document = _read_file(file)
    environment, problems = read_environment()
    layers = [
        Layer("default", _defaults()),
        Layer(f"file {file}", plain(document.data or {}), document),
        Layer("environment", _anchored(environment)),
        Layer("flag", _anchored({name: value for name, value in flags.items() if value is not None})),
    ]
    merged, owners = _merge(layers)
    config = _validate(merged, owners, file.parent, problems)
    return Settings(config, owners, file)


def find_config() -> Path:
    """The file that is read where none is named: NIGHTWIRE_CONFIG, the user's, the machine's, the shipped one."""
    named = os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named).expanduser()
    home = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    usual = (home / "nightwire" / "config.yaml", Path("/etc/nightwire/config.yaml"))
    return next((file for file in usual if file.is_file()), seed("nightwire.yaml"))


def load_feeds(config: Config) -> tuple[Feed, ...]:
    """All enabled and disabled feeds, those of the feed files included; raises DocumentError."""
    feeds, problems = list(config.feeds), []
    for file in config.feed_files:
        try:
            document = read_yaml(file)
            feeds += FeedFile.model_validate(plain(document.data)).feeds
        except DocumentError as error:
            problems += error.problems
        except ValidationError as error:
            problems += [document.problem(e["loc"], advise(e, FeedFile)) for e in error.errors()]
    try:
        distinct_feeds(tuple(feeds))
    except ValueError as error:
        problems.append(VariableProblem("feeds", 0, 0, "", f"{error} (over all feed files)"))
    if problems:
        raise DocumentError(problems)
    return tuple(feeds)


def describe(settings: Settings) -> list[Setting]:
    """Every setting with its value, its origin and what it is for; secrets are masked."""
    return _describe(settings.config, (), settings)


def _describe(model: BaseModel, prefix: Steps, settings: Settings) -> list[Setting]:
    lines: list[Setting] = []
    dump = model.model_dump(mode="json")
    for name, field in type(model).model_fields.items():
        value, path = getattr(model, name), (*prefix, name)
        if isinstance(value, BaseModel) and not isinstance(dump[name], str):
            lines += _describe(value, path, settings)
        else:
            shown = mask_url(value.get_secret_value()) if isinstance(value, SecretStr) else _without_secrets(dump[name])
            lines.append(Setting(".".join(path), shown, settings.origin(path), field.description or ""))
    return lines


def _without_secrets(value: Any) -> Any:
    """Plain data with the user, password and query of every address masked; of a webhook's the path as well."""
    if isinstance(value, dict):
        given = {key: part for key, part in value.items() if part is not None}
        return {k: _masked_webhook(v) if k == "webhook" else _without_secrets(v) for k, v in given.items()}
    if isinstance(value, list):
        return [_without_secrets(part) for part in value]
    return mask_url(value) if isinstance(value, str) and "://" in value else value


def _masked_webhook(value: Any) -> Any:
    url = value.get("url") if isinstance(value, dict) else None
    if not isinstance(url, str):
        return _without_secrets(value)
    return {**_without_secrets(value), "url": "/".join(mask_url(url).split("/")[:3]) + "/***"}


def _read_file(file: Path) -> YamlDocument:
    try:
        document = read_yaml(file)
    except DocumentError as error:
        if not file.exists():
            message = "there is no such file; name an existing one with --config, or leave it out for the defaults"
            raise DocumentError([Problem(str(file), 1, 1, "", message)]) from error
        raise
    if not isinstance(document.data, Mapping | None):
        raise DocumentError(
            [document.problem((), "is not a list of settings; write for example listen: 127.0.0.1:8750")]
        )
    return document


def _defaults() -> dict[str, Any]:
    data = Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser()
    return {"data_dir": data / "nightwire", "feed_files": [seed("feeds.yaml")], "rules": [seed("rules")]}


def _anchored(data: Mapping[str, Any]) -> dict[str, Any]:
    """Paths of the environment and of flags are relative to the working directory, not to the file."""

    def anchor(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [anchor(part) for part in value]
        return Path.cwd() / Path(value).expanduser() if isinstance(value, str | Path) else value

    fields = Config.model_fields
    return {
        name: anchor(v) if name in fields and "Path" in str(fields[name].annotation) else v for name, v in data.items()
    }


def _merge(layers: list[Layer]) -> tuple[dict[str, Any], dict[Steps, Layer]]:
    """The layers on top of each other, later ones above, and which layer each path came from."""
    merged: dict[str, Any] = {}
    owners: dict[Steps, Layer] = {}
    for layer in layers:
        for secret, file in _SECRET_FILES.items():
            if secret in layer.data or file in layer.data:
                merged.pop(secret, None), merged.pop(file, None)
        if (
            "feeds" in layer.data
            and "feed_files" not in layer.data
            and owners.get(("feed_files",), layer).origin == "default"
        ):
            merged.pop("feed_files", None)
        _lay(merged, layer.data, (), layer, owners)
    return merged, owners


def _lay(
    onto: dict[str, Any], data: Mapping[str, Any], prefix: Steps, layer: Layer, owners: dict[Steps, Layer]
) -> None:
    for key, value in data.items():
        path = (*prefix, str(key))
        owners[path] = layer
        if isinstance(value, Mapping):
            below = onto.get(key)
            onto[key] = dict(below) if isinstance(below, Mapping) else {}
            _lay(onto[key], value, path, layer, owners)
        else:
            onto[key] = value


def _validate(merged: dict[str, Any], owners: Mapping[Steps, Layer], base: Path, problems: list[Problem]) -> Config:
    for secret, file in _SECRET_FILES.items():
        if secret in merged and file in merged:
            problems.append(_problem((file,), f"{secret} is given too; write only one of the two", owners))
    try:
        config = Config.model_validate(merged, context={"base": base.absolute()})
    except ValidationError as error:
        problems += [_of(e, owners) for e in error.errors()]
        raise DocumentError(sorted(problems, key=lambda p: (p.file, p.line, p.column))) from error
    config = _with_secrets(config, owners, problems)
    if problems:
        raise DocumentError(problems)
    return config


def _with_secrets(config: Config, owners: Mapping[Steps, Layer], problems: list[Problem]) -> Config:
    found: dict[str, SecretStr] = {}
    for secret, name in _SECRET_FILES.items():
        file: Path | None = getattr(config, name)
        if file is None:
            continue
        try:
            found[secret] = SecretStr(file.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            problems.append(
                _problem((name,), f"{file} cannot be read: {error}; write the path of a readable file", owners)
            )
    return config.model_copy(update=found)


def _of(error: ErrorDetails, owners: Mapping[Steps, Layer]) -> Problem:
    loc = tuple(step for step in error["loc"] if step != "[key]")  # a name that is refused, and not what it names
    return _problem(loc, advise(error, Config), owners)


def _problem(loc: tuple[int | str, ...], message: str, owners: Mapping[Steps, Layer]) -> Problem:
    """The error at the place where the refused value was written."""
    steps = tuple(map(str, loc))
    length = next((n for n in range(len(steps), 0, -1) if steps[:n] in owners), 0)
    layer = owners.get(steps[:length])
    if layer is not None and layer.document is not None:
        return layer.document.problem(loc, message)
    where = layer.name(steps[:length]) if layer else "configuration"
    return VariableProblem(where, 0, 0, ".".join(steps[length:]), message)
