"""`nightwire alerts`: list and show alerts, acknowledge them, and hold notices back for a while."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError

from schemas.alert import Notice
from schemas.base import Document
from schemas.config import Config
from schemas.rule_terms import parse_duration
from schemas.silence import PLAIN, AckRequest, Silence, SilenceRequest, fields_of
from streams import operate
from streams.advice import advise, near
from streams.cli.common import Exit, emit, fail, say
from streams.cli.look import looking, on_state
from streams.cli.options import JsonOption
from streams.explain.gather import Teller
from streams.explain.phrases import at, group, many
from streams.explain.records import latest_notices, load_all
from streams.explain.words import words
from streams.receivers import all_receivers
from streams.rules import load_rules
from streams.runtimes.base import Runtime
from workers.deliver.message import clean
from workers.judge.cells import AlertState
from workers.judge.seats import alert_cell
from workers.wording import figure

app = typer.Typer(no_args_is_help=True)

D = TypeVar("D", bound=Document)
Author = Annotated[str | None, typer.Option(help="Who does this; default: the user of this computer.")]


@app.command()
@looking
def ls(
    settings: Config,
    open_only: Annotated[bool, typer.Option("--open", help="Only alerts that are open.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the alerts that are on record, the newest change first."""
    rows = on_state(settings, _rows)
    for row in rows:
        if open_only and row["status"] != "open":
            continue
        if as_json:
            emit(row)
        else:
            taken = f"  taken by {clean(row['acked_by'])}" if row["acked_by"] else ""
            value = figure(row["value"], row["qualifier"])
            print(f"{row['alert']}  {row['status']:<9} {row['severity']:<8} {value:>14}  {row['text']}{taken}")


async def _rows(runtime: Runtime, _now: datetime) -> list[dict[str, Any]]:
    notices = await latest_notices(runtime)
    states = await load_all(runtime, map(alert_cell, notices), AlertState)
    rows = [_row(last, states.get(alert_cell(name))) for name, last in notices.items()]
    return sorted(rows, key=lambda row: str(row["at"]), reverse=True)


def _row(last: Notice, state: AlertState | None) -> dict[str, Any]:
    return {
        "schema": 1,
        "alert": last.alert,
        "status": state.status if state else "forgotten",
        "severity": last.severity,
        "value": last.value,
        "qualifier": last.qualifier,
        "limit": last.limit,
        "rule": last.rule,
        "group": last.group,
        "window": last.window.key,
        "notices": last.revision,
        "at": last.at.isoformat(),
        "acked_by": state.acked_by if state else None,
        "ack_note": state.ack_note if state else None,
        "text": f"{last.rule}, {last.window.key}, {group(last.group)}",
    }


@app.command()
@looking
def show(
    settings: Config,
    alert: Annotated[str, typer.Argument(metavar="ID", help="Id of the alert.")],
    as_json: JsonOption = False,
) -> None:
    """Show one alert with its claims, its notices, and who was told."""

    async def read(runtime: Runtime, _now: datetime) -> Any:
        teller = Teller(runtime, settings.mode, {}, all_receivers(settings))
        return await teller.alert(alert, await operate.alert_state(runtime, alert))

    facts = on_state(settings, read)
    if facts.state is None and not facts.notices:
        fail(f"there is no alert {alert!r}; `nightwire alerts ls` lists them")
    if as_json:
        emit({"schema": 1, **facts.model_dump(mode="json")})
    else:
        for line in words(facts):
            print(line)


@app.command()
@looking
def ack(
    settings: Config,
    alert: Annotated[str, typer.Argument(metavar="ID", help="Id of the alert.")],
    note: Annotated[str, typer.Option(help="What you do about it, for those who look later.")],
    author: Author = None,
) -> None:
    """Take an open alert: it is not repeated any more until it escalates."""
    request = _checked(AckRequest, author=_author(author), note=note)
    on_state(settings, lambda runtime, now: operate.acknowledge(runtime, alert, request, now))
    say(f"alert {alert} is taken by {request.author}; it is repeated again only if it escalates")


