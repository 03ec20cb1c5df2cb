"""An annotated article: what it says by hand, one line of JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from schemas.base import Model


class GoldClaim(Model):
    """One statement of a number as a person reads it; a null role means that any answer is right."""

    object: str | None = None
    measure: str | None = None
    value: float | None = None
    attacker: str | None = None
    target_country: str | None = None
    status: str = "asserted"


class GoldNight(Model):
    """One figure that a threshold on one night must see."""

    object: str
    attacker: str | None = None
    target_country: str | None = None
    night_of: date | None = None
    measure: str
    value: float
    qualifier: str = "exact"


class GoldArticle(Model):
    """An article with its annotation; `tags` name the constructions and traps in it."""

    id: str
    lang: str | None = None
    source: str | None = None
    url: str | None = None
    published: str | None = None
    title: str | None = None
    text: str
    claims: tuple[GoldClaim, ...] = ()
    nightly: tuple[GoldNight, ...] = ()
    tags: tuple[str, ...] = ()

    def line(self) -> dict[str, Any]:
        """The article alone, as a line of input; a month is no date and is left out."""
        told = self.model_dump(include={"id", "lang", "source", "url", "title", "text"}, exclude_none=True)
        dated = self.published if self.published and len(self.published) >= len("2025-01-01") else None
        return told | ({"published": dated} if dated else {})


class Counted(Model):
    """Hits among what was told and what was wanted; F1 and its two parts from 0 to 1."""

    hits: int = 0
    told: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float:
        """The share of what was told that is right; 1 when nothing was told."""
        return self.hits / self.told if self.told else 1.0

    @property
    def recall(self) -> float:
        """The share of what was wanted that was told; 1 when nothing was wanted."""
        return self.hits / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __add__(self, other: Counted) -> Counted:
        return Counted(hits=self.hits + other.hits, told=self.told + other.told, wanted=self.wanted + other.wanted)


class Answer(Model):
    """One claim that a reader told: what, how many, who on whom, and how sure it is."""

    object: str | None
    measure: str | None
    value: float
    attacker: str | None = None
    target_country: str | None = None
    confidence: float = Field(default=1.0, ge=0, le=1)


class Row(Model):
    """One nightly figure that a reader told."""

    object: str
    attacker: str | None = None
    target_country: str | None = None
    night_of: date | None = None
    measure: str
    value: float
