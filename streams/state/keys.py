"""THE TABLE of physical keys: every key on a Valkey or Redis server is made here and nowhere else.

All keys share one hash tag, so that a commit may touch any of them on a cluster too.
"""

from __future__ import annotations

from binascii import a2b_base64
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from schemas.topic import Topic
from streams.topics import TOPICS
from workers.ports import Cell


class KeySpec(NamedTuple):
    """One row: the pattern behind the prefix, the server's type, what it holds and what ends its life."""

    pattern: str
    type: str
    holds: str
    kept: str


LAYOUT: Final[dict[str, KeySpec]] = {
    "format": KeySpec("format", "string", "the number of this layout", "always"),
    "stamp": KeySpec("stamp", "string", "the version that was given last, of all cells", "always"),
    "counts": KeySpec("counts", "hash", "the record accounting: room, kind and reason to a number", "always"),
    "topic": KeySpec("topic:{wire}", "stream", "one topic with a consumer group per room", "TopicSpec.keep"),
    "journal": KeySpec(
        "journal:{wire}:{partition}",
        "stream",
        "records on their way to one partition of a Kafka topic",
        "until it has them",
    ),
    "timers": KeySpec("timers:{room}", "zset", "a room's timers by due time in microseconds", "until they fire"),
    "cell": KeySpec("cell:{table}:{key}", "string", "version in 6 bytes, then one cell", "Table.keep since written"),
    "small": KeySpec("{letter}{bytes}", "string", "the same, of a table that has a letter", "Table.keep since written"),
}
"""Every kind of key; a literal key anywhere else fails a test."""

LETTERS: Final[dict[str, bytes]] = {
    "dedupe.article": b"a",
    "dedupe.run": b"r",
    "dedupe.guid": b"g",
    "dedupe.url": b"u",
    "dedupe.content": b"d",
}
"""Tables with millions of small cells, whose names would outweigh their values; no letter begins another pattern.

Their keys are digests in base64, of which the bytes are kept: key and value of most fit 33 bytes, and with
that one of the server's smaller blocks of memory.
"""

DIGESTS: Final = (8, 16)
"""Letters in base64 of the digests that are keys: of whole groups of three bytes, so that each has one spelling."""

FORMAT: Final = "2"
"""The number of this layout and of the way values are written; raised when older data cannot be read as it is."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Makes keys under a prefix, which keeps several installations apart on one server."""

    prefix: str
    _head: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_head", f"{{{self.prefix}}}:".encode("utf-8", "surrogatepass"))

    def _make(self, kind: str, **parts: str) -> bytes:
        name = LAYOUT[kind].pattern.format_map(parts)
        return self._head + name.encode("utf-8", "surrogatepass")  # a key may come from any text

    @property
    def format(self) -> bytes:
        """The number of the layout."""
        return self._make("format")

    @property
    def stamp(self) -> bytes:
        """The last version."""
        return self._make("stamp")

    @property
    def counts(self) -> bytes:
        """The accounting."""
        return self._make("counts")

    def topic(self, topic: Topic) -> bytes:
        """A topic's stream."""
        return self._make("topic", wire=TOPICS[topic].wire)

    def journal(self, topic: Topic, partition: int) -> bytes:
        """The records on their way to one partition of a Kafka topic."""
        return self._make("journal", wire=TOPICS[topic].wire, partition=str(partition))

    def timers(self, room: str) -> bytes:
        """A room's timers."""
        return self._make("timers", room=room)

    def cell(self, cell: Cell) -> bytes:
        """One value of keyed state."""
        letter = LETTERS.get(cell.table.name)
        if letter and (key := self.small(letter, cell.key)):
            return key
        return self._make("cell", table=cell.table.name, key=cell.key)

    def small(self, letter: bytes, key: str) -> bytes | None:
        """One value of a table that has a letter; None for a key that is no digest, which has its place by name."""
        if len(key) not in DIGESTS or key.endswith("="):
            return None
        try:
            return self._head + letter + a2b_base64(key, strict_mode=True)
        except ValueError:
            return None
