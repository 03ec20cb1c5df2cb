"""A real browser, driven over WebDriver, and a server filled with the sample of `tests/data/board.jsonl`."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import shutil
import subprocess
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import aiohttp
import pytest

from schemas.config import Address
from schemas.feed import Feed
from schemas.topic import Topic
from streams.clock import ManualClock
from streams.runtimes.base import Commit
from streams.runtimes.memory import MemoryRuntime
from streams.topics import TOPICS
from streams.web import Board, Server, create_app, serve
from workers.ports import Emit

DATA = Path(__file__).parents[1] / "data" / "board.jsonl"
NOW = datetime(2026, 9, 4, 4, 50, tzinfo=UTC)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--window-size=1200,1600",
)  # fmt: skip
PATIENCE = 60.0
"""Seconds until a page or a browser is given up: a loaded machine takes its time."""
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """The few WebDriver commands that the tests need."""

    def __init__(self, http: aiohttp.ClientSession, session: str) -> None:
        self._http = http
        self._session = session

    async def _send(self, method: str, path: str, body: Any = None) -> Any:
        data = None if method in {"GET", "DELETE"} else json.dumps(body or {})
        async with self._http.request(method, path, data=data) as response:
            value = (await response.json())["value"]
            assert response.status == 200, value
            return value

    async def open(self, url: str) -> None:
        await self._send("POST", f"{self._session}/url", {"url": url})

    async def script(self, code: str, *args: Any) -> Any:
        return await self._send("POST", f"{self._session}/execute/sync", {"script": code, "args": list(args)})

    async def title(self) -> str:
        return str(await self._send("GET", f"{self._session}/title"))

    async def text(self, selector: str) -> str:
        return str(await self.script("return document.querySelector(arguments[0]).innerText", selector))

    async def click(self, selector: str) -> None:
        found = await self._send("POST", f"{self._session}/element", {"using": "css selector", "value": selector})
        await self._send("POST", f"{self._session}/element/{found[ELEMENT]}/click")

    async def complaints(self) -> list[str]:
        """What the browser's console says: errors of scripts, and of the content security policy."""
        entries = await self._send("POST", f"{self._session}/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] in {"SEVERE", "WARNING"}]

    async def device(self, command: str, **params: Any) -> None:
        """One command of the DevTools protocol, for example to emulate a dark screen or paper."""
        await self._send("POST", f"{self._session}/goog/cdp/execute", {"cmd": command, "params": params})

    async def screenshot(self, file: Path) -> None:
        file.write_bytes(base64.b64decode(await self._send("GET", f"{self._session}/screenshot")))

    async def wait(self, condition: Callable[[], Awaitable[Any]]) -> Any:
        """Ask until the answer is true."""
        async with asyncio.timeout(PATIENCE):
            while not (answer := await condition()):
                await asyncio.sleep(0.05)
        return answer


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def _call(method: str, url: str, body: Any = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url, data, method=method), timeout=PATIENCE) as response:
        return json.load(response)["value"]


def _port_of(driver: subprocess.Popen[str]) -> str:
    """The port that a driver chose, which it tells when it listens."""
    assert driver.stdout
    for line in driver.stdout:
        if found := re.search(r"started successfully on port (\d+)", line):
            return found[1]
    pytest.fail("the driver ended before it listened")


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory, lacking: Callable[[str], NoReturn]) -> Iterator[tuple[str, str]]:
    """The address of a driver with one browser, and the path of its session."""
    program = shutil.which("chromedriver")
    if program is None or chromium() is None:
        lacking("THE PAGE IN A BROWSER: install the packages chromium and chromium-driver")
    process = subprocess.Popen([program, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        url = f"http://127.0.0.1:{_port_of(process)}"
        args = [*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]
        wanted = {
            "goog:chromeOptions": {"args": args, "binary": chromium()},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        made = _call("POST", f"{url}/session", {"capabilities": {"alwaysMatch": wanted}})
        session = f"/session/{made['sessionId']}"
        yield url, session
        _call("DELETE", url + session)
    finally:
        process.terminate()
        process.communicate()


@pytest.fixture
async def browser(driver: tuple[str, str]) -> AsyncIterator[Browser]:
    """The browser, as new: what a test emulated or logged is undone."""
    url, session = driver
    async with aiohttp.ClientSession(url) as http:
        browser = Browser(http, session)
        yield browser
        await browser.open("about:blank")
        await browser.device("Emulation.setEmulatedMedia", media="", features=[])
        await browser.device("Emulation.clearDeviceMetricsOverride")
        await browser.complaints()


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def put() -> Callable[..., Awaitable[None]]:
    """Publishes one row of the sample."""

    async def publish(runtime: MemoryRuntime, row: dict[str, Any]) -> None:
        topic, at = Topic(row["topic"]), datetime.fromisoformat(row["at"])
        model = TOPICS[topic].model.model_validate(row["model"])
        await runtime.commit(Commit(room="test", at=at, emits=[(Emit(topic, row["key"], model, row["id"]), at)]))

    return publish


@pytest.fixture
async def runtime(rows: list[dict[str, Any]], put: Callable[..., Awaitable[None]]) -> MemoryRuntime:
    """The sample without the last notice of its alert: the tests publish that while the page is open."""
    runtime = MemoryRuntime()
    for row in rows:
        if row["id"] != "ntc-a-2":
            await put(runtime, row)
    return runtime


@asynccontextmanager
async def serve_page(runtime: MemoryRuntime, port: int = 0, token: str | None = None) -> AsyncIterator[Server]:
    feeds = [Feed(id=f"feed-{n}", url=f"https://feed-{n}.example/rss", title=f"Feed {n}") for n in range(4)]
    board, listen = Board(runtime, ManualClock(NOW), feeds, pause=0.05), Address(host="127.0.0.1", port=port)
    server = await serve(create_app(board, listen, heartbeat=1.0, token=token), listen)
    yield server
    await server.close()


@pytest.fixture
def page_of() -> Callable[..., AbstractAsyncContextManager[Server]]:
    """Serves a page that follows a runtime for the length of a block."""
    return serve_page


@pytest.fixture
async def server(runtime: MemoryRuntime) -> AsyncIterator[Server]:
    """The page of the sample."""
    async with serve_page(runtime) as server:
        yield server
