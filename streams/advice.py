"""Says what to write instead of what pydantic refused: the near name, the field's example, what is missing."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

Path = tuple[int | str, ...]


def near(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was probably meant to be, or None."""
    found = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return found[0] if found else None


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """Every model that a value of this annotation may be made of, looked for inside unions, lists and dicts."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in models_in(argument)]


def field_at(model: type[BaseModel], path: Path) -> FieldInfo | None:
    """The field that a path leads to; indices and names of dict entries are stepped over."""
    models, field = [model], None
    for step in path:
        owner = next((m for m in models if step in m.model_fields), None)
        if owner is not None:
            field = owner.model_fields[str(step)]
            models = models_in(field.annotation)
    return field


def owner_of(model: type[BaseModel], path: Path) -> type[BaseModel]:
    """The innermost model that holds the end of a path."""
    owner, models = model, [model]
    for step in path[:-1]:
        found = next((m for m in models if step in m.model_fields), None)
        if found is not None:
            models = models_in(found.model_fields[str(step)].annotation)
            owner = models[0] if models else owner
    return owner


def accepts(model: type[BaseModel], path: tuple[str, ...]) -> bool:
    """Whether a path of names leads to something that may be set; entries of a dict may have any name."""
    annotation: Any = model
    for step in path:
        models = models_in(annotation) if get_origin(annotation) is not dict else []
        owner = next((m for m in models if step in m.model_fields), None)
        if owner is not None:
            annotation = owner.model_fields[step].annotation
        elif get_origin(annotation) is dict or annotation is Any:
            annotation = get_args(annotation)[1] if get_args(annotation) else Any
        else:
            return False
    return True


def names(model: type[BaseModel], prefix: Path = ()) -> list[tuple[str, ...]]:
    """Every path of names that can be set one by one, for example `("poll", "floor")`."""
    found: list[tuple[str, ...]] = []
    for name, field in model.model_fields.items():
        path = (*map(str, prefix), name)
        found.append(path)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += names(field.annotation, path)
    return found


WORDS: Final[dict[str, str]] = {
    "tuple_type": "is not a list",
    "list_type": "is not a list",
    "dict_type": "is not a map of names",
    "model_type": "is not a map of settings",
    "model_attributes_type": "is not a map of settings",
    "string_type": "is not text",
    "string_sub_type": "is not text",
    "path_type": "is not a path",
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "float_type": "is not a number",
    "float_parsing": "is not a number",
    "bool_type": "is neither true nor false",
    "bool_parsing": "is neither true nor false",
    "url_type": "is not a web address",
    "url_parsing": "is not a web address",
    "url_scheme": "is not a web address; it must begin with http:// or https://",
    "literal_error": "is none of {expected}",
    "string_pattern_mismatch": "is not of the form {pattern}",
    "string_too_short": "is empty; say it in words",
    "string_too_long": "is longer than {max_length} characters",
    "too_short": "has fewer than {min_length} entries",
    "greater_than": "is not above {gt}",
    "greater_than_equal": "is below {ge}",
    "less_than": "is not below {lt}",
    "less_than_equal": "is above {le}",
    "invalid_key": "is a name that is not text; put it in quotes",
}
"""What pydantic's kinds of error mean to a person; the refused value is not repeated, since it may be a secret."""

PATTERNS: Final[dict[str, str]] = {
    r"^[a-z0-9][a-z0-9._-]{0,62}$": "is not made of small letters, digits, '.', '_', '-'; write for example bbc",
    r"^[a-z0-9][a-z0-9_-]{0,62}$": "is not made of small letters, digits, '_' and '-'; write for example duty-desk",
    r"^\s*[1-9]\d*\s*/\s*[smh]\s*$": "is no number in a stretch of time; write for example 20/m",
}
"""The patterns of our models in words."""


def advise(error: ErrorDetails, model: type[BaseModel]) -> str:
    """One line about an error of validating `model`: what is wrong; what to write."""
    if error["type"] == "extra_forbidden":
        return _unknown(str(error["loc"][-1]), owner_of(model, error["loc"]))
    example = _example(error["loc"], model)
    if error["type"] == "missing":
        return f"is missing; write {example}" if example else "is missing; write it"
    message = _words(error)
    return message if ";" in message or not example else f"{message}; write for example {example}"


def _words(error: ErrorDetails) -> str:
    words = WORDS.get(error["type"])
    context = error.get("ctx", {})
    if words is not None:
        return PATTERNS.get(context.get("pattern", ""), words.format_map(context))
    message = error["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _unknown(name: str, owner: type[BaseModel]) -> str:
    meant = near(name, owner.model_fields)
    if meant:
        return f"is not a known setting; did you mean {meant}?"
    return f"is not a known setting; remove it, or write one of: {', '.join(owner.model_fields)}"


def _example(loc: Path, model: type[BaseModel]) -> str | None:
    """How the field at the end of a path may be written, if it is a field and has an example."""
    name = loc[-1] if loc else None
    field = field_at(model, loc)
    if field is None or not field.examples or name not in owner_of(model, loc).model_fields:
        return None
    value = field.examples[0]
    return f"{name}: {value if isinstance(value, str) else json.dumps(value)}"


def plain(node: Any) -> Any:
    """The same data as plain dicts and lists, without a parser's own classes."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [plain(value) for value in node]
    return node
