"""A corpus on disk, and the same corpus as live feeds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.topic import Topic
from streams.clock import ManualClock
from streams.documents import DocumentError
from streams.runtimes.memory import MemoryRuntime
from streams.sources.corpus import Corpus
from streams.sources.http import Fetcher, Validators
from streams.sources.poller import Poller
from streams.sources.replay import CorpusServer

MakeCorpus = Callable[[str], Path]
ONE = '[[article]]\nfile = "a.txt"\ntitle = "A & <x>"\npublished = "2024-01-01T10:00:00Z"\n'
TWO = (
    '[[article]]\nfile = "b.txt"\ntitle = "B"\npublished = 2024-01-02T10:00:00Z\nfeed = "east"\nsource = "East Post"\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> MakeCorpus:
    (tmp_path / "a.txt").write_text("First line\nsecond line\n\nA < B & \x07bell.\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text("Third.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Тіло статті.", encoding="utf-8")

    def make(manifest: str) -> Path:
        (tmp_path / "manifest.toml").write_text(manifest, encoding="utf-8")
        return tmp_path

    return make


def problems(path: Path) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        Corpus.load(path)
    return [str(problem).removeprefix(f"{path}/") for problem in caught.value.problems]


def test_feeds_and_times(folder: MakeCorpus) -> None:
    corpus = Corpus.load(folder(f'[[feed]]\nid = "corpus"\ntitle = "All"\nowner = "Us"\n{ONE}{TWO}'))
    feeds = corpus.feeds("http://h:1")
    assert [(feed.id, feed.url, feed.title, feed.source, feed.owner) for feed in feeds] == [
        ("corpus", "http://h:1/feeds/corpus.xml", "All", None, "Us"),
        ("east", "http://h:1/feeds/east.xml", "East Post", "East Post", None),
    ]
    assert corpus.times() == [datetime(2024, 1, 1, 10, tzinfo=UTC), datetime(2024, 1, 2, 10, tzinfo=UTC)]


def test_names_do_not_depend_on_the_server(folder: MakeCorpus) -> None:
    item = Corpus.load(folder(ONE)).items[0]
    assert (item.guid, item.url) == ("urn:nightwire:corpus:a", "https://corpus.invalid/a")
    given = Corpus.load(folder(ONE + 'url = "https://x.example/1"\nguid = "g"\n')).items[0]
    assert (given.guid, given.url) == ("g", "https://x.example/1")


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        ("[[article]\n", "manifest.toml:1:10: is not TOML: Expected ']]' at the end of an array declaration"),
        (ONE + TWO.replace("b.txt", "d.txt"), "manifest.toml:6:1: article.1.file: d.txt cannot be read: No such file"),
        (
            ONE.replace("2024-01-01T10:00:00Z", "soon"),
            "manifest.toml:4:1: article.0.published: input should be a valid datetime",
        ),
        (ONE.replace("Z", ""), "manifest.toml:4:1: article.0.published: a time needs its offset"),
        (ONE + ONE, "manifest.toml:6:1: article.1.file: a second article named a; give its file another name"),
        (
            ONE.replace("a.txt", "../x.txt"),
            "manifest.toml:2:1: article.0.file: ../x.txt cannot be read: it stands outside the corpus",
        ),
        (ONE + "titel = 1\n", "manifest.toml:5:1: article.0.titel: is not a known setting; did you mean title?"),
        (
            ONE + TWO + ONE.replace("a.txt", "c.txt") + 'feed = "east"\nsource = "Other"\n',
            "manifest.toml:16:1: article.2.source: the feed east has",
        ),
    ],
)
def test_mistakes_are_told_with_their_line(folder: MakeCorpus, manifest: str, expected: str) -> None:
    assert problems(folder(manifest))[0].startswith(expected)


def test_a_folder_without_a_manifest(tmp_path: Path) -> None:
    assert "a corpus is a folder with a manifest.toml" in problems(tmp_path)[0]


async def test_a_feed_grows_with_the_clock(folder: MakeCorpus) -> None:
    corpus = Corpus.load(folder(ONE + TWO.replace('feed = "east"\nsource = "East Post"\n', "")))
    clock = ManualClock(corpus.times()[0] - timedelta(hours=1))
    runtime = MemoryRuntime()
    async with CorpusServer(corpus, clock) as server, Fetcher(clock, allow=[server.address]) as fetcher:
        poller = Poller(runtime, fetcher, corpus.feeds(server.base_url), clock, "replay")
        feed = poller.feeds["corpus"]
        assert (await poller.poll(feed)).new == 0
        for moment in corpus.times():
            clock.advance(moment)
            assert (await poller.poll(feed)).new == 1
            assert (await poller.poll(feed)).reason == "not-modified"
        await poller.close()
    first, second = [record.model for record in await runtime.tail(Topic.ARTICLES)]
    assert first.title == "A & <x>"
    assert first.text == "First line\nsecond line\n\nA < B & bell."
    assert (first.published, first.fetched, first.mode) == (corpus.times()[0], corpus.times()[0], "replay")
    assert second.text == "Тіло статті."


async def test_a_second_run_on_another_port_finds_nothing_new(folder: MakeCorpus) -> None:
    corpus = Corpus.load(folder(ONE))
    clock = ManualClock(corpus.times()[0])
    runtime = MemoryRuntime()
    new = []
    for _ in range(2):
        async with CorpusServer(corpus, clock) as server, Fetcher(clock, allow=[server.address]) as fetcher:
            poller = Poller(runtime, fetcher, corpus.feeds(server.base_url), clock, "replay")
            new.append((await poller.poll(poller.feeds["corpus"])).new)
            await poller.close()
    assert new == [1, 0]


async def test_only_the_newest_items_are_shown(folder: MakeCorpus) -> None:
    corpus = Corpus.load(folder(ONE + TWO.replace('feed = "east"\nsource = "East Post"\n', "")))
    clock = ManualClock(corpus.times()[-1])
    async with CorpusServer(corpus, clock, shown=1) as server, Fetcher(clock, allow=[server.address]) as fetcher:
        answer = await fetcher.fetch(f"{server.base_url}/feeds/corpus.xml")
    assert answer.body.count(b"<item>") == 1
    assert b"urn:nightwire:corpus:b" in answer.body


async def test_pages_and_conditions(folder: MakeCorpus) -> None:
    corpus = Corpus.load(folder(ONE + TWO))
    clock = ManualClock(corpus.times()[0])
    async with CorpusServer(corpus, clock) as server, Fetcher(clock, allow=[server.address]) as fetcher:
        page = await fetcher.fetch(f"{server.base_url}/articles/a")
        assert "<h1>A &amp; &lt;x&gt;</h1><p>First line<br>second line</p>" in page.body.decode()
        url = f"{server.base_url}/feeds/corpus.xml"
        known = (await fetcher.fetch(url)).validators
        assert (await fetcher.fetch(url, Validators(None, known.last_modified))).status == 304
        assert (await fetcher.fetch(url, Validators('"other"', known.last_modified))).status == 200
        for path in ("/articles/b", "/articles/none", "/feeds/none.xml"):
            with pytest.raises(Exception, match="http-404"):
                await fetcher.fetch(server.base_url + path)
