"""What the claims of one article say of each other: a part is no total, and a part has the sides and time of its whole.

Grammar sees one sentence at a time. Here the figures of a whole article are held against each other, and what cannot
be as it was read is put right: places that lie apart are not parts of one another, 9 and 33 beside 42 are its parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from schemas.event import Event
from workers.resolve.places import is_country, overlap, place_key
from workers.resolve.statements import BOUNDS

STATED: Final = ("night", "day", "24h")
"""Periods that a whole gives to its parts."""

TIME: Final = ("period", "start", "end", "night_of", "recap")

TELLING: Final = 10
"""The least figure of which two tellings in one article are the same one; smaller ones repeat by chance."""

ENCLAVES: Final = {
    "Crimea": "Sevastopol",
    "Kyiv region": "Kyiv",
    "Leningrad region": "Saint Petersburg",
    "Moscow region": "Moscow",
}
"""Regions around a city that counts as a region itself: "13 over Crimea, seven of them near Sevastopol".

What is on its way to such a city is shot down over the region: "33 on the approach to Moscow, four over Kolomna".
"""


def coherent(events: Sequence[Event]) -> list[Event]:
    """The events of an article in their order, each with the parent, scope, sides and time that fit the others."""
    rows = list(events)
    rows = [_under_its_place(event, rows) for event in rows]
    rows = [_like_its_whole(event, rows) for event in rows]
    rows = [_like_its_double(event, rows) for event in rows]
    for group in _groups(rows, _occasion):
        for index, change in _among(rows, group):
            rows[index] = rows[index].model_copy(update=change)
    for group in _groups(rows, _subject):
        for index in _running_totals(rows, group):
            rows[index] = rows[index].model_copy(update={"period": "multi_day"})
    return rows


def parents(event: Event, events: Sequence[Event]) -> Iterator[Event]:
    """The events that an event is a part of, nearest first; a circle ends it."""
    met = {id(event)}
    while event.part_of is not None and 0 <= event.part_of < len(events):
        event = events[event.part_of]
        if id(event) in met:
            return
        met.add(id(event))
        yield event


def _under_its_place(event: Event, events: Sequence[Event]) -> Event:
    """A part belongs to the nearest whole whose place holds its own: the next item of a list is no part of the last."""
    for parent in parents(event, events):
        if _holds(parent, event):
            return event if events[event.part_of or 0] is parent else _part_of(event, events.index(parent))
    return event if event.part_of is None else event.model_copy(update={"part_of": None, "scope": "part"})


def _part_of(event: Event, index: int) -> Event:
    return event.model_copy(update={"part_of": index})


def _holds(parent: Event, event: Event) -> bool:
    """Whether the place of a whole may hold that of a part; what names no place may be anywhere."""
    if event.place is None or parent.place is None or is_country(parent.place):
        return True
    if (
        ENCLAVES.get(parent.place.name) == event.place.name
        or ENCLAVES.get(event.place.region or "") == parent.place.name
    ):
        return True
    return overlap(place_key(parent.place), place_key(event.place))


def _like_its_whole(event: Event, events: Sequence[Event]) -> Event:
    """A part with the sides of its whole, and with its time unless the whole is told of a longer one."""
    told: dict[str, object] = {}
    for parent in parents(event, events):
        if parent.attacker and parent.target_country:
            told |= {"attacker": parent.attacker, "target_country": parent.target_country}
        else:
            told |= _missing(event, parent)
        if parent.period in STATED or event.period == "unknown":
            told |= {name: getattr(parent, name) for name in TIME}
        event = event.model_copy(update=told)
    return event


def _like_its_double(event: Event, events: Sequence[Event]) -> Event:
    """A figure told with a side missing, with the sides of the one telling of it in the article that names both."""
    if (event.attacker and event.target_country) or _value(event) < TELLING:
        return event
    fuller = {
        (other.attacker, other.target_country)
        for other in events
        if other.attacker and other.target_country and _figure(other) == _figure(event)
    }
    if len(fuller) != 1:
        return event
    attacker, target = fuller.pop()
    return event.model_copy(update={"attacker": attacker, "target_country": target})


def _figure(event: Event) -> tuple[object, ...]:
    return (event.object, event.measure, event.value, event.status, *_time(event))


def _missing(event: Event, parent: Event) -> dict[str, object]:
    return {
        "attacker": event.attacker or parent.attacker,
        "target_country": event.target_country or parent.target_country,
    }


def _subject(event: Event) -> tuple[object, ...]:
    return (event.object, event.measure, event.attacker, event.target_country)


def _time(event: Event) -> tuple[object, ...]:
    return (event.period, event.night_of, event.recap)


def _occasion(event: Event) -> tuple[object, ...]:
    return (*_subject(event), *_time(event))


def _groups(events: Sequence[Event], key: Callable[[Event], tuple[object, ...]]) -> list[list[int]]:
    """Asserted figures that a key holds together, by index; repetitions left out."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, event in enumerate(events):
        if event.value is not None and event.status == "asserted" and event.same_as is None:
            groups[key(event)].append(index)
    return [group for group in groups.values() if len(group) > 1]


