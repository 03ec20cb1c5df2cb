"""Composes the notice of an alert: figures, limits, sentences, and the texts that the rule's templates make of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from schemas.alert import ENDINGS, SEVERITIES, Evidence, Notice, Severity, Window
from schemas.base import Mode, digest
from schemas.event import Qualifier
from schemas.rule import Rule
from workers.judge.cells import AlertState
from workers.judge.items import MAX_EVIDENCE, Item
from workers.judge.machine import Told
from workers.judge.templates import TemplateRefused, clean, render

SINGLE: Final = frozenset({"max", "min", "last"})
"""Aggregates whose value is that of one item."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a notice is about: the alert's identity and window, and what the evaluation found there."""

    alert_id: str
    group: Mapping[str, str | None]
    window: Window
    mode: Mode
    items: Sequence[Item] = ()
    """The items behind the value, the one that decides first."""
    value: float | int | None = None
    qualifier: Qualifier = "exact"
    threshold: float | None = None
    limit: str | None = None
    baseline: float | None = None


def compose(rule: Rule, alert: AlertState, told: Told, about: Subject, seq: int, now: datetime) -> Notice:
    """The notice number `seq` of an alert, with the last one's evidence where none is left."""
    severities = severities_of(rule)
    peak = severities[min(alert.peak, len(severities) - 1)]
    level = severities[min(alert.level or 0, len(severities) - 1)]
    notice = Notice(
        id=digest(about.alert_id, seq),
        alert=about.alert_id,
        revision=seq,
        rule=rule.id,
        title=rule.title,
        group=dict(about.group),
        window=about.window,
        notice=told.kind,
        reason=told.reason,
        severity=peak if told.kind in ENDINGS else level,
        peak=peak,
        value=about.value,
        qualifier=about.qualifier,
        threshold=_plain(about.threshold),
        limit=about.limit,
        was=told.was,
        baseline=about.baseline,
        route=rule.route,
        first_seen=alert.opened or now,
        at=now,
        mode=about.mode,
        **_said(rule, about, alert),
    )
    return notice.model_copy(update=_texts(rule, notice))


def severities_of(rule: Rule) -> list[Severity]:
    """The severities of a rule by level."""
    if rule.levels is not None:
        return [level.severity for level in rule.levels]
    single = rule.first_seen or rule.absent
    return [single.severity if single else SEVERITIES[0]]


def _plain(number: float | None) -> float | int | None:
    return int(number) if number is not None and number == int(number) else number


def _said(rule: Rule, about: Subject, alert: AlertState) -> dict[str, Any]:
    """What stands behind the value: sentences, sources, doubts; those of the last notice where nothing is left."""
    items = list(about.items)
    if not items:
        kept = (
            "evidence",
            "sources",
            "independent",
            "confidence",
            "doubts",
            "places",
            "incidents",
            "object",
            "measure",
        )
        return {name: getattr(alert.notice, name) for name in kept} if alert.notice else {}
    single = rule.value is not None and rule.value.aggregate in SINGLE
    deciding = items[:1] if single else items
    return {
        "low": _bound(deciding, "low", about) if rule.value is not None else None,
        "high": _bound(deciding, "high", about) if rule.value is not None else None,
        "object": items[0].text("object"),
        "measure": items[0].text("measure"),
        "places": _distinct(item.text("place.name") for item in items),
        "sources": _distinct(source for item in items for source in item.sources),
        "independent": min(item.independent for item in deciding),
        "confidence": min(item.confidence for item in deciding),
        "doubts": _distinct(doubt for item in deciding for doubt in item.doubts),
        "incidents": _distinct(item.incident for item in items),
        "evidence": _evidence(items),
    }


def _bound(items: Sequence[Item], name: str, about: Subject) -> float | int | None:
    """The range of what is said; only of a single figure, since bounds of a sum would claim too much."""
    return items[0].number(name) if len(items) == 1 and about.value is not None else None


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _evidence(items: Sequence[Item]) -> tuple[Evidence, ...]:
    found = {
        (part.article, part.field, part.span): part for item in reversed(items) for part in reversed(item.evidence)
    }
    return tuple(reversed(found.values()))[:MAX_EVIDENCE]


def _texts(rule: Rule, notice: Notice) -> dict[str, Any]:
    context = context_of(notice)
    title = " ".join(_render(rule.title, context).split())
    return {
        "title": title,
        "labels": {name: _render(text, context) for name, text in rule.labels.items()},
        "annotations": {name: _render(text, context | {"title": title}) for name, text in rule.annotations.items()},
    }


def _render(template: str, context: Mapping[str, Any]) -> str:
    """A rendered text, or its source marked as faulty: a bad template must never keep an alert back."""
    try:
        return render(template, context)
    except TemplateRefused as error:
        return clean(f"{template} [template: {error}]")


def context_of(notice: Notice) -> dict[str, Any]:
    """The names that a template may use."""
    window = notice.window
    by = {name.replace(".", "_"): value for name, value in notice.group.items()}
    return {
        **{name: getattr(notice, name) for name in CONTEXT},
        "window": {
            "key": window.key,
            "date": window.key.partition("/")[2],
            "start": window.start,
            "end": window.end,
            "tz": window.tz,
        },
        "by": by,
        "group": ", ".join(value for value in by.values() if value),
    }


CONTEXT: Final = (
    "rule", "notice", "reason", "severity", "peak", "value", "low", "high", "qualifier", "threshold", "limit", "was",
    "baseline", "object", "measure", "places", "sources", "independent", "confidence", "doubts", "first_seen", "at",
    "mode",
)  # fmt: skip
"""Fields of a notice that templates see under their own names."""
