"""Gathers what rules made of a source of items: where each was counted, how that window was judged, what was held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schemas.rule import Rule
from streams.explain.facts import Judged
from streams.explain.records import load_all
from streams.runtimes.base import Runtime
from workers.deliver.silence import held_cell
from workers.deliver.silence_cells import Held
from workers.judge.cells import AlertState, SourceState, WindowState
from workers.judge.seats import ROLLING, Seat, alert_cell

Rules = Mapping[str, Rule]


async def judged_of(runtime: Runtime, state: SourceState | None, rules: Rules) -> tuple[Judged, ...]:
    """Every window in which items of a source are counted."""
    homes = state.homes if state else {}
    return await judge_all(runtime, {Seat.parse(key): items for key, items in homes.items()}, rules)


async def judge_all(runtime: Runtime, seats: Mapping[Seat, tuple[str, ...]], rules: Rules) -> tuple[Judged, ...]:
    """The last evaluation of each seat, its alert, and what a silence holds of it."""
    windows = await load_all(runtime, (seat.cell for seat in seats), WindowState)
    names = {seat: _alert_id(seat, windows.get(seat.cell)) for seat in seats}
    known = [name for name in names.values() if name]
    alerts = await load_all(runtime, map(alert_cell, known), AlertState)
    held = await load_all(runtime, map(held_cell, known), Held)
    return tuple(
        _judged(seat, items, windows.get(seat.cell), rules).model_copy(
            update={"alert": alerts.get(alert_cell(name)), "held": held.get(held_cell(name)), "alert_id": name}
            if (name := names[seat])
            else {}
        )
        for seat, items in seats.items()
    )


def _alert_id(seat: Seat, window: WindowState | None) -> str | None:
    if window is not None and window.judgement is not None and window.judgement.alert:
        return window.judgement.alert
    return None if seat.window == ROLLING else seat.alert_id(seat.window)


def _judged(seat: Seat, items: tuple[str, ...], window: WindowState | None, rules: Rules) -> Judged:
    return Judged(
        rule=seat.rule,
        group=named_group(seat, rules),
        window=None if seat.window == ROLLING else seat.window,
        items=items or (tuple(window.members) if window else ()),
        judgement=window.judgement if window else None,
    )


def named_group(seat: Seat, rules: Rules) -> dict[str, str | None]:
    """The values of a group under the names that the rule gives them; numbered when the rule is another one now."""
    rule = rules.get(seat.rule)
    fits = rule is not None and len(rule.by) == len(seat.group)
    names: Iterable[str] = rule.by if rule is not None and fits else map(str, range(1, len(seat.group) + 1))
    return dict(zip(names, seat.group, strict=True))
