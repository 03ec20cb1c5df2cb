"""The committed schemas are those of the models, and real records obey them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from schemas.event import Event
from streams.cli import topics
from streams.published.schemas import FOLDER, all_schemas, docstrings, file_name, schema_of, to_text
from streams.topics import TOPICS, TopicSpec

COMMITTED = Path(__file__).parents[4] / FOLDER
SPECS = pytest.mark.parametrize("spec", TOPICS.values(), ids=lambda spec: spec.wire)


def test_the_committed_schemas_are_current() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in COMMITTED.iterdir()}
    wanted = {file_name(wire): to_text(schema) for wire, schema in all_schemas().items()}
    assert committed.keys() == wanted.keys()
    stale = [name for name, text in wanted.items() if committed[name] != text]
    assert stale == [], "the models have changed; run `make schemas`, and read what `check-compat` says"


@SPECS
def test_a_schema_is_one_and_open(spec: TopicSpec) -> None:
    schema = schema_of(spec)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == spec.schema_id
    assert "additionalProperties" not in schema, "a reader must not refuse a field that came later"


def test_what_a_field_says_in_the_model_it_says_in_the_schema() -> None:
    fields = all_schemas()["events.v1"]["$defs"]["Event"]["properties"]
    told = dict(docstrings(Event))
    assert told
    assert {name: fields[name]["description"] for name in told} == told
    assert all("title" not in field for field in fields.values())


def test_the_command_prints_one_or_all() -> None:
    run = CliRunner()
    one, every = run.invoke(topics.app, ["schema", "events.v1"]), run.invoke(topics.app, ["schema"])
    assert json.loads(every.stdout)["events.v1"] == json.loads(one.stdout) == all_schemas()["events.v1"]


def test_the_command_writes_files(tmp_path: Path) -> None:
    run = CliRunner()
    assert run.invoke(topics.app, ["schema", "--write", str(tmp_path / "new")]).exit_code == 0
    assert len(list((tmp_path / "new").iterdir())) == len(TOPICS)
    (tmp_path / "file").touch()
    refused = run.invoke(topics.app, ["schema", "--write", str(tmp_path / "file")])
    assert refused.exit_code == 4
    assert "name another folder" in refused.stderr
