"""Levels: holds the value of a window against the limits of its rule, and says in words how that came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.rule import Level, Rule
from schemas.rule_terms import ValueOf
from workers.judge.cells import Member
from workers.judge.history import Usual
from workers.judge.readings import Reading, read


@dataclass(frozen=True, slots=True)
class Finding:
    """What the items of a window come to under one rule."""

    reading: Reading
    level: int | None
    clear: bool
    threshold: float | None
    limit: str | None
    baseline: float | None
    outcome: str
    why: str


def find(rule: Rule, members: Mapping[str, Member], usual: Usual | None) -> Finding:
    """The highest level that is reached, and whether an open alert ends."""
    value, levels = _terms(rule)
    base = usual.value if usual is not None else None
    readings = {n: read(value, members, n) for n in {rule.sources, *(_asked(rule, level) for level in levels)}}
    reached = [index for index, level in enumerate(levels) if _meets(level, readings[_asked(rule, level)], base)]
    level = reached[-1] if reached else None
    reading = readings[rule.sources]
    shown = levels[level or 0]
    outcome, why = _in_words(rule, members, level, reading, usual)
    return Finding(
        reading=reading,
        level=level,
        clear=level is None and _clears(rule, reading, base),
        threshold=shown.at.threshold(base),
        limit=shown.at.text,
        baseline=base,
        outcome=outcome,
        why=why,
    )


def _terms(rule: Rule) -> tuple[ValueOf, tuple[Level, ...]]:
    """Value and levels, which every rule that comes here has."""
    assert rule.value is not None
    assert rule.levels is not None
    return rule.value, rule.levels


def _asked(rule: Rule, level: Level) -> int:
    """How many independent sources an item needs to count for a level."""
    return level.sources or rule.sources


def _meets(level: Level, reading: Reading, base: float | None) -> bool:
    threshold = level.at.threshold(base)
    if threshold is None or reading.value is None:
        return False
    return level.at.holds(reading.value, threshold, reading.qualifier == "over")


def _clears(rule: Rule, reading: Reading, base: float | None) -> bool:
    if rule.clear is None or reading.value is None:
        return True
    threshold = rule.clear.threshold(base)
    return threshold is None or rule.clear.holds(reading.value, threshold, reading.qualifier == "over")


def _in_words(
    rule: Rule, members: Mapping[str, Member], level: int | None, reading: Reading, usual: Usual | None
) -> tuple[str, str]:
    _, levels = _terms(rule)
    missing = _too_few_sources(rule, members, level, usual)
    if level is not None:
        why = f"{reading.value} meets '{levels[level].at}'"
        return "level-reached", f"{why}; {missing}" if missing else why
    if missing:
        return "too-few-sources", missing
    lowest = levels[0].at
    threshold = lowest.threshold(usual.value if usual else None)
    if threshold is None:
        have, need = (usual.windows if usual else 0), (rule.baseline.min_history if rule.baseline else 0)
        return "short-history", f"no baseline yet: {have} of {need} windows of history"
    if reading.value is None:
        return "no-value", "no item has a number"
    return "below-limit" if not rule.low else "above-limit", f"{reading.value} of {threshold:g} (limit '{lowest}')"


def _too_few_sources(rule: Rule, members: Mapping[str, Member], level: int | None, usual: Usual | None) -> str | None:
    """Which level only lacks independent sources, in words."""
    value, levels = _terms(rule)
    if max(_asked(rule, each) for each in levels) < 2:
        return None
    everything = read(value, members, 1)
    base = usual.value if usual is not None else None
    for index in range(len(levels) - 1, -1 if level is None else level, -1):
        each = levels[index]
        needed = _asked(rule, each)
        if needed > 1 and _meets(each, everything, base):
            most = max((member.independent for member in members.values()), default=0)
            return f"{everything.value} meets '{each.at}', but {each.severity} asks for {needed} sources, not {most}"
    return None
