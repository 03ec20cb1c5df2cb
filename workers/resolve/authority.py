"""Who a claimant is, and whose word counts for which measure: an order in a table that an operator can change."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

Side = Literal["target", "attacker", "third", "unknown"]

NEWSROOM: Final = "newsroom"
OTHER: Final = "other"
REPORTS: Final = "reports"
STATE: Final = "state"
OWN_NAME: Final = frozenset({OTHER, REPORTS, "local"})
"""Kinds with many members in one country: each name is a claimant of its own."""

WHOLE_WORD: Final = 3
"""Words up to this length must stand alone; longer ones also match as the beginning of a word."""


class PolicyError(ValueError):
    """A table of the resolver that cannot be used; the message says what is wrong and what to write."""


class Claimant(NamedTuple):
    """Who speaks: the country (None where the name has none) and the kind of body."""

    country: str | None
    kind: str


@dataclass(frozen=True, eq=False)
class Authority:
    """The table `authority.toml`, ready to be asked."""

    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    people: tuple[tuple[re.Pattern[str], Claimant], ...]
    countries: tuple[tuple[str, re.Pattern[str]], ...]
    allies: dict[str, str]
    orders: dict[str, tuple[frozenset[str], ...]]
    names: dict[str, str]

    def claimant(self, name: str | None) -> Claimant:
        """What the words that name a claimant say of it; no name is the newsroom itself."""
        return _claimant(self, name.casefold()) if name and name.strip() else Claimant(None, NEWSROOM)

    def side(self, claimant: Claimant, attacker: str | None, target: str | None) -> Side:
        """On which side of an attack a claimant stands."""
        if claimant.country is None:
            return "unknown"
        if claimant.country == self.allies.get(target or "", target):
            return "target"
        return "attacker" if claimant.country == self.allies.get(attacker or "", attacker) else "third"

    def rank(self, measure: str, claimant: Claimant, attacker: str | None, target: str | None) -> int:
        """Place in the order of that measure, 0 is the most authoritative; the unlisted stand together at the end."""
        order = self.orders[self.names.get(measure, "default")]
        if claimant.kind == NEWSROOM:
            keys: tuple[str, ...] = (NEWSROOM,)
        else:
            side = self.side(claimant, attacker, target)
            keys = (f"{side}.{claimant.kind}", f"*.{claimant.kind}", f"{side}.*")
        for key in keys:
            for place, tier in enumerate(order):
                if key in tier:
                    return place
        return len(order)


@lru_cache(maxsize=4096)
def _claimant(authority: Authority, name: str) -> Claimant:
    for pattern, person in authority.people:
        if pattern.search(name):
            return person
    country = next((code for code, pattern in authority.countries if pattern.search(name)), None)
    kind = next((kind for kind, pattern in authority.kinds if pattern.search(name)), STATE if country else OTHER)
    return Claimant(country, kind)


def words_pattern(words: list[str]) -> re.Pattern[str]:
    """A pattern for any of some words: short ones stand alone, longer ones may go on."""
    ends = [re.escape(w.casefold()) + (r"(?!\w)" if len(w) <= WHOLE_WORD else "") for w in words]
    return re.compile(r"(?<!\w)(?:" + "|".join(sorted(ends, key=len, reverse=True)) + ")")


def parse_authority(text: str, name: str = "authority.toml") -> Authority:
    """Read the table; raises PolicyError."""
    try:
        data = tomllib.loads(text)
        orders, names = _orders(data["orders"])
        return Authority(
            kinds=tuple((row["kind"], words_pattern(row["words"])) for row in data["kinds"]),
            people=tuple((words_pattern([who]), _person(what)) for who, what in data.get("people", {}).items()),
            countries=tuple((code, words_pattern(words)) for code, words in data["countries"].items()),
            allies=dict(data.get("allies", {})),
            orders=orders,
            names=names,
        )
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{name}: is not TOML: {error}") from error
    except KeyError as error:
        raise PolicyError(f"{name}: {error.args[0]!r} is missing; take the shipped table as a model") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise PolicyError(f"{name}: {error}; take the shipped table as a model") from error


def _person(text: str) -> Claimant:
    country, dot, kind = text.partition(".")
    if not dot:
        raise PolicyError(f"people: {text!r} must read COUNTRY.kind, for example UA.forces")
    return Claimant(country, kind)


def _orders(table: dict[str, Any]) -> tuple[dict[str, tuple[frozenset[str], ...]], dict[str, str]]:
    orders = {name: _order(tiers) for name, tiers in table.items() if isinstance(tiers, list)}
    names = {name: target for name, target in table.items() if isinstance(target, str)} | {
        name: name for name in orders
    }
    if "default" not in orders:
        raise KeyError("orders.default")
    for name, target in names.items():
        if target not in orders:
            raise PolicyError(f"orders.{name}: there is no order {target!r}; known: {', '.join(sorted(orders))}")
    return orders, names


def _order(tiers: list[str]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(part.strip() for part in tier.split("|")) for tier in tiers)


def shipped(name: str) -> str:
    """The text of a table that comes with the package."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
