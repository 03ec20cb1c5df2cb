"""`nightwire topics`: what is on each topic, record by record."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer

from schemas.config import Config
from streams.app import LIVE, house_config
from streams.cli import published
from streams.cli.common import Exit, emit, fail, guarded
from streams.cli.look import looking, open_to_look
from streams.cli.options import ConfigOption, JsonOption
from streams.cli.published import topic_spec
from streams.codec import SOURCE, SPEC_VERSION
from streams.extras import kafka_extra
from streams.runtimes.base import BATCH, Record, Runtime
from streams.topics import TOPICS, TopicSpec
from workers.pipeline import PIPELINE

app = typer.Typer(no_args_is_help=True)
app.add_typer(published.app)

NAP = 0.5
"""Seconds between two looks for new records with --follow."""


@app.command()
@looking
def ls(
    settings: Config,
    as_json: JsonOption = False,
) -> None:
    """List all topics: what travels there, the newest record, and how far behind each room is."""
    with guarded():
        for row in asyncio.run(_rows(settings)):
            if as_json:
                emit(row)
            else:
                rooms = ", ".join(f"{room} {lag} behind" for room, lag in row["lag"].items())
                print(f"{row['topic']:<16} {row['newest'] or '-':<32} {rooms or '-':<20} {row['purpose']}")


async def _rows(config: Config) -> list[dict[str, Any]]:
    async with open_to_look(config) as runtime:
        return [await _row(runtime, spec) for spec in TOPICS.values()]


async def _row(runtime: Runtime, spec: TopicSpec) -> dict[str, Any]:
    newest = await runtime.last(spec.topic, 1)
    return {
        "schema": 1,
        "topic": spec.topic.value,
        "wire": spec.wire,
        "type": spec.type,
        "key": spec.key,
        "keep_seconds": spec.keep.total_seconds(),
        "newest": newest[0].time.isoformat() if newest else None,
        "lag": {room.name: await runtime.lag(room.name, spec.topic) for room in PIPELINE if room.reads is spec.topic},
        "purpose": spec.purpose,
    }


@app.command()
@looking
def tail(
    settings: Config,
    topic: Annotated[str, typer.Argument(help="Name of the topic, for example alerts.")],
    last: Annotated[int, typer.Option("--last", "-n", min=0, help="How many of the newest records.")] = 10,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new records until Ctrl-C.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the newest records of a topic, oldest first; with --json as CloudEvents in their JSON format."""
    spec = topic_spec(topic)
    with guarded():
        asyncio.run(_tail(settings, spec, last, follow, as_json))


async def _tail(config: Config, spec: TopicSpec, last: int, follow: bool, as_json: bool) -> None:
    async with open_to_look(config) as runtime:
        newest = await runtime.last(spec.topic, max(last, 1))
        after = newest[-1].offset if newest else None
        for record in newest[-last:] if last else ():
            show(spec, record, as_json)
        while follow:
            records = await runtime.tail(spec.topic, after, BATCH)
            for record in records:
                show(spec, record, as_json)
                after = record.offset
            if not records:
                await asyncio.sleep(NAP)


def show(spec: TopicSpec, record: Record, as_json: bool) -> None:
    """Print one record: a CloudEvent, or its time, key and document on one line."""
    if as_json:
        emit(cloud_event(spec, record))
    else:
        print(
            f"{record.time.isoformat()}  {record.key}  {record.model.model_dump_json(exclude_defaults=True)}",
            flush=True,
        )


def cloud_event(spec: TopicSpec, record: Record) -> dict[str, Any]:
    """The record in the structured JSON mode of CloudEvents 1.0."""
    return {
        "specversion": SPEC_VERSION,
        "id": record.id,
        "source": SOURCE,
        "type": spec.type,
        "dataschema": spec.schema_id,
        "time": record.time.isoformat(),
        "partitionkey": record.key,
        "datacontenttype": "application/json",
        "data": record.model.model_dump(mode="json"),
    }


@app.command()
def create(
    kafka: Annotated[str | None, typer.Option(help="Kafka brokers, host:port,...")] = None,
    replication: Annotated[int, typer.Option(min=1, help="Replicas of each partition.")] = 1,
    config: ConfigOption = None,
) -> None:
    """Create the topics that are missing on Kafka, each with its partitions, retention and compaction."""
    with guarded():
        brokers = house_config(config, kafka=kafka).kafka
        if brokers is None:
            fail("no Kafka broker is named; add --kafka HOST:PORT", Exit.USAGE)
        with kafka_extra():
            from streams.runtimes.kafka.start import create_topics
        made = asyncio.run(create_topics(brokers, LIVE, replication))
        for spec in TOPICS.values():
            print(f"{'created' if spec.topic in made else 'is there':<9} {spec.wire}")
