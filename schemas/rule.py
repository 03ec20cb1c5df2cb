"""A rule: what an operator wants to be told of, as written in a rule file (rule language, version 1)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from schemas.alert import SEVERITIES, NoticeKind, Severity
from schemas.base import Document, digest
from schemas.rule_terms import Comparison, Duration, FieldName, Limit, Night, Value, Zone
from schemas.rule_where import Where

Stream = Literal["incidents", "events", "feeds"]

MAX_TEMPLATE: Final = 2000
"""Longest template, in characters."""

Template = Annotated[StrictStr, Field(max_length=MAX_TEMPLATE)]
Count = Annotated[StrictInt, Field(ge=1)]
Ratio = Annotated[float, Field(gt=0)]

WINDOW_KINDS: Final = ("night", "calendar", "tumbling", "sliding", "session")
DEFAULT_GRACE: Final = timedelta(hours=12)
DEFAULT_NOTICES: Final[tuple[NoticeKind, ...]] = ("open", "escalate", "correct", "resolve", "withdraw")


class Part(Document):
    """A part of a rule file; the texts below its keys are what editors show beside them."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class WindowSpec(Part):
    """The stretch of time that a rule looks at; exactly one of the five kinds."""

    night: Night | None = None
    """Local hours such as '18:00-09:00'; a night is named by the date of its morning."""
    calendar: Literal["day", "week", "month"] | None = None
    """Local days, weeks that begin on Monday, or months."""
    tumbling: Duration | None = None
    """Stretches of equal length, counted from 1970-01-01T00:00Z."""
    sliding: Duration | None = None
    """The stretch of this length that ends now."""
    session: Duration | None = None
    """Items less than this far apart belong together."""
    max: Duration | None = None
    """Longest session."""
    tz: Zone | None = None
    """The IANA zone of nights and calendar windows, for example Europe/Kyiv; it has no default."""
    time: Literal["event", "published", "ingested"] = "event"
    """Which clock places an item."""
    grace: Duration = DEFAULT_GRACE
    """How long after the end a new alert may still open; corrections always pass."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [kind for kind in WINDOW_KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(WINDOW_KINDS)}; found {', '.join(given) or 'none'}")
        local = given[0] in ("night", "calendar")
        if local and self.tz is None:
            raise ValueError(f"a {given[0]} window needs tz, for example tz: Europe/Kyiv; there is no default")
        if not local and self.tz is not None:
            raise ValueError(f"a {given[0]} window has no tz; it is the same everywhere")
        if self.max is not None and self.session is None:
            raise ValueError("max belongs to session windows")
        return self

    @property
    def kind(self) -> str:
        """Which of the five kinds this is."""
        return next(kind for kind in WINDOW_KINDS if getattr(self, kind) is not None)


class Level(Part):
    """One limit and how severe it is to reach it."""

    severity: Severity
    at: Limit
    sources: Count | None = None
    """Independent sources that an item needs to count for this level; the rule's where none is given."""


class FirstSeen(Part):
    """Novelty: the group has not been seen within `memory`; silent during `warmup`."""

    severity: Severity
    memory: Duration = timedelta(days=365)
    warmup: Duration = timedelta(days=7)


class Absent(Part):
    """Silence: nothing was heard of the group for `after`."""

    severity: Severity
    after: Duration
    expect: tuple[str | tuple[str, ...], ...] = ()
    """Groups to wait for although they were never heard; a list of values where `by` has several fields."""
    memory: Duration = timedelta(days=7)
    startup: Duration = timedelta(minutes=15)

    @model_validator(mode="after")
    def _remembered(self) -> Self:
        if self.memory <= self.after:
            raise ValueError("memory must be longer than after, or the silence is forgotten before it is reported")
        return self


class BaselineSpec(Part):
    """The usual value: a statistic over the previous windows of the same kind and group."""

    stat: Literal["median", "mean", "max"] = "median"
    windows: Annotated[StrictInt, Field(ge=1, le=60)] = 14
    min_history: Count = 7
    floor: Annotated[float, Field(ge=0)] = 1

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.min_history > self.windows:
            raise ValueError(f"min_history {self.min_history} can never be reached with windows {self.windows}")
        return self


