"""A receiver as a person configures it: which notices it takes, where they go, how fast, and who steps in."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, HttpUrl, SecretStr, field_validator, model_validator

from schemas.alert import NoticeKind, Severity
from schemas.base import Document, Mode
from schemas.paths import LocalPath

_RATE: Final = re.compile(r"(\d+)\s*/\s*([smh])")
_UNIT: Final = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}


def _severity(value: Any) -> Any:
    return value.removeprefix(">=").strip() if isinstance(value, str) else value


def _list(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Accept(Document):
    """Which notices a receiver takes; a list that is not given takes all."""

    severity: Annotated[Severity, BeforeValidator(_severity)] = "info"
    """The least severity, as `warning` or `>= warning`; held against the alert's peak, so endings follow openings."""
    rules: Annotated[tuple[str, ...], BeforeValidator(_list)] = ()
    notices: Annotated[tuple[NoticeKind, ...], BeforeValidator(_list)] = ()
    mode: Annotated[tuple[Mode, ...], BeforeValidator(_list)] = ("live",)
    """`live`, `replay` or both: a receiver gets notices of simulated feeds only if it asks for them."""


class ConsoleSink(Document):
    """Prints to standard output: `text` for people, `json` one line a notice."""

    format: Literal["text", "json"] = "text"


class JsonlSink(Document):
    """Appends one JSON line a notice to a file, each line synced to disk."""

    path: LocalPath


class WebhookSink(Document):
    """POSTs to a URL, signed by Standard Webhooks 1.0.

    A secret is `whsec_` and base64; several, separated by white space, sign together while a receiver changes over.
    """

    url: HttpUrl | None = None
    url_env: str | None = None
    secret: SecretStr | None = None
    secret_env: str | None = None
    secret_file: LocalPath | None = None
    timeout: float = Field(default=15.0, gt=0, le=60)
    """Seconds for one attempt, from connecting to the end of the answer."""
    allow_private: bool = False
    """Whether the address may be one of a private network; loopback always may, and http only where this is allowed."""

    @model_validator(mode="after")
    def _sources(self) -> WebhookSink:
        if (self.url is None) == (self.url_env is None):
            raise ValueError("a webhook needs its address: give either url or url_env")
        if sum(v is not None for v in (self.secret, self.secret_env, self.secret_file)) != 1:
            raise ValueError("a webhook is signed: give one of secret_env, secret_file or secret")
        return self


class SinkConfig(Document):
    """One way out; exactly one of the kinds is given, for example `console: {format: text}`."""

    console: ConsoleSink | None = None
    jsonl: JsonlSink | None = None
    webhook: WebhookSink | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare_name(cls, value: Any) -> Any:
        """`- console` is short for `- console: {}`."""
        named = {value: {}} if isinstance(value, str) else value
        return {k: {} if v is None else v for k, v in named.items()} if isinstance(named, dict) else named

    @model_validator(mode="after")
    def _exactly_one(self) -> SinkConfig:
        if len(self._ways) != 1:
            raise ValueError("give exactly one of console, jsonl, webhook; for two ways out write two list items")
        return self

    @property
    def way(self) -> ConsoleSink | JsonlSink | WebhookSink:
        """The one kind that is given."""
        return self._ways[0]

    @property
    def _ways(self) -> list[ConsoleSink | JsonlSink | WebhookSink]:
        return [way for way in (self.console, self.jsonl, self.webhook) if way is not None]


class Receiver(Document):
    """One receiver; every item of `to` gets each accepted notice once, on its own queue."""

    accept: Accept = Accept()
    to: tuple[SinkConfig, ...] = Field(min_length=1)
    rate: Annotated[str, Field(pattern=r"^\s*[1-9]\d*\s*/\s*[smh]\s*$")] | None = None
    """The most notices in a stretch of time, as `20/m`; further ones wait their turn."""
    fallback: str | None = None
    """The receiver that gets what could not be delivered here."""

    def pace(self) -> tuple[int, timedelta] | None:
        """The rate as a number of notices and the time they may go out in; None is unlimited."""
        match = _RATE.search(self.rate) if self.rate else None
        return (int(match[1]), _UNIT[match[2]]) if match else None


Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]


class ReceiverFile(Document):
    """All receivers by name: the part `receivers` of a configuration, or a file of its own."""

    version: Literal[1] = 1
    receivers: dict[Name, Receiver]

    @field_validator("receivers")
    @classmethod
    def _fallbacks(cls, receivers: dict[str, Receiver]) -> dict[str, Receiver]:
        return check_fallbacks(receivers)


def check_fallbacks(receivers: dict[str, Receiver]) -> dict[str, Receiver]:
    """The same receivers; raises ValueError when a fallback is missing or the fallbacks run in a circle."""
    for start in receivers:
        path, name = [start], receivers[start].fallback
        while name is not None:
            if name not in receivers:
                raise ValueError(f"receiver {path[-1]}: there is no receiver {name} to fall back on; add it")
            if name in path:
                raise ValueError(f"receiver {start}: the fallbacks run in a circle: {' > '.join([*path, name])}")
            path.append(name)
            name = receivers[name].fallback
    return receivers


def lane_names(name: str, receiver: Receiver) -> list[str]:
    """The queues of a receiver, one for each item of `to`: `ops`, `ops.2`, `ops.3`."""
    return [name if place == 1 else f"{name}.{place}" for place in range(1, len(receiver.to) + 1)]
