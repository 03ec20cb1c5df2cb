"""The states of an alert: how one evaluation moves it, what is to be told, and when to look again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from schemas.alert import NoticeKind
from schemas.rule import Notify, Rule
from workers.judge.cells import AlertState

FALL: Final = 0.25
"""A revision that takes this share off the told value is a correction although the level stands."""

MERGE_SETTLE: Final = timedelta(minutes=1)
"""How long bad news about an alert waits when an incident only made room for the one that takes its claims over."""

URGENT: Final = frozenset({"open", "escalate", "resolve", "withdraw", "close"})
"""Notices that no cooldown holds back."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What one evaluation found in a window."""

    level: int | None
    """The highest level reached, counted from 0."""
    value: float | int | None
    clear: bool
    """Whether an open alert ends with this value."""
    empty: bool = False
    """Whether no evidence is left at all."""
    cause: str = "revised"
    """What brought it about: revised, expired, returned, retracted, left-the-filter."""
    late: bool = False
    """Whether it is too late for a new alert."""
    over: datetime | None = None
    """When the window and its grace are over; None for windows without an end."""
    opens: str = "level-reached"
    """The reason that an opening gives."""
    settle: bool = False
    """Whether what is missing may come back in a moment, under another incident."""


class Told(NamedTuple):
    """A notice to compose: kind, reason, and the value that the last notice named."""

    kind: NoticeKind
    reason: str
    was: float | int | None


@dataclass(frozen=True, slots=True)
class Step:
    """What an evaluation did to an alert: its new state, what is to be told, and when to evaluate again."""

    alert: AlertState
    told: tuple[Told, ...] = ()
    due: datetime | None = None


def is_open(alert: AlertState) -> bool:
    """Whether the alert was opened and has not ended; one that is closed still takes corrections."""
    return alert.status in ("open", "closed")


def advance(alert: AlertState, now_is: Standing, rule: Rule, now: datetime) -> Step:
    """One evaluation: a pure function of what was told, what stands now, and the time."""
    step = _running(alert, now_is, rule, now) if is_open(alert) else _idle(alert, now_is, rule, now)
    if not is_open(step.alert):
        return step
    step = _close(step, now_is, rule, now)
    # An alarm for a moment that has passed would ring for ever.
    ahead = (due for due in _alarms(step.alert, now_is, rule) if due is not None and due > now)
    return replace(step, due=earliest(step.due, *ahead))


def _idle(alert: AlertState, now_is: Standing, rule: Rule, now: datetime) -> Step:
    if now_is.level is None or now_is.late:
        return Step(alert.model_copy(update={"pending_since": None}) if alert.pending_since else alert)
    if rule.hold is not None:
        since = alert.pending_since or now
        if now < since + rule.hold:
            return Step(alert.model_copy(update={"pending_since": since}), due=since + rule.hold)
    opened = alert.model_copy(
        update={
            "status": "open",
            "pending_since": None,
            "opened": now,
            "peak": now_is.level,
            "acked_by": None,
            "acked_at": None,
            "ack_note": None,
        }
    )
    return _tell(Step(opened), "open", now_is.opens, now_is, rule, now)


def _running(alert: AlertState, now_is: Standing, rule: Rule, now: datetime) -> Step:
    if now_is.settle and _declines(alert, now_is):
        return Step(alert, due=now + MERGE_SETTLE)
    if now_is.empty:
        return _end(alert, "withdraw", "withdrawn", now_is, rule, now)
    if now_is.level is None and now_is.clear:
        return _end(alert, "resolve", "resolved", now_is, rule, now)
    kind = _change(alert, now_is, rule)
    if kind is None or not rule.notify.tells(kind):
        return _repeat(Step(alert), now_is, rule, now)
    if kind in URGENT or not _cooling(alert, rule.notify, now):
        return _tell(Step(alert), kind, now_is.cause, now_is, rule, now)
    assert alert.told_at is not None  # an open alert was told
    return Step(alert, due=alert.told_at + rule.notify.cooldown)


def _declines(alert: AlertState, now_is: Standing) -> bool:
    level = -1 if now_is.level is None else now_is.level
    return now_is.empty or level < (alert.level or 0)


def _change(alert: AlertState, now_is: Standing, rule: Rule) -> NoticeKind | None:
    """How the present differs from what was told last; below the lowest level but not clear counts as the lowest."""
    told, level = alert.level or 0, now_is.level or 0
    if level != told:
        return "escalate" if level > told else "correct"
    if now_is.level is None or alert.told is None or now_is.value is None:
        return None
    worse = (now_is.value - alert.told) * (-1 if rule.low else 1)
    step = rule.notify.update_by
    if step is not None and worse > 0 and worse >= step * alert.told:
        return "update"
    return "correct" if now_is.cause == "revised" and worse < 0 and -worse >= FALL * alert.told else None


def _cooling(alert: AlertState, notify: Notify, now: datetime) -> bool:
    return alert.told_at is not None and now < alert.told_at + notify.cooldown


def _repeat(step: Step, now_is: Standing, rule: Rule, now: datetime) -> Step:
    due = _repeat_due(step.alert, rule.notify)
    if due is None or now < due or (now_is.over is not None and now >= now_is.over):
        return step
    return _tell(step, "repeat", "still-open", now_is, rule, now)


def _repeat_due(alert: AlertState, notify: Notify) -> datetime | None:
    silent = alert.status == "closed" or alert.acked_by is not None or not notify.tells("repeat")
    return None if silent or notify.every is None or alert.told_at is None else alert.told_at + notify.every


def _end(alert: AlertState, kind: NoticeKind, status: str, now_is: Standing, rule: Rule, now: datetime) -> Step:
    ended = _tell(Step(alert), kind, now_is.cause, now_is, rule, now)
    return replace(ended, alert=ended.alert.model_copy(update={"status": status, "pending_since": None}))


def _tell(step: Step, kind: NoticeKind, reason: str, now_is: Standing, rule: Rule, now: datetime) -> Step:
    """Count a notice and remember what it says; a kind that is not asked for leaves no trace in what was told.

    An opening is always remembered: everything after it is measured against it.
    """
    alert, asked = step.alert, rule.notify.tells(kind)
    if not asked and kind != "open":
        return step
    changes = kind != "close"
    level = alert.level if now_is.level is None and kind in URGENT else (now_is.level or 0)
    update = {
        "seq": alert.seq + 1 if asked else alert.seq,
        "told_at": now,
        "told": now_is.value if changes else alert.told,
        "level": level if changes else alert.level,
        "peak": max(alert.peak, now_is.level or 0),
    }
    if kind == "escalate":
        update |= {"acked_by": None, "acked_at": None, "ack_note": None}
    told = (*step.told, Told(kind, reason, None if kind == "open" else alert.told)) if asked else step.told
    return Step(alert.model_copy(update=update), told, step.due)


def _close(step: Step, now_is: Standing, rule: Rule, now: datetime) -> Step:
    if step.alert.status == "closed" or now_is.over is None or now < now_is.over:
        return step
    closed = replace(step, alert=step.alert.model_copy(update={"status": "closed"}))
    return _tell(closed, "close", "window-over", now_is, rule, now)


def _alarms(alert: AlertState, now_is: Standing, rule: Rule) -> Iterator[datetime | None]:
    yield _repeat_due(alert, rule.notify)
    yield None if alert.status == "closed" else now_is.over


def earliest(*moments: datetime | None) -> datetime | None:
    """The first of some moments; None when there is none."""
    return min((moment for moment in moments if moment is not None), default=None)
