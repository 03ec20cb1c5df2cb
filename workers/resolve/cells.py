"""What the resolver remembers: incidents, the claims of each article, and who stands in which slot of the calendar."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from schemas.base import Instant, Model, digest
from schemas.incident import Claim

Part = Literal["night", "day", "24h"]
"""The stretch of a date that an incident is about; nights are named by their morning."""

Stretch = Literal["night", "day", "24h", "unknown"]
"""What the text says about it."""


class IncidentKey(NamedTuple):
    """What an incident is about; `story` keeps incidents apart of which neither side is known."""

    object: str
    attacker: str | None
    target: str | None
    part: Part
    date: date
    story: str | None = None

    @property
    def id(self) -> str:
        """The id of the incident: a digest of the key."""
        return digest("incident", *self[:4], self.date.isoformat(), self.story)


class Group(Model):
    """The claims of one article on one (object, attacker, target, stretch, date), which stay together."""

    article: str
    story: str | None = None
    object: str
    attacker: str | None = None
    target: str | None = None
    stretch: Stretch
    date: date
    dated: bool = True
    """False when the date was taken from the publication."""
    claims: tuple[Claim, ...]

    @property
    def fixed(self) -> bool:
        """Whether the group says itself where it belongs, so that no other claim can move it."""
        return self.dated and self.stretch != "unknown" and self.attacker is not None and self.target is not None


class Dossier(Model):
    """All claims of one incident, and what was told of it last; the incident itself is built of them anew.

    `claims` are in the order in which an incident lists them, and empty once the incident was retracted.
    """

    revision: int
    first_seen: Instant
    claims: tuple[Claim, ...] = ()


class Anchor(Model):
    """What fixed groups and dated ones say in a slot: how often each figure was stated, by sides and stretch."""

    attacker: str | None
    target: str | None
    stretch: Stretch
    groups: int = 0
    figures: dict[str, int] = {}
    """Times that a dated group states a figure, by `measure=value`."""


class Slot(Model):
    """All that one date holds for one object: the sides that are named, and the groups that may move."""

    anchors: tuple[Anchor, ...] = ()
    open: tuple[Group, ...] = ()


class Told(Model):
    """What an article says at present; kept when empty, so that an older revision that comes late is known as old."""

    revision: str
    fetched: Instant
    groups: tuple[Group, ...] = ()
    aside: dict[str, str] = {}
    """Why each other claim counts for nothing: id of its event -> named reason."""
