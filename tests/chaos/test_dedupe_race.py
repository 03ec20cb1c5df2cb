"""Two processes get two copies of one text at the same moment: one original and one duplicate, always.

A few hundred copies in the normal suite; NIGHTWIRE_RACE=10000 for as many as one likes.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.article import Article, content_revision
from schemas.base import digest
from schemas.story import UniqueArticle
from schemas.topic import Topic
from streams.runtimes.base import BATCH, Commit
from streams.runtimes.valkey import ValkeyRuntime
from streams.state.server import PrivateServer
from workers.ports import Emit

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("valkey_binary")]

COPIES = int(os.environ.get("NIGHTWIRE_RACE", "300"))
NOW = datetime(2026, 3, 4, tzinfo=UTC)
WORKER = Path(__file__).with_name("dedupe_worker.py")
PATIENCE = 300 + COPIES / 10


def copies(story: int) -> list[Article]:
    """Two articles of one text; in every second story one of them carries a line of its page."""
    chance = random.Random(story)
    text = " ".join("".join(chance.choices("abcdefghiklmnoprst", k=7)) for _ in range(40)).capitalize() + "."
    tails = ("", " Read also: more on this story") if story % 2 else ("", "")
    return [
        Article(
            id=digest(story, place), revision=content_revision(None, None, text + tail), text=text + tail, fetched=NOW
        )
        for place, tail in enumerate(tails)
    ]


async def test_of_two_copies_one_is_the_original(tmp_path: Path) -> None:
    server = PrivateServer(tmp_path, fsync="no")
    socket = await server.start()
    try:
        runtime = ValkeyRuntime(socket, prefix="race", slot="producer")
        await runtime.open()
        articles = [article for story in range(COPIES // 2) for article in copies(story)]
        for start in range(0, len(articles), BATCH):
            emits = [(Emit(Topic.ARTICLES, a.id, a, a.id), NOW) for a in articles[start : start + BATCH]]
            await runtime.commit(Commit("fetch", NOW, emits=emits))
        arguments = [(sys.executable, str(WORKER), str(socket), slot) for slot in ("1", "2")]
        workers = [await asyncio.create_subprocess_exec(*words) for words in arguments]
        async with asyncio.timeout(PATIENCE):
            assert [await worker.wait() for worker in workers] == [0, 0]
        originals = await _originals(runtime)
        counts = {(c.kind, c.reason): n for c, n in (await runtime.counts()).items() if c.room == "dedupe"}
        await runtime.close()
    finally:
        await server.stop()
    assert counts["in", ""] == len(articles)
    assert counts["out", "unique"] == len(articles) // 2
    assert counts["dropped", "same-content"] + counts["dropped", "byline-changed"] == len(articles) // 2
    story_of = {article.id: number // 2 for number, article in enumerate(articles)}
    assert set(Counter(story_of[name] for name in originals).values()) == {1}


async def _originals(runtime: ValkeyRuntime) -> list[str]:
    found, after = [], None
    while records := await runtime.tail(Topic.UNIQUE, after):
        after = records[-1].offset
        found += [record.model.article.id for record in records if isinstance(record.model, UniqueArticle)]
    return found
