"""Laws of a subscription, whatever order hub, polls and pushes come in."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.feed import Feed, FeedPush
from streams.sources.websub import subscription
from streams.sources.websub.discovery import Offer

START = datetime(2024, 5, 6, tzinfo=UTC)
FEED = Feed(id="river", url="https://river.example/feed")
HUBS = ("https://hub.example/", "https://other.example/", "https://third.example/")
OFFERS = [None, *(Offer(hubs, FEED.url) for hubs in ((HUBS[0],), (HUBS[1],), HUBS, HUBS[1:], HUBS[::-1]))]

steps = st.one_of(
    st.tuples(st.just("discovered"), st.sampled_from(OFFERS)),
    st.tuples(st.just("asked"), st.text("abc", min_size=1, max_size=3)),
    st.tuples(st.just("refused"), st.tuples(st.sampled_from(["http-500", "http-403"]), st.none() | st.floats(0, 1e9))),
    st.tuples(st.just("verified"), st.none() | st.floats(1, 999_999_999)),
    st.tuples(st.sampled_from(["denied", "arrived", "missed", "noted"]), st.none()),
)
walks = st.lists(st.tuples(steps, st.floats(0.001, 40).map(lambda days: timedelta(days=days))), max_size=12)


def move(push: FeedPush, name: str, value: object, now: datetime) -> FeedPush:
    match name:
        case "discovered":
            return subscription.discovered(push, value, now)  # type: ignore[arg-type]
        case "asked":
            return (
                subscription.asked(push, str(value), f"secret {value}", now) if subscription.is_due(push, now) else push
            )
        case "refused":
            return subscription.refused(push, value[0], "", value[1], now) if push.pending else push  # type: ignore[index]
        case "verified":
            return subscription.verified(push, value, now) if push.pending else push  # type: ignore[arg-type]
        case "denied":
            return subscription.denied(push, "", now) if push.token else push
        case "arrived":
            return subscription.arrived(push, now) if push.token else push
        case "missed":
            return subscription.missed(push, now)
        case _:
            return subscription.noted(push, "html", "")


@given(walks)
def test_a_hub_is_always_asked_again_within_the_lease_or_a_week(
    walk: list[tuple[tuple[str, object], timedelta]],
) -> None:
    push, now = subscription.current(FEED, None), START
    for (name, value), later in walk:
        now += later
        before, push = push, move(push, name, value, now)
        assert (push.hub is None) == (push.due is None)
        if push.due and push != before and name not in ("arrived", "missed", "noted"):
            assert push.due <= max(now, before.due or now) + subscription.LEASE_MOST
        if push.lease_ends:
            assert push.lease_ends <= now + subscription.LEASE_MOST
        if name == "verified" and push != before and push.lease_ends and push.lease_ends - now > timedelta(minutes=2):
            assert push.due
            assert now < push.due < push.lease_ends
        if push.hub == before.hub and before.token:
            assert (push.token, push.secret) == (before.token, before.secret)
        if push.hub != before.hub:
            assert (push.token, push.secret, push.lease_ends, push.pending) == (None, None, None, False)
        assert set(push.refusals) <= set(push.hubs)
        assert push.hub in push.hubs or push.hub is None


@given(walks)
def test_polls_are_rare_only_after_a_push_in_a_lease(walk: list[tuple[tuple[str, object], timedelta]]) -> None:
    push, now = subscription.current(FEED, None), START
    last = None
    for (name, value), later in walk:
        now += later
        before, push = push, move(push, name, value, now)
        if push != before and name in ("arrived", "missed", "denied"):
            last = name
        if subscription.is_relied_on(push, now):
            assert last == "arrived"
            assert push.lease_ends
            assert push.lease_ends > now
