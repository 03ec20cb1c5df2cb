"""The tables that the resolver decides by, together: authority, owners, measures."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from workers.resolve.authority import Authority, parse_authority, shipped
from workers.resolve.voices import Owners, parse_owners


@dataclass(frozen=True)
class Measures:
    """The table `measures.toml`: what is never counted, who took part, what bounds what, how much is too much."""

    never: frozenset[str]
    involved: str
    whole: str
    added: tuple[str, ...]
    not_for: frozenset[str]
    floor: dict[str, str]
    ceiling: dict[str, int]
    untimed: dict[str, int]
    never_of: dict[str, list[str]]

    def counts(self, thing: str, measure: str) -> bool:
        """Whether a measure of an object is something that happens in a night or on a day."""
        return measure not in self.never and measure not in self.never_of.get(thing, ())

    def believed(self, thing: str, timed: bool) -> float:
        """The most of one object that a night or a day is believed to hold, told with or without its time."""
        most = self.ceiling.get(thing, math.inf)
        return most if timed else min(most, self.untimed.get(thing, math.inf))


@dataclass(frozen=True, eq=False)
class Policy:
    """Everything that the resolver decides by and that an operator may change."""

    authority: Authority
    owners: Owners
    measures: Measures

    @classmethod
    def parse(cls, authority: str | None = None, owners: str | None = None) -> Policy:
        """A policy of an operator's tables, as text; the shipped one stands in for each that is not given.

        Raises PolicyError.
        """
        return cls(
            authority=parse_authority(shipped("authority.toml") if authority is None else authority),
            owners=parse_owners(shipped("owners.toml") if owners is None else owners),
            measures=_measures(shipped("measures.toml")),
        )


@lru_cache(maxsize=1)
def default_policy() -> Policy:
    """The shipped policy."""
    return Policy.parse()


def _measures(text: str) -> Measures:
    data = tomllib.loads(text)
    involved = data["involved"]
    return Measures(
        never=frozenset(data["never"]),
        involved=involved["name"],
        whole=involved["whole"],
        added=tuple(involved["added"]),
        not_for=frozenset(involved["not_for"]),
        floor=dict(data["floor"]),
        ceiling=dict(data["ceiling"]),
        untimed=dict(data["untimed"]),
        never_of=dict(data["never_of"]),
    )
