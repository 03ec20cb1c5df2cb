"""What `nightwire run` opens of the intake, by part and configuration."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from schemas.config import Config, WebSub
from schemas.feed import Feed
from streams.app import open_house, serve_page
from streams.cli.run import Part, open_intake
from streams.clock import WallClock

FEEDS = (Feed(id="river", url="https://river.example/feed"),)
CALLBACK = {"callback": "https://Hooks.example:8443/websub"}


@pytest.mark.parametrize(
    ("websub", "mode", "only", "opened"),
    [
        (CALLBACK, "live", None, (True, True, True)),
        (CALLBACK, "live", Part.FETCH, (True, True, True)),
        (CALLBACK, "live", Part.SERVE, (False, False, True)),
        (CALLBACK, "live", Part.JUDGE, (False, False, False)),
        (CALLBACK, "replay", None, (True, False, False)),
        ({}, "live", None, (True, False, False)),
        ({}, "live", Part.SERVE, (False, False, False)),
    ],
)
async def test_each_part_opens_what_it_needs(
    websub: dict[str, str], mode: Any, only: Part | None, opened: tuple[bool, ...], tmp_path: Path
) -> None:
    config = Config(data_dir=tmp_path, websub=WebSub(**websub), mode=mode)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(open_house(config, "memory", {}, WallClock()))
        intake = await open_intake(stack, config, house, FEEDS, only)
        assert tuple(part is not None for part in (intake.rounds, intake.subscriber, intake.callback)) == opened
        if intake.callback:
            assert intake.callback.host == "hooks.example"


@pytest.mark.parametrize(("websub", "status"), [(CALLBACK, 404), ({}, 421)])
async def test_the_page_serves_hubs_only_with_a_callback(websub: dict[str, str], status: int, tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path, websub=WebSub(**websub), listen={"host": "127.0.0.1", "port": 0})  # type: ignore[arg-type]
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(open_house(config, "memory", {}, WallClock()))
        intake = await open_intake(stack, config, house, FEEDS, None)
        url = (await stack.enter_async_context(serve_page(house, FEEDS, intake.callback))).url
        session = await stack.enter_async_context(aiohttp.ClientSession())
        async with session.post(f"{url}websub/river.x", headers={"Host": "hooks.example"}) as answer:
            assert answer.status == status


@pytest.mark.parametrize("url", ["", "hooks.example", "ftp://h/x", "https://u:p@h/x", "https://h/x?y", "https://h/x#y"])
def test_a_callback_is_a_plain_address(url: str) -> None:
    with pytest.raises(ValueError, match="no plain http address"):
        WebSub(callback=url)
