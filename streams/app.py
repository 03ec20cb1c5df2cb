"""The only place where concrete things meet: a configuration becomes a runtime, rooms, an outbox and a page."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from schemas.config import Config
from schemas.feed import Feed
from schemas.receiver import Receiver
from streams.clock import Clock, WallClock
from streams.extras import kafka_extra
from streams.judges import judge_rooms
from streams.own_tables import read_lexicons, read_policy
from streams.patience import patiently
from streams.rules import load_rules
from streams.runtimes.base import Runtime, RuntimeRefused
from streams.runtimes.memory import MemoryRuntime
from streams.runtimes.valkey.runtime import ValkeyRuntime
from streams.settings import load_config
from streams.sinks.lanes import build_lanes
from streams.sinks.outbox import Outbox
from streams.sources.http import Fetcher, Limits
from streams.sources.poller import Poller
from streams.sources.rounds import Pace
from streams.sources.schedule import Policy
from streams.sources.websub.callback import Callback
from streams.sources.websub.subscriber import Subscriber
from streams.state.server import PrivateServer
from streams.web.app import create_app, serve
from streams.web.board import Board
from workers.dedupe.stage import Dedupe
from workers.deliver.stage import Deliver
from workers.extract.extractor import Extractor
from workers.extract.stage import Extract
from workers.resolve.stage import Resolve
from workers.stage import Stage

LIVE, REPLAY = "nightwire", "nightwire-replay"
"""Prefixes of all keys on a server: a replay never touches what live feeds have left."""

Rooms = tuple[Stage[Any], ...]


@dataclass(frozen=True)
class House:
    """Everything behind the fetcher, ready to work."""

    config: Config
    clock: Clock
    runtime: Runtime
    rooms: Rooms
    outbox: Outbox


def house_config(path: Path | None, rules: list[Path] | None = None, **flags: Any) -> Config:
    """The configuration with the flags of a command; raises DocumentError with all that is wrong.

    A replay keeps to a folder of its own, unless one is named.
    """
    config = load_config(path, rules=tuple(rules) if rules else None, **flags)
    if flags.get("mode") == "replay" and flags.get("data_dir") is None:
        return config.model_copy(update={"data_dir": config.data_dir / "replay"})
    return config


@contextlib.asynccontextmanager
async def open_house(
    config: Config, carrier: str | None, receivers: Mapping[str, Receiver], clock: Clock
) -> AsyncIterator[House]:
    """All rooms on their runtime; rules and receivers are checked before anything is started."""
    rooms = build_rooms(config, receivers, clock.now())
    lanes = build_lanes(receivers, os.environ, WallClock())
    async with open_runtime(config, carrier) as runtime:
        outbox = Outbox(runtime, lanes, alone=config.mode == "replay" or config.redis_url is None)
        try:
            yield House(config, clock, runtime, rooms, outbox)
        finally:
            await outbox.close()


@contextlib.asynccontextmanager
async def open_runtime(config: Config, carrier: str | None = None) -> AsyncIterator[Runtime]:
    """The runtime of a configuration, or on the carrier that is named; a private server lives as long as it does."""
    async with contextlib.AsyncExitStack() as stack:
        runtime = await _make(config, carrier or configured_carrier(config), stack)
        await patiently(runtime.open)
        stack.push_async_callback(runtime.close)
        yield runtime


async def _make(config: Config, carrier: str, stack: contextlib.AsyncExitStack) -> Runtime:
    if carrier == "memory":
        return MemoryRuntime()
    if config.redis_url is not None:
        return await on_server(config, carrier, config.redis_url.get_secret_value())
    server = PrivateServer(config.data_dir, fsync=config.fsync)
    socket = await server.start()
    stack.push_async_callback(server.stop)
    return await on_server(config, carrier, socket)


def configured_carrier(config: Config) -> str:
    """What carries the records when no command says otherwise."""
    return "kafka" if config.kafka else "valkey"


async def on_server(config: Config, carrier: str, address: str | Path) -> Runtime:
    """The runtime with its state on a server that is there."""
    prefix = REPLAY if config.mode == "replay" else LIVE
    if carrier != "kafka":
        return ValkeyRuntime(address, prefix)
    if config.kafka is None:
        raise RuntimeRefused("no Kafka broker is named; add --kafka HOST:PORT")
    with kafka_extra():
        from streams.runtimes.kafka.start import kafka_runtime
    return await kafka_runtime(config.kafka, address, prefix, config.slot, replay=config.mode == "replay")


def make_fetcher(config: Config, clock: Clock) -> Fetcher:
    """The HTTP client of the configuration."""
    allow = [(address.host, address.port) for address in config.allow_addresses]
    limits = Limits(total=config.poll.timeout, max_bytes=config.poll.max_bytes, connections=config.poll.concurrency)
    return Fetcher(clock, contact=config.contact, allow=allow, limits=limits)


def make_poller(config: Config, house: House, fetcher: Fetcher, feeds: Iterable[Feed]) -> Poller:
    """What checks the feeds of the configuration and publishes what is new."""
    return Poller(
        house.runtime,
        fetcher,
        feeds,
        house.clock,
        policy=policy(config),
        page_distance=config.poll.host_gap,
        hubs=config.websub.callback is not None,
    )


def make_subscriber(config: Config, house: House, fetcher: Fetcher, poller: Poller) -> tuple[Subscriber, Callback]:
    """What subscribes to the hubs of the feeds, and what they call; for a configuration with a callback."""
    assert config.websub.callback
    assert config.websub.host
    subscriber = Subscriber(house.runtime, fetcher, poller, config.websub.callback)
    return subscriber, Callback(subscriber, config.websub.host, config.poll.max_bytes)


def policy(config: Config) -> Policy:
    """How often feeds are asked, as configured."""
    return Policy(floor=config.poll.floor, usual=config.poll.first, ceiling=config.poll.ceiling)


def pace(config: Config) -> Pace:
    """How hard the network is used, as configured."""
    return Pace(host_distance=config.poll.host_gap, at_once=config.poll.concurrency)


def build_rooms(config: Config, receivers: Mapping[str, Receiver], started: datetime | None = None) -> Rooms:
    """All rooms behind the fetcher, in the order of the map; `started` is when this process began."""
    judges = judge_rooms(load_rules(config.rules).rules, started if config.mode == "live" else None)
    return (*build_readers(config), *judges, Deliver(receivers))


def build_readers(config: Config) -> Rooms:
    """The rooms from articles to incidents."""
    extractor = Extractor(read_lexicons(config.lexicons))
    return (Dedupe(), Extract(extractor), Resolve(read_policy(config.authority, config.owners)))


class Page(NamedTuple):
    """A page that is served: where a person finds it, and what it shows."""

    url: str
    board: Board


@contextlib.asynccontextmanager
async def serve_page(
    house: House, feeds: tuple[Any, ...] = (), callback: Callback | None = None
) -> AsyncIterator[Page]:
    """The page, the API and the metrics of a house, and what hubs call."""
    board, config = Board(house.runtime, house.clock, feeds), house.config
    app = create_app(board, config.listen, config.hosts, token=_token(config), callback=callback)
    server = await serve(app, config.listen)
    try:
        yield Page(server.url, board)
    finally:
        await server.close()


def _token(config: Config) -> str | None:
    return config.api_token.get_secret_value() if config.api_token else None
