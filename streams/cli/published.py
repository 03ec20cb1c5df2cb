"""`nightwire topics schema`, `check-compat` and `asyncapi`: what consumers are promised, printed and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.common import Exit, emit, fail, guarded, say
from streams.extras import kafka_extra
from streams.published.baseline import last_tag, read_folder, read_revision
from streams.published.compatibility import compare_all
from streams.published.schemas import Json, all_schemas, file_name, schema_of, to_text
from streams.topics import TOPICS, TopicSpec

app = typer.Typer()


def topic_spec(name: str) -> TopicSpec:
    """The row of a topic by its name or its wire name; ends the command with what there is otherwise."""
    found = next((spec for spec in TOPICS.values() if name in (spec.topic.value, spec.wire)), None)
    if found is None:
        fail(f"there is no topic {name!r}; choose one of {', '.join(topic.value for topic in TOPICS)}", Exit.USAGE)
    return found


@app.command()
def schema(
    topic: Annotated[str | None, typer.Argument(help="Name of the topic, for example events; default: all.")] = None,
    write: Annotated[Path | None, typer.Option(help="Write one file for each topic into this folder.")] = None,
) -> None:
    """Print the JSON Schema of a topic's documents; of all topics as one object by their names on the wire."""
    found = all_schemas() if topic is None else {topic_spec(topic).wire: schema_of(topic_spec(topic))}
    if write is None:
        print(to_text(found if topic is None else next(iter(found.values()))), end="")
        return
    try:
        write.mkdir(parents=True, exist_ok=True)
        for wire, document in found.items():
            (write / file_name(wire)).write_text(to_text(document), encoding="utf-8")
    except OSError as error:
        fail(f"{write} cannot be written: {error.strerror or error}; name another folder", Exit.UNREACHABLE)
    say(f"{len(found)} schemas are in {write}")


@app.command("check-compat")
def check_compat(
    against: Annotated[
        str | None, typer.Option(help="A folder of schemas, or a tag or commit; default: the last tag.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each change.")] = False,
) -> None:
    """Compare this version's schemas with published ones; exit status 1 when readers of either could not go on."""
    with guarded():
        name = against or last_tag()
        if name is None:
            say("there is no tag yet, so there is nothing to keep to; compare with a folder or commit by --against")
            return
        changes = list(compare_all(_published(name), all_schemas()))
    for change in changes:
        if as_json:
            rule, topic, path, detail = change.rule, change.topic, change.path, change.detail
            row = {"topic": topic, "path": path, "rule": rule.name, "breaks": rule.breaks, "detail": detail}
            emit({"schema": 1, **row})
        else:
            print(change)
    broken = sum(change.broken for change in changes)
    if broken:
        fail(f"{broken} of {len(changes)} changes since {name} break readers; undo them, or publish a new topic")
    say(f"{len(changes)} changes since {name}, all compatible")


def _published(name: str) -> dict[str, Json]:
    folder = Path(name)
    return read_folder(folder) if folder.is_dir() else read_revision(name)


@app.command()
def asyncapi(
    kafka: Annotated[str, typer.Option(help="The broker that the document names.")] = "localhost:9092",
) -> None:
    """Print the AsyncAPI 3 document of all topics on Kafka, as a consumer sees them."""
    with guarded(), kafka_extra():
        from streams.published.asyncapi import document, to_yaml
    print(to_yaml(document(kafka)), end="")
