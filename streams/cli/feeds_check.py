"""`nightwire feeds check`: fetches feeds once and shows what was understood."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import typer

from schemas.config import Config
from schemas.feed import Feed
from streams.app import house_config, make_fetcher
from streams.cli.common import Exit, emit, fail, guarded
from streams.cli.times import age
from streams.clock import WallClock
from streams.settings import load_feeds
from streams.sources.http import Fetcher
from streams.sources.look import Look, look
from streams.sources.markup import shown
from streams.sources.rounds import lane_of

AT_ONCE = 8
"""Feeds that are asked at the same time, each on a host of its own."""


def check(feeds: list[str], everything: bool, config: Path | None, as_json: bool) -> None:
    """Fetch feeds once and show what was understood; ends the command with status 1 when one failed."""
    with guarded():
        settings = house_config(config)
        wanted = _wanted(settings, feeds, everything)
        if not asyncio.run(_check(settings, wanted, as_json)):
            raise typer.Exit(int(Exit.FAILED))


def _wanted(config: Config, names: list[str], everything: bool) -> list[tuple[str | None, str]]:
    """Pairs of id and address; an address needs no id."""
    known: dict[str, Feed] = {}
    if everything or any("://" not in name for name in names):
        known = {feed.id: feed for feed in load_feeds(config)}
    if not names and not everything:
        fail("name a feed or an address, or give --all", Exit.USAGE)
    for name in names:
        if "://" not in name and name not in known:
            fail(f"no feed {name!r} is configured; give its address, or see `nightwire feeds status`", Exit.USAGE)
    wanted: list[tuple[str | None, str]] = [(feed.id, feed.url) for feed in known.values()] if everything else []
    return wanted + [(None, name) if "://" in name else (name, known[name].url) for name in names]


async def _check(config: Config, wanted: list[tuple[str | None, str]], as_json: bool) -> bool:
    clock, good = WallClock(), True
    async with make_fetcher(config, clock) as fetcher:
        async for answer in _looks(fetcher, wanted):
            good = good and answer.ok
            if as_json:
                emit({"schema": 1, **answer.model_dump(mode="json")})
            else:
                print("\n".join(_lines(answer, clock.now())), flush=True)
    return good


async def _looks(fetcher: Fetcher, wanted: list[tuple[str | None, str]]) -> AsyncIterator[Look]:
    """The answers in the order that was asked for; one request at a time for each host."""
    slots = asyncio.Semaphore(AT_ONCE)
    lanes: dict[str, asyncio.Lock] = {}

    async def ask(name: str | None, url: str) -> Look:
        async with lanes.setdefault(lane_of(url), asyncio.Lock()), slots:
            return await look(fetcher, url, name)

    tasks = [asyncio.create_task(ask(*pair)) for pair in wanted]
    try:
        for task in tasks:
            yield await task
    finally:
        for task in tasks:
            task.cancel()


def _lines(answer: Look, now: datetime) -> list[str]:
    name = answer.feed or shown(answer.url)
    if not answer.ok:
        return [f"{name}: {answer.detail}"]
    newest = f"newest {age(answer.newest, now)}" if answer.newest else "no dates"
    asked = "answers conditionally" if answer.conditional else "sends the whole document each time"
    lines = [f"{name}: {answer.format}, {answer.entries} entries, {newest}; {asked}"]
    if answer.final_url != shown(answer.url):
        lines.append(f"  answered by {answer.final_url}")
    lines += [f"  {problem}" for problem in answer.problems]
    lines += [f"  - {entry.title or (entry.text or '')[:80]}" for entry in answer.sample]
    return lines
