"""`nightwire run` on real feeds over loopback: good ones are read whatever their hostile neighbours do."""

from __future__ import annotations

import json
import signal
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("valkey_binary")

ARTICLE = (
    "The air force said on Friday it had shot down 71 of the 90 Russian drones launched at Ukraine overnight. "
    "Fragments fell in the Poltava region."
)
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Gazette</title><link>https://example.org</link>
<item><guid>one</guid><title>Ninety drones</title><link>https://example.org/1</link>
<pubDate>{date}</pubDate><description>{text}</description></item></channel></rss>"""


class Feeds:
    """A server of one good feed and five bad ones."""

    def __init__(self) -> None:
        self.release = threading.Event()
        feeds = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                getattr(feeds, self.path.strip("/").split(".")[0])(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, to: BaseHTTPRequestHandler, body: bytes, kind: str = "application/rss+xml") -> None:
        to.send_response(200)
        to.send_header("content-type", kind)
        to.send_header("content-length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    def good(self, to: BaseHTTPRequestHandler) -> None:
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() - 60))
        self.answer(to, RSS.format(date=date, text=ARTICLE).encode())

    def html(self, to: BaseHTTPRequestHandler) -> None:
        self.answer(to, b"<!doctype html><html><body><h1>Please enable cookies</h1></body></html>", "text/html")

    def empty(self, to: BaseHTTPRequestHandler) -> None:
        self.answer(to, b"")

    def zeros(self, to: BaseHTTPRequestHandler) -> None:
        self.answer(to, bytes(10_000_000))

    def loop(self, to: BaseHTTPRequestHandler) -> None:
        to.send_response(302)
        to.send_header("location", "/loop.xml")
        to.send_header("content-length", "0")
        to.end_headers()

    def never(self, to: BaseHTTPRequestHandler) -> None:
        self.release.wait(60)

    def close(self) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def feeds() -> Iterator[Feeds]:
    made = Feeds()
    yield made
    made.close()


REASONS = {
    "html": "html",
    "empty": "empty-body",
    "zeros": "empty-body",
    "loop": "redirect-loop",
    "never": "timeout",
}
KINDS = ("good", "html", "empty", "zeros", "loop", "never")


def configuration(folder: Path, port: int) -> Path:
    rows = "".join(f"  - {{id: {kind}, url: 'http://127.0.0.1:{port}/{kind}.xml'}}\n" for kind in KINDS)
    file = folder / "nightwire.yaml"
    file.write_text(
        f"version: 1\nlisten: 127.0.0.1:0\nfeeds:\n{rows}rules: [rule.yaml]\n"
        f"allow_addresses: ['127.0.0.1:{port}']\npoll: {{timeout: 10s, host_gap: 0, concurrency: 10}}\n",
        encoding="utf-8",
    )
    (folder / "rule.yaml").write_text(
        "version: 1\nrules:\n  - id: many-drones\n    title: Many drones\n"
        "    where: {object: {under: drone}, measure: involved, is_total: true}\n    value: max(value)\n"
        '    by: [attacker, target_country]\n    window: {night: "18:00-09:00", tz: Europe/Kyiv, grace: 48h}\n'
        '    levels: [{severity: warning, at: "> 50"}]\n',
        encoding="utf-8",
    )
    return file


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=300) as answer:
        return json.load(answer)


def until(what: Callable[[], Any], seconds: float = 300) -> Any:
    """Ask again until there is an answer: another process works on it, and tells of it over HTTP alone."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
    return found


def page_of(child: Any) -> str:
    for line in child.stderr:
        if "the page is on " in line:
            return str(line.split("the page is on ")[1].strip())
    raise AssertionError("it ended before it served a page")


def checked(page: str) -> dict[str, Any] | None:
    """Every feed by its name, once each has been checked."""
    rows = {feed["feed"]: feed for feed in get(f"{page}v1/feeds")["feeds"] if feed["outcome"] != "unchecked"}
    return rows if len(rows) == len(KINDS) else None


def test_bad_feeds_are_named_and_the_good_one_raises_its_alert(spawn: Any, feeds: Feeds, tmp_path: Path) -> None:
    child = spawn("run", "--json", "--config", configuration(tmp_path, feeds.port), "--data-dir", tmp_path / "state")
    page = page_of(child)
    seen = until(lambda: checked(page))
    assert seen["good"]["outcome"] == "ok"
    for kind in KINDS[1:]:
        assert seen[kind]["outcome"] == "failed", seen[kind]
        last = seen[kind]["last_check"]
        assert last["reason"] == REASONS[kind]
        assert "\n" not in last["detail"]
        assert "; " in last["detail"], "what happened, and what to do"
    (alert,) = until(lambda: get(f"{page}v1/alerts")["alerts"])
    assert (alert["latest"]["value"], alert["latest"]["group"]) == (90, {"attacker": "RU", "target_country": "UA"})
    (delivery,) = until(lambda: get(f"{page}v1/alerts/{alert['latest']['alert']}")["alert"]["deliveries"])
    assert (delivery["receiver"], delivery["status"]) == ("console", "delivered")
    assert all(room["balanced"] for room in get(f"{page}v1/accounting")["rooms"])
    child.send_signal(signal.SIGTERM)
    out, err = child.communicate(timeout=300)
    assert child.returncode == 0, err
    assert [json.loads(line)["value"] for line in out.splitlines()] == [90]
    assert "Traceback" not in err
