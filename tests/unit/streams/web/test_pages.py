"""The pages: what a person reads, and that the text of strangers stays text."""

from __future__ import annotations

from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from schemas.alert import Notice
from schemas.config import Address
from schemas.event import Extraction
from schemas.feed import Feed, FeedHealth
from schemas.topic import Topic
from streams.runtimes.base import Unavailable
from streams.runtimes.memory import MemoryRuntime
from streams.web import Board, create_app, pages, serve
from streams.web.phrases import Feeds, feed_table

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e'\"&{{ 7*7 }}</q></article>"


class Reader(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


async def read(client: aiohttp.ClientSession, path: str, status: int = 200) -> Reader:
    async with client.get(path) as answer:
        assert answer.status == status
        assert answer.content_type == "text/html"
        reader = Reader()
        reader.feed(await answer.text())
    reader.text = " ".join(reader.text.split())
    return reader


async def test_the_board_tells_what_how_much_where_when_and_who_says_so(client: aiohttp.ClientSession) -> None:
    page = await read(client, "/")
    for words in (
        "2 open alerts",
        "◆ CRITICAL ESCALATED",
        "More than 50 drones in one night",
        "at least 144 drones intercepted limit > 50 was 64",
        "Ukraine on Russia · night 3→4 Sep 2026, 18:00–09:00 Europe/Moscow (15:00–06:00 UTC)",
        "2 sources, 2 independent: North Herald, Coast Courier · confidence 0.80",
        "Air defences brought down at least 20 drones over the northern region before dawn",
        "North Herald, 2026-09-04 04:10 UTC · says the ministry · at least 20 intercepted, Northern Region",
        "first seen 2026-09-04 04:15 UTC · changed 2026-09-04 04:45 UTC (5 min ago)",
        "1 ended",
        "at least 20 drones intercepted · Ukraine on Russia · Northern Region · night of 2026-09-04",
        "2 of 4 feeds answer; 1 fail: we may be blind there; 1 not checked yet.",
        "not-a-feed – the answer is a web page (HTML)",
        "adds up",
        "does not add up",
        "Extracted by machine from published news; not an official warning.",
    ):
        assert words in page.text


async def test_the_number_is_marked_and_the_source_is_one_click_away(client: aiohttp.ClientSession) -> None:
    async with client.get("/") as answer:
        html = await answer.text()
    assert "at least <mark>20</mark> drones" in html
    page = await read(client, "/")
    links = [a for a in page.all("a") if (a["href"] or "").startswith("http")]
    assert {a["href"] for a in links} >= {"https://north-herald.example/1", "https://coast-courier.example/2"}
    assert all(a["rel"] == "noopener noreferrer nofollow" for a in links)


async def test_the_order_is_alerts_events_feeds_accounting(client: aiohttp.ClientSession) -> None:
    page = await read(client, "/")
    assert [s["id"] for s in page.all("section")] == ["alerts", "events", "feeds", "accounting"]


async def test_a_replay_is_marked_where_it_stands(client: aiohttp.ClientSession) -> None:
    page = await read(client, "/")
    assert page.text.count("EXERCISE – REPLAY") == 3  # the banner, the alert, the article


async def test_nothing_comes_from_elsewhere_and_nothing_is_inline(client: aiohttp.ClientSession) -> None:
    page = await read(client, "/")
    for tag, name in (("script", "src"), ("link", "href"), ("img", "src")):
        assert all((each[name] or "").startswith("/static/") for each in page.all(tag))
    assert not page.all("style")
    assert not any(name == "style" or name.startswith("on") for _, each in page.tags for name in each)


async def test_a_screen_reader_finds_its_way(client: aiohttp.ClientSession) -> None:
    page = await read(client, "/")
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert len(page.all("caption")) == len(page.all("table")) == 2
    assert all("scope" in th for th in page.all("th"))
    assert all(svg.get("aria-label") for svg in page.all("svg"))
    regions = {p["aria-live"] for p in page.all("p") if "aria-live" in p}
    assert regions == {"polite", "assertive"}
    identities = [each["id"] for _, each in page.tags if "id" in each]
    assert len(identities) == len(set(identities))


async def test_an_alert_has_its_timeline(client: aiohttp.ClientSession) -> None:
    page = await read(client, "/alerts/alert-a")
    assert page.text.index("ESCALATED") < page.text.index("OPENED")
    assert "duty-desk: delivered, 1 attempt, 2026-09-04 04:15 UTC" in page.text
    assert "duty-desk: dead, 3 attempts" in page.text
    assert "HTTP 410: the receiver is gone" in page.text
    assert "Border guards saw about a dozen drones cross the river." in page.text


async def test_a_withdrawn_alert_is_not_open(client: aiohttp.ClientSession) -> None:
    page = await read(client, "/alerts/alert-c")
    assert "WITHDRAWN revised" in page.text
    assert "no figure" in page.text


@pytest.mark.parametrize(
    "path", ["/alerts/none", "/nothing", "/static/style.0.css", "/static/..%2fapp.py", "/alerts/%00"]
)
async def test_what_is_not_here_says_so(client: aiohttp.ClientSession, path: str) -> None:
    page = await read(client, path, 404)
    assert "Back to the board" in page.text


async def test_text_of_strangers_is_only_ever_text(
    client: aiohttp.ClientSession, board: Board, put: Any, rows: list[dict[str, Any]]
) -> None:
    notice = Notice.model_validate(next(r["model"] for r in reversed(rows) if r["topic"] == "alerts"))
    evidence = notice.evidence[0].model_copy(
        update={
            "quote": HOSTILE,
            "source": HOSTILE,
            "claimed_by": HOSTILE,
            "url": "javascript:alert(3)",
            "place": HOSTILE,
        }
    )
    changes = {
        "id": HOSTILE, "alert": HOSTILE, "revision": 9, "title": HOSTILE * 200, "sources": (HOSTILE,) * 20,
        "doubts": (HOSTILE,), "evidence": (evidence,), "group": {HOSTILE: HOSTILE}, "limit": HOSTILE, "rule": HOSTILE,
        "object": HOSTILE, "measure": HOSTILE, "reason": HOSTILE,
    }  # fmt: skip
    await put(Topic.ALERTS, notice.model_copy(update=changes))
    extraction = Extraction.model_validate(next(r["model"] for r in rows if r["topic"] == "events"))
    article = extraction.article.model_copy(
        update={"title": HOSTILE * 100, "source": HOSTILE, "url": "data:text/html,x"}
    )
    event = extraction.events[0].model_copy(update={"quote": HOSTILE, "claimed_by": HOSTILE, "object": HOSTILE})
    await put(Topic.EVENTS, extraction.model_copy(update={"article": article, "events": (event,) * 30}))
    health = FeedHealth(feed="x", url=HOSTILE, at=notice.at, outcome="failed", reason=HOSTILE, detail=HOSTILE * 50)
    await put(Topic.HEALTH, health)
    await board.refresh()
    hostile_page = await read(client, "/")
    assert len(hostile_page.all("script")) == 2
    assert not hostile_page.all("img")
    assert not any(name.startswith("on") for _, each in hostile_page.tags for name in each)
    assert not [a for a in hostile_page.all("a") if (a["href"] or "").startswith(("javascript", "data"))]
    assert "\u202e" not in hostile_page.text
    assert "{{ 7*7 }}" in hostile_page.text
    assert "and 22 more" in hostile_page.text
    assert len(hostile_page.text) < 40_000
    link = next(a["href"] for a in hostile_page.all("a") if "script" in (a["href"] or ""))
    assert "◆ CRITICAL" in (await read(client, link or "")).text


async def test_an_unreachable_runtime_is_on_the_page(
    client: aiohttp.ClientSession, board: Board, runtime: MemoryRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object) -> list[Any]:
        raise Unavailable("the server does not answer")

    monkeypatch.setattr(runtime, "tail", gone)
    assert not await board.refresh()
    page = await read(client, "/")
    assert "Out of date. the runtime cannot be reached: the server does not answer." in page.text
    assert "2 open alerts" in page.text


async def test_a_flood_of_alerts_keeps_the_page_short(
    client: aiohttp.ClientSession, board: Board, put: Any, rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "OPEN_SHOWN", 5)
    notice = Notice.model_validate(next(r["model"] for r in rows if r["topic"] == "alerts"))
    for number in range(20):
        await put(Topic.ALERTS, notice.model_copy(update={"id": f"n{number}", "alert": f"flood-{number}"}))
    await board.refresh()
    page = await read(client, "/")
    assert "22 open alerts" in page.text
    assert "17 more are open: the whole list as JSON" in page.text
    assert page.text.count("More than 50 drones in one night") == 5 + 1  # and the ended one


async def test_an_empty_board_is_calm_and_says_how_much_it_sees(clock: Any) -> None:
    empty = Board(MemoryRuntime(), clock)
    await empty.refresh()
    assert feed_table(empty).sentence == "No feeds are configured."


async def test_assets_may_be_kept_for_a_year(client: aiohttp.ClientSession) -> None:
    page = await read(client, "/")
    for tag, name in (("link", "href"), ("script", "src")):
        async with client.get(page.all(tag)[0][name] or "") as answer:
            assert answer.status == 200
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_many_readers_of_one_moment_cost_one_rendering(
    client: aiohttp.ClientSession, board: Board, put: Any, rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "time", SimpleNamespace(monotonic=lambda: 1000.5))
    rendered = 0

    def counted(board: Board) -> Feeds:
        nonlocal rendered
        rendered += 1
        return feed_table(board)

    monkeypatch.setattr(pages, "feed_table", counted)
    for _ in range(5):
        await read(client, "/")
    assert rendered == 1
    await put(Topic.ALERTS, Notice.model_validate(next(r["model"] for r in rows if r["topic"] == "alerts")))
    await board.refresh()
    await read(client, "/")
    assert rendered == 2


async def test_the_page_tells_how_long_a_hub_sends(client: aiohttp.ClientSession, board: Board, put: Any) -> None:
    now = board.clock.now()
    health = FeedHealth(feed="feed-1", url="https://f.example/", at=now, outcome="ok", reason="pushed")
    assert "last push" not in (await read(client, "/")).text
    await put(Topic.HEALTH, health.model_copy(update={"subscribed_until": now, "last_push": now}))
    await board.refresh()
    page = (await read(client, "/")).text
    assert "its hub sends until" in page
    assert "last push" in page


async def test_the_address_of_a_feed_keeps_its_token(client: aiohttp.ClientSession, board: Board, put: Any) -> None:
    url = "https://user:T0KEN@f.example/rss?auth=T0KEN"
    board.configured = (*board.configured, Feed(id="private", url=url))
    health = FeedHealth(feed="feed-1", url=url, at=board.clock.now(), outcome="ok", reason="fetched")
    await put(Topic.HEALTH, health)
    await board.refresh()
    for path in ("/", "/v1/feeds"):
        async with client.get(path) as answer:
            text = await answer.text()
        assert "f.example/rss" in text
        assert "T0KEN" not in text
    async with client.get("/v1/stream?since=~~~&types=health") as stream:
        while b"***@f.example/rss" not in (line := await stream.content.readline()):
            assert b"T0KEN" not in line


async def test_a_server_that_may_not_be_changed_from_here_offers_no_buttons(board: Board) -> None:
    listen = Address(host="127.0.0.1", port=0)
    app = create_app(board, Address(host="192.0.2.7", port=0), hosts=["127.0.0.1"], follow=False)
    server = await serve(app, listen)
    async with aiohttp.ClientSession(server.url) as session:
        page = await read(session, "/")
    await server.close()
    assert page.all("dialog") == []
    assert "set api_token in the configuration" in page.text


async def test_a_sentence_with_two_figures_is_shown_once(
    client: aiohttp.ClientSession, board: Board, put: Any, rows: list[dict[str, Any]]
) -> None:
    row = next(row for row in rows if row["id"] == "ntc-a-2")
    one = {**row["model"]["evidence"][0], "sentence": "They stopped 20 here and 124 there.", "article": "x"}
    two = {**one, "value": 124, "qualifier": "exact", "place": "eight other regions", "span": [30, 33]}
    notice = Notice.model_validate({**row["model"], "id": "ntc-a-3", "revision": 3, "evidence": [one, two]})
    await put(Topic.ALERTS, notice)
    await board.refresh()
    page = await read(client, "/")
    assert page.text.count("They stopped 20 here and 124 there.") == 1
    assert "at least 20 intercepted, Northern Region · 124 intercepted, eight other regions" in page.text
