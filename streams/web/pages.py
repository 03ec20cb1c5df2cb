"""The pages: the board and one alert, rendered on the server from what the board holds."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from typing import Any, Final, NamedTuple

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from schemas.alert import Notice
from schemas.event import Event
from schemas.feed import Feed, FeedHealth
from schemas.notification import Notification
from streams.web import text
from streams.web.board import AlertHistory, Board
from streams.web.keys import BOARD, CACHE, TEMPLATES
from workers.extract.countries import country_name

ARTICLES_SHOWN: Final = 30
OPEN_SHOWN: Final = 100
"""Alerts on the page, the most severe ones; the API has them all."""
ENDED_SHOWN: Final = 20
EVENTS_SHOWN: Final = 8
"""Events of one article on the page; the API has them all."""

SHAPES: Final = {"critical": "◆", "high": "▲", "warning": "●", "info": "○"}
"""Severity is a word, a shape and a colour, so that none of them is needed."""

OUTCOMES: Final = {"failed": "✕", "disabled": "–", "unchecked": "○", "ok": "●", "unchanged": "●"}
"""Shapes of feed outcomes, in the order of the table."""

KINDS: Final = {
    "open": "OPENED", "escalate": "ESCALATED", "update": "UPDATED", "correct": "CORRECTED",
    "repeat": "REPEATED", "resolve": "RESOLVED", "withdraw": "WITHDRAWN", "close": "CLOSED",
}  # fmt: skip

routes = web.RouteTableDef()


class Bar(NamedTuple):
    """Widths of a value and of its limit, of 200 in all."""

    value: float
    limit: float


class FeedRow(NamedTuple):
    """One line of the feed table."""

    title: str
    url: str
    outcome: str
    at: datetime | None
    newest: datetime | None
    next: datetime | None
    new: int
    remark: str
    mode: str


class Feeds(NamedTuple):
    """The feed table with its summary."""

    sentence: str
    rows: list[FeedRow]


def environment(asset: Callable[[str], str]) -> Environment:
    """The templates: all values are made harmless and escaped, and a misspelled name is an error."""
    env = Environment(
        loader=PackageLoader("streams.web"), autoescape=True, undefined=StrictUndefined, finalize=text.visible
    )
    words = (
        text.plural,
        text.harmless,
        text.marked,
        text.number,
        text.figure,
        text.safe_link,
        text.host,
        text.utc,
        text.age,
        text.when,
    )
    env.filters.update({word.__name__: word for word in words})
    env.filters.update({"bar": bar, "group": group_words, "claim": claim_words})
    env.globals.update(
        asset=asset,
        SHAPES=SHAPES,
        OUTCOMES=OUTCOMES,
        KINDS=KINDS,
        EVENTS_SHOWN=EVENTS_SHOWN,
        version=version("nightwire"),
    )
    return env


@routes.get("/")
async def board_page(request: web.Request) -> web.Response:
    """The board: open alerts, recent events, feeds, accounting; all readers of one moment get one rendering."""
    board, cache = request.app[BOARD], request.app[CACHE]
    moment = (board.serial, board.trouble, int(time.monotonic()))
    if cache.get("moment") != moment:
        cache.update(moment=moment, page=_board(request))
    return _html(cache["page"])


def _board(request: web.Request) -> bytes:
    board = request.app[BOARD]
    histories = board.alerts()
    open_alerts = [history for history in histories if history.open]
    return _render(
        request,
        "board.html",
        open=open_alerts[:OPEN_SHOWN],
        open_count=len(open_alerts),
        ended=[history for history in histories if not history.open][:ENDED_SHOWN],
        extractions=board.extractions()[:ARTICLES_SHOWN],
        feeds=feed_table(board),
        rooms=board.accounting(),
    )


@routes.get("/alerts/{id:.+}")
async def alert_page(request: web.Request) -> web.Response:
    """One alert: its state, and the timeline of its notices with evidence and deliveries."""
    history = request.app[BOARD].alert(request.match_info["id"])
    if history is None:
        return missing(request, "There is no such alert on the board. It may have been forgotten, or never raised.")
    return _page(request, "alert.html", history=history, deliveries=_told(history))


def missing(request: web.Request, message: str) -> web.Response:
    """A page that says what is not here."""
    return _page(request, "missing.html", status=404, message=message)


def _told(history: AlertHistory) -> dict[str, list[Notification]]:
    told: dict[str, list[Notification]] = defaultdict(list)
    for delivery in history.deliveries.values():
        told[delivery.notice.id].append(delivery)
    return told


def _page(request: web.Request, name: str, status: int = 200, **values: Any) -> web.Response:
    return _html(_render(request, name, **values), status)


def _render(request: web.Request, name: str, **values: Any) -> bytes:
    board = request.app[BOARD]
    common = {"now": board.clock.now(), "replay": board.replaying(), "trouble": board.trouble, "since": board.since}
    return request.app[TEMPLATES].get_template(name).render(**common, **values).encode("utf-8", "replace")


def _html(body: bytes, status: int = 200) -> web.Response:
    return web.Response(status=status, body=body, content_type="text/html", charset="utf-8")


def bar(notice: Notice) -> Bar | None:
    """The bar of a value against its limit, or None where one of them is missing."""
    if notice.value is None or not notice.threshold or notice.value < 0 or notice.threshold < 0:
        return None
    most = 1.1 * max(notice.value, notice.threshold)
    return Bar(round(200 * notice.value / most, 1), round(200 * notice.threshold / most, 1))


def group_words(notice: Notice) -> str:
    """The group in words: `Ukraine on Russia`, then whatever else the rule groups by."""
    group = dict(notice.group)
    sides = [group.pop(name, None) for name in ("attacker", "target_country")]
    words = [_sides(*sides)]
    words += [f"{name.replace('_', ' ')} {value}" for name, value in group.items() if value]
    return text.harmless(" · ".join(filter(None, words)), 200)


def _sides(attacker: str | None, target: str | None) -> str:
    """Who acts on whom, by the names of the countries; nothing where neither is known."""
    names = [country_name(side) if side else "unknown" for side in (attacker, target)]
    return " on ".join(names) if attacker or target else ""


def claim_words(event: Event) -> str:
    """An event in words: `at least 20 drones intercepted · Ukraine on Russia · Moscow region · night of 2024-09-10`."""
    noun = text.plural(event.object) if event.object and event.value != 1 else (event.object or "").replace("_", " ")
    what = f"{noun} {(event.measure or '').replace('_', ' ')}".strip()
    amount = text.figure(event.value, event.qualifier) if event.value is not None else ""
    if event.high is not None and event.value is not None:
        amount = f"{amount} to {text.number(event.high)}"
    parts = [
        f"{amount} {what}".strip() or event.type,
        event.model or "",
        _sides(event.attacker, event.target_country),
        event.place.name if event.place else "",
        f"night of {event.night_of}" if event.night_of else event.period if event.period != "unknown" else "",
    ]
    return text.harmless(" · ".join(part for part in parts if part), 300)


def feed_table(board: Board) -> Feeds:
    """Every feed, those in trouble first, with one sentence that says how much is seen."""
    rows = [_feed_row(*entry) for entry in board.feeds()]
    order = list(OUTCOMES)
    rows.sort(key=lambda row: order.index(row.outcome))
    counted = {outcome: sum(row.outcome == outcome for row in rows) for outcome in order}
    good = counted["ok"] + counted["unchanged"]
    words = [f"{good} of {len(rows)} feeds answer" if rows else "No feeds are configured"]
    words += [f"{counted['failed']} fail: we may be blind there"] if counted["failed"] else []
    words += [f"{counted['unchecked']} not checked yet"] if counted["unchecked"] else []
    words += [f"{counted['disabled']} disabled"] if counted["disabled"] else []
    return Feeds("; ".join(words) + ".", rows)


def _feed_row(name: str, feed: Feed | None, health: FeedHealth | None) -> FeedRow:
    title = feed.title or feed.id if feed else name
    if health is None:
        outcome = "unchecked" if feed is None or feed.enabled else "disabled"
        return FeedRow(title, feed.url if feed else "", outcome, None, None, None, 0, "", "live")
    remark = " – ".join(part for part in (health.reason, health.detail) if part)
    return FeedRow(
        title, health.url, health.outcome, health.at, health.newest, health.next_check, health.new, remark, health.mode
    )
