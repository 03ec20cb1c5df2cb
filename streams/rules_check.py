"""The second look at rules that are well formed: templates, patterns, fields, notices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import re2

from schemas.alert import Notice, Window
from schemas.rule import Rule, Stream
from schemas.rule_where import Condition
from streams.advice import near
from streams.rules_remark import Remark, Steps
from streams.rules_values import odd_values
from workers.judge.compose import CONTEXT, context_of
from workers.judge.templates import TemplateRefused, render
from workers.judge.where import compile_pattern

SHARED_FIELDS: Final = frozenset({
    "id", "revision", "status", "object", "measure", "value", "high", "qualifier", "is_total", "place.name",
    "place.admin1", "place.country", "attacker", "target_country", "claimed_by", "confidence", "n_sources",
    "n_independent", "time", "time_end", "night_of", "time_basis", "period",
})  # fmt: skip
FIELDS: Final[dict[Stream, frozenset[str]]] = {
    "incidents": SHARED_FIELDS | {"low", "derived", "conflict"},
    "events": SHARED_FIELDS
    | {"type", "event_type", "subtype", "model", "scope", "recap", "uncounted", "source", "owner", "lang", "feed"},
    "feeds": frozenset({
        "id", "feed", "url", "outcome", "status", "reason", "new_items", "items", "errors", "seconds", "bytes",
    }),
}  # fmt: skip
"""The fields of the items of each stream."""

NUMERIC: Final = frozenset({
    "value", "low", "high", "confidence", "n_sources", "n_independent", "revision", "new_items", "items", "errors",
    "seconds", "bytes",
})  # fmt: skip


def errors_of(rule: Rule, index: int) -> Iterator[Remark]:
    """What keeps a rule from running: templates that fail on a sample, patterns that are none."""
    for path, template in _templates(rule):
        try:
            render(template, _sample(rule) | ({"title": "title"} if path[0] == "annotations" else {}))
        except TemplateRefused as error:
            yield Remark(("rules", index, *path), _undefined(str(error)))
    for path, pattern in _patterns(rule.where):
        try:
            compile_pattern(pattern)
        except re2.error as error:
            text = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
            yield Remark(("rules", index, *path), f"no regular expression (RE2 syntax): {text}")


def _undefined(message: str) -> str:
    """What a template asks for in vain, with the name that was probably meant."""
    name = re.match(r"'(\w+)' is undefined", message)
    known = (*CONTEXT, "window", "by", "group")
    meant = near(name[1], known) if name else None
    return f"{message}; did you mean {meant}?" if meant else message


def warnings_of(rule: Rule, index: int, receivers: frozenset[str] | None) -> Iterator[Remark]:
    """What is legal and most likely a mistake."""
    for remark in (
        *_unknown_fields(rule),
        *_odd_aggregate(rule),
        *odd_values(rule),
        *_odd_notices(rule),
    ):
        yield Remark(("rules", index, *remark.path), remark.message)
    for name in rule.route:
        if receivers is not None and name not in receivers:
            yield Remark(("rules", index, "route"), f"no receiver is called {name}; add it or correct the name")


def _templates(rule: Rule) -> Iterator[tuple[Steps, str]]:
    yield ("title",), rule.title
    yield from ((("labels", name), text) for name, text in rule.labels.items())
    yield from ((("annotations", name), text) for name, text in rule.annotations.items())


def _sample(rule: Rule) -> dict[str, Any]:
    at = datetime(2026, 9, 4, 2, tzinfo=UTC)
    notice = Notice(
        id="0" * 20,
        alert="0" * 20,
        revision=1,
        rule=rule.id,
        title="",
        group=dict.fromkeys(rule.by, "UA"),
        window=Window(key="night/2026-09-04", start=at, end=at + timedelta(hours=7), tz="Europe/Kyiv"),
        notice="escalate",
        reason="level-reached",
        severity="high",
        peak="high",
        value=120,
        low=110,
        high=130,
        threshold=100,
        limit="> 100",
        was=60,
        baseline=40.0,
        object="drone",
        measure="involved",
        first_seen=at,
        at=at,
    )
    return context_of(notice)


def _patterns(where: tuple[Condition, ...]) -> Iterator[tuple[Steps, str]]:
    for number, condition in enumerate(where):
        for field, test in condition.fields.items():
            if test.matches is not None:
                yield ("where", number, field, "matches"), test.matches
        for path, pattern in _patterns(condition.none_of):
            yield ("where", number, "not", *path[1:]), pattern


def _unknown_fields(rule: Rule) -> Iterator[Remark]:
    known = FIELDS[rule.source]
    for number, condition in enumerate(rule.where):
        for name in sorted(condition.names() - known):
            yield Remark(("where", number, name), _no_field(name, rule))
    for number, name in enumerate(rule.by):
        if name not in known:
            yield Remark(("by", number), _no_field(name, rule))
    if rule.value is not None and rule.value.field and rule.value.field not in known:
        yield Remark(("value",), _no_field(rule.value.field, rule))


def _no_field(name: str, rule: Rule) -> str:
    known = sorted(FIELDS[rule.source])
    meant = near(name, known)
    advice = f"did you mean {meant}?" if meant else f"known: {', '.join(known)}"
    return f"{rule.source} have no field {name}, so it is never given; {advice}"


def _odd_aggregate(rule: Rule) -> Iterator[Remark]:
    if rule.value is None:
        return
    name = rule.value.field
    if rule.value.aggregate not in ("count", "distinct") and name in FIELDS[rule.source] and name not in NUMERIC:
        yield Remark(("value",), f"{name} is no number; use distinct({name}) or count()")
    if name == "value" and rule.source != "feeds" and "measure" not in rule.mentions:
        yield Remark(("where",), "name a measure: figures of different measures are not comparable")
    if rule.value.aggregate == "sum" and rule.source != "feeds" and "is_total" not in rule.mentions:
        yield Remark(("value",), "a sum over totals and parts counts twice; add is_total: true or is_total: false")


def _odd_notices(rule: Rule) -> Iterator[Remark]:
    notify = rule.notify
    if notify.every is not None and not notify.tells("repeat"):
        yield Remark(("notify", "notices"), "repeat is set, but notices leaves repeat out, so nothing is repeated")
    if notify.update_by is not None and not notify.tells("update"):
        yield Remark(("notify", "notices"), "update_by is set, but notices leaves update out, so no growth is told")
    if "open" not in notify.notices:
        yield Remark(("notify", "notices"), "notices leaves open out, so nobody learns that an alert began")
