"""Drafts of claims: a quantity with its measure, before roles, time and links are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from schemas.event import Status, Uncounted
from workers.extract.items import Reading
from workers.extract.marks import Geo
from workers.extract.quantity import Quantity
from workers.extract.ties import Attachment
from workers.extract.world import TimeMention

FLOWN: Final = frozenset({"launched", "entered", "hit", "fell", "intercepted", "lost"})
"""Measures of what became of something that flies."""


@dataclass(slots=True, eq=False)
class Draft:
    """One claim in the making; `way` names the construction that bound the number to its measure."""

    reading: Reading
    q: Quantity
    object: str
    measure: str
    way: str
    attachment: Attachment | None = None
    value: float | int = 0
    high: float | int | None = None
    place: Geo | None = None
    attacker: str | None = None
    target: str | None = None
    status: Status = "asserted"
    claimed_by: str | None = None
    claimant: str | None = None
    """The side that speaks."""
    period: str = "unknown"
    night: date | None = None
    """The night or day that the claim is about, where the text tells it."""
    time: TimeMention | None = None
    timed: bool = False
    """True where the claim's own sentence names the time."""
    recap: bool = False
    uncounted: Uncounted | None = None
    """Why the claim never counts, where something speaks against it."""
    source: Reading | None = None
    """The sentence of the attachment, where it is another one."""
    head: Draft | None = None
    """The claim that this one was bound through: the head of its list."""
    part_of: Draft | None = None
    same_as: Draft | None = None
    revises: Draft | None = None
    additional: bool = False
    scope: str = "total"
    ties: list[Attachment] = field(default_factory=list)
    """All attachments of the number, the chosen one among them."""
    notes: set[str] = field(default_factory=set)
    """How roles and time were found, for the confidence."""

    @property
    def attachment_reading(self) -> Reading:
        """The sentence in which the attachment stands: that of the head, for a list item."""
        return self.source or self.reading

    @property
    def span(self) -> tuple[int, int]:
        """First and last token of the number and its noun."""
        return self.q.i, self.q.j
