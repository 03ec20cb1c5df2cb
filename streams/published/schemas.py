"""The JSON Schema of each topic's documents, generated from its model (JSON Schema 2020-12, open to new fields)."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from streams.topics import TOPICS, TopicSpec

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
FOLDER: Final = Path("docs") / "schemas"
"""Where a checkout keeps the schemas of all topics, below its root."""

Json = dict[str, Any]
"""A JSON object."""


class Generator(GenerateJsonSchema):
    """Pydantic's generator: a field's docstring becomes its description, and names are not repeated as titles."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """A title made of the name says nothing new."""
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """A model with the docstrings of its fields."""
        found = super().model_schema(schema)
        told = dict(docstrings(schema["cls"]))
        for name, field in found.get("properties", {}).items():
            if name in told:
                field["description"] = told[name]
        return found


def docstrings(model: type) -> Iterator[tuple[str, str]]:
    """The names of a class's fields and the docstrings behind them, of its own body alone."""
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)
    for field, words in zip(body.body, body.body[1:], strict=False):
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        match words:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield field.target.id, inspect.cleandoc(text)


def schema_of(spec: TopicSpec) -> Json:
    """What every document on a topic looks like, as it is written."""
    generated = spec.model.model_json_schema(mode="serialization", schema_generator=Generator)
    return {"$schema": DIALECT, "$id": spec.schema_id, **generated}


def all_schemas() -> dict[str, Json]:
    """The schemas of all topics by their wire names."""
    return {spec.wire: schema_of(spec) for spec in TOPICS.values()}


def file_name(wire: str) -> str:
    """The name of a topic's schema file."""
    return f"{wire}.json"


def to_text(document: Json) -> str:
    """A document as its file holds it."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
