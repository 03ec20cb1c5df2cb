"""The configuration of one nightwire process: what a person may write into the YAML file or the environment.

Every field's description is printed by `nightwire config show`, and its example by the errors.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    field_validator,
    model_serializer,
    model_validator,
)

from schemas.base import Document, Mode
from schemas.feed import Feed
from schemas.paths import LocalPath
from schemas.receiver import Name, Receiver, check_fallbacks

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([smhd]?)")
_ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+)):(?P<port>[0-9]{1,5})")


def _seconds(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip())
    if match is None:
        raise ValueError(f"{value!r} is no length of time; write seconds, or 90s, 15m, 4h, 1d")
    return float(match[1]) * _UNITS[match[2] or "s"]


Seconds = Annotated[float, BeforeValidator(_seconds)]
"""A length of time in seconds; a person may also write `90s`, `15m`, `4h` or `1d`."""


class Address(Document):
    """Where a server listens; a person writes `127.0.0.1:8750` or `[::1]:8750`. Port 0 takes any free port."""

    host: str
    port: int = Field(ge=0, le=65535)

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        if isinstance(value, dict):
            return value
        match = _ADDRESS.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None or int(match["port"]) > 65535:
            raise ValueError(f"{value!r} is no host:port; write for example 127.0.0.1:8750")
        return {"host": match["v6"] or match["host"], "port": int(match["port"])}

    @model_serializer
    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Poll(Document):
    """How feeds are asked: how often at the most and at the least, and how much of an answer is read."""

    floor: Seconds = Field(300, ge=30, description="shortest time between two checks of one feed", examples=["5m"])
    ceiling: Seconds = Field(14400, ge=60, description="longest time between two checks of a feed", examples=["4h"])
    first: Seconds = Field(
        900, ge=1, description="time between checks until a feed's own rhythm is known", examples=["15m"]
    )
    timeout: Seconds = Field(30, gt=0, le=300, description="time for one answer, connecting included", examples=["30s"])
    max_bytes: int = Field(
        10_000_000, ge=1000, description="bytes of an unpacked answer that are read", examples=[10000000]
    )
    concurrency: int = Field(32, ge=1, le=500, description="checks at the same time", examples=[32])
    host_gap: Seconds = Field(2, ge=0, description="pause between two requests to one host", examples=["2s"])

    @model_validator(mode="after")
    def _ordered(self) -> Poll:
        if self.floor > self.ceiling:
            raise ValueError(f"floor ({self.floor:g} s) is above ceiling ({self.ceiling:g} s); write a floor below it")
        return self


class WebSub(Document):
    """How hubs reach this machine, so that they can send what is new; without a callback no hub is asked."""

    callback: str | None = Field(
        None,
        description="public address at which hubs reach /websub of the page",
        examples=["https://public.example.org/websub"],
    )

    @field_validator("callback")
    @classmethod
    def _public(cls, callback: str | None) -> str | None:
        if callback is None:
            return None
        parts = urlsplit(callback)
        plain = not (parts.query or parts.fragment or parts.username)
        if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
            raise ValueError(f"{mask_url(callback)!r} is no plain http address")
        return callback

    @property
    def host(self) -> str | None:
        """The name in the callback: the one that hubs ask for."""
        return urlsplit(self.callback).hostname if self.callback else None


class Config(Document):
    """All settings; frozen. Build it with `streams.settings.load_config`, which knows files and the environment."""

    version: Literal[1] = Field(1, description="version of this file's format", examples=[1])
    data_dir: LocalPath = Field(
        Path("nightwire-data"),
        description="folder of everything that must outlive a restart",
        examples=["/var/lib/nightwire"],
    )
    redis_url: SecretStr | None = Field(
        None,
        description="Redis 7+ or Valkey 8+ server; none starts a private one",
        examples=["redis://127.0.0.1:6379/0"],
    )
    redis_url_file: LocalPath | None = Field(
        None, description="file that holds the redis_url", examples=["/run/secrets/redis_url"]
    )
    kafka: str | None = Field(
        None,
        description="Kafka brokers that carry the records; state stays on the Redis or Valkey server",
        examples=["127.0.0.1:9092"],
    )
    slot: str | None = Field(
        None,
        description="name of this worker among all that run the same room on Kafka; default: the host's name",
        examples=["1"],
    )
    fsync: Literal["always", "everysec"] = Field(
        "always",
        description="when the private server writes to disk: each commit, or every second",
        examples=["always"],
    )
    listen: Address = Field(
        Address(host="127.0.0.1", port=8750),
        description="where the page and the API are served",
        examples=["127.0.0.1:8750"],
    )
    api_token: SecretStr | None = Field(
        None,
        description="word that requests must carry to acknowledge or silence; none lets only this machine do so",
        examples=["a long random word"],
    )
    api_token_file: LocalPath | None = Field(
        None, description="file that holds the api_token", examples=["/run/secrets/api_token"]
    )
    hosts: tuple[str, ...] = Field(
        (),
        description="more host names under which the page may be asked for, as behind a proxy",
        examples=[["duty.example.org"]],
    )
    contact: str | None = Field(
        None, description="page or mail address sent to feed hosts with every request", examples=["ops@example.org"]
    )
    feeds: tuple[Feed, ...] = Field(
        (), description="feeds written here", examples=[[{"id": "example", "url": "https://example.org/rss"}]]
    )
    feed_files: tuple[LocalPath, ...] = Field((), description="files with feeds", examples=[["feeds.yaml"]])
    rules: tuple[LocalPath, ...] = Field((), description="rule files, or folders of them", examples=[["rules"]])
    authority: LocalPath | None = Field(
        None, description="table of whose figures stand, in place of the shipped one", examples=["authority.toml"]
    )
    owners: LocalPath | None = Field(
        None, description="table of who owns which outlet, in place of the shipped one", examples=["owners.toml"]
    )
    lexicons: tuple[LocalPath, ...] = Field(
        (), description="lexicon files added to the shipped ones", examples=[["words.yaml"]]
    )
    receivers: dict[Name, Receiver] = Field(
        {}, description="who is told, by name", examples=[{"console": {"to": [{"console": {}}]}}]
    )
    poll: Poll = Field(Poll(), description="how feeds are asked", examples=[{"floor": "5m"}])
    websub: WebSub = Field(
        WebSub(),
        description="how hubs reach this machine",
        examples=[{"callback": "https://public.example.org/websub"}],
    )
    allow_addresses: tuple[Address, ...] = Field(
        (),
        description="private addresses that feeds and webhooks may reach, exactly ip:port",
        examples=[["127.0.0.1:8081"]],
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least important log lines that are printed", examples=["info"]
    )
    mode: Mode = Field(
        "live", description="live, or replay for a process that carries a simulated feed", examples=["live"]
    )

    @field_validator("feeds")
    @classmethod
    def _distinct(cls, feeds: tuple[Feed, ...]) -> tuple[Feed, ...]:
        return distinct_feeds(feeds)

    @field_validator("receivers")
    @classmethod
    def _reachable(cls, receivers: dict[str, Receiver]) -> dict[str, Receiver]:
        return check_fallbacks(receivers)


class FeedFile(Document):
    """A file that lists feeds, named under `feed_files`."""

    version: Literal[1] = Field(1, description="version of this file's format", examples=[1])
    feeds: tuple[Feed, ...] = Field(
        description="the feeds", examples=[[{"id": "example", "url": "https://example.org/rss"}]]
    )

    @field_validator("feeds")
    @classmethod
    def _distinct(cls, feeds: tuple[Feed, ...]) -> tuple[Feed, ...]:
        return distinct_feeds(feeds)


def distinct_feeds(feeds: tuple[Feed, ...]) -> tuple[Feed, ...]:
    """The same feeds; raises ValueError when two of them share an id."""
    twice = sorted(name for name, count in Counter(feed.id for feed in feeds).items() if count > 1)
    if twice:
        raise ValueError(f"id given twice: {', '.join(twice)}; give every feed an id of its own")
    return feeds


def mask_url(url: str) -> str:
    """The URL without what must not be printed: user, password, query and fragment."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return "***"
    _user, at, place = re.split("[?#]", rest, maxsplit=1)[0].rpartition("@")
    return f"{scheme}://{'***@' if at else ''}{place}"
