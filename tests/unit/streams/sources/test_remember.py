"""From one state of a feed to the next."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.feed import Feed, FeedState
from streams.sources import remember
from streams.sources.faults import FetchFailed
from streams.sources.http import Response, Validators
from streams.sources.parse import parse_raw
from streams.sources.raw import RawEntry, RawFeed

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
FEED = Feed(id="river", url="https://river.example/f")
NEW = remember.new_state(FEED)


def answer(status: int = 200, etag: str | None = '"1"', modified: str | None = None, **more: object) -> Response:
    return Response(status=status, url=FEED.url, validators=Validators(etag, modified), **more)  # type: ignore[arg-type]


def fetched(state: FeedState = NEW, *days: int, response: Response | None = None) -> FeedState:
    items = "".join(f"<item><pubDate>{(NOW - timedelta(days=d)).isoformat()}</pubDate></item>" for d in days)
    body = f"<rss><channel>{items}</channel></rss>".encode()
    return remember.after_document(state, response or answer(), parse_raw(body), remember.body_digest(body), 1, NOW)


def test_validators_are_replaced_after_every_200_also_by_nothing() -> None:
    state = fetched()
    assert remember.validators(state, NOW) == Validators('"1"', None)
    state = remember.after_same(state, answer(etag=None, modified="x"), NOW)
    assert remember.validators(state, NOW) == Validators(None, "x")


def test_304_replaces_only_what_it_brings() -> None:
    state = remember.after_same(fetched(), answer(etag='"1"', modified="old"), NOW)
    state = remember.after_unchanged(state, answer(304, etag='"2"'), NOW)
    assert remember.validators(state, NOW) == Validators('"2"', "old")
    assert (state.unchanged, state.outcome, state.reason) == (2, "unchanged", "not-modified")


def test_failures_keep_what_is_held_and_success_clears_them() -> None:
    state = remember.after_failure(fetched(), FetchFailed("timeout", "slow"), NOW)
    state = remember.after_failure(state, FetchFailed("http-404", status=404), NOW)
    assert (state.errors, state.strikes, state.etag, state.outcome) == (2, 1.0, '"1"', "failed")
    assert "look for its new address" in (state.detail or "")
    state = remember.after_unchanged(state, answer(304), NOW)
    assert (state.errors, state.strikes, state.detail) == (0, 0.0, None)


def test_hard_faults_weigh_twice_and_410_disables() -> None:
    assert remember.after_failure(NEW, FetchFailed("html"), NOW).strikes == 1.0
    assert remember.after_failure(NEW, FetchFailed("http-410"), NOW).outcome == "disabled"


def test_a_new_address_in_the_configuration_starts_over() -> None:
    state = fetched()
    assert remember.current(FEED, state) is state
    other = FEED.model_copy(update={"url": "https://river.example/g"})
    assert remember.current(other, state) == remember.new_state(other)
    assert remember.current(FEED, None) == NEW


MOVED = "https://new.example/f"


def sightings(*hours: float, target: str = MOVED) -> FeedState:
    state = fetched()
    for hour in hours:
        state = remember.after_unchanged(state, answer(304, moved=target), NOW + timedelta(hours=hour))
    return state


def test_a_move_is_believed_after_three_sightings_over_a_day() -> None:
    assert sightings(0, 1, 2, 3).url == FEED.url
    assert sightings(0, 30).url == FEED.url
    assert sightings(0, 12, 24).url == MOVED
    assert sightings(0, 12, 24).configured == FEED.url


@pytest.mark.parametrize(
    "target", ["https://wifi.example/login?x", "http://captive.example/", "https://h.example/suspended.xml"]
)
def test_captive_portals_are_never_believed(target: str) -> None:
    assert sightings(0, 12, 24, 48, target=target).url == FEED.url


def test_an_answer_without_the_move_starts_the_count_again() -> None:
    state = sightings(0, 12)
    state = remember.after_unchanged(state, answer(304), NOW + timedelta(hours=13))
    state = remember.after_unchanged(state, answer(304, moved=MOVED), NOW + timedelta(hours=30))
    assert (state.url, state.moved_seen) == (FEED.url, 1)


def test_a_server_that_always_says_304_is_asked_without_validators_once() -> None:
    state = fetched(NEW, 0, 1, 2, 3)
    state = remember.after_unchanged(state, answer(304), NOW)
    assert remember.validators(state, NOW + timedelta(days=9)).etag
    late = NOW + timedelta(days=11)
    assert remember.validators(state, late) == Validators()
    honest = remember.after_same(state, answer(), late)
    honest = remember.after_unchanged(honest, answer(304), late)
    assert remember.validators(honest, late + timedelta(days=11)).etag
    assert remember.validators(honest, late + timedelta(days=21)) == Validators()


def test_a_server_that_asked_for_fewer_requests_is_never_suspected() -> None:
    state = fetched(NEW, 0, 1, 2, 3)
    state = remember.after_failure(state, FetchFailed("http-429"), NOW)
    state = remember.after_unchanged(state, answer(304), NOW)
    assert remember.validators(state, NOW + timedelta(days=300)).etag


def test_times_are_capped_and_newest_never_goes_back() -> None:
    state = fetched(NEW, -30, 1, 2)
    assert state.newest == NOW + timedelta(hours=1)
    assert fetched(state, 5).newest == state.newest
    assert len(fetched(NEW, *range(40)).times) == remember.KEPT_TIMES
    assert fetched(state).times == state.times


def test_a_push_tells_of_the_rate_and_touches_nothing_else() -> None:
    state = remember.after_failure(fetched(NEW, 1, 2), FetchFailed("http-503"), NOW)
    later = NOW + timedelta(hours=1)
    items = f"<item><pubDate>{NOW.isoformat()}</pubDate></item>"
    document = parse_raw(f"<rss><channel>{items}</channel></rss>".encode())
    after = remember.after_push(state, document, later)
    assert after.times == (NOW, *state.times)
    assert (after.newest, after.last_success) == (NOW, later)
    kept = {"times", "newest", "last_success", "unchanged"}
    assert after.model_dump(exclude=kept) == state.model_dump(exclude=kept)


def test_the_rate_is_taken_from_what_was_read_before_as_well() -> None:
    state = fetched(NEW, 1, 2, 3)
    part = RawFeed("rss", entries=[RawEntry(published=NOW)], familiar=["a", "b", "c"])
    after = remember.after_document(state, answer(), part, "digest", 1, NOW)
    assert after.times == (NOW, *state.times)
    assert after.newest == NOW


def test_a_document_that_changed_without_news_counts_as_none() -> None:
    state = remember.after_document(fetched(NEW, 1), answer(), RawFeed("rss", familiar=["a"]), "digest", 0, NOW)
    assert (state.unchanged, state.reason, state.body) == (1, "fetched", "digest")
