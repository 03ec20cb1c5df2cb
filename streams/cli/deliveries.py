"""`nightwire deliveries`: who was told, what waits to be sent; try again; test whether a receiver is reached."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, NamedTuple, NoReturn

import typer

from schemas.config import Config
from schemas.notification import Notification
from schemas.receiver import lane_names
from streams.advice import near
from streams.app import house_config
from streams.cli.common import Exit, emit, fail, guarded, say
from streams.cli.look import looking, on_state
from streams.cli.options import ConfigOption, JsonOption
from streams.clock import WallClock
from streams.explain.deliveries import Standing, standing
from streams.explain.phrases import at, group, many
from streams.receivers import all_receivers
from streams.runtimes.base import Runtime
from streams.sinks.base import Refused, RetryLater, SendResult, Sent
from streams.sinks.lanes import Lane, lanes_of
from streams.sinks.ledger import Ledger
from workers.deliver.drill import drill
from workers.deliver.message import clean
from workers.deliver.queue import notification_id

app = typer.Typer(no_args_is_help=True)


@app.command()
@looking
def ls(
    settings: Config,
    dead: Annotated[bool, typer.Option("--dead", help="Only those that were given up.")] = False,
    queued: Annotated[bool, typer.Option("--queued", help="Only those that wait to be sent.")] = False,
    receiver: Annotated[
        str | None, typer.Option(help="Only of this receiver, or of one of its ways out: ops.2.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the notifications of the last 30 days: first those that wait, then the others, the latest first."""
    wanted = {status for status, asked in (("dead", dead), ("queued", queued)) if asked}
    for each in _of(receiver, on_state(settings, _standing), settings):
        if wanted and each.notification.status not in wanted:
            continue
        if as_json:
            emit(_row(each))
        else:
            print(_line(each))


async def _standing(runtime: Runtime, _present: datetime) -> dict[str, Standing]:
    return await standing(runtime, WallClock().now())  # what sends runs on the wall clock, also in a replay


def _of(receiver: str | None, known: Mapping[str, Standing], settings: Config) -> list[Standing]:
    """What goes to a receiver, or to one of its ways out; ends the command when there is none of this name."""
    found = [each for each in known.values() if receiver in (None, *_names(each.notification.receiver))]
    if receiver is not None and not found and receiver not in _lanes(settings):
        _no_receiver(receiver, settings)
    return found


def _names(lane: str) -> tuple[str, str]:
    """The names that mean a way out: its own, and its receiver's."""
    return lane, lane.partition(".")[0]


def _lanes(settings: Config) -> list[str]:
    return [lane for name, given in all_receivers(settings).items() for lane in lane_names(name, given)]


def _no_receiver(name: str, settings: Config) -> NoReturn:
    lanes = _lanes(settings)
    meant = near(name, lanes)
    advice = f"did you mean {meant}?" if meant else f"there are {', '.join(lanes)}"
    fail(f"there is no receiver {name!r}; {advice}", Exit.USAGE)


def _row(each: Standing) -> dict[str, Any]:
    told = each.notification.model_dump(mode="json")
    notice = told.pop("notice")
    about = {name: notice[name] for name in ("alert", "revision", "notice", "severity", "rule")}
    return {"schema": 1, **told, "next": each.due.isoformat() if each.due else None, **about}


def _line(each: Standing) -> str:
    told, notice = each.notification, each.notification.notice
    if told.status == "queued":
        when = f"next {at(each.due)}" if each.due else "behind another"
    else:
        when = f"at {at(told.finished)}"
    about = f"{notice.severity} {notice.notice} of {notice.rule}, {notice.window.key}, {group(notice.group)}"
    about += f", instead of {told.instead_of}" if told.instead_of else ""
    why = f": {clean(told.error)}" if told.error else ""
    attempts = many(told.attempts, "attempt")
    return f"{told.id}  {told.status:<9} {told.receiver:<12} {attempts:<11} {when:<25}  {about}{why}"


