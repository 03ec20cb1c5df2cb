"""What is remembered of a feed after a check: pure functions from one state to the next."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from schemas.base import Model
from schemas.feed import Feed, FeedState
from streams.sources.entries import MAX_AHEAD
from streams.sources.faults import FeedFault, remedy
from streams.sources.http import Response, Validators
from streams.sources.raw import RawFeed
from streams.sources.schedule import Wish, usual_gap

KEPT_TIMES: Final = 20
"""Publication times that the feed's rate is taken from."""
HARD: Final = frozenset(
    ("http-401", "http-403", "http-410", "html", "not-a-feed", "not-xml", "bad-url", "refused-address", "bomb", "tls")
)
"""Faults that do not pass by themselves: they weigh one strike, the others half of one."""
THROTTLES: Final = frozenset(("http-429", "http-503"))
MOVE_SIGHTINGS: Final = 3
MOVE_AFTER: Final = timedelta(hours=24)
"""A move is believed after this many sightings over this time; a captive portal does not last as long."""
_CAPTIVE: Final = ("login", "signin", "sign-in", "captive", "portal", "consent", "suspended", "blocked")
SUSPECT_AFTER: Final = timedelta(days=7)
SUSPECT_GAPS: Final = 10
"""A server that says 304 for ten times the feed's usual gap, and for a week at least, may be lying."""


def new_state(feed: Feed) -> FeedState:
    """The state of a feed that was never checked."""
    return FeedState(feed=feed.id, configured=feed.url, url=feed.url)


def current(feed: Feed, held: Model | None) -> FeedState:
    """What the feed's cell holds, as far as it can be read and belongs to the configured address."""
    return held if isinstance(held, FeedState) and held.configured == feed.url else new_state(feed)


def validators(state: FeedState, now: datetime) -> Validators:
    """What to ask with: all that is held, unless the server is under suspicion of always saying 304."""
    if not state.throttled and _suspect(state, now):
        return Validators()
    return Validators(state.etag, state.last_modified)


def _suspect(state: FeedState, now: datetime) -> bool:
    if state.last_full is None or not state.unchanged or now - state.last_full <= SUSPECT_AFTER:
        return False
    gap = usual_gap(state.times)
    if gap is None:
        return False
    patience = max(SUSPECT_AFTER, timedelta(seconds=SUSPECT_GAPS * gap)) * 2**state.trusted
    return bool(now - state.last_full > patience)


def after_unchanged(state: FeedState, response: Response, now: datetime) -> FeedState:
    """The state after 304: validators that came along replace the old ones."""
    given = response.validators
    kept = {"etag": given.etag or state.etag, "last_modified": given.last_modified or state.last_modified}
    return _well(state, response, now, "not-modified", {**kept, "unchanged": state.unchanged + 1})


def after_same(state: FeedState, response: Response, now: datetime) -> FeedState:
    """The state after 200 with the body of last time: validators are replaced all the same."""
    honest = state.trusted + 1 if _suspect(state, now) else state.trusted
    change = {**_replaced(response), "unchanged": state.unchanged + 1, "last_full": now, "trusted": honest}
    return _well(state, response, now, "same-content", change)


def after_document(
    state: FeedState, response: Response, document: RawFeed, body: str | None, new: int, now: datetime
) -> FeedState:
    """The state after a document that was read; `body` is its digest, `new` the number of its articles."""
    times = _times(document, now)
    if document.familiar:
        times = _newest({*times, *state.times})
    times = times or state.times
    change = {
        **_replaced(response),
        "body": body,
        "unchanged": 0 if new else state.unchanged + 1,
        "last_full": now,
        "trusted": 0,
        "times": times,
        "newest": _latest(times, state),
        "ttl": max(filter(None, (document.hints.ttl, document.hints.period)), default=None),
    }
    return _well(state, response, now, "fetched", change)


def after_push(state: FeedState, document: RawFeed, now: datetime) -> FeedState:
    """The state after a document that a hub sent: what it says of the feed's rate; all else belongs to the polls."""
    times = _newest({*_times(document, now), *state.times})
    change = {"last_success": now, "unchanged": 0, "times": times, "newest": _latest(times, state)}
    return state.model_copy(update=change)


def after_failure(state: FeedState, fault: FeedFault, now: datetime) -> FeedState:
    """The state after a fault; what was held before it is kept."""
    gone = fault.reason == "http-410"
    return state.model_copy(
        update={
            "last_check": now,
            "errors": state.errors + 1,
            "strikes": state.strikes + (1.0 if fault.reason in HARD else 0.5),
            "throttled": state.throttled or fault.reason in THROTTLES,
            "outcome": "disabled" if gone else "failed",
            "reason": fault.reason,
            "detail": f"{fault.detail}; {remedy(fault.reason)}" if fault.detail else remedy(fault.reason),
        }
    )


def _well(state: FeedState, response: Response, now: datetime, reason: str, change: dict[str, object]) -> FeedState:
    return state.model_copy(
        update={
            "last_check": now,
            "last_success": now,
            "errors": 0,
            "strikes": 0.0,
            "outcome": "ok" if reason == "fetched" else "unchanged",
            "reason": reason,
            "detail": None,
            **change,
            **_moved(state, response, now),
        }
    )


def _replaced(response: Response) -> dict[str, object]:
    return {"etag": response.validators.etag, "last_modified": response.validators.last_modified}


def _moved(state: FeedState, response: Response, now: datetime) -> dict[str, object]:
    """Count the sightings of a permanent move, and believe it when there are enough."""
    target = response.moved
    if target is None or any(word in target.lower() for word in _CAPTIVE):
        return {"moved": None, "moved_seen": 0, "moved_since": None}
    if target != state.moved:
        return {"moved": target, "moved_seen": 1, "moved_since": now}
    seen, since = state.moved_seen + 1, state.moved_since or now
    if seen >= MOVE_SIGHTINGS and now - since >= MOVE_AFTER:
        return {"url": target, "moved": None, "moved_seen": 0, "moved_since": None}
    return {"moved_seen": seen}


def _times(document: RawFeed, now: datetime) -> tuple[datetime, ...]:
    latest = now + MAX_AHEAD
    return _newest({min(moment, latest) for e in document.entries if (moment := e.published or e.updated)})


def _newest(times: set[datetime]) -> tuple[datetime, ...]:
    return tuple(sorted(times, reverse=True)[:KEPT_TIMES])


def _latest(times: tuple[datetime, ...], state: FeedState) -> datetime | None:
    return max(filter(None, (*times[:1], state.newest)), default=None)


def body_digest(body: bytes) -> str:
    """A digest of a whole document as it came."""
    return blake2b(body, digest_size=16).hexdigest()


def wishes(state: FeedState, response: Response) -> tuple[Wish, ...]:
    """How long server and document wish to be left alone."""
    wanted = (Wish(response.fresh_for or 0.0, "max-age"), Wish(state.ttl or 0.0, "ttl"))
    return tuple(wish for wish in wanted if wish.seconds > 0)
