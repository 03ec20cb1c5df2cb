"""Says what to write instead of what pydantic refused: the near name, the field's example, what is missing."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_origin

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


def advise(error: ErrorDetails, model: type[BaseModel]) -> str:
    """One line about an error of validating `model`: what is wrong; what to write."""
    if error["type"] == "extra_forbidden":
        return _unknown(str(error["loc"][-1]), owner_of(model, error["loc"]))
    field = field_at(model, error["loc"])
    example = _example(str(error["loc"][-1]) if error["loc"] else "", field)
    if error["type"] == "missing":
        return f"is missing; write {example}" if example else "is missing; write it"
    message = error["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    return message if ";" in message or not example else f"{message}; write for example {example}"


def _unknown(name: str, owner: type[BaseModel]) -> str:
    meant = near(name, owner.model_fields)
    if meant:
        return f"is not a known setting; did you mean {meant}?"
    return f"is not a known setting; remove it, or write one of: {', '.join(owner.model_fields)}"


def _example(name: str, field: FieldInfo | None) -> str | None:
    if field is None or not field.examples:
        return None
    value = field.examples[0]
    text = value if isinstance(value, str) else json.dumps(value)
    return f"{name}: {text}"


def plain(node: Any) -> Any:
    """The same data as plain dicts and lists, without a parser's own classes."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [plain(value) for value in node]
    return node
