"""The narrow port to whatever consumes from Kafka: records come in, progress is told, and nothing else.

What a room has done is told by its position on the state server, which changes in the same step as
its state. The broker's committed offsets follow behind it and are never ahead: they tell a consumer
that knows nothing else where to start, and tools how far a group is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Raw(NamedTuple):
    """One record as the broker has it."""

    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: after how much silence a worker is dead, how often it shows life, and how long anything may take."""

    session: float = 30.0
    heartbeat: float = 3.0
    join: float = 60.0
    request: float = 15.0


@dataclass(frozen=True, slots=True)
class Subscription:
    """What an intake consumes: one topic for one group, as one named member of it."""

    brokers: str
    topic: str
    group: str
    member: str
    timing: Timing = Timing()


class Intake(ABC):
    """One member of one group on one topic; all methods raise Unavailable, or RuntimeRefused with what to do."""

    member: str = ""
    """The name under which it joins."""
    generation: int = 0
    """Another number after every change of the assignment: what was handed out before may be somebody else's."""

    @abstractmethod
    async def open(self) -> None:
        """Join the group."""

    @abstractmethod
    async def close(self) -> None:
        """Leave; what was acknowledged is committed first."""

    @abstractmethod
    async def assigned(self, seconds: float) -> frozenset[int] | None:
        """This member's partitions; None when a rebalance does not end within these seconds."""

    @abstractmethod
    async def start_at(self, partition: int, offset: int) -> None:
        """Read a partition from here on."""

    @abstractmethod
    async def committed(self, partition: int) -> int | None:
        """The group's committed offset."""

    @abstractmethod
    async def poll(self, seconds: float, limit: int) -> list[Raw]:
        """New records, in the order of each partition; waits at most `seconds` for the first."""

    @abstractmethod
    async def acknowledge(self, done: Mapping[int, int]) -> None:
        """Everything before these offsets is done with."""
