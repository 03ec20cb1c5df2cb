"""`nightwire replay`: the whole system on a corpus, served as live feeds over HTTP on loopback."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from schemas.config import Config
from streams.app import house_config, open_house, serve_page
from streams.cli.common import fail, guarded, say
from streams.cli.options import (
    ConfigOption,
    DataDirOption,
    FromOption,
    ListenOption,
    NoticesOption,
    RedisOption,
    RulesOption,
    ToOption,
)
from streams.cli.progress import progress
from streams.cli.tally import tally
from streams.cli.times import moment, speed_factor
from streams.clock import ManualClock, PacedClock, SimulatedClock
from streams.patience import patiently
from streams.receivers import all_receivers, terminal
from streams.replay import Replay
from streams.resources import seed
from streams.runtimes.base import Count
from streams.signals import until_signal
from streams.sources.corpus import Corpus
from streams.sources.http import Fetcher
from streams.sources.poller import Poller
from streams.sources.replay import CorpusServer


class Carrier(StrEnum):
    """What carries a replay."""

    MEMORY = "memory"
    VALKEY = "valkey"
    KAFKA = "kafka"


@dataclass(frozen=True)
class Plan:
    """What was asked for on the command line."""

    corpus: Corpus
    moments: list[datetime]
    speed: float | None
    as_json: bool
    deliver: bool
    serve: bool
    quiet: bool
    carrier: Carrier


def replay(
    corpus: Annotated[
        Path | None, typer.Argument(help="A folder with a manifest.toml; default: the seed corpus.")
    ] = None,
    speed: Annotated[str, typer.Option(help="How fast: 60x, 3600x, or max.")] = "max",
    start: FromOption = None,
    end: ToOption = None,
    as_json: NoticesOption = False,
    deliver: Annotated[bool, typer.Option("--deliver", help="Tell the configured receivers too.")] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Serve the page, and stay until stopped.")] = False,
    listen: ListenOption = None,
    data_dir: DataDirOption = None,
    redis_url: RedisOption = None,
    kafka: Annotated[str | None, typer.Option(help="Kafka brokers for --runtime kafka, host:port,...")] = None,
    runtime: Annotated[Carrier, typer.Option(help="What carries the replay.")] = Carrier.VALKEY,
    rules: RulesOption = None,
    config: ConfigOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Replay a corpus as live feeds and raise its alerts; every record and notice is marked as a replay.

    What was told before on the same data directory is not told again.
    """
    with guarded():
        settings = house_config(
            config, data_dir=data_dir, redis_url=redis_url, listen=listen, rules=rules, kafka=kafka, mode="replay"
        )
        loaded = Corpus.load(corpus or seed("corpus"))
        moments = within(loaded.times(), moment(start), moment(end))
        if not moments:
            fail("no article of the corpus was published in that time; widen --from and --to")
        plan = Plan(loaded, moments, speed_factor(speed), as_json, deliver, serve, quiet, runtime)
        asyncio.run(until_signal(play(plan, settings)))


def within(times: list[datetime], start: datetime | None, end: datetime | None) -> list[datetime]:
    """The times from `start` to `end`, both included; None is no bound."""
    return [at for at in times if (start is None or at >= start) and (end is None or at <= end)]


async def play(plan: Plan, config: Config) -> None:
    """Open everything, play the corpus, tell the tally, and stay with the page if asked to."""
    clock = make_clock(plan)
    receivers = all_receivers(config, plan.as_json) if plan.deliver else terminal(plan.as_json)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(open_house(config, plan.carrier.value, receivers, clock))
        if plan.serve:
            page = await stack.enter_async_context(serve_page(house, tuple(plan.corpus.feeds("http://127.0.0.1"))))
            say(f"the page is on {page.url}")
        server = await stack.enter_async_context(CorpusServer(plan.corpus, clock))
        fetcher = await stack.enter_async_context(Fetcher(clock, contact=config.contact, allow=[server.address]))
        poller = Poller(house.runtime, fetcher, plan.corpus.feeds(server.base_url), clock, mode="replay")
        stack.push_async_callback(poller.close)
        before = Counter(await patiently(house.runtime.counts))
        with progress("replay", len(plan.moments), plan.quiet) as tell:
            await Replay(plan.corpus, house.runtime, house.rooms, clock, poller, house.outbox).run(plan.moments, tell)
        if not plan.quiet:
            say(tally(difference(Counter(await patiently(house.runtime.counts)), before)))
        if plan.serve:
            await page.board.refresh()
            say("done; the page stays until Ctrl-C")
            await asyncio.Event().wait()


def difference(after: Counter[Count], before: Counter[Count]) -> dict[Count, int]:
    """What was counted in between."""
    return {count: number - before[count] for count, number in after.items() if number != before[count]}


def make_clock(plan: Plan) -> SimulatedClock:
    """A clock that stands at the first moment: one that jumps, or one that runs at the asked speed."""
    if plan.speed is None:
        return ManualClock(plan.moments[0])
    return PacedClock(plan.moments[0], plan.speed)
