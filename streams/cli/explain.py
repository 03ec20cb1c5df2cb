"""`nightwire explain`: why there is an alert, or why there is none, read from what the rooms left behind."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated

import typer

from schemas.config import Config
from schemas.rule import Rule
from streams.advice import near
from streams.cli.common import Exit, emit, fail, guarded
from streams.cli.look import look_config, open_to_look, present
from streams.cli.options import ConfigOption, DataDirOption, JsonOption, RedisOption, RulesOption
from streams.explain.facts import Facts
from streams.explain.gather import Teller
from streams.explain.nights import latest, rule_night
from streams.explain.words import words
from streams.receivers import all_receivers
from streams.rules import load_rules

UNKNOWN = (
    "no room knows {name!r} here; give the id of an alert, an incident or an article (`nightwire topics tail alerts`), "
    "or of a rule with --night; what a replay has left is found with --mode replay"
)


def explain(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of an alert, an incident, an article or a rule.")],
    night: Annotated[
        str | None,
        typer.Option(help="For a rule: the date of the night's morning; the latest night if none."),
    ] = None,
    mode: Annotated[str, typer.Option(help="Whose state is read: live or replay.")] = "live",
    config: ConfigOption = None,
    data_dir: DataDirOption = None,
    redis_url: RedisOption = None,
    rules: RulesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell why an alert was raised, or what became of an article, an incident, or a rule's night."""
    if mode not in ("live", "replay"):
        fail(f"--mode is {mode!r}; write live or replay", Exit.USAGE)
    day = _day(night)
    with guarded():
        settings = look_config(config, data_dir, redis_url, mode == "replay")
        known = {rule.id: rule for rule in load_rules(rules or settings.rules).rules}
        facts = asyncio.run(_gather(settings, known, name, day))
    if facts is None:
        fail(UNKNOWN.format(name=name))
    if as_json:
        emit({"schema": 1, **facts.model_dump(mode="json")})
    else:
        for line in words(facts):
            print(line)


def _day(night: str | None) -> date | None:
    try:
        return date.fromisoformat(night) if night else None
    except ValueError:
        fail(f"--night is {night!r}; write a date, for example 2026-09-04", Exit.USAGE)


async def _gather(config: Config, rules: dict[str, Rule], name: str, day: date | None) -> Facts | None:
    if day is not None and name not in rules:
        meant = near(name, rules)
        advice = f"did you mean {meant}?" if meant else f"the rules are {', '.join(sorted(rules)) or 'none'}"
        fail(f"there is no rule {name!r}; {advice}", Exit.USAGE)
    async with open_to_look(config) as runtime:
        teller = Teller(runtime, config.mode, rules, all_receivers(config))
        if day is not None:
            return await rule_night(teller, rules[name], day)
        facts = await teller.find(name)
        if facts is None and name in rules:
            return await rule_night(teller, rules[name], latest(rules[name], await present(runtime, config)))
    return facts
