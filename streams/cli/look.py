"""How commands look at what another nightwire has left: they join its server, or open its state themselves."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from schemas.config import Config
from schemas.topic import Topic
from streams.app import configured_carrier, house_config, on_server, open_runtime
from streams.cli.common import fail, guarded
from streams.cli.options import ConfigOption, DataDirOption, RedisOption, ReplayOption
from streams.clock import WallClock
from streams.runtimes.base import Runtime
from streams.state.server import running_server
from workers.errors import Drop

T = TypeVar("T")


def look_config(config: Path | None, data_dir: Path | None, redis_url: str | None, replay: bool) -> Config:
    """The configuration of what is looked at."""
    return house_config(config, data_dir=data_dir, redis_url=redis_url, mode="replay" if replay else None)


WHERE: Final = {
    "config": (ConfigOption, None),
    "data_dir": (DataDirOption, None),
    "redis_url": (RedisOption, None),
    "replay": (ReplayOption, False),
}
"""The options that say where a command looks, with their defaults."""


def looking(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options that say where it looks; it gets the configuration they make as `settings`."""
    own = inspect.signature(command, eval_str=True)
    kept = [parameter for name, parameter in own.parameters.items() if name != "settings"]
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=option)
        for name, (option, default) in WHERE.items()
    ]

    def run(**given: Any) -> None:
        with guarded():
            settings = look_config(**{name: given.pop(name) for name in WHERE})
        command(settings=settings, **given)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__signature__ = own.replace(parameters=[*kept, *more])  # type: ignore[attr-defined]  # what typer reads
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in (*kept, *more)}
    return run


@contextlib.asynccontextmanager
async def open_to_look(config: Config) -> AsyncIterator[Runtime]:
    """Join the server of a nightwire that runs on the data directory; otherwise open the runtime as `run` does."""
    socket = None if config.redis_url else await running_server(config.data_dir)
    if socket is None:
        async with open_runtime(config) as runtime:
            yield runtime
        return
    joined = await on_server(config, configured_carrier(config), socket)
    try:
        await joined.open()
        yield joined
    finally:
        await joined.close()


def on_state(settings: Config, work: Callable[[Runtime, datetime], Awaitable[T]]) -> T:
    """Do something on the running server, or on the state where none runs; `work` gets the present time."""

    async def run() -> T:
        async with open_to_look(settings) as runtime:
            return await work(runtime, await present(runtime, settings))

    try:
        with guarded():
            return asyncio.run(run())
    except Drop as drop:
        fail(f"{drop.detail or drop.reason}; nothing was changed")


async def present(runtime: Runtime, config: Config) -> datetime:
    """The wall clock's time; of a replay the time of its newest notice."""
    newest = await runtime.last(Topic.ALERTS, 1) if config.mode == "replay" else []
    return newest[0].time if newest else WallClock().now()
