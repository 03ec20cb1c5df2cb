"""When to come again, and why."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from schemas.feed import FeedState
from streams.sources.schedule import (
    HOUR,
    MINUTE,
    Plan,
    Policy,
    Result,
    Wish,
    items_per_day,
    next_check,
    quiet_days,
    usual_gap,
)

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
CALM = Policy(jitter=0.0)


def state(gap: float | None = None, age: float = 0.0, **more: object) -> FeedState:
    """A feed with an item every `gap` seconds, the newest `age` seconds old."""
    times = tuple(NOW - timedelta(seconds=age + gap * n) for n in range(20)) if gap else ()
    return FeedState.model_validate(
        {"feed": "f", "configured": "u", "url": "u", "times": times, "newest": times[0] if times else None, **more}
    )


def plan(of: FeedState, result: Result | None = None, policy: Policy = CALM) -> tuple[float, str]:
    found = next_check(of, result or Result(), NOW, Random(1), policy)
    assert found.when
    return (found.when - NOW).total_seconds(), found.reason


@pytest.mark.parametrize(
    ("of", "seconds", "reason"),
    [
        (state(), 15 * MINUTE, "rate-unknown"),
        (state(60.0), 5 * MINUTE, "own-rate"),
        (state(40 * MINUTE), 20 * MINUTE, "own-rate"),
        (state(30 * HOUR, age=HOUR), 4 * HOUR, "own-rate"),
        (state(40 * MINUTE, unchanged=10), 30 * MINUTE, "own-rate"),
        (state(40 * MINUTE, unchanged=1000), 40 * MINUTE, "own-rate"),
        (state(HOUR, age=8 * 86400), HOUR, "quiet"),
        (state(HOUR, age=15 * 86400), 2 * HOUR, "quiet"),
        (state(HOUR, age=29 * 86400), 4 * HOUR, "quiet"),
        (state(HOUR, age=100 * 86400), 24 * HOUR, "dead"),
    ],
)
def test_the_feed_s_own_rate(of: FeedState, seconds: float, reason: str) -> None:
    assert plan(of) == (seconds, reason)


def test_a_fixed_interval_beats_the_rate_and_all_wishes() -> None:
    assert plan(state(HOUR), Result(interval=600, wishes=(Wish(9000, "ttl"),))) == (600, "fixed")
    assert plan(state(HOUR), Result(interval=1)) == (60, "fixed")


def test_pushes_make_polls_rare_but_never_more_frequent() -> None:
    pushed = Result(pushed=True)
    assert plan(state(60.0), pushed) == (4 * HOUR, "pushed")
    assert plan(state(), pushed) == (4 * HOUR, "pushed")
    assert plan(state(60.0, age=100 * 24 * HOUR), pushed) == (24 * HOUR, "dead")
    assert plan(state(60.0), Result(pushed=True, interval=600)) == (600, "fixed")
    assert plan(state(60.0), Result(pushed=True, failed=True))[1] == "backoff"


def test_wishes_are_followed_up_to_a_cap() -> None:
    assert plan(state(60.0), Result(wishes=(Wish(1800, "max-age"), Wish(600, "ttl")))) == (1800, "max-age")
    assert plan(state(60.0), Result(wishes=(Wish(86400, "max-age"),))) == (HOUR, "max-age")
    assert plan(state(60.0), Result(wishes=(Wish(10, "ttl"),))) == (5 * MINUTE, "own-rate")
    quiet = state(HOUR, age=8 * 86400)
    assert plan(quiet, Result(wishes=(Wish(86400, "max-age"),))) == (4 * HOUR, "max-age")


def test_a_wish_is_never_undercut_by_jitter() -> None:
    for seed in range(50):
        found = next_check(state(60.0), Result(wishes=(Wish(310, "ttl"),)), NOW, Random(seed), Policy())
        assert found.when
        assert (found.when - NOW).total_seconds() >= 310


def test_retry_after_comes_first() -> None:
    failing = state(60.0, errors=1, strikes=0.5)
    assert plan(failing, Result(failed=True, retry_after=7200)) == (7200, "retry-after")
    assert plan(failing, Result(failed=True, retry_after=9e9)) == (24 * HOUR, "retry-after")
    seconds, reason = plan(failing, Result(failed=True, retry_after=60))
    assert seconds >= 5 * MINUTE
    assert reason == "backoff"


def test_backoff_grows_and_ends() -> None:
    longest = 0.0
    for strikes in range(1, 29):
        failing = state(60.0, errors=strikes, strikes=float(strikes))
        found = [next_check(failing, Result(failed=True), NOW, Random(n), CALM) for n in range(30)]
        waits = [(plan.when - NOW).total_seconds() for plan in found if plan.when]
        assert min(waits) >= 5 * MINUTE
        assert max(waits) <= 24 * HOUR
        longest = max(longest, *waits)
    assert longest > 12 * HOUR
    assert plan(state(60.0, strikes=30.0), Result(failed=True)) == (7 * 24 * HOUR, "strikes")


def test_what_is_gone_is_not_asked_again() -> None:
    assert next_check(state(), Result(failed=True, gone=True), NOW, Random(1)) == Plan(None, "gone")


def test_measures() -> None:
    assert usual_gap(()) is None
    assert usual_gap((NOW, NOW - timedelta(hours=1))) is None
    assert usual_gap(tuple(NOW - timedelta(hours=n) for n in (0, 1, 3, 4))) == HOUR
    assert quiet_days(state(), NOW) is None
    assert quiet_days(state(HOUR, age=-HOUR), NOW) == 0
    assert items_per_day((), NOW) is None
    assert items_per_day(tuple(NOW - timedelta(hours=n) for n in range(13)), NOW) == pytest.approx(26)
