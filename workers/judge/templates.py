"""Templates of titles, labels and annotations: Jinja2 expressions over one notice, fenced in twice.

A template is refused when it is compiled if its syntax tree holds anything but plain expressions,
`if` and a single `for`: no calls, no assignments, no blocks. What is left runs in Jinja2's
immutable sandbox, which has no globals here. The text of events is only ever a value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2 import Template as Compiled
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from workers.wording import number

MAX_OUTPUT: Final = 2000
"""Characters of one rendered text."""

TEXT_OPERATORS: Final = frozenset({"*", "**", "%"})
"""Operators that can blow up a text; refused on texts and lists, and `**` altogether."""

SHOWN_NOTHING: Final = "–"


class TemplateRefused(ValueError):
    """A template that may not run; the message says what is not allowed."""


def num(value: Any) -> str:
    """A number as people write it: 1,200, without a trailing .0; a dash for no value."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return SHOWN_NOTHING if value is None else str(value)
    return number(value)


def when(value: Any, tz: str = "UTC") -> str:
    """An instant in a zone, to the minute: 2026-09-04 02:00 EEST."""
    if not isinstance(value, datetime):
        return SHOWN_NOTHING
    return f"{value.astimezone(ZoneInfo(tz)):%Y-%m-%d %H:%M %Z}"


def day(value: Any, tz: str = "UTC") -> str:
    """The date of an instant in a zone."""
    return f"{value.astimezone(ZoneInfo(tz)):%Y-%m-%d}" if isinstance(value, datetime) else SHOWN_NOTHING


def listed(value: Any) -> str:
    """The parts of a list, divided by commas."""
    parts = value if isinstance(value, (list, tuple)) else [value]
    return ", ".join(str(part) for part in parts if part is not None)[:MAX_OUTPUT]


STOCK_FILTERS: Final = (
    "abs", "capitalize", "default", "first", "float", "int", "last", "length", "lower", "round", "title", "trim",
    "upper",
)  # fmt: skip
"""Jinja2's own filters that cannot grow a text."""

OWN_FILTERS: Final[Mapping[str, Callable[..., str]]] = {"num": num, "when": when, "day": day, "listed": listed}

ALLOWED: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const,
    nodes.Filter, nodes.Keyword, nodes.If, nodes.For, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And,
    nodes.Or, nodes.Not, nodes.Test, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg,
    nodes.Pos, nodes.Concat,
)  # fmt: skip


class Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox: strict about unknown names, without globals, and deaf to operators that multiply texts."""

    intercepted_binops = TEXT_OPERATORS

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in STOCK_FILTERS} | dict(OWN_FILTERS)
        self.tests = {name: self.tests[name] for name in ("defined", "undefined", "none", "number", "string")}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse to multiply texts and lists, and powers of anything."""
        if operator == "**" or not (isinstance(left, (int, float)) and isinstance(right, (int, float))):
            raise SecurityError(f"the operator {operator} is for numbers only")
        return super().call_binop(context, operator, left, right)


_ENVIRONMENT: Final = Sandbox()


@lru_cache(maxsize=4096)
def compile_template(text: str) -> Compiled:
    """Compile a template; raises TemplateRefused with what is wrong with it."""
    try:
        tree = _ENVIRONMENT.parse(text)
        _inspect(tree, loops=0)
        return _ENVIRONMENT.from_string(tree)
    except TemplateSyntaxError as error:
        raise TemplateRefused(f"no template: {error.message}") from error
    except (TemplateError, RecursionError) as error:
        raise TemplateRefused(f"no template: {error}") from error


def _inspect(node: nodes.Node, loops: int) -> None:
    if not isinstance(node, ALLOWED):
        raise TemplateRefused(f"{type(node).__name__.lower()} is not allowed in a template")
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise TemplateRefused(f"the attribute {node.attr} is not allowed in a template")
    if isinstance(node, nodes.Name) and node.name in ("self", "super"):
        raise TemplateRefused(f"{node.name} is not allowed in a template")
    if isinstance(node, nodes.Filter) and node.name not in _ENVIRONMENT.filters:
        raise TemplateRefused(f"unknown filter {node.name}; known: {', '.join(sorted(_ENVIRONMENT.filters))}")
    if isinstance(node, nodes.Test) and node.name not in _ENVIRONMENT.tests:
        raise TemplateRefused(f"unknown test {node.name}; known: {', '.join(sorted(_ENVIRONMENT.tests))}")
    loops += isinstance(node, nodes.For)
    if loops > 1:
        raise TemplateRefused("a loop within a loop is not allowed in a template")
    for child in node.iter_child_nodes():
        _inspect(child, loops)


def render(text: str, context: Mapping[str, Any]) -> str:
    """Render a template; raises TemplateRefused when it names what is not there or does what is not allowed."""
    try:
        return clean(compile_template(text).render(context))
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise TemplateRefused(str(error)) from error


def clean(text: str) -> str:
    """A text without control, format and bidirectional characters, of bounded length."""
    kept = "".join(c for c in text[: 2 * MAX_OUTPUT] if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return kept[:MAX_OUTPUT]