def _running_totals(events: Sequence[Event], group: Sequence[int]) -> Iterator[int]:
    """Figures that add up two of different times: "48 more, 77 by now" after the 29 of the day before."""
    top = [index for index in group if events[index].part_of is None]
    timed = [index for index in top if events[index].period in STATED and _value(events[index])]
    sums = {
        _value(events[one]) + _value(events[two])
        for one, two in combinations(timed, 2)
        if _time(events[one]) != _time(events[two])
    }
    return (index for index in top if _value(events[index]) in sums)


Change = dict[str, object]


def _among(events: Sequence[Event], group: Sequence[int]) -> list[tuple[int, Change]]:
    """What has to change among the figures of one group."""
    top = [index for index in group if events[index].part_of is None]
    for whole in top:
        told = [index for index in group if events[index].part_of == whole]
        smaller = [index for index in top if _value(events[index]) < _value(events[whole])]
        run = _makes_up(events, _value(events[whole]) - _sum(events, told), smaller)
        if len(run) + len(told) > 1 and run:
            spread = _spread(events[whole], [events[index] for index in run])
            return [(whole, spread), *((index, {"part_of": whole, "scope": "part"}) for index in run)]
    return [(index, {"scope": "part"}) for index in _no_totals(events, top)]


def _value(event: Event) -> float:
    return event.value or 0


def _sum(events: Sequence[Event], indexes: Iterable[int]) -> float:
    return sum(_value(events[index]) for index in indexes)


def _makes_up(events: Sequence[Event], missing: float, items: Sequence[int]) -> Sequence[int]:
    """The longest run of items of a list that adds up to what is missing, the first of these; none where none does."""
    begins: dict[float, int] = {}  # how much stands before an item -> the first item of which that is so
    before, longest = 0.0, range(0)
    for place, index in enumerate(items):
        begins.setdefault(before, place)
        before += _value(events[index])
        first = begins.get(before - missing)
        if first is not None and place + 1 - first > len(longest):
            longest = range(first, place + 1)
    return items[longest.start : longest.stop]


def _spread(whole: Event, parts: Iterable[Event]) -> Change:
    """A figure whose parts lie elsewhere is not the figure of the one place that was read beside it."""
    return {} if all(_holds(whole, part) for part in parts) else {"place": None, "scope": "total"}


def _no_totals(events: Sequence[Event], top: Sequence[int]) -> Iterator[int]:
    """Totals that cannot be: what is told with "another", what that is added to, and what is below a part."""
    parts = [events[index] for index in top if events[index].scope == "part"]
    largest = max((_value(part) for part in parts if part.qualifier == "exact"), default=0)
    last = max((place for place, index in enumerate(top) if events[index].additional), default=-1)
    for place, index in enumerate(top):
        event = events[index]
        below = _value(event) < largest and event.qualifier not in BOUNDS
        if event.scope == "total" and (place <= last or below):
            yield index
