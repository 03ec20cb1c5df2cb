"""Windows of fixed bounds: nights, calendar stretches and tumbling windows, exact in instants across clock changes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from schemas.rule import WindowSpec
from schemas.rule_terms import NightHours
from workers.judge.items import Item

DAY: Final = timedelta(days=1)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

KNOWN_WINDOWS: Final = 10_000
"""Windows that a grid keeps at hand; computing one again costs a few microseconds."""

STRETCH: Final = 1.25
"""How much longer than a window an item may last and still count in it: reports of a night often run to noon."""

UNDATED: Final = frozenset({"cumulative"})
"""Periods that no window of limited length can hold."""

NIGHTLY: Final = frozenset({"night", "unknown"})
"""Periods that count in a night unless a rule names `period` itself."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """One window: its key and its half-open instants [start, end)."""

    key: str
    start: datetime
    end: datetime

    def overlap(self, start: datetime, end: datetime) -> timedelta:
        """How much of a stretch lies inside; for an instant nothing or the smallest step."""
        if start == end:
            return timedelta.resolution if self.start <= start < self.end else timedelta()
        return max(min(self.end, end) - max(self.start, start), timedelta())


class Grid(ABC):
    """All windows of one kind, one after another."""

    prefix: str

    def __init__(self) -> None:
        self._known: dict[str, tuple[Bounds, ...]] = {}
        self._parsed: dict[str, Bounds] = {}

    @abstractmethod
    def near(self, moment: datetime) -> str:
        """Name of a window that holds the moment or lies next to it."""

    @abstractmethod
    def step(self, name: str, count: int) -> str:
        """Name of the window `count` steps later (earlier when negative)."""

    @abstractmethod
    def bounds(self, name: str) -> Bounds:
        """The window of that name; raises ValueError when there is none."""

    def parse(self, key: str) -> Bounds:
        """The window of a key such as `night/2026-09-04`."""
        if (found := self._parsed.get(key)) is None:
            if len(self._parsed) > KNOWN_WINDOWS:
                self._parsed.clear()
            found = self._parsed[key] = self.bounds(key.removeprefix(f"{self.prefix}/"))
        return found

    def around(self, moment: datetime) -> tuple[Bounds, ...]:
        """The windows before, at and behind a moment."""
        name = self.near(moment)
        if (found := self._known.get(name)) is None:
            if len(self._known) > KNOWN_WINDOWS:
                self._known.clear()
            found = self._known[name] = tuple(self.bounds(self.step(name, count)) for count in (-1, 0, 1))
        return found

    def neighbour(self, key: str, count: int) -> Bounds:
        """The window `count` steps from another."""
        return self.bounds(self.step(key.removeprefix(f"{self.prefix}/"), count))

    def of(self, start: datetime, end: datetime) -> Bounds | None:
        """The window that a stretch overlaps most, the earlier of two alike; None when it meets none."""
        candidates = {bounds.key: bounds for moment in (start, end) for bounds in self.around(moment)}
        best = max(candidates.values(), key=lambda bounds: (bounds.overlap(start, end), -bounds.start.timestamp()))
        return best if best.overlap(start, end) else None


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local time as an instant; of an hour that comes twice the first, of one that is left out the moment after."""
    return datetime.combine(day, at, zone).astimezone(UTC)


class Nights(Grid):
    """Nights of local hours, named by the date of their morning."""

    prefix = "night"

    def __init__(self, hours: NightHours, zone: str) -> None:
        super().__init__()
        self._hours, self._zone = hours, ZoneInfo(zone)

    def near(self, moment: datetime) -> str:
        """The night whose morning is the moment's local date."""
        return moment.astimezone(self._zone).date().isoformat()

    def step(self, name: str, count: int) -> str:
        """By calendar days."""
        return (date.fromisoformat(name) + count * DAY).isoformat()

    def bounds(self, name: str) -> Bounds:
        """From the evening before to the morning."""
        return _night(name, self._hours, self._zone)


@lru_cache(maxsize=4096)
def _night(name: str, hours: NightHours, zone: ZoneInfo) -> Bounds:
    morning = date.fromisoformat(name)
    return Bounds(f"night/{name}", _instant(morning - DAY, hours.start, zone), _instant(morning, hours.end, zone))


