"""`nightwire feeds check|add|import|export|status` against a server on loopback."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas.feed import Feed, FeedPush, FeedState
from streams.cli.feeds import app
from streams.cli.feeds_status import row
from streams.cli.times import age
from streams.runtimes.base import Commit, Verdict
from streams.runtimes.memory import MemoryRuntime
from workers.ports import Cell
from workers.tables import FETCH_PUSH

RUNNER = CliRunner()
NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
RSS = (
    b"<rss><channel><title>River News</title><language>uk-UA</language>"
    b"<item><guid>1</guid><title>One</title></item></channel></rss>"
)
PAGE = b'<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"><p>News</html>'


class Site(ThreadingHTTPServer):
    """Serves fixed bodies; everything else is not found."""

    pages: dict[str, bytes]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = self.server.pages.get(self.path)  # type: ignore[attr-defined]
        self.send_response(200 if body is not None else 404)
        self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site(("127.0.0.1", 0), Handler)
    server.pages = {"/feed.xml": RSS, "/": PAGE, "/plain": b"<!doctype html><html><p>x</html>"}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def config(site: Site, tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text(
        f"feed_files: []\nallow_addresses: ['127.0.0.1:{site.server_address[1]}']\n"
        f"feeds:\n  - {{id: river, url: '{site.base}/feed.xml', lang: uk}}\n  - {{id: gone, url: '{site.base}/none'}}\n"
    )
    return file


def test_check_shows_what_was_understood(site: Site, config: Path) -> None:
    done = RUNNER.invoke(app, ["check", "river", "-c", str(config)])
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == ["river: rss, 1 entries, no dates; answers conditionally", "  - One"]


def test_check_names_what_failed_and_goes_on(site: Site, config: Path) -> None:
    done = RUNNER.invoke(app, ["check", "--all", "--json", "-c", str(config)])
    assert done.exit_code == 1
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["schema"], first["feed"], first["ok"], first["entries"]) == (1, "river", True, 1)
    assert (second["feed"], second["ok"], second["reason"], second["status"]) == ("gone", False, "http-404", 404)
    assert "look for its new address" in second["detail"]


def test_check_refuses_inner_addresses_that_are_not_allowed(config: Path) -> None:
    done = RUNNER.invoke(app, ["check", "http://127.0.0.1:1/", "-c", str(config)])
    assert done.exit_code == 1
    assert "refused-address" in done.stdout


@pytest.mark.parametrize(("arguments", "words"), [([], "name a feed"), (["lake"], "no feed 'lake' is configured")])
def test_check_usage(config: Path, arguments: list[str], words: str) -> None:
    done = RUNNER.invoke(app, ["check", *arguments, "-c", str(config)])
    assert done.exit_code == 2
    assert words in done.stderr


def test_add_finds_the_feed_of_a_page(site: Site, config: Path) -> None:
    done = RUNNER.invoke(app, ["add", f"{site.base}/", "-c", str(config)])
    assert done.exit_code == 0, done.output
    assert done.stdout == (
        f"version: 1\nfeeds:\n  - id: river-news\n    url: {site.base}/feed.xml\n    title: River News\n    lang: uk\n"
    )


def test_add_keeps_the_comments_of_a_file(site: Site, config: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("# mine\nversion: 1\nfeeds:\n  # the first\n  - id: river-news\n    url: https://a.example/\n")
    add = ["add", f"{site.base}/feed.xml", "--into", str(file), "-c", str(config)]
    assert RUNNER.invoke(app, add).exit_code == 0
    text = file.read_text()
    assert "# mine" in text
    assert "# the first" in text
    assert "id: river-news-2" in text
    again = RUNNER.invoke(app, add)
    assert "0 added, 1 there already" in again.stderr
    assert file.read_text() == text


def test_add_tries_usual_places_and_gives_up_in_one_line(site: Site, config: Path) -> None:
    done = RUNNER.invoke(app, ["add", f"{site.base}/plain", "-c", str(config)])
    assert "id: river-news" in done.stdout
    del site.pages["/feed.xml"]
    done = RUNNER.invoke(app, ["add", f"{site.base}/plain", "-c", str(config)])
    assert done.exit_code == 1
    assert "no feed was found there (html)" in done.stderr


def test_add_refuses_a_bad_id_and_a_bad_file(site: Site, config: Path, tmp_path: Path) -> None:
    add = ["add", f"{site.base}/feed.xml", "-c", str(config)]
    assert RUNNER.invoke(app, [*add, "--id", "Not An Id"]).exit_code == 2
    bad = tmp_path / "bad.yaml"
    bad.write_text("feeds: 7\n")
    done = RUNNER.invoke(app, [*add, "--into", str(bad)])
    assert done.exit_code == 3
    assert "is no feed file" in done.stderr
    assert RUNNER.invoke(app, [*add, "--into", str(tmp_path / "no" / "x.yaml")]).exit_code == 4


def test_export_and_import_are_inverse(config: Path, tmp_path: Path) -> None:
    opml = RUNNER.invoke(app, ["export", "-c", str(config)]).stdout
    file = tmp_path / "list.opml"
    file.write_text(opml)
    into = tmp_path / "imported.yaml"
    done = RUNNER.invoke(app, ["import", str(file), "--into", str(into)])
    assert done.exit_code == 0, done.output
    assert "2 added" in done.stderr
    text = into.read_text()
    assert "id: river\n" in text
    assert "lang: uk" in text


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read"), (b"<rss/>", "no OPML"), (b"<opml><body/></opml>", "lists no feed"), (b"<<<", "no OPML")],
)
def test_import_of_what_is_no_list(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "x.opml"
    if content is not None:
        file.write_bytes(content)
    done = RUNNER.invoke(app, ["import", str(file)])
    assert done.exit_code == 1
    assert words in done.stderr


def state(**more: object) -> FeedState:
    return FeedState.model_validate({"feed": "river", "configured": "u", "url": "u", **more})


def test_a_status_row() -> None:
    feed = Feed(id="river", url="u")
    times = tuple(NOW - timedelta(hours=n) for n in range(13))
    push = FeedPush(feed="river", configured="u")
    now = state(outcome="ok", reason="fetched", times=times, next_check=NOW, next_reason="ttl")
    found = row(feed, now, push, NOW)
    assert (found["outcome"], found["items_per_day"], found["next_check"]) == ("ok", 26.0, "2024-05-06T12:00:00+00:00")
    assert row(feed.model_copy(update={"enabled": False}), state(), push, NOW)["outcome"] == "off"
    assert (found["hub"], found["hub_reason"], found["last_push"]) == (None, None, None)


def test_status_tells_of_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = MemoryRuntime()
    push = FeedPush(feed="river", configured="http://river.example/f", hub="https://hub.example/", pushed=NOW)
    refusals = {"https://first.example/": "denied"}
    held = push.model_copy(update={"reason": "http-500", "detail": "out of order", "refusals": refusals})
    commit = Commit("fetch", NOW, writes={Cell(FETCH_PUSH, "river"): held})
    assert asyncio.run(runtime.commit(commit)) is Verdict.COMMITTED

    @asynccontextmanager
    async def look(_: object) -> AsyncIterator[MemoryRuntime]:
        yield runtime

    monkeypatch.setattr("streams.cli.feeds_status.open_to_look", look)
    file = tmp_path / "nightwire.yaml"
    file.write_text("feeds: [{id: river, url: 'http://river.example/f'}, {id: lake, url: 'http://lake.example/f'}]\n")
    told = RUNNER.invoke(app, ["status", "-c", str(file)]).stdout
    assert told.count("hub ") == 1
    assert "hub https://hub.example/: http-500 (out of order), last push" in told
    assert ", instead of https://first.example/ (denied)\n" in told
    lines = RUNNER.invoke(app, ["status", "-c", str(file), "--json"]).stdout.splitlines()
    assert [json.loads(line)["hub_reason"] for line in lines] == ["http-500", None]
    assert [json.loads(line)["hubs_refused"] for line in lines] == [refusals, {}]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s ago"), (-90, "in 2 min"), (7200, "2 h ago"), (200_000, "2 d ago"), (45, "45 s ago")]
)
def test_ages(seconds: float, text: str) -> None:
    assert age(NOW - timedelta(seconds=seconds), NOW) == text
    assert age(None, NOW) == "-"