@app.command()
@looking
def silence(
    settings: Config,
    match: Annotated[list[str], typer.Argument(metavar="MATCH...", help="field=value; * and ? may stand for text.")],
    length: Annotated[str, typer.Option("--for", help="How long: 30m, 4h, 2d.")],
    reason: Annotated[str, typer.Option(help="Why nobody needs to be told.")],
    author: Author = None,
    as_json: JsonOption = False,
) -> None:
    """Hold back the notices that match all of MATCH, for example rule=drones-night target_country=UA.

    Fields are alert, rule, severity, object, measure, and those of the alert's group and labels. Alerts keep
    their state; one that is still open when the silence ends is told once.
    """
    request = _checked(SilenceRequest, match=_pairs(match), hours=_hours(length), author=_author(author), reason=reason)

    async def begin(runtime: Runtime, now: datetime) -> tuple[Silence, int, list[str]]:
        told = list((await latest_notices(runtime)).values())
        states = await load_all(runtime, (alert_cell(each.alert) for each in told), AlertState)
        made = await operate.silence(runtime, request, now)
        hidden = [each for each in told if made.covers(each) and is_open(states.get(alert_cell(each.alert)))]
        return made, len(hidden), _strange(made, told, settings)

    made, hidden, strange = on_state(settings, begin)
    if as_json:
        emit({"schema": 1, **made.model_dump(mode="json")})
    else:
        print(made.id)
    say(f"{many(hidden, 'open alert')} held back until {at(made.ends)}; `nightwire alerts unsilence {made.id}` ends it")
    for remark in strange:
        say(remark)


@app.command()
@looking
def silences(
    settings: Config,
    every: Annotated[bool, typer.Option("--all", help="Those that have ended too, for 30 days.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the silences that hold notices back now."""

    async def read(runtime: Runtime, now: datetime) -> list[tuple[Silence, bool]]:
        return [(each, each.active(now)) for each in (await operate.silence_book(runtime)).silences]

    for each, active in on_state(settings, read):
        if not (active or every):
            continue
        if as_json:
            emit({"schema": 1, "active": active, **each.model_dump(mode="json")})
        else:
            state = "until" if active else "ended"
            match = " ".join(f"{name}={clean(value)}" for name, value in each.match.items())
            print(f"{each.id}  {state} {at(each.ends)}  {match}  {clean(each.author)}: {clean(each.reason)}")


@app.command()
@looking
def unsilence(
    settings: Config,
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of the silence.")],
) -> None:
    """End a silence now; what it holds of alerts that are still open is told."""
    on_state(settings, lambda runtime, now: operate.unsilence(runtime, name, now))
    say(f"silence {name} has ended")


def _checked(kind: type[D], **given: Any) -> D:
    try:
        return kind(**given)
    except ValidationError as error:
        first = error.errors()[0]
        fail(f"{'.'.join(map(str, first['loc']))} {advise(first, kind)}", Exit.USAGE)


def is_open(state: AlertState | None) -> bool:
    """Whether the judge holds an alert open."""
    return state is not None and state.status == "open"


def _strange(made: Silence, told: list[Notice], settings: Config) -> list[str]:
    """Fields of a matcher that no alert on record and no rule has: most likely misspelled."""
    rules = load_rules(settings.rules).rules
    known = {*PLAIN, *(name for rule in rules for name in (*rule.by, *rule.labels))}
    known.update(name for notice in told for name in fields_of(notice))
    return [
        f"no alert has a field {name!r}" + (f"; did you mean {meant}?" if (meant := near(name, known)) else "")
        for name in made.match
        if name not in known
    ]


def _pairs(match: list[str]) -> dict[str, str]:
    pairs = dict(part.split("=", 1) for part in match if "=" in part)
    wrong = [part for part in match if "=" not in part]
    if wrong:
        fail(f"{wrong[0]!r} is no matcher; write field=value, for example rule=drones-night", Exit.USAGE)
    return pairs


def _hours(length: str) -> float:
    try:
        return parse_duration(length).total_seconds() / 3600
    except ValueError:
        fail(f"--for is {length!r}; write a length such as 30m, 4h or 2d", Exit.USAGE)


def _author(given: str | None) -> str:
    try:
        return given or getpass.getuser()
    except (KeyError, OSError):
        fail("this computer does not know its user; say who does this with --author", Exit.USAGE)
