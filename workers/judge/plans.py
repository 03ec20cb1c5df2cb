"""Plans: rules made ready to run, and the index that finds those which an item can match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.rule import Rule
from workers.judge.items import FieldValue, Item
from workers.judge.seats import Group
from workers.judge.taxonomy import Taxonomy
from workers.judge.where import Test, compile_where
from workers.judge.windows import Grid, grid_of

COUNTED_ONLY_IF: Final = {"status": "asserted", "recap": False, "uncounted": None}
"""What a claim must be to count, unless a rule names the field: neither planned nor denied, no look back, and without
a reason of the extractor's never to count it."""

SELECTING: Final = frozenset(
    {
        "object", "measure", "attacker", "target_country", "is_total", "scope", "type", "event_type", "subtype",
        "qualifier", "derived", "conflict", "period", "time_basis", "status", "recap", "uncounted", "lang",
        "place.admin1", "place.country", "outcome",
    }
)  # fmt: skip
"""Fields of few values: what a rule says of an item that differs in none of these is worked out once."""

REMEMBERED: Final = 4096
"""Combinations of such values, of one object and measure, that are remembered."""

Answer = str | None | bool
"""Why an item does not match, in words; None when it does; False where each item has to be asked."""


@dataclass(frozen=True)
class Plan:
    """One rule, compiled."""

    rule: Rule
    shape: str
    test: Test
    grid: Grid | None
    objects: frozenset[str] | None
    measures: frozenset[str] | None
    guards: tuple[tuple[str, object], ...]
    mentions: frozenset[str]
    placing: str
    """Rules with the same text here put every item into the same window."""

    def failing(self, item: Item) -> str | None:
        """Why the item does not match, in words; None when it does."""
        reason = self.test.failing(item.fields)
        if reason is not None:
            return reason
        for name, wanted in self.guards:
            if item.fields.get(name, wanted) != wanted:
                return f"{name} is {item.fields[name]}"
        return None

    @property
    def selective(self) -> bool:
        """Whether fields of few values decide what matches."""
        return self.mentions <= SELECTING

    def group(self, item: Item) -> Group:
        """The values of the fields that the rule groups by."""
        return tuple(item.text(name) for name in self.rule.by)


def plan(rule: Rule, taxonomy: Taxonomy) -> Plan:
    """Compile a rule; raises re2.error for a pattern that is none."""
    test = compile_where(rule.where, taxonomy)
    mentioned = rule.mentions
    guards = () if rule.source == "feeds" else tuple(g for g in COUNTED_ONLY_IF.items() if g[0] not in mentioned)
    grid = grid_of(rule.window)
    return Plan(
        rule=rule,
        shape=rule.shape,
        test=test,
        grid=grid,
        objects=test.values("object"),
        measures=test.values("measure"),
        guards=guards,
        mentions=mentioned,
        placing=f"{rule.window.model_dump_json() if rule.window else None} {'period' in mentioned}",
    )


class Choice:
    """The plans that can count one object and measure, and what they say of items with certain values."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self.plans = tuple(plans)
        asked = (each for each in plans if each.selective)
        self._names = tuple(sorted({name for each in asked for name in (*each.mentions, *dict(each.guards))}))
        self._known: dict[tuple[FieldValue, ...], tuple[tuple[Plan, Answer], ...]] = {}

    def among(self, item: Item) -> Iterator[tuple[Plan, str | None]]:
        """Every plan, and why the item does not match it or None."""
        values = tuple(map(item.fields.get, self._names))
        known = self._known.get(values)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = tuple((each, each.failing(item) if each.selective else False) for each in self.plans)
            self._known[values] = known
        for each, answer in known:
            yield each, each.failing(item) if isinstance(answer, bool) else answer


class Index:
    """The plans of all rules by stream, measure and object."""

    def __init__(self, plans: Iterable[Plan], taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._found: dict[tuple[str, FieldValue, FieldValue], Choice] = {}
        self._by_measure: dict[tuple[str, str | None], list[Plan]] = defaultdict(list)
        self._any_measure: dict[str, list[Plan]] = defaultdict(list)
        for each in plans:
            if each.measures is None:
                self._any_measure[each.rule.source].append(each)
            for measure in each.measures or ():
                self._by_measure[each.rule.source, measure].append(each)

    def wants(self, stream: str, name: str, measure: str) -> bool:
        """Whether any plan can count this object and measure."""
        return bool(self._find(stream, name, measure).plans)

    def candidates(self, stream: str, item: Item) -> Iterator[tuple[Plan, str | None]]:
        """The plans that can count the item's object and measure, and why their `where` does not hold or None."""
        return self._find(stream, item.fields.get("object"), item.fields.get("measure")).among(item)

    def _find(self, stream: str, name: FieldValue, measure: FieldValue) -> Choice:
        key = (stream, self._taxonomy.plain("object", name), self._taxonomy.plain("measure", measure))
        known = self._found.get(key)
        if known is None:
            every = self._any_measure.get(stream, []) + self._by_measure.get((stream, key[2]), [])
            fitting = [plan for plan in every if plan.objects is None or key[1] in plan.objects]
            known = self._found[key] = Choice(fitting)
        return known
