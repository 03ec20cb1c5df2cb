"""Looks at everything that nightwire needs before it is started; each finding comes with what to do about it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.base import Model
from schemas.config import Config
from streams.clock import WallClock
from streams.documents import DocumentError
from streams.rules import load_rules
from streams.runtimes.base import RuntimeRefused
from streams.settings import load_feeds
from streams.sinks.lanes import ReceiverError, build_lanes
from streams.state.binary import find_server

State = Literal["ok", "warn", "fail"]

OLDEST_PYTHON: Final = (3, 11)
SCARCE: Final = 1_000_000_000
"""Bytes of free disk below which it is worth a look: a busy week of records."""
FULL: Final = 100_000_000
"""Bytes of free disk below which the server will soon refuse to write."""


class Finding(Model):
    """One line of the doctor: what was looked at, how it is, and what to do where it is not well."""

    check: str
    state: State
    message: str
    remedy: str | None = None


def examine(config: Config, environ: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """All findings, one after another; nothing is started and nobody is sent anything."""
    environ = os.environ if environ is None else environ
    yield _python()
    yield _zones()
    yield _server(config)
    yield _folder(config)
    yield _disk(config)
    yield _feeds(config)
    yield from _rules(config)
    yield _receivers(config, environ)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Finding(check="python", state="ok", message=f"Python {found}")
    return Finding(check="python", state="fail", message=f"Python {found}", remedy="install Python 3.11 or newer")


def _zones() -> Finding:
    """The clock change of October 2026 in Kyiv: the data must be there, and know the end of summer time."""
    remedy = "install newer time zone data: pip install --upgrade tzdata"
    try:
        zone = ZoneInfo("Europe/Kyiv")
    except ZoneInfoNotFoundError:
        return Finding(check="zones", state="fail", message="the zone Europe/Kyiv is missing", remedy=remedy)
    offsets = [datetime(2026, 10, day, 12, tzinfo=zone).utcoffset() for day in (24, 25)]
    if offsets != [timedelta(hours=3), timedelta(hours=2)]:
        return Finding(check="zones", state="fail", message="the zone data is out of date", remedy=remedy)
    return Finding(check="zones", state="ok", message="time zones know the clock changes")


def _server(config: Config) -> Finding:
    if config.redis_url is not None:
        return Finding(check="server", state="ok", message="a server is configured; `nightwire topics ls` reaches it")
    try:
        binary = find_server()
    except RuntimeRefused as error:
        return Finding(check="server", state="fail", message="no server binary is here", remedy=str(error))
    return Finding(check="server", state="ok", message=f"private server {binary.path}")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())


def _folder(config: Config) -> Finding:
    place = _existing(config.data_dir)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        why = f"{place} cannot be written: {error.strerror or error}"
        return Finding(
            check="data_dir", state="fail", message=why, remedy="let this user write there, or name another --data-dir"
        )
    return Finding(check="data_dir", state="ok", message=f"{config.data_dir} can be written")


def _disk(config: Config) -> Finding:
    free = shutil.disk_usage(_existing(config.data_dir)).free
    message = f"{free / 1e9:.1f} GB free"
    if free < SCARCE:
        state: State = "fail" if free < FULL else "warn"
        return Finding(
            check="disk", state=state, message=message, remedy="free some space, or move data_dir to a larger disk"
        )
    return Finding(check="disk", state="ok", message=message)


def _feeds(config: Config) -> Finding:
    try:
        polled = sum(feed.enabled for feed in load_feeds(config))
    except DocumentError as error:
        return _wrong("feeds", error)
    return Finding(check="feeds", state="ok", message=f"{polled} feeds are polled")


def _rules(config: Config) -> Iterator[Finding]:
    try:
        loaded = load_rules(config.rules, config.receivers)
    except DocumentError as error:
        yield _wrong("rules", error)
        return
    yield Finding(check="rules", state="ok", message=f"{len(loaded.rules)} rules are valid")
    for warning in loaded.warnings:
        yield Finding(check="rules", state="warn", message=str(warning), remedy="see `nightwire rules check`")


def _wrong(check: str, error: DocumentError) -> Finding:
    problems = "; ".join(map(str, error.problems))
    return Finding(check=check, state="fail", message=problems, remedy="correct the named lines")


def _receivers(config: Config, environ: Mapping[str, str]) -> Finding:
    try:
        lanes = build_lanes(config.receivers, environ, WallClock())
    except ReceiverError as error:
        return Finding(
            check="receivers", state="fail", message=str(error), remedy="set what is missing where nightwire is started"
        )
    if not lanes:
        remedy = "add one under receivers: in the configuration"
        return Finding(check="receivers", state="warn", message="only the terminal is told", remedy=remedy)
    return Finding(check="receivers", state="ok", message=f"{len(lanes)} ways out have what they need")
