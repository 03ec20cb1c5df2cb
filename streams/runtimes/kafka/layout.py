"""THE TABLE of how topics lie on Kafka: partitions, retention, compaction, and what keeps one group with one owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aiokafka.partitioner import murmur2

from schemas.base import Model
from schemas.incident import Incident
from schemas.topic import Topic
from streams.topics import TOPICS

MAX_RECORD: Final = 16 * 1024 * 1024
"""Bytes of one record: an article may be long, and a dead letter holds one whole."""
DAY: Final = timedelta(days=1)


def by_key(model: Model, key: str) -> str:
    """Records of one key are in one partition."""
    return key


def by_group(model: Model, key: str) -> str:
    """Incidents of one object, attacker and target are in one partition: one judge sees one group."""
    assert isinstance(model, Incident)
    return "\x1f".join((model.object, model.attacker or "", model.target_country or ""))


@dataclass(frozen=True, slots=True)
class Layout:
    """One row: `keep` is retention.ms (of a compacted topic: how long a deletion is told), `by` the partition's key."""

    partitions: int
    keep: timedelta
    compact: bool = False
    by: Callable[[Model, str], str] = by_key

    def settings(self) -> dict[str, str]:
        """The topic's settings on the broker, by Kafka's names."""
        milliseconds = str(self.keep // timedelta(milliseconds=1))
        common = {
            "max.message.bytes": str(MAX_RECORD),
            # a record of a replay carries a time of long ago, which retention must not go by
            "message.timestamp.type": "LogAppendTime",
        }
        if not self.compact:
            return {**common, "cleanup.policy": "delete", "retention.ms": milliseconds}
        lag = str(DAY // timedelta(milliseconds=1))
        return {
            **common,
            "cleanup.policy": "compact",
            "delete.retention.ms": milliseconds,
            "min.compaction.lag.ms": lag,
        }


LAYOUT: Final[dict[Topic, Layout]] = {
    Topic.ARTICLES: Layout(6, 7 * DAY),
    Topic.UNIQUE: Layout(6, 30 * DAY),
    # one owner resolves all groups: an article's claims may belong to several
    Topic.EVENTS: Layout(1, 90 * DAY),
    Topic.INCIDENTS: Layout(6, 7 * DAY, compact=True, by=by_group),
    Topic.ALERTS: Layout(1, 90 * DAY),
    Topic.NOTIFICATIONS: Layout(1, 30 * DAY),
    Topic.HEALTH: Layout(1, 30 * DAY),
    Topic.DEAD_LETTERS: Layout(1, 30 * DAY),
}


def partition_of(topic: Topic, model: Model, key: str, partitions: int) -> int:
    """The partition of a record: Kafka's own hash of its layout's key."""
    name = LAYOUT[topic].by(model, key).encode("utf-8", "surrogatepass")
    return int((murmur2(name) & 0x7FFFFFFF) % partitions)


@dataclass(frozen=True, slots=True)
class Names:
    """Names on the broker: `topics` in front of every topic, `group` in front of every consumer group."""

    topics: str = ""
    group: str = "nightwire"

    def topic(self, topic: Topic) -> str:
        """A topic's name."""
        return self.topics + TOPICS[topic].wire

    def room(self, room: str) -> str:
        """A room's consumer group."""
        return f"{self.group}.{room}"