class Notify(Part):
    """Which changes are told, and how often."""

    cooldown: Duration = timedelta(minutes=10)
    repeat: Duration | Literal["none"] | None = None
    notices: tuple[NoticeKind, ...] = DEFAULT_NOTICES
    update_by: Ratio | None = None
    """Growth since the last notice, as a fraction, that is told although no new level was reached."""

    def tells(self, kind: NoticeKind) -> bool:
        """Whether this kind of notice is sent; `repeat` and `update_by` ask for their own kind."""
        if kind in self.notices:
            return True
        wanted = {"repeat": self.every is not None, "update": self.update_by is not None}
        return "notices" not in self.model_fields_set and wanted.get(kind, False)

    @property
    def every(self) -> timedelta | None:
        """How long after the last notice an alert is told again."""
        return self.repeat if isinstance(self.repeat, timedelta) else None


class Shared(Part):
    """The keys that `defaults` may set for all rules of a file."""

    sources: Count = 1
    """Independent sources that an item needs to count."""
    max_groups: Count = 500
    """Groups beyond this number are refused by name."""
    notify: Notify = Notify()
    labels: dict[str, Template] = {}
    """Short texts that travel with the notice; templates."""
    annotations: dict[str, Template] = {}
    """Texts for people; templates."""
    route: tuple[StrictStr, ...] = ()
    """Names of receivers."""
    enabled: StrictBool = True


class Rule(Shared):
    """One rule; exactly one of `levels`, `first_seen` and `absent` says when it speaks."""

    id: Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9-]{2,62}$")]
    """Lower case, digits and hyphens; stable, since it is part of every alert's identity."""
    title: Annotated[Template, Field(min_length=1)]
    """One line; a template such as `Drones, night of {{ window.date }}`."""
    source: Stream = Field(default="incidents", alias="from")
    """The stream that the rule reads."""
    where: Where = ()
    """Which items count: a map is AND, a list of maps is OR, `not` excludes."""
    value: Value | None = None
    """What is measured, for example max(value), sum(value), count() or distinct(place.admin1)."""
    by: tuple[FieldName, ...] = ()
    """One alert for each combination of these fields' values."""
    window: WindowSpec | None = None
    levels: tuple[Level, ...] | None = None
    """Limits from mild to severe, all in one direction."""
    first_seen: FirstSeen | None = None
    absent: Absent | None = None
    baseline: BaselineSpec | None = None
    clear: Limit | None = None
    """An alert ends only when this holds, for example `<= 45`."""
    hold: Duration | None = None
    """How long the level must hold before the alert opens."""

    @field_validator("levels")
    @classmethod
    def _graded(cls, levels: tuple[Level, ...] | None) -> tuple[Level, ...] | None:
        if levels is not None:
            _check_levels(levels)
        return levels

    @field_validator("clear")
    @classmethod
    def _away(cls, clear: Comparison | None, info: ValidationInfo) -> Comparison | None:
        levels = info.data.get("levels")
        if clear is not None and levels:
            _check_clear(clear, levels[0].at)
        return clear

    @model_validator(mode="after")
    def _complete(self) -> Self:
        words = incomplete([name for name in type(self).model_fields if getattr(self, name) is not None])
        if words is not None:
            raise ValueError(words)
        return self

    @model_validator(mode="after")
    def _comparable(self) -> Self:
        if self.levels is None or self.window is None:
            return self
        multiples = [limit for limit in (*(level.at for level in self.levels), self.clear) if limit and limit.multiple]
        if multiples and self.baseline is None:
            raise ValueError(f"the limit {multiples[0]} is a multiple of the baseline: add baseline: {{windows: 14}}")
        if self.baseline is not None and self.window.kind in ("sliding", "session"):
            raise ValueError(f"a {self.window.kind} window has no baseline; use night, calendar or tumbling")
        return self

    @property
    def low(self) -> bool:
        """Whether the rule speaks of low values, which can only be judged when the window is over."""
        return self.levels is not None and self.levels[0].at.direction == "down"

    @property
    def mentions(self) -> frozenset[str]:
        """All fields that `where` names."""
        return frozenset().union(*(condition.names() for condition in self.where))

    @property
    def shape(self) -> str:
        """Digest of what the state of the rule is made of; another shape begins with new state."""
        kind = "levels" if self.levels else "first_seen" if self.first_seen else "absent"
        window = self.window.model_dump_json(exclude={"grace"}) if self.window else None
        return digest(self.source, kind, str(self.value), ",".join(self.by), window, size=4)


