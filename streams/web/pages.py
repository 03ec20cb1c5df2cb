"""The pages: the board and one alert, rendered on the server from what the board holds."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from schemas.notification import Notification
from schemas.silence import Silence
from streams.web import text
from streams.web.board import Board
from streams.web.history import AlertHistory
from streams.web.keys import BOARD, CACHE, TEMPLATES, WRITERS
from streams.web.phrases import (
    KINDS,
    LENGTHS,
    OUTCOMES,
    bar,
    claim_words,
    feed_table,
    group_words,
    matcher_words,
    matches,
)
from workers.deliver.quotes import sentences
from workers.wording import SHAPES, figure, number, plural

ARTICLES_SHOWN: Final = 30
OPEN_SHOWN: Final = 100
"""Alerts on the page, the most severe ones; the API has them all."""
ENDED_SHOWN: Final = 20
EVENTS_SHOWN: Final = 8
"""Events of one article on the page; the API has them all."""

routes = web.RouteTableDef()


def environment(asset: Callable[[str], str]) -> Environment:
    """The templates: all values are made harmless and escaped, and a misspelled name is an error."""
    env = Environment(
        loader=PackageLoader("streams.web"), autoescape=True, undefined=StrictUndefined, finalize=text.visible
    )
    words = ("harmless", "marked", "safe_link", "host", "utc", "age", "when")
    env.filters.update({name: getattr(text, name) for name in words})
    env.filters.update(number=number, figure=figure, plural=plural)
    env.filters.update(
        {
            "bar": bar,
            "group": group_words,
            "claim": claim_words,
            "matches": matches,
            "matchers": matcher_words,
            "sentences": sentences,
        }
    )
    env.globals.update(
        asset=asset,
        SHAPES=SHAPES,
        OUTCOMES=OUTCOMES,
        KINDS=KINDS,
        LENGTHS=LENGTHS,
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
        silences=_silences(board, open_alerts),
        extractions=board.extractions()[:ARTICLES_SHOWN],
        feeds=feed_table(board),
        rooms=board.accounting(),
    )


def _silences(board: Board, open_alerts: Sequence[AlertHistory]) -> list[tuple[Silence, int]]:
    """The silences that hold now, and how many open alerts each of them hides."""
    return [
        (silence, sum(silence.covers(history.latest) for history in open_alerts))
        for silence in board.desk.active(board.clock.now())
    ]


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
    common = {
        "now": board.clock.now(),
        "replay": board.replaying(),
        "trouble": board.trouble,
        "since": board.since,
        "desk": board.desk,
        "terms": request.app[WRITERS].terms,
    }
    return request.app[TEMPLATES].get_template(name).render(**common, **values).encode("utf-8", "replace")


def _html(body: bytes, status: int = 200) -> web.Response:
    return web.Response(status=status, body=body, content_type="text/html", charset="utf-8")