@app.command()
@looking
def retry(
    settings: Config,
    names: Annotated[list[str] | None, typer.Argument(metavar="ID...", help="Ids of notifications.")] = None,
    receiver: Annotated[str | None, typer.Option(help="All of this receiver that is dead or waits, instead.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Try again at once: what is dead is queued at its place under its old id, what waits need not wait any longer.

    The nightwire that runs sends it, or the next one that is started.
    """
    if bool(names) == (receiver is not None):
        fail("say what is tried again: ids, or with --receiver all of one that is dead or waits", Exit.USAGE)

    async def again(runtime: Runtime, present: datetime) -> list[Notification]:
        known = await _standing(runtime, present)
        chosen = _named(names, known) if names else _unsent(_of(receiver, known, settings))
        _check_lanes(chosen, settings)
        ledger = Ledger(runtime, WallClock())
        for notification in chosen:
            await ledger.try_again(notification)
        return chosen

    tried = on_state(settings, again)
    for each in tried if as_json else ():
        emit({"schema": 1, "id": each.id, "receiver": each.receiver, "was": each.status})
    say(f"tried again: {many(len(tried), 'notification')}; `nightwire deliveries ls` tells how that ends")


def _named(names: list[str], known: Mapping[str, Standing]) -> list[Notification]:
    """The notifications of these ids; ends the command when one is unknown or was delivered."""
    for name in names:
        if name not in known:
            fail(f"there is no notification {name!r}; `nightwire deliveries ls --dead` lists those that were given up")
        told = known[name].notification
        if told.status == "delivered":
            fail(f"{name} was delivered to {told.receiver} at {at(told.finished)}; nothing was tried again")
    return [known[name].notification for name in dict.fromkeys(names)]


def _unsent(found: list[Standing]) -> list[Notification]:
    return [each.notification for each in found if each.notification.status != "delivered"]


def _check_lanes(chosen: list[Notification], settings: Config) -> None:
    """Ends the command when a way out is gone: what is sent there would die again."""
    lanes = _lanes(settings)
    for each in chosen:
        if each.receiver not in lanes:
            fail(f"receiver {each.receiver} of {each.id} is not configured; put it back, or name its --config")


OUTCOMES: Final[Mapping[type[SendResult], str]] = {Sent: "delivered", RetryLater: "not reached", Refused: "refused"}
"""How the one attempt of a test ended."""


class Attempt(NamedTuple):
    """A test of one way out."""

    lane: str
    id: str
    result: SendResult


@app.command("test")
def try_out(
    receiver: Annotated[str, typer.Argument(metavar="RECEIVER", help="A receiver, or one of its ways out: ops.2.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send one receiver a notice that is marked as a test, once and at once. Exit status 1: it did not arrive.

    No alert is raised and nothing is written down; what the receiver accepts, its rate and its fallback play no part.
    """
    with guarded():
        settings = house_config(config)
        attempts = asyncio.run(_test(receiver, _ways_out(receiver, settings)))
    for each in attempts:
        _tell(each, as_json)
    if not all(isinstance(each.result, Sent) for each in attempts):
        raise typer.Exit(int(Exit.FAILED))


def _ways_out(receiver: str, settings: Config) -> dict[str, Lane]:
    """The ways out that a name means; ends the command when there is none."""
    name, given = _names(receiver)[1], all_receivers(settings)
    if receiver not in (*given, *_lanes(settings)):
        _no_receiver(receiver, settings)
    lanes = lanes_of(name, given[name], os.environ, WallClock())
    return {lane: way for lane, way in lanes.items() if receiver in _names(lane)}


async def _test(receiver: str, lanes: Mapping[str, Lane]) -> list[Attempt]:
    now = WallClock().now()
    notice = drill(receiver, now)
    attempts = []
    for lane, way in lanes.items():
        name = notification_id(notice, lane)
        notification = Notification(id=name, receiver=lane, notice=notice, attempts=1, queued=now)
        try:
            attempts.append(Attempt(lane, name, await way.sink.send(notification)))
        finally:
            await way.sink.close()
    return attempts


def _tell(attempt: Attempt, as_json: bool) -> None:
    outcome, why = OUTCOMES[type(attempt.result)], getattr(attempt.result, "why", None)
    if as_json:
        emit({"schema": 1, "receiver": attempt.lane, "id": attempt.id, "outcome": outcome, "why": why})
    else:
        print(f"{attempt.lane}: {outcome}{f': {clean(why)}' if why else ''}")
