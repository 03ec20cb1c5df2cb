"""How values stand on the server: times as microseconds, cells behind their version, a commit as words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import chain
from typing import Final

from pydantic import ValidationError

from schemas.base import Model
from schemas.topic import Topic
from streams.codec import encode
from streams.runtimes.base import ABSENT, Commit, Count, Damaged, Unwritable, Versioned
from streams.state.keys import Keys
from workers.ports import Cell, Packing, Table, Timer

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
SEPARATOR: Final = "\x1f"
VERSION: Final = 6
"""Bytes before every value: its version, the highest first."""

Words = list[bytes]


def to_score(at: datetime) -> bytes:
    """Microseconds since 1970: exact as a sorted set's score until the year 2255."""
    return b"%d" % ((at - EPOCH) // MICROSECOND)


def from_score(score: bytes) -> datetime:
    """The time of a score, in UTC."""
    return EPOCH + timedelta(microseconds=int(float(score)))


def to_text(text: str) -> bytes:
    """UTF-8 of a name that may come from any text."""
    return text.encode("utf-8", "surrogatepass")


def from_text(raw: bytes) -> str:
    """The name again."""
    return raw.decode("utf-8", "surrogatepass")


def to_count(count: Count) -> bytes:
    """The field of one line of the accounting."""
    return to_text(SEPARATOR.join(count))


def from_count(raw: bytes) -> Count:
    """The line of the accounting of a field."""
    room, kind, reason = from_text(raw).split(SEPARATOR, 2)
    return Count(room, kind, reason)


def token(topic: Topic, offset: str) -> str:
    """What acknowledges one record of a topic."""
    return f"{topic.value}@{offset}"


def from_token(text: str) -> tuple[Topic, str]:
    """Topic and offset of a token."""
    name, _, offset = text.rpartition("@")
    return Topic(name), offset


def read_cell(cell: Cell, raw: bytes | None) -> Versioned:
    """The value of a cell; one that cannot be read comes as Damaged, with the version it can be replaced at."""
    return ABSENT if raw is None else Versioned(None, _version(raw), partial(_value, cell, raw))


def _value(cell: Cell, raw: bytes) -> Model:
    if len(raw) < VERSION:
        return _damaged(cell, "it has no version")
    try:
        return _unpacked(cell, raw[VERSION:])
    except ValidationError as error:
        first = error.errors()[0]
        return _damaged(cell, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    except ValueError as error:
        return _damaged(cell, str(error))


def _version(raw: bytes) -> int:
    return int.from_bytes(raw[:VERSION].ljust(VERSION, b"\0"), "big")


def _unpacked(cell: Cell, value: bytes) -> Model:
    table = cell.table
    return table.packing.unpack(value) if table.packing else table.model.model_validate_json(value)


def _damaged(cell: Cell, why: str) -> Damaged:
    return Damaged(cell=f"{cell.table.name}/{cell.key}", why=why)


class CommitWords:
    """The keys and arguments of one call of the commit function."""

    def __init__(self, keys: Keys, commit: Commit, consumer: str) -> None:
        self._table = keys
        self.keys: Words = [keys.stamp, keys.counts]
        self._numbers: dict[bytes, bytes] = {}
        self._cells = self._numbered(dict.fromkeys((*commit.expected, *commit.writes)))
        self._packed: dict[tuple[int, Packing | None], bytes] = {}
        try:
            self.args: Words = [
                to_text(commit.room),
                to_text(consumer),
                *self._rows((self._stream(topic), to_text(offset)) for topic, offset in map(from_token, commit.acks)),
                *self._rows((*self._timer(due.timer), to_score(due.due)) for due in commit.fired),
                *self._rows([(self._cells[cell],) for cell, version in commit.expected.items() if not version]),
                *self._rows([(self._cells[c], v.to_bytes(VERSION, "big")) for c, v in commit.expected.items() if v]),
                *self._writes(commit.writes.items()),
                *self._rows(self._timer(timer) for timer, at in commit.timers.items() if at is None),
                *self._rows((*self._timer(t), to_score(at)) for t, at in commit.timers.items() if at is not None),
                *self._rows((to_count(count), b"%d" % number) for count, number in commit.counts.items()),
                *self._records(commit),
            ]
        except (ValueError, TypeError) as error:  # pydantic's serialisation error is a ValueError
            raise Unwritable(f"{type(error).__name__}: {error}") from error

    def _number(self, key: bytes) -> bytes:
        if key not in self._numbers:
            self.keys.append(key)
            self._numbers[key] = b"%d" % len(self.keys)
        return self._numbers[key]

    def _stream(self, topic: Topic) -> bytes:
        return self._number(self._table.topic(topic))

    def _timer(self, timer: Timer) -> tuple[bytes, bytes]:
        """The room of a timer need not be the room of the commit: deliver sets the alarms of the outbox."""
        return self._number(self._table.timers(timer.room)), to_text(timer.key)

    def _numbered(self, cells: Iterable[Cell]) -> dict[Cell, bytes]:
        """The number of each cell's key: most words of a commit are those of cells."""
        first = len(self.keys) + 1
        numbers = {cell: b"%d" % number for number, cell in enumerate(cells, first)}
        self.keys.extend(map(self._table.cell, numbers))
        return numbers

    @staticmethod
    def _rows(rows: Iterable[Sequence[bytes]]) -> Words:
        given = list(rows)
        return [b"%d" % len(given), *chain.from_iterable(given)]

    def _writes(self, writes: Iterable[tuple[Cell, Model | None]]) -> Words:
        removed, written = [], []
        for cell, value in writes:
            if value is None:
                removed.append((self._cells[cell],))
            else:
                written.append((self._cells[cell], _milliseconds(cell.table.keep), self._pack(cell.table, value)))
        return [*self._rows(removed), *self._rows(written)]

    def _pack(self, table: Table, value: Model) -> bytes:
        """A value as it stands on the server; one object in many cells, as dedupe writes it, is packed once."""
        key = id(value), table.packing
        packed = self._packed.get(key)
        if packed is None:
            packed = table.packing.pack(value) if table.packing else value.model_dump_json().encode()
            self._packed[key] = packed
        return packed

    def _records(self, commit: Commit) -> Words:
        rows = []
        for emit, at in commit.emits:
            fields = encode(emit, at)
            words = [word for field in fields.items() for word in field]
            rows.append((self._stream(emit.topic), b"%d" % len(words), *words))
        return self._rows(rows)


@cache
def _milliseconds(keep: timedelta | None) -> bytes:
    return b"0" if keep is None else b"%d" % max(1, keep // timedelta(milliseconds=1))
