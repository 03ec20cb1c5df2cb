"""Reading only what is new of a document comes to the same as reading all of it, whatever changed."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from schemas.feed import Feed, FeedSeen
from streams.sources.entries import Plan, familiar, plan
from streams.sources.faults import NotAFeed
from streams.sources.parse import read_document, read_fresh, read_marked
from streams.sources.tree import Malformed

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
FEED = Feed(id="river", url="https://river.example/f")

WORDS = st.sampled_from(
    [
        "ten",
        "twelve",
        "<![CDATA[<p>x</p>]]>",
        "<![CDATA[</item> <item>]]>",
        "<![CDATA[a ]]",
        "]]>",
        "<!-- ",
        " -->",
        "&",
        "<b>",
    ]
)
ITEM = st.builds(
    "<{0}><guid>{1}</guid><title>{2}</title><description>{3}</description></{0}>".format,
    st.sampled_from(["item", "item", "item", "entry"]),
    st.integers(1, 4),
    WORDS,
    WORDS,
)
DOCUMENT = st.builds(
    lambda items, between, date: f"<rss><channel><title>T</title>{date}{between.join(items)}</channel></rss>".encode(),
    st.lists(ITEM, max_size=5),
    st.sampled_from(["", "\n  ", "<x/>"]),
    st.sampled_from(["", "<lastBuildDate>now</lastBuildDate>"]),
)


def judged(body: bytes, seen: FeedSeen | None, sparing: bool) -> Plan | None:
    try:
        part = read_fresh(body, None, None, familiar(seen), 100_000) if sparing else None
        document = part or (read_marked(body) if sparing else read_document(body))
    except (NotAFeed, Malformed):
        return None
    return plan(document, seen, FEED, NOW, "live")


@given(st.lists(DOCUMENT, min_size=2, max_size=5))
def test_sparing_is_exact(documents: list[bytes]) -> None:
    plain, spared = None, None
    for body in documents:
        whole, part = judged(body, plain, False), judged(body, spared, True)
        assert (whole is None) == (part is None)
        if whole and part:
            assert part.articles == whole.articles
            assert (part.passed, part.dropped) == (whole.passed, whole.dropped)
            plain, spared = FeedSeen(feed="river", entries=whole.seen), FeedSeen(feed="river", entries=part.seen)