CONDITIONS: Final = ("levels", "first_seen", "absent")
LEVELS_NEED: Final = {
    "value": "value, for example max(value) or count()",
    "window": "window, for example {sliding: 24h}",
}
OF_LEVELS: Final = ("value", "window", "baseline", "clear", "hold")


def incomplete(given: Collection[str]) -> str | None:
    """What a rule with these keys lacks, or has too much, whatever stands behind them; None for one that is whole."""
    conditions = [name for name in CONDITIONS if name in given]
    if len(conditions) != 1:
        return f"give exactly one of {', '.join(CONDITIONS)}; found {', '.join(conditions) or 'none'}"
    if conditions == ["levels"]:
        missing = [words for name, words in LEVELS_NEED.items() if name not in given]
        return f"a rule with levels needs {' and '.join(missing)}" if missing else None
    idle = [name for name in OF_LEVELS if name in given]
    return f"{', '.join(idle)} belongs to rules with levels, not to {conditions[0]}" if idle else None


def _check_levels(levels: tuple[Level, ...]) -> None:
    if not levels:
        raise ValueError("levels needs at least one entry such as {severity: warning, at: '> 50'}")
    if len({level.at.direction for level in levels}) > 1:
        raise ValueError("levels must all point in one direction: all > or >=, or all < or <=")
    for mild, severe in pairwise(levels):
        if SEVERITIES.index(mild.severity) >= SEVERITIES.index(severe.severity):
            raise ValueError(
                f"levels go from mild to severe ({', '.join(SEVERITIES)}): {severe.severity} follows {mild.severity}"
            )
        same_but_surer = severe.at == mild.at and (severe.sources or 1) > (mild.sources or 1)
        if mild.at.multiple == severe.at.multiple and not same_but_surer and not _stricter(severe.at, mild.at):
            raise ValueError(f"levels go from mild to severe: '{severe.at}' is not beyond '{mild.at}'")


def _stricter(severe: Comparison, mild: Comparison) -> bool:
    if severe.number == mild.number:
        return severe.op in (">", "<") and mild.op in (">=", "<=")
    return (severe.number > mild.number) == (mild.direction == "up")


def _check_clear(clear: Comparison, lowest: Comparison) -> None:
    if clear.direction == lowest.direction:
        raise ValueError(f"clear points away from the levels, for example '{'<=' if lowest.op > '=' else '>='} ...'")
    beyond = clear.number > lowest.number if lowest.direction == "up" else clear.number < lowest.number
    both = clear.number == lowest.number and clear.op.endswith("=") and lowest.op.endswith("=")
    if clear.multiple == lowest.multiple and (beyond or both):
        raise ValueError(f"clear '{clear}' holds while the level '{lowest}' is reached; they must not overlap")


class Defaults(Part):
    """What rules of the file get where they do not say otherwise."""

    sources: Count | None = None
    max_groups: Count | None = None
    notify: Notify | None = None
    labels: dict[str, Template] | None = None
    annotations: dict[str, Template] | None = None
    route: tuple[StrictStr, ...] | None = None
    enabled: StrictBool | None = None


class RuleFile(Part):
    """One file of rules."""

    version: Literal[1]
    defaults: Defaults = Defaults()
    rules: tuple[Rule, ...]

    def effective(self) -> tuple[Rule, ...]:
        """The rules with the defaults of the file filled in."""
        given: dict[str, Any] = {
            name: getattr(self.defaults, name)
            for name in self.defaults.model_fields_set
            if getattr(self.defaults, name) is not None
        }
        return tuple(
            rule.model_copy(update={name: value for name, value in given.items() if name not in rule.model_fields_set})
            for rule in self.rules
        )
