"""What people may do through the API: take an alert, hold notices back, end a silence; guarded against other sites."""

from __future__ import annotations

from typing import Any, TypeVar

from aiohttp import web
from pydantic import ValidationError

from schemas.base import Document
from schemas.silence import AckRequest, Silence, SilenceRequest
from streams import operate
from streams.advice import advise
from streams.runtimes.base import RuntimeRefused, Unavailable
from streams.web.desk import taken
from streams.web.keys import BOARD, WRITERS
from streams.web.query import Query, answer, refusal
from workers.errors import Drop
from workers.reasons import Reason

routes = web.RouteTableDef()

D = TypeVar("D", bound=Document)


@routes.post("/v1/alerts/{id}/ack")
async def ack(request: web.Request) -> web.Response:
    """Take an alert: it is not repeated until it escalates."""
    asked = await _asked(request, AckRequest)
    if isinstance(asked, web.Response):
        return asked
    board, name = request.app[BOARD], request.match_info["id"]
    state = await operate.acknowledge(board.runtime, name, asked, board.clock.now())
    return answer({"alert": {"id": name, "status": state.status, **(taken(state) or {})}})


@routes.get("/v1/silences")
async def silences(request: web.Request) -> web.Response:
    """All silences, and whether they hold now; ended ones stay for 30 days."""
    query, board = Query(request, "active"), request.app[BOARD]
    wanted, now = query.flag("active"), board.clock.now()
    book = await operate.silence_book(board.runtime)
    rows = [_row(each, each.active(now)) for each in book.silences if wanted in (None, each.active(now))]
    return answer({"at": now.isoformat(), "holding": list(book.holding), "silences": rows[: query.limit]})


def _row(silence: Silence, active: bool) -> dict[str, Any]:
    return {**silence.model_dump(mode="json"), "active": active}


@routes.post("/v1/silences")
async def silence(request: web.Request) -> web.Response:
    """Hold matching notices back for some hours."""
    asked = await _asked(request, SilenceRequest)
    if isinstance(asked, web.Response):
        return asked
    board = request.app[BOARD]
    made = await operate.silence(board.runtime, asked, board.clock.now())
    return answer({"silence": _row(made, True)}, status=201)


@routes.delete("/v1/silences/{id}")
async def unsilence(request: web.Request) -> web.Response:
    """End a silence now."""
    board, name = request.app[BOARD], request.match_info["id"]
    refused = request.app[WRITERS].refuse(request)
    if refused is not None:
        return refused
    await operate.unsilence(board.runtime, name, board.clock.now())
    return answer({"ended": name})


async def _asked(request: web.Request, kind: type[D]) -> D | web.Response:
    """The body as a model, or the refusal of a request that may not, or does not say what it must."""
    refused = request.app[WRITERS].refuse(request)
    if refused is not None:
        return refused
    try:
        return kind.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "body"
        return refusal(400, "bad-body", f"{where} {advise(first, kind)}; see docs/api.md")


def impossible(error: Drop | Unavailable | RuntimeRefused) -> web.Response:
    """The refusal of what the state of things does not allow, or of what cannot be had now."""
    if isinstance(error, Drop):
        missing = error.reason == Reason.NOT_OPEN
        return refusal(404 if missing else 409, error.reason, error.detail or error.reason)
    return refusal(503, "unreachable", "the state cannot be reached at the moment; try again")
