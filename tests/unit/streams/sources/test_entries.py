"""What of a document is news."""

from datetime import UTC, datetime, timedelta

from schemas.feed import Feed, FeedSeen
from streams.sources.entries import REMEMBERED, Plan, plan
from streams.sources.parse import parse_raw
from workers.reasons import Reason

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
FEED = Feed(id="river", url="https://river.example/f", source="River", owner="Bank", lang="en-GB")


def document(*items: str) -> bytes:
    return f"<rss><channel><title>T</title>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>".encode()


def look(body: bytes, seen: Plan | None = None, **options: int) -> Plan:
    known = FeedSeen(feed="river", entries=seen.seen) if seen else None
    return plan(parse_raw(body), known, FEED, NOW, "live", **options)


def test_everything_is_new_once() -> None:
    body = document("<guid>1</guid><title>a</title>", "<guid>2</guid><title>b</title>")
    first = look(body)
    assert [article.title for article in first.articles] == ["b", "a"]
    assert dict(first.passed) == {Reason.PASSED: 2}
    again = look(body, first)
    assert again.articles == []
    assert dict(again.dropped) == {Reason.ALREADY_SEEN: 2}


def test_the_article_carries_feed_and_mode() -> None:
    article = look(
        document("<guid>1</guid><title>a</title><link>https://river.example/1</link><author>Eve</author>")
    ).articles[0]
    assert (article.feed, article.source, article.owner, article.lang) == ("river", "River", "Bank", "en")
    assert (article.url, article.authors, article.fetched, article.mode) == (
        "https://river.example/1",
        ("Eve",),
        NOW,
        "live",
    )


def test_changed_words_are_an_update_of_the_same_article() -> None:
    first = look(document("<guid>1</guid><title>ten</title>"))
    second = look(document("<guid>1</guid><title>twelve</title>"), first)
    assert dict(second.passed) == {Reason.UPDATE: 1}
    assert second.articles[0].id == first.articles[0].id
    assert second.articles[0].revision != first.articles[0].revision


def test_changed_markup_is_no_update() -> None:
    first = look(document("<guid>1</guid><description>&lt;p&gt;x&lt;/p&gt;</description>"))
    second = look(document("<guid>1</guid><description>&lt;div&gt;x&lt;/div&gt;</description>"), first)
    assert dict(second.dropped) == {Reason.ALREADY_SEEN: 1}
    assert second.seen != first.seen


def test_doubles_and_empty_entries_are_counted() -> None:
    found = look(document("<guid>1</guid><title>a</title>", "<guid>1</guid><title>a</title>", "<guid>2</guid>"))
    assert dict(found.dropped) == {Reason.SAME_GUID: 1, Reason.EMPTY: 1}
    assert found.entries == 3


def test_the_future_is_capped() -> None:
    late = (NOW + timedelta(days=9)).isoformat()
    soon = (NOW + timedelta(minutes=5)).isoformat()
    found = look(
        document(
            f"<title>a</title><pubDate>{late}</pubDate>",
            f"<title>b</title><pubDate>{soon}</pubDate>",
            "<title>c</title>",
        )
    )
    by_title = {article.title: article.published for article in found.articles}
    assert by_title == {"a": NOW + timedelta(hours=1), "b": NOW + timedelta(minutes=5), "c": None}


def test_articles_come_in_the_order_of_time() -> None:
    times = ["2024-01-03", "2024-01-01", "2024-01-02"]
    found = look(document(*(f"<title>{day}</title><pubDate>{day}T00:00:00Z</pubDate>" for day in times)))
    assert [article.title for article in found.articles] == sorted(times)


def test_rounds_of_a_long_document_add_up() -> None:
    body = document(*(f"<guid>{n}</guid><title>t{n}</title>" for n in range(250)), "<guid>3</guid><title>t3</title>")
    seen, start, articles, entries = None, 0, [], 0
    while True:
        part = look(body, seen, limit=100, start=start)
        articles += [article.title for article in part.articles]
        entries += part.entries
        seen = part
        if part.rest is None:
            break
        start = part.rest
    assert len(articles) == len(set(articles)) == 250
    assert entries == 251
    assert look(body, seen).articles == []


def test_what_left_the_document_is_remembered_for_a_while() -> None:
    first = look(document("<guid>old</guid><title>old</title>"))
    second = look(document("<guid>new</guid><title>new</title>"), first)
    assert look(document("<guid>old</guid><title>old</title>"), second).articles == []
    crowd = Plan(seen={f"id{n}": "x" * 32 for n in range(2 * REMEMBERED)})
    assert len(look(document("<guid>new</guid><title>new</title>"), crowd).seen) == REMEMBERED + 1
