"""Compiles `where` into a test of an item that names the clause that failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import re2

from schemas.rule_where import Condition, Operators
from workers.judge.items import FieldValue
from workers.judge.taxonomy import Taxonomy

Check = Callable[[Any], bool]

MATCHED_TEXT: Final = 1000
"""Characters that `matches` looks at; with RE2 the time is linear in them, whatever the pattern."""


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _same(operand: Any) -> Check:
    if isinstance(operand, bool):
        return lambda value: value is operand
    return lambda value: not isinstance(value, bool) and bool(value == operand)


def _any_of(operands: tuple[Any, ...]) -> Check:
    checks = [_same(operand) for operand in operands]
    return lambda value: any(check(value) for check in checks)


def compile_pattern(pattern: str) -> Any:
    """An RE2 expression; raises re2.error with the reason, and prints nothing."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options=options)


def _contains(operand: str) -> Check:
    needle = operand.casefold()

    def check(value: Any) -> bool:
        if isinstance(value, (list, tuple)):
            return any(str(part).casefold() == needle for part in value)
        return isinstance(value, str) and needle in value.casefold()

    return check


def _matches(operand: str) -> Check:
    pattern = compile_pattern(operand)
    return lambda value: isinstance(value, str) and pattern.search(value[:MATCHED_TEXT]) is not None


def _not(make: Callable[[Any], Check]) -> Callable[[Any], Check]:
    def negated(operand: Any) -> Check:
        check = make(operand)
        return lambda value: not check(value)

    return negated


def _bound(compare: Callable[[Any, Any], bool]) -> Callable[[Any], Check]:
    return lambda operand: lambda value: _number(value) and compare(value, operand)


CHECKS: Final[Mapping[str, Callable[[Any], Check]]] = {
    "eq": _same,
    "ne": _not(_same),
    "in": _any_of,
    "nin": _not(_any_of),
    "gt": _bound(lambda value, operand: value > operand),
    "gte": _bound(lambda value, operand: value >= operand),
    "lt": _bound(lambda value, operand: value < operand),
    "lte": _bound(lambda value, operand: value <= operand),
    "contains": _contains,
    "matches": _matches,
    "exists": lambda operand: lambda value: (value is not None) == operand,
}
"""The operators that need no taxonomy."""


@dataclass(frozen=True)
class Clause:
    """One test of one field."""

    field: str
    text: str
    check: Check
    values: frozenset[str] | None
    """The texts that can pass, where they can be listed; serves the index."""
    many_names: bool
    """Whether values of this field have several names."""


@dataclass(frozen=True)
class Alternative:
    """One compiled condition."""

    clauses: tuple[Clause, ...]
    none_of: tuple[Alternative, ...]

    def failing(self, fields: Mapping[str, FieldValue], taxonomy: Taxonomy) -> str | None:
        """The first clause that the fields fail, in words; None when all hold."""
        for clause in self.clauses:
            value = fields.get(clause.field)
            if clause.many_names:
                value = taxonomy.plain(clause.field, value)
            if not clause.check(value):
                return f"{clause.text}, but it is {'not given' if value is None else value}"
        if any(inner.failing(fields, taxonomy) is None for inner in self.none_of):
            return "excluded by not"
        return None

    def values(self, field: str) -> frozenset[str] | None:
        """The texts of a field that can pass, or None where any may."""
        listed = [clause.values for clause in self.clauses if clause.field == field and clause.values is not None]
        return frozenset.intersection(*listed) if listed else None


@dataclass(frozen=True)
class Test:
    """A compiled `where`: one of the alternatives must hold; none at all lets everything pass."""

    __test__ = False
    """Keeps test collectors from taking it for one of theirs."""
    alternatives: tuple[Alternative, ...]
    taxonomy: Taxonomy

    def failing(self, fields: Mapping[str, FieldValue]) -> str | None:
        """Why the item does not match, in words; None when it does."""
        reasons = []
        for alternative in self.alternatives:
            reason = alternative.failing(fields, self.taxonomy)
            if reason is None:
                return None
            reasons.append(reason)
        return " / ".join(reasons) or None

    def values(self, field: str) -> frozenset[str] | None:
        """The texts of a field with which an item can match, or None where any may."""
        listed = [alternative.values(field) for alternative in self.alternatives]
        known = [values for values in listed if values is not None]
        return frozenset().union(*known) if listed and len(known) == len(listed) else None


def compile_where(where: tuple[Condition, ...], taxonomy: Taxonomy) -> Test:
    """Compile once, test often."""
    return Test(tuple(_alternative(condition, taxonomy) for condition in where), taxonomy)


def _alternative(condition: Condition, taxonomy: Taxonomy) -> Alternative:
    clauses = tuple(
        _clause(field, name, operand, taxonomy)
        for field, test in condition.fields.items()
        for name, operand in _given(test)
    )
    return Alternative(clauses, tuple(_alternative(inner, taxonomy) for inner in condition.none_of))


def _given(test: Operators) -> list[tuple[str, Any]]:
    return sorted(test.given().items())


def _clause(field: str, name: str, operand: Any, taxonomy: Taxonomy) -> Clause:
    shown = ", ".join(map(str, operand)) if isinstance(operand, tuple) else operand
    text = f"{field} {name} {shown}"
    if name == "under":
        names = frozenset().union(*(taxonomy.below(taxonomy.plain(field, str(top))) for top in operand))
        return Clause(field, text, lambda value: value in names, names, field in taxonomy.same)
    plain = tuple(taxonomy.plain(field, part) for part in operand) if isinstance(operand, tuple) else operand
    plain = taxonomy.plain(field, plain)
    return Clause(field, text, CHECKS[name](plain), _listed(name, plain), field in taxonomy.same)


def _listed(name: str, operand: Any) -> frozenset[str] | None:
    parts = operand if name == "in" else (operand,) if name == "eq" else ()
    return frozenset(parts) if parts and all(isinstance(part, str) for part in parts) else None
