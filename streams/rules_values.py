"""Warns of values in rules that no item can have: misspelled objects, countries by name, limits out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from schemas.rule import Level, Rule
from schemas.rule_where import Condition, Operators
from streams.rules_remark import Remark
from workers.extract.countries import country_codes
from workers.extract.lexicon import Lexicon
from workers.judge.taxonomy import default_taxonomy

YES_OR_NO: Final = frozenset({"is_total", "derived", "conflict", "recap"})
COUNTRIES: Final = frozenset({"attacker", "target_country", "place.country"})
CLOSE: Final = 0.8
"""How alike a value and a known word must be: an operator's own lexicon may have words of its own."""

ONE_OF_THEM: Final = frozenset({"max", "min", "avg", "median", "last"})
"""Aggregates that never go beyond the values they are made of."""

BOUNDS: Final = {"up": ("lt", "lte"), "down": ("gt", "gte")}


def odd_values(rule: Rule) -> Iterator[Remark]:
    """What the conditions and limits of a rule ask for in vain."""
    if rule.source != "feeds":
        for path, field, value in _compared(rule.where, ("where",)):
            message = _odd(field, value)
            if message is not None:
                yield Remark(path, message)
    for number, level in enumerate(rule.levels or ()):
        yield from (Remark(("levels", number, *path), words) for path, words in _unreachable(rule, level))
    if rule.source == "events" and rule.sources > 1:
        yield Remark(("sources",), "a single claim has one source, so nothing counts; read incidents")
    if any(level.sources and level.sources < rule.sources for level in rule.levels or ()):
        yield Remark(("levels",), "a level asks for fewer sources than the rule; items below the rule's count nowhere")


def _compared(where: tuple[Condition, ...], path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str, Any]]:
    """Every value that a field is compared with, and where it stands."""
    for number, condition in enumerate(where):
        for field, test in condition.fields.items():
            for value in _values(test):
                yield (*path, number, field), field, value
        yield from _compared(condition.none_of, (*path, number, "not"))


def _values(test: Operators) -> Iterator[Any]:
    given = test.given()
    yield from (given[name] for name in ("eq", "ne") if name in given)
    yield from (value for name in ("in", "nin", "under") for value in given.get(name, ()))


def _odd(field: str, value: Any) -> str | None:
    if field in YES_OR_NO and not isinstance(value, bool):
        return f"{field} is true or false, without quotes; it is never {value!r}"
    if not isinstance(value, str):
        return None
    if field in COUNTRIES and value not in country_codes().values():
        codes = {name.casefold(): code for name, code in country_codes().items()}
        code = codes.get(value.casefold()) or (value.upper() if value.upper() in codes.values() else None)
        return f"{value} is no country code (ISO 3166 alpha-2)" + (
            f"; write {code}" if code else "; write for example UA"
        )
    known = _known_words().get(field)
    meant = get_close_matches(value, known, n=1, cutoff=CLOSE) if known and value not in known else []
    return f"no {field} is called {value}; did you mean {meant[0]}?" if meant else None


@cache
def _known_words() -> dict[str, frozenset[str]]:
    taxonomy, lexicon = default_taxonomy(), Lexicon.parse()
    objects = {*taxonomy.above, *taxonomy.above.values(), *taxonomy.same["object"], *lexicon.kinds}
    measures = {*taxonomy.same["measure"], *lexicon.measures, "involved"}
    return {"object": frozenset(objects), "measure": frozenset(measures)}


def _unreachable(rule: Rule, level: Level) -> Iterator[tuple[tuple[str, ...], str]]:
    """Why no value reaches a level; where it stands within the level."""
    needed = level.sources or rule.sources
    if rule.source == "events" and rule.sources == 1 and needed > 1:
        yield ("sources",), "is never reached: a single claim has one source; read incidents"
    value, limit = rule.value, level.at
    if limit.multiple:
        return
    if limit.direction == "down" and not limit.holds(0, limit.number):
        yield ("at",), f"'{limit}' is never reached: no value is below 0"
    if value is None or value.aggregate not in ONE_OF_THEM:
        return
    if value.field == "confidence" and limit.direction == "up" and not limit.holds(1, limit.number):
        yield ("at",), f"'{limit}' is never reached: confidence is at most 1"
    bounds = [_bound(condition, str(value.field), limit.direction) for condition in rule.where]
    reachable = (limit.holds(bound, limit.number) for bound in bounds if bound is not None)
    if bounds and None not in bounds and not any(reachable):
        yield ("at",), f"'{limit}' is never reached: where lets no such {value.field} through"


def _bound(condition: Condition, field: str, direction: str) -> float | None:
    """The most extreme value of a field that a condition lets through; None where it sets no bound."""
    test = condition.fields.get(field)
    given = test.given() if test is not None else {}
    known = [given[name] for name in (*BOUNDS[direction], "eq") if isinstance(given.get(name), int | float)]
    return (min(known) if direction == "up" else max(known)) if known else None
