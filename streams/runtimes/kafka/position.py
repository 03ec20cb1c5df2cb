"""Where a room stands on a partition: a cell like any other, so that it changes in the same step as state."""

from __future__ import annotations

from typing import Final

from schemas.base import Model
from schemas.topic import Topic
from streams.runtimes.kafka.wire import FIRST, Sequence
from streams.topics import TOPICS
from workers.ports import Cell, Table


class Position(Model):
    """The next offset, and the last sequence that was taken."""

    offset: int
    sequence: Sequence = FIRST


POSITIONS: Final = Table("kafka.position", Position)


def place_of(room: str, topic: Topic, partition: int) -> str:
    """The key of every cell about a room on a partition."""
    return f"{room}/{TOPICS[topic].wire}/{partition}"


def position_cell(room: str, topic: Topic, partition: int) -> Cell:
    """Where a room's position is kept."""
    return Cell(POSITIONS, place_of(room, topic, partition))


def to_token(topic: Topic, partition: int, offset: int) -> str:
    """What acknowledges one record."""
    return f"{topic.value}@{partition}-{offset}"


def topic_of(token: str) -> Topic:
    """The topic of a token."""
    return Topic(token.rpartition("@")[0])
