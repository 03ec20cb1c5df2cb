"""What the page says of notices, events and feeds: shapes, words and the table of feeds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from schemas.alert import Notice
from schemas.config import mask_url
from schemas.event import Event
from schemas.feed import Feed, FeedHealth
from streams.sources.schedule import REASONS
from streams.web import text
from streams.web.board import Board
from workers.extract.countries import country_name
from workers.wording import figure, number, plural

OUTCOMES: Final = {"failed": "✕", "disabled": "–", "unchecked": "○", "ok": "●", "unchanged": "●"}
"""Shapes of feed outcomes, in the order of the table."""

KINDS: Final = {
    "open": "OPENED", "escalate": "ESCALATED", "update": "UPDATED", "correct": "CORRECTED",
    "repeat": "REPEATED", "resolve": "RESOLVED", "withdraw": "WITHDRAWN", "close": "CLOSED",
}  # fmt: skip


LENGTHS: Final = (
    (0.5, "30 minutes"), (1, "1 hour"), (2, "2 hours"), (4, "4 hours"), (8, "8 hours"), (12, "12 hours"),
    (24, "1 day"), (72, "3 days"), (168, "1 week"),
)  # fmt: skip
"""Hours that the form offers for a silence, in words."""


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
    why: str = ""
    """Why the next check is then, in words."""
    subscribed: datetime | None = None
    """Until when a hub sends what is new."""
    pushed: datetime | None = None
    """When it sent something last."""


class Feeds(NamedTuple):
    """The feed table with its summary."""

    sentence: str
    rows: list[FeedRow]


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


def matches(notice: Notice) -> str:
    """What a silence may be about, from this alert alone to all of its rule, as JSON: pairs of words and matchers."""
    group = {name: value for name, value in notice.group.items() if value}
    choices = [("this alert alone", {"alert": notice.alert})]
    if group:
        choices.append((f"every {notice.rule} of {group_words(notice)}", {"rule": notice.rule, **group}))
    choices.append((f"everything of the rule {notice.rule}", {"rule": notice.rule}))
    return json.dumps(choices)


def matcher_words(match: Mapping[str, str]) -> str:
    """What a silence is about: `rule=drones-night target_country=UA`."""
    return text.harmless(" ".join(f"{name}={value}" for name, value in match.items()), 300)


def _sides(attacker: str | None, target: str | None) -> str:
    """Who acts on whom, by the names of the countries; nothing where neither is known."""
    names = [country_name(side) if side else "unknown" for side in (attacker, target)]
    return " on ".join(names) if attacker or target else ""


def claim_words(event: Event) -> str:
    """An event in words: `at least 20 drones intercepted · Ukraine on Russia · Moscow region · night of 2024-09-10`."""
    noun = plural(event.object) if event.object and event.value != 1 else (event.object or "").replace("_", " ")
    what = f"{noun} {(event.measure or '').replace('_', ' ')}".strip()
    amount = figure(event.value, event.qualifier) if event.value is not None else ""
    if event.high is not None and event.value is not None:
        amount = f"{amount} to {number(event.high)}"
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
        return FeedRow(title, mask_url(feed.url) if feed else "", outcome, None, None, None, 0, "", "live")
    remark = " – ".join(part for part in (health.reason, health.detail) if part)
    times = (health.at, health.newest, health.next_check)
    why = REASONS.get(health.next_reason or "", "")
    return FeedRow(
        title, health.url, health.outcome, *times, health.new, remark, health.mode, why,
        health.subscribed_until, health.last_push,
    )  # fmt: skip
