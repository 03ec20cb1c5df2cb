"""The killable process: answers, faults, deadlines, and a fresh start after each."""

from collections.abc import Iterator

import pytest

from streams.sources.faults import NotAFeed
from streams.sources.helper import Helper
from streams.sources.reader import INLINE, Reader

DAMAGED = b"<rss><channel><item><title>a <b>c</i></title></item></channel></rss>"


@pytest.fixture(scope="module")
def helper() -> Iterator[Helper]:
    made = Helper()
    yield made
    made.close()


def test_damaged_documents_are_read(helper: Helper) -> None:
    feed = helper.read("feedparser", DAMAGED, None, None)
    assert len(feed.entries) == 1


def test_large_documents_come_back_as_text(helper: Helper) -> None:
    feed = helper.read("walk", b"<rss><item><description>&lt;p&gt;x&lt;/p&gt;</description></item></rss>", None, None)
    body = feed.entries[0].body
    assert body is not None
    assert (body.value, body.kind) == ("x", "text")


def test_faults_keep_their_names(helper: Helper) -> None:
    with pytest.raises(NotAFeed) as caught:
        helper.read("walk", b"<config/>", None, None)
    assert caught.value.reason == "not-a-feed"


def test_a_body_that_names_a_file_opens_none(helper: Helper) -> None:
    with pytest.raises(NotAFeed):
        helper.read("feedparser", b"/etc/passwd", None, None)


def test_a_deadline_ends_the_process_and_the_next_document_gets_a_new_one() -> None:
    helper = Helper(deadline=0.01)
    with pytest.raises(NotAFeed) as caught:
        helper.read("walk", b"<rss/>", None, None)
    assert caught.value.reason == "parser-timeout"
    helper._deadline = 120
    assert helper.read("walk", b"<rss/>", None, None).format == "rss"
    helper.close()


def test_a_process_that_died_is_replaced(helper: Helper) -> None:
    helper.read("walk", b"<rss/>", None, None)
    process = helper._process
    assert process is not None
    helper.kill()
    process.wait()
    assert helper.read("walk", b"<rss/>", None, None).format == "rss"


async def test_the_reader_takes_all_three_ways() -> None:
    reader = Reader(processes=1)
    try:
        assert (await reader.read(b"<rss/>", None, None)).format == "rss"
        assert (await reader.read(b"<rss/>" + b" " * INLINE, None, None)).format == "rss"
        assert len((await reader.read(DAMAGED, None, None)).entries) == 1
    finally:
        await reader.close()
