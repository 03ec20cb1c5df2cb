"""When to check a feed again, and why: a pure function of what is remembered and of what the check came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import median
from typing import Final, NamedTuple

from schemas.feed import FeedState

MINUTE: Final = 60.0
HOUR: Final = 3600.0
DAY: Final = 86400.0


@dataclass(frozen=True, slots=True)
class Policy:
    """The bounds of the schedule, in seconds."""

    floor: float = 5 * MINUTE
    usual: float = 15 * MINUTE
    """For a feed whose rate is not known yet."""
    ceiling: float = 4 * HOUR
    dead: float = 24 * HOUR
    """For a feed without an item in `dead_after`."""
    dead_after: float = 90 * DAY
    hint_cap: float = HOUR
    """How far a server's wish is followed for a feed that is not quiet: some ask for days on fast feeds."""
    wait_cap: float = 24 * HOUR
    """How far `Retry-After` and the backoff reach."""
    jitter: float = 0.1
    strikes: int = 30
    """Failures in a row after which a feed is asked once a week only."""
    weekly: float = 7 * DAY
    fixed_floor: float = MINUTE
    """The shortest interval that a configuration may ask for."""


class Wish(NamedTuple):
    """A wish of the server or of the document not to be asked for some seconds, and its name."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a check came to, as far as the schedule cares."""

    failed: bool = False
    gone: bool = False
    """410: never again."""
    retry_after: float | None = None
    wishes: tuple[Wish, ...] = ()
    interval: float | None = None
    """The feed's fixed interval by configuration."""
    pushed: bool = False
    """Whether a hub sends what is new, and no poll has found since that it had left something out."""


class Plan(NamedTuple):
    """The next check and why it is then; `when` is None for a feed that is not asked again."""

    when: datetime | None
    reason: str


REASONS: Final[dict[str, str]] = {
    "own-rate": "asked at half its usual distance between items",
    "pushed": "asked seldom, since its hub sends what is new",
    "rate-unknown": "asked at the usual distance, until its own rate is known",
    "quiet": "asked less, since it has had nothing new for a week or more",
    "dead": "asked once a day, since it has had nothing new for months",
    "fixed": "asked at the interval of the configuration",
    "max-age": "the server says that its answer stays fresh until then",
    "ttl": "the document asks to be left alone until then",
    "retry-after": "the server asked to wait until then",
    "backoff": "asked less after each failure",
    "strikes": "asked once a week, since it has failed too often",
    "gone": "not asked again: the server says that it is gone for good",
    "new": "not asked yet",
}
"""Every reason for the time of a next check, in words."""

QUIET: Final = ((28.0, 1.0), (14.0, 0.5), (7.0, 0.25))
"""Days without an item, and the part of the ceiling that the interval then is (CommaFeed's rule)."""


def next_check(state: FeedState, result: Result, now: datetime, rng: Random, policy: Policy | None = None) -> Plan:
    """The next check of a feed whose state already holds this check's result."""
    rules = policy or Policy()
    if result.gone:
        return Plan(None, "gone")
    if result.failed:
        return _after_failure(state, result, now, rng, rules)
    seconds, reason = _interval(state, result, now, rules)
    if result.pushed and result.interval is None and seconds < rules.ceiling:
        seconds, reason = rules.ceiling, "pushed"
    earliest = Wish(0.0, "")
    if result.interval is None:
        earliest = _wish(state, result, now, rules)
    if earliest.seconds > seconds:
        return _at(now, earliest.seconds * (1 + rng.random() * rules.jitter), earliest.reason)
    spread = 1 + rng.uniform(-rules.jitter, rules.jitter)
    return _at(now, max(seconds * spread, earliest.seconds), reason)


def _at(now: datetime, seconds: float, reason: str) -> Plan:
    return Plan(now + timedelta(seconds=seconds), reason)


def _after_failure(state: FeedState, result: Result, now: datetime, rng: Random, rules: Policy) -> Plan:
    """Exponential backoff with full jitter above the usual interval; a server's wish to wait comes first."""
    usual, _ = _interval(state, result, now, rules)
    asked = min(result.retry_after or 0.0, rules.wait_cap)
    if asked > usual:
        return _at(now, asked * (1 + rng.random() * rules.jitter), "retry-after")
    if state.strikes >= rules.strikes:
        return _at(now, rules.weekly * (1 - rng.random() * rules.jitter), "strikes")
    longest = max(min(usual * 2 ** min(state.strikes, 30.0), rules.wait_cap), usual)
    return _at(now, rng.uniform(max(usual, asked), max(longest, asked)), "backoff")


def _interval(state: FeedState, result: Result, now: datetime, rules: Policy) -> Wish:
    """The feed's own rhythm: half its usual gap, longer when it has gone quiet."""
    if result.interval is not None:
        return Wish(max(result.interval, rules.fixed_floor), "fixed")
    quiet = quiet_days(state, now)
    if quiet is None:
        return Wish(rules.usual, "rate-unknown")
    if quiet * DAY >= rules.dead_after:
        return Wish(rules.dead, "dead")
    for days, part in QUIET:
        if quiet >= days:
            return Wish(rules.ceiling * part, "quiet")
    gap = usual_gap(state.times)
    if gap is None:
        return Wish(rules.usual, "rate-unknown")
    slower = min(1 + 0.05 * state.unchanged, 2.0)
    return Wish(min(max(gap / 2 * slower, rules.floor), rules.ceiling), "own-rate")


def _wish(state: FeedState, result: Result, now: datetime, rules: Policy) -> Wish:
    quiet = quiet_days(state, now)
    cap = rules.ceiling if quiet is not None and quiet >= QUIET[-1][0] else rules.hint_cap
    longest = max(result.wishes, key=lambda wish: wish.seconds, default=Wish(0.0, ""))
    return Wish(min(longest.seconds, cap), longest.reason)


def quiet_days(state: FeedState, now: datetime) -> float | None:
    """Days since the newest item, or None where no item has a date."""
    return max((now - state.newest).total_seconds() / DAY, 0.0) if state.newest else None


def usual_gap(times: Sequence[datetime]) -> float | None:
    """The median distance in seconds between neighbouring items, newest first; None for fewer than three."""
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(times)]
    return median(gaps) if len(gaps) > 1 else None


def items_per_day(times: Sequence[datetime], now: datetime) -> float | None:
    """How many items a day the newest ones make, counted until now; None where there are none."""
    if not times:
        return None
    return len(times) / max((now - times[-1]).total_seconds() / DAY, 1 / 24)
