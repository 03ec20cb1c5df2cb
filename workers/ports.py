"""What a room may ask of the outside: keyed state to read and effects to leave; nothing else.

A room never reads a store. It asks a `View` for cells; a cell that is not loaded yet ends the
attempt with `NotLoaded`, the driver loads it and calls the room again. Rooms are pure, so a
second call costs time and nothing else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from schemas.base import Model
from schemas.topic import Topic

M = TypeVar("M", bound=Model)


class Packing(ABC):
    """How the values of a table are written where JSON is too large."""

    @abstractmethod
    def pack(self, value: Model) -> bytes:
        """The bytes of a value; raises ValueError for one that has no such form."""

    @abstractmethod
    def unpack(self, raw: bytes) -> Model:
        """The value again; raises ValueError for bytes that are none."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One table of keyed state: its name, the model of its values, and how long an untouched value is kept.

    Retention is hygiene: no decision may depend on a value having expired. A table is one object
    and compared as such, since cells are looked up all the time.
    """

    name: str
    model: type[Model]
    keep: timedelta | None = None
    packing: Packing | None = None
    """None: values are written as JSON."""
    forgettable: bool = False
    """Whether a value that cannot be read counts as absent, where losing a record is worse than forgetting one;
    otherwise a record that needs it is put aside."""


class Cell(NamedTuple):
    """The address of one value of keyed state."""

    table: Table
    key: str


class Timer(NamedTuple):
    """A named alarm of one room; setting it again moves it."""

    room: str
    key: str


class NotLoaded(Exception):
    """A room asked for cells that the view does not hold yet; the driver's business alone."""

    def __init__(self, *cells: Cell) -> None:
        super().__init__(*cells)
        self.cells = cells


class View:
    """Keyed state as one record may see it: what was loaded, under what was written before it in the batch.

    `supply` is asked to load a cell on the spot, and answers whether it could: state in this process can.
    """

    def __init__(
        self,
        loaded: Mapping[Cell, Model | None],
        written: Mapping[Cell, Model | None],
        supply: Callable[[Cell], bool] = lambda _cell: False,
    ) -> None:
        self._loaded = loaded
        self._written = written
        self._supply = supply
        self.read: set[Cell] = set()

    def get(self, cell: Cell, kind: type[M]) -> M | None:
        """The value of a cell or None; raises NotLoaded, which a room lets pass."""
        self.read.add(cell)
        if cell in self._written:
            value = self._written[cell]
        elif cell in self._loaded or self._supply(cell):
            value = self._loaded[cell]
        else:
            raise NotLoaded(cell)
        if value is not None and not isinstance(value, kind):
            raise TypeError(f"table {cell.table.name} holds {type(value).__name__}, not {kind.__name__}")
        return value

    def need(self, cells: Iterable[Cell]) -> None:
        """Have all of these loaded in one round trip; raises NotLoaded, which a room lets pass."""
        missing = [
            cell
            for cell in dict.fromkeys(cells)
            if cell not in self._written and cell not in self._loaded and not self._supply(cell)
        ]
        if missing:
            raise NotLoaded(*missing)


class Emit(NamedTuple):
    """One record to publish: `key` decides its partition, and `id` with the topic names it for consumers."""

    topic: Topic
    key: str
    model: Model
    id: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a room decided about one record: a named reason, and the effects that belong to it.

    `passed` tells the accounting whether the record went on (out) or ended here (dropped by reason).
    A timer's value is its due time, or None to unset it.
    """

    reason: str
    passed: bool = True
    emits: tuple[Emit, ...] = ()
    writes: Mapping[Cell, Model | None] = field(default_factory=dict)
    timers: Mapping[Timer, datetime | None] = field(default_factory=dict)
