"""The record accounting as an operator reads it: per room in = out + dropped + quarantined, and what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from streams.runtimes.base import Count
from workers.pipeline import PIPELINE


@dataclass(slots=True)
class RoomBalance:
    """One room's records since its state was created; `lag` is what it has yet to read, None where unknown."""

    room: str
    taken: int = 0
    out: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    quarantined: dict[str, int] = field(default_factory=dict)
    emitted: dict[str, int] = field(default_factory=dict)
    forgotten: dict[str, int] = field(default_factory=dict)
    """Values of the room's memory that could not be read and count as absent: no fate of a record."""
    lag: int | None = None

    @property
    def balanced(self) -> bool:
        """Whether every record that came in has exactly one fate."""
        return self.taken == sum(self.out.values()) + sum(self.dropped.values()) + sum(self.quarantined.values())

    def json(self) -> dict[str, Any]:
        """The room as the API shows it."""
        return {
            "room": self.room,
            "in": self.taken,
            "out": sum(self.out.values()),
            "dropped": sum(self.dropped.values()),
            "quarantined": sum(self.quarantined.values()),
            "balanced": self.balanced,
            "lag": self.lag,
            "reasons": {"out": self.out, "dropped": self.dropped, "quarantined": self.quarantined},
            "emitted": self.emitted,
            "forgotten": self.forgotten,
        }


def balances(counts: Mapping[Count, int], lags: Mapping[str, int]) -> list[RoomBalance]:
    """Every room of the pipeline in its order, then rooms that only the counts know."""
    rooms = {room.name: RoomBalance(room.name, lag=lags.get(room.name)) for room in PIPELINE}
    for count, number in sorted(counts.items()):
        balance = rooms.setdefault(count.room, RoomBalance(count.room))
        if count.kind == "in":
            balance.taken += number
        else:
            reasons: dict[str, int] = getattr(balance, count.kind)
            reasons[count.reason] = reasons.get(count.reason, 0) + number
    return list(rooms.values())
