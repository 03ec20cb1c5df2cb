"""A claim in the making, and the sentence that it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.event import Field, Uncounted
from workers.extract.nights_model import TimeMention, Timespan
from workers.extract.slavic.counts import Count
from workers.extract.slavic.predicates import Predicate
from workers.extract.slavic.tokens import Token
from workers.extract.slavic.voices import Voice
from workers.extract.world import PlaceMention


class Sentence(NamedTuple):
    """A sentence at `[start, end)` of its field, and what is known of its words; offsets of places are its own."""

    field: Field
    start: int
    end: int
    text: str
    words: list[Token]
    predicates: dict[int, Predicate]
    counts: list[Count]
    places: list[PlaceMention]
    times: list[TimeMention]
    voice: Voice | None
    spoken: list[tuple[int, int]]


@dataclass(slots=True, eq=False)
class Claim:
    """One figure of an article."""

    said: Sentence
    what: Count
    object: str
    measure: str
    place: PlaceMention | None = None
    attacker: str | None = None
    target: str | None = None
    time: TimeMention | None = None
    span: Timespan | None = None
    voice: Voice | None = None
    heard: Voice | None = None
    """Who spoke last before this sentence."""
    local: bool = False
    recap: bool = False
    more: bool = False
    split: bool = False
    """True where another figure comes on top, so that this one is a part too."""
    part_of: Claim | None = None
    same_as: Claim | None = None
    revises: Claim | None = None
    uncounted: Uncounted | None = None
    notes: set[str] = field(default_factory=set)
    """How sides and time were found, for the confidence."""

    @property
    def value(self) -> int:
        """The figure, or the lower end of a range."""
        return self.what.value

    @property
    def bounds(self) -> tuple[int, int]:
        """Where the number and its noun stand in the field."""
        words = self.said.words
        return words[self.what.i].start, words[self.what.j - 1].end
