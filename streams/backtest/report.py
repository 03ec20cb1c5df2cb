"""The report of a trial as plain data: alerts with values and lead times, windows, and what versions differ in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from schemas.alert import Evidence, Notice, Severity
from schemas.base import Instant, Model
from schemas.event import Qualifier
from schemas.rule import Rule
from streams.backtest.trial import Trial, Version
from streams.explain.facts import Judged
from workers.deliver.line import notice_fields
from workers.wording import number

Group = dict[str, str | None]
AlertKey = tuple[str, str, tuple[tuple[str, str | None], ...]]


class Fired(Model):
    """One alert that would have fired: how it opened, its highest state, and how it stood at the end."""

    rule: str
    group: Group
    window: str
    opened: Instant
    severity: Severity
    """The highest that it reached."""
    value: float | int | None
    """The value of the last notice that had one."""
    qualifier: Qualifier = "exact"
    limit: str | None
    lead_seconds: float | None
    """From the first report among the evidence to the opening; None where no report has a time."""
    notices: tuple[str, ...]
    """Kinds of its notices, in order, with the value of each."""
    evidence: tuple[Evidence, ...]

    @property
    def key(self) -> AlertKey:
        """What makes it the same alert under another version of the rules."""
        return (self.rule, self.window, tuple(sorted(self.group.items())))


class Bar(Model):
    """One window of one group: its value at the end of the trial, and how it was judged."""

    window: str
    value: float | None
    outcome: str
    why: str
    fired: bool


class Limit(Model):
    """One limit of a rule."""

    severity: Severity
    text: str
    threshold: float | None
    """None for a multiple of the usual value."""


class Chart(Model):
    """All windows of one rule and group that held anything."""

    rule: str
    title: str
    group: Group
    limits: tuple[Limit, ...]
    bars: tuple[Bar, ...]


class Difference(Model):
    """One alert that two versions of the rules do not tell alike."""

    change: Literal["only-new", "only-old", "different"]
    new: Fired | None
    old: Fired | None


class Report(Model):
    """What a backtest came to."""

    articles: int
    """All that were seen."""
    unread: dict[str, int] = {}
    """Those of them that were not taken through the rooms, by reason."""
    first: Instant | None
    last: Instant | None
    rules: tuple[str, ...]
    fired: tuple[Fired, ...]
    charts: tuple[Chart, ...]
    compared: bool
    differences: tuple[Difference, ...] = ()


def report_of(trial: Trial) -> Report:
    """The report of a finished trial."""
    fired = fired_of(trial.new)
    return Report(
        articles=trial.articles,
        unread=dict(+trial.unread),
        first=trial.first,
        last=trial.last,
        rules=tuple(rule.id for rule in trial.new.rules if rule.enabled),
        fired=tuple(fired),
        charts=tuple(_charts(trial.new)),
        compared=trial.old is not None,
        differences=tuple(differences(fired, fired_of(trial.old))) if trial.old is not None else (),
    )


def report_json(report: Report, notices: Sequence[Notice]) -> dict[str, object]:
    """The report with all notices, as one JSON object."""
    return {"schema": 1, **report.model_dump(mode="json"), "notices": [notice_fields(notice) for notice in notices]}


def fired_of(version: Version) -> list[Fired]:
    """The alerts of a version, in the order of their openings."""
    by_alert: dict[str, list[Notice]] = {}
    for notice in version.notices:
        by_alert.setdefault(notice.alert, []).append(notice)
    return [_fired(notices) for notices in by_alert.values()]


def _fired(notices: Sequence[Notice]) -> Fired:
    first, last = notices[0], notices[-1]
    valued = next((notice for notice in reversed(notices) if notice.value is not None), last)
    return Fired(
        rule=first.rule,
        group=first.group,
        window=first.window.key,
        opened=first.at,
        severity=last.peak,
        value=valued.value,
        qualifier=valued.qualifier,
        limit=valued.limit,
        lead_seconds=_lead(first),
        notices=tuple(map(_line, notices)),
        evidence=valued.evidence,
    )


def _lead(opening: Notice) -> float | None:
    reports: list[datetime] = [part.published for part in opening.evidence if part.published is not None]
    return (opening.at - min(reports)).total_seconds() if reports else None


def _line(notice: Notice) -> str:
    return f"{notice.notice} {number(notice.value)}" if notice.value is not None else notice.notice


def _charts(version: Version) -> Iterable[Chart]:
    by_group: dict[tuple[str, tuple[tuple[str, str | None], ...]], list[Judged]] = {}
    for judged in version.windows:
        by_group.setdefault((judged.rule, tuple(judged.group.items())), []).append(judged)
    rules = {rule.id: rule for rule in version.rules}
    told = {(fired.rule, fired.window, tuple(sorted(fired.group.items()))) for fired in fired_of(version)}
    for (name, group), windows in by_group.items():
        bars = tuple(_bar(each, (name, str(each.window), tuple(sorted(group))) in told) for each in windows)
        yield Chart(rule=name, title=rules[name].title, group=dict(group), limits=_limits(rules[name]), bars=bars)


def _bar(judged: Judged, fired: bool) -> Bar:
    found = judged.judgement
    assert found is not None  # only judged windows come here
    value = float(found.value) if found.value is not None else None
    return Bar(window=str(judged.window), value=value, outcome=found.outcome, why=found.why, fired=fired)


def _limits(rule: Rule) -> tuple[Limit, ...]:
    return tuple(
        Limit(severity=level.severity, text=str(level.at), threshold=level.at.threshold(None))
        for level in rule.levels or ()
    )


def differences(new: Sequence[Fired], old: Sequence[Fired]) -> list[Difference]:
    """What one version fires that the other does not, and what both fire differently, in the order of windows."""
    ours, theirs = {fired.key: fired for fired in new}, {fired.key: fired for fired in old}
    found = []
    for key in sorted({**ours, **theirs}, key=lambda key: (key[1], key[0], str(key[2]))):
        one, other = ours.get(key), theirs.get(key)
        if one is None or other is None:
            found.append(Difference(change="only-old" if one is None else "only-new", new=one, old=other))
        elif _told(one) != _told(other):
            found.append(Difference(change="different", new=one, old=other))
    return found


def _told(fired: Fired) -> tuple[object, ...]:
    return (fired.opened, fired.severity, fired.value, fired.qualifier, fired.notices)
