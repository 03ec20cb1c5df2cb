"""Gathers the facts about one rule and one of its windows: what was seen, what counted, and whether feeds worked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from schemas.feed import FeedHealth
from schemas.incident import Incident
from schemas.rule import Rule
from schemas.topic import Topic
from streams.explain.facts import Checks, Judged, RuleFacts, Seen
from streams.explain.gather import Teller
from streams.explain.judged import judge_all
from streams.explain.records import incidents, load, load_all, written
from workers.judge.cells import Book, Coverage, RuleState, SourceDetail, SourceState, WindowState
from workers.judge.inputs import WORKING
from workers.judge.items import Item
from workers.judge.seats import ROLLING, Seat, book_cell, coverage_cell, detail_cell, group_of, source_cell
from workers.judge.windows import DAY, Bounds, grid_of


async def rule_night(teller: Teller, rule: Rule, day: date) -> RuleFacts:
    """What a rule saw in its window of a date; a night is named by its morning."""
    bounds = _bounds(rule, day)
    seats = await _seats(teller, rule, bounds.key if grid_of(rule.window) else ROLLING)
    book = await load(teller.runtime, book_cell(teller.mode), Book)
    known = book.rules.get(rule.id) if book else None
    return RuleFacts(
        rule=rule.id,
        title=rule.title,
        window=bounds.key,
        start=bounds.start,
        end=bounds.end,
        limits=tuple(f"{level.severity} at {level.at}" for level in rule.levels or ()),
        enabled=rule.enabled,
        since=known.since if known and known.shape == rule.shape else None,
        groups=await _groups(teller, seats),
        items=await _items(teller, seats),
        seen=await _seen(teller, rule, day, bounds) if rule.source == "incidents" else (),
        checks=await _checks(teller, bounds),
        mode=teller.mode,
    )


def latest(rule: Rule, now: datetime) -> date:
    """The date of the window that stands at a time, or of the last one that has begun; a night's is its morning's."""
    grid, zone = grid_of(rule.window), ZoneInfo((rule.window and rule.window.tz) or "UTC")
    if rule.window is None or rule.window.night is None or grid is None:
        return now.astimezone(zone).date()
    begun = max(bounds.key for bounds in grid.around(now) if bounds.start <= now)
    return date.fromisoformat(begun.partition("/")[2])


def _bounds(rule: Rule, day: date) -> Bounds:
    """The window of a date; of rules with moving windows the local day."""
    grid, zone = grid_of(rule.window), ZoneInfo((rule.window and rule.window.tz) or "UTC")
    if rule.window is not None and rule.window.night is not None and grid is not None:
        return grid.bounds(day.isoformat())
    noon = datetime.combine(day, time(12), zone)
    found = grid.of(noon, noon) if grid else None
    midnight = datetime.combine(day, time(), zone)
    return found or Bounds(f"day/{day.isoformat()}", midnight, datetime.combine(day, time.max, zone))


async def _seats(teller: Teller, rule: Rule, window: str) -> list[Seat]:
    empty = Seat(rule.id, rule.shape, teller.mode, (), window)
    state = await load(teller.runtime, empty.rule_cell, RuleState)
    groups = state.groups if state else {}
    return [empty._replace(group=group_of(text)) for text in sorted(groups)]


async def _groups(teller: Teller, seats: Sequence[Seat]) -> tuple[Judged, ...]:
    judged = await judge_all(teller.runtime, dict.fromkeys(seats, ()), teller.rules)
    return tuple(each for each in judged if each.judgement is not None)


async def _items(teller: Teller, seats: Sequence[Seat]) -> tuple[Item, ...]:
    windows = await load_all(teller.runtime, (seat.cell for seat in seats), WindowState)
    members = {name: member.source for window in windows.values() for name, member in window.members.items()}
    details = await load_all(teller.runtime, map(detail_cell, members.values()), SourceDetail)
    found = {item.id: item for detail in details.values() for item in detail.items}
    return tuple(found[name] for name in sorted(members) if name in found)


async def _seen(teller: Teller, rule: Rule, day: date, bounds: Bounds) -> tuple[Seen, ...]:
    newest: dict[str, Incident] = {}
    async for each in incidents(teller.runtime, *_texts(day, bounds)):
        if _within(each, day, bounds):
            newest[each.id] = each
    cells = {name: source_cell("incidents", teller.mode, name) for name in newest}
    states = await load_all(teller.runtime, cells.values(), SourceState)
    details = await load_all(teller.runtime, (detail_cell(cell.key) for cell in cells.values()), SourceDetail)
    return tuple(
        _seen_of(rule, newest[name], states.get(cell), details.get(detail_cell(cell.key)))
        for name, cell in cells.items()
    )


def _texts(day: date, bounds: Bounds) -> list[str]:
    """What the document of an incident of this window holds: its night, or its start, which stands behind the night."""
    no_night = written("night_of", None)
    starts = [written("start", None), *_days("start", bounds)]
    return [written("night_of", day), *(f"{no_night},{start}" for start in starts)]


def _days(name: str, bounds: Bounds) -> list[str]:
    """A field of a document on the days of a window and beside it: it may begin before, or be told in another zone."""
    first, last = bounds.start.astimezone(UTC).date() - DAY, bounds.end.astimezone(UTC).date() + DAY
    return [written(name, first + DAY * step) for step in range((last - first).days + 1)]


def _within(incident: Incident, day: date, bounds: Bounds) -> bool:
    if incident.night_of is not None:
        return incident.night_of == day
    start, end = incident.start or incident.first_seen, incident.end or incident.start or incident.first_seen
    return start < bounds.end and end >= bounds.start


def _seen_of(rule: Rule, incident: Incident, state: SourceState | None, detail: SourceDetail | None) -> Seen:
    if state is None:
        return Seen(incident=incident, read=False)
    counted = [item for key, items in state.homes.items() if Seat.parse(key).rule == rule.id for item in items]
    verdicts = tuple(verdict for verdict in (detail.verdicts if detail else ()) if verdict.rule == rule.id)
    return Seen(incident=incident, verdicts=verdicts, counted=tuple(counted))


async def _checks(teller: Teller, bounds: Bounds) -> Checks:
    working = failed = 0
    feeds: dict[str, str] = {}
    async for record in teller.runtime.mentioning(Topic.HEALTH, *_days("at", bounds)):
        health = record.model
        if isinstance(health, FeedHealth) and bounds.start <= health.at < bounds.end:
            works = health.outcome in WORKING
            working, failed = working + works, failed + (not works)
            if not works:
                feeds[health.feed] = health.reason
    coverage = await load(teller.runtime, coverage_cell(teller.mode), Coverage)
    outages = coverage.outages if coverage else ()
    overlapping = tuple(each for each in outages if each.start < bounds.end and each.end > bounds.start)
    return Checks(working=working, failed=failed, feeds_failed=feeds, outages=overlapping)
