"""A quantity: a number and what it counts, as the words around it say."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.event import Qualifier
from workers.extract.lexicon import NominalSense, NounSense, VerbSense
from workers.extract.marks import Geo
from workers.extract.numerals import Number


@dataclass(slots=True)
class Quantity:
    """A number at tokens [i, j) and what it counts; `noun` is null where the text leaves it out."""

    i: int
    j: int
    number: Number
    qualifier: Qualifier = "exact"
    noun: NounSense | None = None
    model: str | None = None
    count: NominalSense | None = None
    premod: VerbSense | None = None
    nation: Geo | None = None
    whole: Quantity | None = None
    part: Quantity | None = None
    all: bool = False
    additional: bool = False
    remaining: bool = False
    others: bool = False
    """True for "17 others": the noun is that of the number before."""
    share: bool = False
    """True for "99% of the 300 missiles": the whole of a share."""
    pointing: bool = False
    """True for "nine of them": counts a part of what was told before."""
    apposed: bool = False
    """True for "two people, a man ...": says who those in front are."""
    enemy: bool = False
    unknown: str | None = None
    """The word that is counted where it is no object of the lexicon."""
    mixed: bool = False
    changed: bool = False
    """True for "304 (+4) tanks": a running count, with what it has risen by."""
    raid: int | None = None
    """The token of the attack of which this is the size: "a 58-drone attack"."""
    guess: str | None = None
    """The object told before, where this one leaves its noun out."""

    @property
    def elided(self) -> bool:
        """True where the text leaves out the noun."""
        return self.noun is None and self.count is None and self.unknown is None

    @property
    def object(self) -> str | None:
        """The object where the noun says it."""
        if self.mixed:
            return "aerial_target"
        return self.noun.object if self.noun else self.guess
