"""The JSON API under /v1: alerts, events, incidents, feeds and the accounting, each with filters and a limit."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from aiohttp import web

from schemas.event import Event, Extraction
from schemas.incident import Incident
from streams.operate import alert_state
from streams.runtimes.base import RuntimeRefused, Unavailable
from streams.web.board import Board
from streams.web.desk import taken
from streams.web.history import AlertHistory
from streams.web.keys import BOARD
from streams.web.query import Query, answer, refusal

routes = web.RouteTableDef()


def _head(board: Board) -> dict[str, Any]:
    """What every answer says of itself: its time, the place in the stream to go on from, and whether it is old."""
    return {"at": board.clock.now().isoformat(), "cursor": board.cursor, "trouble": board.trouble}


def _list(request: web.Request, name: str, entries: Iterable[dict[str, Any]], limit: int) -> web.Response:
    return answer({**_head(request.app[BOARD]), name: list(islice(entries, limit))})


@routes.get("/v1/alerts")
async def alerts(request: web.Request) -> web.Response:
    """The latest notice of each alert, open ones first."""
    query = Query(request, "open", "severity", "rule", "mode")
    wanted = query.flag("open")
    board = request.app[BOARD]
    found = (
        _alert(board, history)
        for history in board.alerts()
        if (wanted is None or history.open is wanted)
        and query.matches({name: getattr(history.latest, name) for name in ("severity", "rule", "mode")})
    )
    return _list(request, "alerts", found, query.limit)


def _alert(board: Board, history: AlertHistory) -> dict[str, Any]:
    return {
        "open": history.open,
        "notices": len(history.notices),
        "taken": board.desk.taken(history.latest.alert),
        "silenced": _silenced(board, history),
        "latest": history.latest.model_dump(mode="json"),
    }


def _silenced(board: Board, history: AlertHistory) -> dict[str, Any] | None:
    """The silence that holds an open alert back now."""
    found = board.desk.silenced(history.latest, board.clock.now()) if history.open else None
    return found.model_dump(mode="json") if found else None


@routes.get("/v1/alerts/{id:.+}")
async def alert(request: web.Request) -> web.Response:
    """One alert with all its notices and deliveries."""
    Query(request)
    history = request.app[BOARD].alert(request.match_info["id"])
    if history is None:
        return refusal(404, "unknown-alert", "there is no such alert on the board; /v1/alerts lists them")
    found = {
        "id": history.latest.alert,
        "open": history.open,
        "taken": await _taken(request.app[BOARD], history.latest.alert),
        "silenced": _silenced(request.app[BOARD], history),
        "notices": [notice.model_dump(mode="json") for notice in history.notices],
        "deliveries": [d.model_dump(mode="json", exclude={"notice"}) for d in history.deliveries.values()],
    }
    return answer({**_head(request.app[BOARD]), "alert": found})


async def _taken(board: Board, alert: str) -> dict[str, Any] | None:
    """Who has taken an alert by its state of now; None also when that is out of reach."""
    try:
        return taken(await alert_state(board.runtime, alert))
    except (Unavailable, RuntimeRefused):
        return None


_EVENT_FILTERS = ("type", "object", "measure", "attacker", "target_country", "status", "period")


@routes.get("/v1/events")
async def events(request: web.Request) -> web.Response:
    """Single events with their article, the newest article first."""
    query = Query(request, *_EVENT_FILTERS, "source", "lang", "mode")
    found = (
        {**event.model_dump(mode="json"), "article": extraction.article.model_dump(mode="json")}
        for extraction in request.app[BOARD].extractions()
        for event in extraction.events
        if query.matches(_event_fields(extraction, event))
    )
    return _list(request, "events", found, query.limit)


def _event_fields(extraction: Extraction, event: Event) -> dict[str, object]:
    article = extraction.article
    of_article = {"source": article.source, "lang": article.lang, "mode": article.mode}
    return {**of_article, **{name: getattr(event, name) for name in _EVENT_FILTERS}}


_INCIDENT_FILTERS = ("object", "attacker", "target_country", "night_of", "period", "status", "mode")


@routes.get("/v1/incidents")
async def incidents(request: web.Request) -> web.Response:
    """The latest revision of each incident, the newest change first."""
    query = Query(request, *_INCIDENT_FILTERS)

    def wanted(incident: Incident) -> bool:
        return query.matches({name: getattr(incident, name) for name in _INCIDENT_FILTERS})

    found = (each.model_dump(mode="json") for each in request.app[BOARD].incidents() if wanted(each))
    return _list(request, "incidents", found, query.limit)


@routes.get("/v1/feeds")
async def feeds(request: web.Request) -> web.Response:
    """Every feed with its last check; `outcome` is `unchecked` before the first one."""
    query = Query(request, "outcome")
    found = (
        {
            "feed": name,
            "title": feed.title if feed else None,
            "configured": feed is not None,
            "outcome": outcome,
            "last_check": health.model_dump(mode="json") if health else None,
        }
        for name, feed, health in request.app[BOARD].feeds()
        for outcome in (health.outcome if health else "unchecked",)
        if query.matches({"outcome": outcome})
    )
    return _list(request, "feeds", found, query.limit)


@routes.get("/v1/accounting")
async def accounting(request: web.Request) -> web.Response:
    """Every room: in = out + dropped + quarantined, by reason, and what waits."""
    query = Query(request, "room")
    rooms = (room.json() for room in request.app[BOARD].accounting() if query.matches({"room": room.room}))
    return _list(request, "rooms", rooms, query.limit)
