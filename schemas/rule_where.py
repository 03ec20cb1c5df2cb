"""The `where` of a rule: conditions on the fields of an item, normalised from the short forms that people write."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Any, Final

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)

from schemas.base import Document
from schemas.rule_terms import FieldName

Scalar = StrictBool | StrictInt | StrictFloat | StrictStr
MAX_PATTERN: Final = 200
"""Longest regular expression of `matches`, in characters."""


def _listed(value: object) -> object:
    return value if isinstance(value, (list, tuple)) else [value]


Scalars = Annotated[tuple[Scalar, ...], BeforeValidator(_listed)]


class Operators(Document):
    """Tests of one field; all that are given must hold."""

    eq: Scalar | None = None
    ne: Scalar | None = None
    in_: tuple[Scalar, ...] | None = Field(default=None, alias="in", min_length=1)
    nin: tuple[Scalar, ...] | None = Field(default=None, min_length=1)
    gt: StrictInt | StrictFloat | None = None
    gte: StrictInt | StrictFloat | None = None
    lt: StrictInt | StrictFloat | None = None
    lte: StrictInt | StrictFloat | None = None
    contains: StrictStr | None = None
    """The text holds this text, upper and lower case alike; a list holds this element."""
    matches: StrictStr | None = Field(default=None, max_length=MAX_PATTERN)
    """A regular expression (RE2 syntax) that is found in the first 1,000 characters."""
    exists: StrictBool | None = None
    under: Scalars | None = None
    """The object stands at or below one of these in the taxonomy of objects."""

    def given(self) -> dict[str, Any]:
        """The operators that the file names, with their operands."""
        return {name.rstrip("_"): getattr(self, name) for name in self.model_fields_set}


def _operators(value: object) -> object:
    if isinstance(value, (Operators, dict)):
        if isinstance(value, dict) and (unknown := sorted(map(str, set(value) - KNOWN))):
            raise ValueError(_no_operator(unknown))
        if not value:
            raise ValueError("no test is given; write a value, a list of values, or for example {gte: 10}")
        return value
    if value is None:
        raise ValueError("compare with a value, or ask {exists: false}")
    return {"in": value} if isinstance(value, (list, tuple)) else {"eq": value}


def _no_operator(names: list[str]) -> str:
    meant = get_close_matches(names[0], sorted(KNOWN), n=1)
    advice = f"; did you mean {meant[0]}?" if meant else ""
    return f"unknown operator {', '.join(names)}{advice}; known: {', '.join(sorted(KNOWN))}"


KNOWN: Final = frozenset("in" if name == "in_" else name for name in Operators.model_fields)
"""The operators by the names that a rule uses."""


class Condition(Document):
    """One alternative: all fields must pass, and none of `none_of` may hold."""

    fields: dict[FieldName, Annotated[Operators, BeforeValidator(_operators)]] = {}
    none_of: tuple[Condition, ...] = ()

    def names(self) -> set[str]:
        """All fields that the condition mentions."""
        return set(self.fields).union(*(inner.names() for inner in self.none_of))


def _condition(value: object) -> object:
    if isinstance(value, Condition):
        return value
    if not isinstance(value, dict):
        raise ValueError("a condition is a map such as {object: drone, measure: launched}")
    fields = {key: part for key, part in value.items() if key != "not"}
    none_of = [_condition(part) for part in _many(value["not"])] if "not" in value else []
    return {"fields": fields, "none_of": none_of}


def _many(value: object) -> list[object]:
    if isinstance(value, (list, tuple)):
        if not value:
            raise ValueError("an empty list matches nothing; leave the key out")
        return list(value)
    return [value]


def _where(value: object) -> object:
    return [_condition(part) for part in _many(value)]


def _short_operators(operators: Operators) -> Any:
    return {name: list(part) if isinstance(part, tuple) else part for name, part in sorted(operators.given().items())}


def _short(condition: Condition) -> dict[str, Any]:
    short: dict[str, Any] = {name: _short_operators(test) for name, test in condition.fields.items()}
    if condition.none_of:
        short["not"] = [_short(inner) for inner in condition.none_of]
    return short


def _long(where: tuple[Condition, ...]) -> list[dict[str, Any]]:
    return [_short(condition) for condition in where]


_SCALAR: Final = {"type": ["string", "number", "boolean"]}
_SCALARS: Final = {"type": "array", "items": _SCALAR, "minItems": 1}
_NUMBER: Final = {"type": "number"}
_TEXT: Final = {"type": "string"}
_OPERATOR_SCHEMAS: Final[dict[str, Any]] = {
    "eq": _SCALAR, "ne": _SCALAR, "in": _SCALARS, "nin": _SCALARS,
    "gt": _NUMBER, "gte": _NUMBER, "lt": _NUMBER, "lte": _NUMBER,
    "contains": _TEXT, "matches": {"type": "string", "format": "regex", "maxLength": MAX_PATTERN},
    "exists": {"type": "boolean"}, "under": {"anyOf": [_SCALAR, _SCALARS]},
}  # fmt: skip
_FIELD_SCHEMA: Final = {
    "anyOf": [
        _SCALAR,
        _SCALARS,
        {"type": "object", "properties": _OPERATOR_SCHEMAS, "additionalProperties": False, "minProperties": 1},
    ]
}
_MAP_SCHEMA: Final = {
    "type": "object",
    "properties": {"not": {"type": ["object", "array"]}},
    "additionalProperties": _FIELD_SCHEMA,
}

Where = Annotated[
    tuple[Condition, ...],
    BeforeValidator(_where),
    PlainSerializer(_long, return_type=list[dict[str, Any]]),
    WithJsonSchema({"anyOf": [_MAP_SCHEMA, {"type": "array", "items": _MAP_SCHEMA, "minItems": 1}]}),
]
"""Alternatives of which one must hold; a map is one alternative."""
