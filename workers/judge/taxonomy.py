"""The taxonomy of objects and the other names of measures, as `where` clauses see them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True)
class Taxonomy:
    """Which object stands under which, and which words of a field mean the same."""

    above: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def lineage(self, name: str) -> tuple[str, ...]:
        """The name and all that stands above it, nearest first; a circle ends where it closes."""
        line = [name]
        while (parent := self.above.get(line[-1])) is not None and parent not in line:
            line.append(parent)
        return tuple(line)

    def below(self, name: str) -> frozenset[str]:
        """The name and all that stands under it."""
        return frozenset(known for known in {name, *self.above} if name in self.lineage(known))

    def plain(self, name: str, value: Any) -> Any:
        """The one word for a value of a field that has several."""
        words = self.same.get(name)
        return words.get(value, value) if words and isinstance(value, str) else value


_TABLE = TypeAdapter(dict[str, str])
_TABLES = TypeAdapter(dict[str, dict[str, str]])


@cache
def default_taxonomy() -> Taxonomy:
    """The taxonomy that comes with the program."""
    data = tomllib.loads((files("workers.judge") / "taxonomy.toml").read_text(encoding="utf-8"))
    return Taxonomy(_TABLE.validate_python(data["above"]), _TABLES.validate_python(data["same"]))
