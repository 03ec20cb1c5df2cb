"""`nightwire run`: polls the configured feeds, prints and delivers alerts, serves the page."""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from schemas.config import Config
from schemas.feed import Feed
from streams.alive import sign_of_life
from streams.app import (
    House,
    Rooms,
    build_rooms,
    house_config,
    make_fetcher,
    make_poller,
    make_subscriber,
    open_house,
    pace,
    serve_page,
)
from streams.cli.common import Exit, fail, guarded, log_to_stderr, say
from streams.cli.options import ConfigOption, DataDirOption, ListenOption, NoticesOption, RedisOption, RulesOption
from streams.clock import WallClock
from streams.live import work
from streams.receivers import all_receivers
from streams.reload import Crew, Reload
from streams.settings import load_feeds
from streams.sinks.lanes import build_lanes
from streams.sources.rounds import Rounds
from streams.sources.websub.callback import Callback
from streams.sources.websub.subscriber import Subscriber

LAST_RESORT: Final = 60.0
"""Seconds after which a stop that does not come about ends the process, and says where every thread stood."""


class Part(StrEnum):
    """What one process may do alone: a room, polling, or serving the page."""

    FETCH = "fetch"
    DEDUPE = "dedupe"
    EXTRACT = "extract"
    RESOLVE = "resolve"
    JUDGE = "judge"
    DELIVER = "deliver"
    SERVE = "serve"


def run(
    config: ConfigOption = None,
    listen: ListenOption = None,
    data_dir: DataDirOption = None,
    redis_url: RedisOption = None,
    rules: RulesOption = None,
    as_json: NoticesOption = False,
    kafka: Annotated[str | None, typer.Option(help="Carry the records on these Kafka brokers, host:port,...")] = None,
    only: Annotated[Part | None, typer.Option(help="Do this alone; other processes do the rest.")] = None,
    slot: Annotated[str | None, typer.Option(help="Name of this worker among those that do the same.")] = None,
    alive: Annotated[Path | None, typer.Option(help="Touch this file every ten seconds, as a sign of life.")] = None,
) -> None:
    """Poll the feeds, raise alerts and serve the page, until Ctrl-C or SIGTERM."""
    with guarded():
        read = partial(
            house_config,
            config,
            data_dir=data_dir,
            redis_url=redis_url,
            listen=listen,
            rules=rules,
            kafka=kafka,
            slot=slot,
        )
        settings = read()
        log_to_stderr(settings.log_level)
        if only is not None and settings.redis_url is None:
            fail("--only needs --redis-url: the processes share their state on one server", Exit.USAGE)
        feeds = tuple(feed for feed in load_feeds(settings) if feed.enabled)
        if not feeds and only in (None, Part.FETCH):
            fail("no feed is configured; add one under feeds: or feed_files: (see `nightwire config show`)")
        asyncio.run(live(settings, feeds, as_json, only, read, alive))


async def live(
    config: Config,
    feeds: tuple[Feed, ...],
    as_json: bool,
    only: Part | None = None,
    read: Callable[[], Config] | None = None,
    alive: Path | None = None,
) -> None:
    """Open everything, or what one part needs, and work until a signal comes; SIGHUP calls `read` anew."""
    clock, stop = WallClock(), stop_on_signals()
    started = clock.now()
    receivers = all_receivers(config, as_json)
    async with AsyncExitStack() as stack:
        if alive is not None:
            await stack.enter_async_context(sign_of_life(alive))
        house = await stack.enter_async_context(open_house(config, None, receivers, clock))
        house = replace(house, rooms=of_part(house.rooms, only))
        intake = await open_intake(stack, config, house, feeds, only)
        if intake.rounds:
            say(f"polling {len(feeds)} feeds")
        if only in (None, Part.SERVE):
            say(f"the page is on {(await stack.enter_async_context(serve_page(house, feeds, intake.callback))).url}")
        if house.rooms and only is not None:
            say(f"working in {only.value}")
        reload = reload_on_hangup(partial(new_crew, read, as_json, only, started)) if read else None
        deliver = only in (None, Part.DELIVER)
        await work(house, intake.rounds, stop, deliver, reload, intake.subscriber)
    say("stopped; everything is kept for the next start")


@dataclass(frozen=True)
class Intake:
    """How articles come in: by polling, by asking hubs to send them, and by what hubs then call."""

    rounds: Rounds | None = None
    subscriber: Subscriber | None = None
    callback: Callback | None = None


async def open_intake(
    stack: AsyncExitStack, config: Config, house: House, feeds: tuple[Feed, ...], only: Part | None
) -> Intake:
    """What one part needs of it: whoever polls asks the hubs, and whoever serves the page takes what they send."""
    polls = only in (None, Part.FETCH)
    subscribes = config.websub.callback is not None and config.mode == "live"
    if not polls and not (subscribes and only is Part.SERVE):
        return Intake()
    fetcher = await stack.enter_async_context(make_fetcher(config, house.clock))
    poller = make_poller(config, house, fetcher, feeds)
    stack.push_async_callback(poller.close)
    rounds = Rounds(poller, pace(config)) if polls else None
    if not subscribes:
        return Intake(rounds)
    subscriber, callback = make_subscriber(config, house, fetcher, poller)
    stack.push_async_callback(subscriber.close)
    return Intake(rounds, subscriber if polls else None, callback)


def of_part(rooms: Rooms, only: Part | None) -> Rooms:
    """The rooms that one part works in; what follows a point in a room's name is a room of the same part."""
    return tuple(room for room in rooms if only in (None, room.name.partition(".")[0]))


def new_crew(read: Callable[[], Config], as_json: bool, only: Part | None, started: datetime) -> Crew:
    """Rules and receivers as the files have them now; raises DocumentError or ReceiverError with all problems."""
    config = read()
    receivers = all_receivers(config, as_json)
    rooms = of_part(build_rooms(config, receivers, started), only)
    return Crew(rooms, build_lanes(receivers, os.environ, WallClock()))


def reload_on_hangup(load: Callable[[], Crew]) -> Reload:
    """What SIGHUP asks for new rules and receivers."""
    reload = Reload(load, say)
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, reload.ask)
    return reload


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and Ctrl-C set; a second Ctrl-C ends the program at once, and LAST_RESORT in any case."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def ask(number: signal.Signals) -> None:
        if stop.is_set() and number is signal.SIGINT:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.raise_signal(signal.SIGINT)
        if not stop.is_set():
            faulthandler.dump_traceback_later(LAST_RESORT, exit=True)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask, number)
    return stop
