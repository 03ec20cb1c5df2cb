"""`nightwire topics` looks and consumes nothing."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas.article import Article
from schemas.config import Config
from schemas.topic import Topic
from streams.cli import topics
from streams.runtimes.base import Commit, Runtime
from streams.runtimes.memory import MemoryRuntime
from streams.state.server import PrivateServer
from streams.topics import TOPICS
from workers.ports import Emit

AT = datetime(2024, 9, 10, 3, 0, tzinfo=UTC)
NUMBER = 5


@pytest.fixture
def run() -> CliRunner:
    return CliRunner()


async def fill(runtime: Runtime) -> None:
    articles = [Article(id=f"a{n}", revision="r", title="Дрони", fetched=AT) for n in range(NUMBER)]
    await runtime.commit(
        Commit("fetch", AT, emits=[(Emit(Topic.ARTICLES, a.id, a, f"{a.id}.r"), AT) for a in articles])
    )


@pytest.fixture
def _articles(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.asynccontextmanager
    async def opened(config: Config) -> AsyncIterator[Runtime]:
        runtime = MemoryRuntime()
        await fill(runtime)
        yield runtime

    monkeypatch.setattr(topics, "open_to_look", opened)


@pytest.mark.usefixtures("_articles")
def test_ls_has_a_line_for_every_topic(run: CliRunner) -> None:
    result = run.invoke(topics.app, ["ls", "--json"])
    assert result.exit_code == 0, result.output
    rows = {row["topic"]: row for row in map(json.loads, result.stdout.splitlines())}
    assert set(rows) == {topic.value for topic in TOPICS}
    assert rows["articles"]["lag"] == {"dedupe": NUMBER}
    assert rows["articles"]["newest"] == AT.isoformat()
    assert rows["events"]["newest"] is None
    plain = run.invoke(topics.app, ["ls"])
    assert "dedupe 5 behind" in plain.stdout


@pytest.mark.usefixtures("_articles")
@pytest.mark.parametrize(("last", "keys"), [(2, ["a3", "a4"]), (0, []), (99, ["a0", "a1", "a2", "a3", "a4"])])
def test_tail_prints_the_newest_in_order(run: CliRunner, last: int, keys: list[str]) -> None:
    result = run.invoke(topics.app, ["tail", "articles", "--json", "--last", str(last)])
    assert result.exit_code == 0, result.output
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [event["partitionkey"] for event in events] == keys
    for event in events:
        assert event["specversion"] == "1.0"
        assert event["type"] == TOPICS[Topic.ARTICLES].type
        assert event["time"] == AT.isoformat()
        assert Article.model_validate(event["data"]).title == "Дрони"


@pytest.mark.usefixtures("_articles")
def test_tail_for_people(run: CliRunner) -> None:
    result = run.invoke(topics.app, ["tail", "articles.v1", "-n", "1"])
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"{AT.isoformat()}  a4  {{")


@pytest.mark.parametrize("topic", TOPICS, ids=str)
def test_schema_of_every_topic(run: CliRunner, topic: Topic) -> None:
    result = run.invoke(topics.app, ["schema", topic.value])
    document = json.loads(result.stdout)
    assert document["$id"] == f"urn:nightwire:{TOPICS[topic].wire}"
    assert document["type"] == "object"


def test_a_topic_that_is_none(run: CliRunner) -> None:
    result = run.invoke(topics.app, ["schema", "artikles"])
    assert result.exit_code == 2
    assert "there is no topic 'artikles'; choose one of articles, " in result.stderr


@pytest.mark.usefixtures("valkey_binary")
async def test_looking_joins_the_server_of_a_running_nightwire(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path)
    async with topics.open_to_look(config) as alone:
        await fill(alone)
    server = PrivateServer(tmp_path)
    await server.start()
    try:
        async with topics.open_to_look(config) as joined:
            assert len(await joined.tail(Topic.ARTICLES)) == NUMBER
        assert server.alive
    finally:
        await server.stop()
