"""Says what a refused part of a rule file should look like: the near name, the form, an example."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from schemas.rule import Rule, RuleFile, incomplete
from streams.advice import WORDS, near, owner_of
from streams.rules_remark import Remark, Steps

BRANCHES: Final[Mapping[frozenset[str], str]] = {
    frozenset({"int", "float"}): "is not a number; write it without quotes",
    frozenset({"bool", "int", "float", "str"}): "is neither text nor a number, true or false",
}
"""What it means when a value is refused by every kind that it could be of."""

KINDS: Final = frozenset().union(*BRANCHES)
"""Last steps of a path that name no place in the file but a kind that was tried there."""

EXAMPLES: Final[Mapping[str, str]] = {
    "version": "version: 1",
    "rules": "rules: [...]",
    "id": "id: drones-night",
    "title": "title: Mass drone attack",
    "severity": "severity: warning",
    "at": "at: '> 50'",
    "after": "after: 6h",
}
"""How the keys that must be there may be written."""

PATTERNS: Final[Mapping[str, str]] = {
    "id": "is not made of 3 to 63 small letters, digits and '-', a letter first; write for example drones-night",
}


def refusals(error: ValidationError) -> Iterator[Remark]:
    """Every error of a rule file, each place once for all kinds that were tried there."""
    found: dict[Steps, list[ErrorDetails]] = {}
    for each in error.errors():
        found.setdefault(_place(tuple(each["loc"])), []).append(each)
    for path, errors in found.items():
        tried = frozenset(str(each["loc"][-1]) for each in errors)
        words = BRANCHES.get(tried) or _words(path, errors[0])
        about_the_whole = errors[0]["type"] == "value_error" and isinstance(errors[0]["input"], Mapping)
        yield Remark((*path, *_named(errors[0]["input"], words)) if about_the_whole else path, words)


def gaps(given: Mapping[str, object], index: int) -> Iterator[Remark]:
    """What a rule lacks whose parts cannot all be read; a misspelled key counts as what it was meant to be."""
    known = _keys(Rule)
    words = incomplete([name for key in given if (name := near(str(key), known)) and given[key] is not None])
    if words is not None:
        yield Remark(("rules", index, *_named(given, words)), words)


def _place(loc: Steps) -> Steps:
    while loc and isinstance(loc[-1], str) and (loc[-1] in KINDS or "[" in loc[-1] or loc[-1] == "constrained-str"):
        loc = loc[:-1]
    return loc


def _words(path: Steps, error: ErrorDetails) -> str:
    name, given = str(path[-1]) if path else "", error["input"]
    match error["type"]:
        case "extra_forbidden":
            return _unknown(name, owner_of(RuleFile, path))
        case "missing":
            return f"is missing; write {EXAMPLES.get(name, 'it')}"
        case "literal_error":
            return _choice(str(given), error["ctx"]["expected"])
        case "string_pattern_mismatch" if name in PATTERNS:
            return PATTERNS[name]
        case "tuple_type" if isinstance(given, str):
            return f"is not a list; write [{given}]"
        case kind if kind in WORDS:
            return WORDS[kind].format_map(error.get("ctx", {}))
    return error["msg"].removeprefix("Value error, ")


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _unknown(name: str, owner: type[BaseModel]) -> str:
    keys = _keys(owner)
    meant = near(name, keys)
    return f"is no key here; did you mean {meant}?" if meant else f"is no key here; the keys are {', '.join(keys)}"


def _choice(given: str, expected: str) -> str:
    choices = re.findall(r"'([^']+)'", expected) or [expected]
    meant = near(given, choices)
    if len(choices) == 1:
        return f"is not {given}; write {choices[0]}"
    wrong = f"is none of {', '.join(choices)}"
    return f"{wrong}; did you mean {meant}?" if meant else wrong


def _named(given: Mapping[str, object], message: str) -> Steps:
    """The key of a map that a message about the whole map speaks of first; nothing where it names none."""
    return next(((word,) for word in re.findall(r"[a-z_]+", message) if word in given), ())
