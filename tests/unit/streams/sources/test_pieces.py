"""Documents cut into their entries, and what is read of one when most of it is familiar."""

import pytest

from streams.sources.finish import identities
from streams.sources.parse import read_fresh, read_marked
from streams.sources.pieces import cut, marks_of
from streams.sources.raw import RawFeed

HEAD = '<rss version="2.0"><channel><title>River</title>'


def rss(*items: str, head: str = HEAD) -> bytes:
    return f"{head}{' '.join(f'<item>{item}</item>' for item in items)}</channel></rss>".encode()


def item(number: int, more: str = "") -> str:
    return f"<guid>{number}</guid><title>t{number}</title>{more}"


def familiar(body: bytes) -> dict[str, str]:
    feed = read_marked(body)
    return {mark: f"id {entry.guid}" for mark, entry in zip(feed.marks, feed.entries, strict=True)}


def fresh(body: bytes, known: dict[str, str], most: int = 10_000) -> RawFeed | None:
    return read_fresh(body, "https://river.example/f", None, known, most)


def test_a_document_is_its_pieces() -> None:
    body = rss(item(1), item(2))
    found = cut(body)
    assert found
    assert found.pieces == [
        b"<item><guid>1</guid><title>t1</title></item>",
        b"<item><guid>2</guid><title>t2</title></item>",
    ]
    assert found.only([0, 1]).replace(b"\n", b"") == body.replace(b"> <", b"><")


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel/></rss>",
        b"<rss><channel><item/></channel></rss>",
        b"<rss><channel><item><title>a</title></item><link/><item><title>b</title></item></channel></rss>",
        b"<rss><channel><item><title><![CDATA[how to write <item> in RSS]]></title></item></channel></rss>",
        b"<rss><channel><item><title>cut</title>",
    ],
)
def test_what_is_no_plain_row_is_not_cut(body: bytes) -> None:
    assert cut(body) is None


def test_the_list_of_rss_1_is_no_entry() -> None:
    body = b"<rdf:RDF><channel><items><li/></items></channel><item about='1'><title>a</title></item></rdf:RDF>"
    found = cut(body)
    assert found
    assert len(found.pieces) == 1


def test_entries_that_share_a_guid_have_no_marks() -> None:
    assert read_marked(rss(item(1), item(1, "<link>http://r.example/</link>"))).marks == []


def test_a_commented_entry_spoils_the_marks() -> None:
    body = rss(item(1)).replace(b"<item>", b"<!-- <item></item> --><item>")
    assert read_marked(body).marks == []


def test_pieces_that_are_not_the_entries_have_no_marks() -> None:
    feed = read_marked(rss(item(1), item(2)))
    assert marks_of(rss(item(1), item(2), item(3)), feed.entries) == []


def test_only_the_new_entry_is_read() -> None:
    known = familiar(rss(item(1), item(2)))
    feed = fresh(rss(item(3), item(1), item(2), head=HEAD + "<ttl>60</ttl>"), known)
    assert feed
    assert [entry.guid for entry in feed.entries] == ["3"]
    assert (feed.familiar, feed.size, feed.title, feed.hints.ttl) == (["id 1", "id 2"], 3, "River", 3600)


def test_nothing_may_be_new() -> None:
    known = familiar(rss(item(1), item(2)))
    feed = fresh(rss(item(2), item(1), head=HEAD + "<lastBuildDate>now</lastBuildDate>"), known)
    assert feed
    assert (feed.entries, sorted(feed.familiar)) == ([], ["id 1", "id 2"])


def test_a_new_entry_with_a_guid_that_is_there_needs_the_whole() -> None:
    first = read_marked(rss(item(1), item(2)))
    known = dict(zip(first.marks, identities(first.entries), strict=True))
    assert fresh(rss(item(1, "<link>http://r.example/</link>"), item(1), item(2)), known) is None


@pytest.mark.parametrize("broken", ["<b>", "<![CDATA[", "<!--", "</channel>"])
def test_a_damaged_new_entry_needs_the_whole(broken: str) -> None:
    known = familiar(rss(item(1), item(2)))
    assert fresh(rss(item(3, broken), item(1), item(2)), known) is None


def test_too_much_that_is_new_is_left_to_a_process() -> None:
    known = familiar(rss(item(1), item(2)))
    assert fresh(rss(item(3), item(1)), known, most=50) is None
