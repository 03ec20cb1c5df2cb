"""The services of docker-compose.yml as processes: broker, server and rooms with their own words, and one alert."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from streams.runtimes.kafka.shell import ZOMBIE
from streams.state.binary import find_server

pytestmark = pytest.mark.usefixtures("valkey_binary")

ROOT = Path(__file__).parents[2]
SERVICES: dict[str, Any] = YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]
PATIENCE = 300.0
REPLICAS = {"extract": 3}
"""As in `--scale extract=3`."""
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Gazette</title>
<link>https://example.org</link><item><guid>one</guid><title>Ninety drones</title><link>https://example.org/1</link><pubDate>{date}</pubDate>
<description>The air force said it had shot down 71 of the 90 Russian drones
launched at Ukraine overnight.</description>
</item></channel></rss>"""


def properties() -> str:
    """The broker's settings as the image makes them of its environment, on ports and a folder of the test."""
    lines = []
    for name, value in SERVICES["kafka"]["environment"].items():
        setting = name.removeprefix("KAFKA_").lower().replace("_", ".")
        lines.append(f"{setting}={value}")
    text = "\n".join(lines)
    places = {
        "//:9092": "//127.0.0.1:{port}",
        "//kafka:9092": "//127.0.0.1:{port}",
        "//:9094": "//127.0.0.1:0",
        "HOST://localhost:9094": "HOST://127.0.0.1:1",
        "//:9093": "//127.0.0.1:{controller}",
        "localhost:9093": "127.0.0.1:{controller}",
        SERVICES["kafka"]["volumes"][0].split(":")[1]: "{data}",
    }
    for here, there in places.items():
        assert here in text, here
        text = text.replace(here, there)
    return text + "\n"


@pytest.fixture
def broker(real_kafka: Callable[..., contextlib.AbstractContextManager[Any]]) -> Iterator[str]:
    with real_kafka(properties=properties()) as one:
        yield one.address


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    program, *words = SERVICES["valkey"]["command"]
    assert program == "valkey-server"
    socket = tmp_path / "s"
    more = ["--port", "0", "--unixsocket", str(socket), "--dir", str(tmp_path)]
    child = subprocess.Popen([str(find_server().path), *words, *more], stdout=subprocess.DEVNULL)
    try:
        until(socket.exists, lambda: "the server does not listen")
        yield f"unix://{socket}"
    finally:
        child.terminate()
        child.wait(PATIENCE)


@pytest.fixture
def feed() -> Iterator[str]:
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() - 60))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = RSS.format(date=date).encode()
            self.send_response(200)
            self.send_header("content-type", "application/rss+xml")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def until(true: Callable[[], Any], otherwise: Callable[[], str]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, otherwise()
        time.sleep(0.05)


class Compose:
    """Starts services as processes, each with its own words and environment, at the addresses of the test."""

    def __init__(self, folder: Path, broker: str, redis_url: str, config: Path) -> None:
        self._folder = folder
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("NIGHTWIRE_", "XDG_"))
        } | {"HOME": str(folder), "PYTHONPATH": str(ROOT), "NIGHTWIRE_CONFIG": str(config)}
        self._places = {"kafka:9092": broker, "redis://valkey:6379/0": redis_url, "0.0.0.0:8750": "127.0.0.1:0"}
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, service: str, slot: str = "1") -> None:
        name = f"{service}-{slot}"
        places = {**self._places, "/tmp/alive": str(self._folder / f"{name}.alive")}
        words = [places.get(word, word) for word in SERVICES[service]["command"]]
        given = {key: places.get(value, value) for key, value in SERVICES[service]["environment"].items()}
        given["NIGHTWIRE_CONTACT"] = ""
        command = [sys.executable, "-m", "streams.cli.main", *words]
        # a container has a host name of its own, which is its slot
        environment = {**self._environment, **given, "NIGHTWIRE_SLOT": name}
        with (self._folder / f"{name}.log").open("wb") as log:
            self.children[name] = subprocess.Popen(
                command, cwd=self._folder, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def log(self, name: str) -> str:
        return (self._folder / f"{name}.log").read_text()

    def until(self, true: Callable[[], Any], otherwise: str) -> None:
        """Wait for something that all of them together bring about."""

        def told() -> bool:
            ended = [name for name, child in self.children.items() if child.poll() is not None]
            assert ended == [], "\n".join(self.log(name) for name in ended)
            return bool(true())

        until(told, lambda: otherwise + "\n".join(self.log(name) for name in self.children))

    def stop(self) -> None:
        for child in self.children.values():
            child.terminate()
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(PATIENCE)
            child.kill()
            child.wait()


def test_the_services_bring_an_article_to_an_alert(tmp_path: Path, broker: str, redis_url: str, feed: str) -> None:
    config = tmp_path / "nightwire.yaml"
    config.write_text(
        f"version: 1\nfeeds: [{{id: gazette, url: 'http://{feed}/feed.xml'}}]\nallow_addresses: ['{feed}']\n",
        encoding="utf-8",
    )
    compose = Compose(tmp_path, broker, redis_url, config)
    try:
        compose.start("topics")
        topics = compose.children.pop("topics-1")
        assert topics.wait(PATIENCE) == 0, compose.log("topics-1")
        assert compose.log("topics-1").count("created") == 8
        for service in SERVICES["page"]["depends_on"]:
            for slot in range(1, REPLICAS.get(service, 1) + 1) if service != "topics" else ():
                compose.start(service, str(slot))
        compose.start("page")
        compose.until(lambda: "the page is on" in compose.log("page-1"), "there is no page")
        page = re.findall(r"the page is on (\S+)/", compose.log("page-1"))[0]

        def alerts() -> list[dict[str, Any]]:
            try:
                with urllib.request.urlopen(f"{page}/v1/alerts", timeout=60) as answer:
                    found: list[dict[str, Any]] = json.load(answer)["alerts"]
                    return found
            except OSError:  # it has just begun
                return []

        compose.until(lambda: [alert["latest"]["value"] for alert in alerts()] == [90], "there is no alert")
        compose.until(lambda: "90 drones" in compose.log("deliver-1"), "nobody is told")
        for room in set(compose.children) - {"page-1"}:  # a replica may have had nothing to do, and be slow to start
            compose.until((tmp_path / f"{room}.alive").exists, f"{room} shows no sign of life")
    finally:
        compose.stop()
    assert {child.returncode for child in compose.children.values()} <= {0, ZOMBIE}
