"""The small terms of the rule language: durations, hours of a night, comparisons and values, read from text."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

Direction = Literal["up", "down"]
Aggregate = Literal["max", "min", "sum", "avg", "median", "last", "count", "distinct"]

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION: Final = re.compile(r"(?:\d+[smhd])+")
_NIGHT: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_COMPARISON: Final = re.compile(r"(>=|<=|>|<)\s*(\d+(?:\.\d+)?)(x?)")
_VALUE: Final = re.compile(r"(max|min|sum|avg|median|last|count|distinct)\(\s*([a-z_][a-z0-9_.]*)?\s*\)")
_FIELD: Final = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")


def parse_duration(value: object) -> timedelta:
    """Read '30m', '6h', '14d' or '1h30m'; raises ValueError with an example."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise ValueError(f"a duration is text such as '30m', '6h' or '14d' (quote it), not {value!r}")
    total = sum(
        (timedelta(**{_UNITS[unit]: int(number)}) for number, unit in re.findall(r"(\d+)([smhd])", value)),
        timedelta(),
    )
    if not total:
        raise ValueError("a duration must be longer than zero, for example '10m'")
    return total


def format_duration(value: timedelta) -> str:
    """The shortest text of a duration, the inverse of `parse_duration`: '1h30m'."""
    left, parts = int(value.total_seconds()), []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


@dataclass(frozen=True, slots=True)
class NightHours:
    """The local hours of a night that crosses midnight, half open: [start, end)."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def parse_night(value: object) -> NightHours:
    """Read '18:00-09:00'; raises ValueError when it is no such text or does not cross midnight."""
    if isinstance(value, NightHours):
        return value
    match = _NIGHT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"a night is text such as '18:00-09:00' (quote it), not {value!r}")
    hours = [int(part) for part in match.groups()]
    night = NightHours(time(hours[0], hours[1]), time(hours[2], hours[3]))
    if night.start <= night.end:
        raise ValueError("a night crosses midnight: its start is later than its end")
    return night


_OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A limit such as `> 50`, or `>= 3x` for three times the baseline."""

    op: str
    number: float
    multiple: bool
    text: str

    @property
    def direction(self) -> Direction:
        """Whether high values meet it or low ones."""
        return "up" if self.op.startswith(">") else "down"

    def threshold(self, baseline: float | None) -> float | None:
        """The number to compare with; None for a multiple of a baseline that is not known."""
        if not self.multiple:
            return self.number
        return None if baseline is None else self.number * baseline

    def holds(self, value: float, threshold: float, over: bool = False) -> bool:
        """Whether a value meets the limit; `over` says that the true value lies above `value` itself."""
        if over and value == threshold:
            return self.op.startswith(">")
        return _OPERATORS[self.op](value, threshold)

    def __str__(self) -> str:
        return self.text


def parse_comparison(value: object) -> Comparison:
    """Read '> 50', '<= 45' or '>= 3x'; raises ValueError with examples."""
    if isinstance(value, Comparison):
        return value
    match = _COMPARISON.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"a limit is text such as '> 50', '>= 100', '< 10' or '>= 3x', not {value!r}")
    op, number, multiple = match.groups()
    return Comparison(op, float(number), bool(multiple), f"{op} {number}{multiple}")


@dataclass(frozen=True, slots=True)
class ValueOf:
    """What a rule measures: an aggregate of one field, or the count of items."""

    aggregate: Aggregate
    field: str | None

    def __str__(self) -> str:
        return f"{self.aggregate}({self.field or ''})"


def parse_value(value: object) -> ValueOf:
    """Read 'max(value)', 'count()' or 'distinct(place.admin1)'; raises ValueError with the choices."""
    if isinstance(value, ValueOf):
        return value
    match = _VALUE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(
            "a value is max, min, sum, avg, median or last of a field (max(value)), count() or distinct(field),"
            f" not {value!r}"
        )
    aggregate, field = match.groups()
    if (aggregate == "count") == bool(field):
        raise ValueError("count() takes no field" if field else f"{aggregate}() needs a field: {aggregate}(value)")
    return ValueOf(aggregate, field)  # type: ignore[arg-type]  # the pattern allows the aggregates alone


def check_zone(value: object) -> str:
    """A time zone's IANA name as given; raises ValueError when there is no such zone."""
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {value!r} (IANA name, e.g. Europe/Kyiv)") from error
    return str(value)


def check_field(value: object) -> str:
    """The name of an item's field, possibly dotted; raises ValueError when it cannot be one."""
    if not isinstance(value, str) or not _FIELD.fullmatch(value):
        raise ValueError(f"a field is a name such as attacker or place.admin1, not {value!r}")
    return value


def _text(pattern: str, *examples: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{pattern}$", "examples": list(examples)}


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(_text(_DURATION.pattern, "30m", "6h", "14d")),
]
"""A positive length of time, written '30m'."""

Night = Annotated[
    NightHours,
    BeforeValidator(parse_night),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(_text(_NIGHT.pattern, "18:00-09:00")),
]
"""Local hours, written '18:00-09:00'."""

Limit = Annotated[
    Comparison,
    BeforeValidator(parse_comparison),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(_text(_COMPARISON.pattern, "> 50", ">= 3x", "< 10")),
]
"""A comparison, written '> 50'."""

Value = Annotated[
    ValueOf,
    BeforeValidator(parse_value),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(_text(_VALUE.pattern, "max(value)", "sum(value)", "count()", "distinct(place.admin1)")),
]
"""A measured value, written 'max(value)'."""

Zone = Annotated[str, BeforeValidator(check_zone)]
"""An IANA time zone."""

FieldName = Annotated[str, BeforeValidator(check_field)]
"""A field of an item, for example `place.admin1`."""