class Calendar(Grid):
    """Local days, weeks (named by their Monday) or months."""

    def __init__(self, unit: Literal["day", "week", "month"], zone: str) -> None:
        super().__init__()
        self.prefix, self._zone = unit, ZoneInfo(zone)

    def near(self, moment: datetime) -> str:
        """The unit that holds the moment."""
        day = moment.astimezone(self._zone).date()
        if self.prefix == "week":
            day -= timedelta(days=day.weekday())
        return day.isoformat()[:7] if self.prefix == "month" else day.isoformat()

    def step(self, name: str, count: int) -> str:
        """By days, weeks or months."""
        if self.prefix == "month":
            months = int(name[:4]) * 12 + int(name[5:7]) - 1 + count
            return f"{months // 12:04d}-{months % 12 + 1:02d}"
        days = count * (7 if self.prefix == "week" else 1)
        return (date.fromisoformat(name) + timedelta(days=days)).isoformat()

    def bounds(self, name: str) -> Bounds:
        """From local midnight to local midnight."""
        return _calendar(self.prefix, name, self.step(name, 1), self._zone)


@lru_cache(maxsize=4096)
def _calendar(prefix: str, name: str, following: str, zone: ZoneInfo) -> Bounds:
    first, last = (date.fromisoformat(part if len(part) > 7 else f"{part}-01") for part in (name, following))
    return Bounds(f"{prefix}/{name}", _instant(first, time(), zone), _instant(last, time(), zone))


class Tumbling(Grid):
    """Stretches of equal length since 1970."""

    prefix = "tumbling"

    def __init__(self, length: timedelta) -> None:
        super().__init__()
        self._length = length

    def near(self, moment: datetime) -> str:
        """The stretch that holds the moment."""
        return self._name((moment - EPOCH) // self._length)

    def step(self, name: str, count: int) -> str:
        """By whole lengths."""
        return self._name((datetime.fromisoformat(name) - EPOCH) // self._length + count)

    def bounds(self, name: str) -> Bounds:
        """The stretch that begins at the named instant."""
        start = datetime.fromisoformat(name)
        return Bounds(f"tumbling/{name}", start, start + self._length)

    def _name(self, index: int) -> str:
        return (EPOCH + index * self._length).isoformat().replace("+00:00", "Z")


def grid_of(spec: WindowSpec | None) -> Grid | None:
    """The grid of a window; None for windows that move with their items."""
    if spec is None:
        return None
    if spec.night is not None:
        return Nights(spec.night, spec.tz or "UTC")
    if spec.calendar is not None:
        return Calendar(spec.calendar, spec.tz or "UTC")
    return Tumbling(spec.tumbling) if spec.tumbling is not None else None


def moments(item: Item, spec: WindowSpec | None) -> tuple[datetime, datetime]:
    """First and last moment of an item by the clock that the rule names; publication where it has no time."""
    if spec is not None and spec.time == "ingested":
        return item.ingested, item.ingested
    known = item.published or item.ingested
    if spec is not None and spec.time == "published":
        return known, known
    start = item.time or item.time_end
    if start is None:
        return _night_moments(item, spec) or (known, known)
    return start, max(item.time_end or start, start)


def _night_moments(item: Item, spec: WindowSpec | None) -> tuple[datetime, datetime] | None:
    """The hours of an item that is dated by its night alone, in the rule's own zone."""
    if item.night_of is None:
        return None
    night = _night(item.night_of.isoformat(), NightHours(time(18), time(9)), ZoneInfo((spec and spec.tz) or "UTC"))
    return night.start, night.end


def place_in(item: Item, spec: WindowSpec, grid: Grid, period_named: bool) -> Bounds | str:
    """The window that an item belongs to, or in words why it belongs to none.

    `period_named` says that the rule chooses the periods itself.
    """
    if spec.time == "event":
        if item.period in UNDATED and not period_named:
            return "a cumulative figure belongs to no window"
        if spec.night is not None:
            if item.period not in NIGHTLY and not period_named:
                return f"a figure for a period of {item.period} does not count in a night"
            if item.night_of is not None and item.period in NIGHTLY:
                # Stated in the zone of the country that was attacked: the night there is the night meant here.
                return grid.bounds(item.night_of.isoformat())
    start, end = moments(item, spec)
    bounds = grid.of(start, end)
    if bounds is None:
        return "its time lies in no such window"
    if (end - start) > STRETCH * (bounds.end - bounds.start):
        return "it lasts longer than the window"
    return bounds
