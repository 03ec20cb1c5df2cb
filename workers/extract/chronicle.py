"""What the times of an article say of each other: an earlier night is background, an evening told apart is its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from workers.extract.corrections import mark
from workers.extract.drafts import Draft
from workers.extract.nights_zone import DUSK
from workers.extract.world import TimeMention, Timespan

_DAWN: Final = 9
"""Hour by which a night is over."""
_APART: Final = frozenset({"second", "then", "later", "again", "afterwards", "next"})
"""Words of a sentence that goes on to another attack."""
_FIRST_WORDS: Final = 6
_TELLING: Final = 5
"""The least figure that is known again; smaller ones repeat by chance."""
_HOURS: Final = frozenset({"night", "day"})
_LONG: Final = frozenset({"multi_day", "cumulative"})


def settle(drafts: Sequence[Draft], spans: dict[int, Timespan]) -> None:
    """Correct the periods of all claims of one article once each has its own time."""
    arms = [d for d in drafts if d.object != "person" and d.status == "asserted" and d.time is not None]
    for draft in arms:
        if _told_apart(draft, arms):
            spans[id(draft)] = spans[id(draft)]._replace(period="day", night_of=None)
            draft.period, draft.night = "day", None
    for draft in arms:
        _take_the_hour(draft, arms, spans)
        _take_the_length(draft, arms, spans)
    for old, new in mark(drafts):
        spans[id(old)] = spans[id(new)]
        old.period, old.night, old.time, old.recap = new.period, new.night, new.time, new.recap
        new.revises = old
    for draft in arms:
        draft.recap = draft.recap or _of_an_earlier_night(draft, arms)


def _take_the_hour(draft: Draft, arms: Sequence[Draft], spans: dict[int, Timespan]) -> None:
    """Give a day without an hour the hours that the article tells of the same figure of that day elsewhere."""
    if draft.period != "unknown" or draft.recap or draft.value < _TELLING:
        return
    for other in arms:
        told = other.timed and other.period in _HOURS and not other.recap and other.reading is not draft.reading
        if told and _same_figure(draft, other) and (None in (other.night, draft.night) or other.night == draft.night):
            spans[id(draft)] = spans[id(other)]
            draft.period, draft.night, draft.time = other.period, other.night, other.time
            return


def _take_the_length(draft: Draft, arms: Sequence[Draft], spans: dict[int, Timespan]) -> None:
    """Give a headline's figure the longer time that the text tells it of: "downs 77 drones", "77 in four days"."""
    if draft.timed or draft.value < _TELLING or draft.period in _LONG:
        return
    told = [o for o in arms if o is not draft and o.timed and _same_figure(draft, o)]
    longer = next((o for o in told if o.period in _LONG), None)
    if longer is not None and not any(o.period in _HOURS for o in told):
        spans[id(draft)] = spans[id(longer)]
        draft.period, draft.night, draft.time = longer.period, longer.night, longer.time
        draft.recap = longer.recap


def _same_figure(one: Draft, other: Draft) -> bool:
    return (one.measure, one.value) == (other.measure, other.value) and _same_thing(one, other)


def _of_an_earlier_night(draft: Draft, arms: Sequence[Draft]) -> bool:
    """True for "on the night of August 5 it had been 24" where the article counts the same for a later night."""
    if draft.period != "night" or draft.night is None or not draft.timed:
        return False
    return any(_same_thing(draft, other) and _later(other, draft.night) for other in arms)


def _later(other: Draft, night: date) -> bool:
    return other.period == "night" and other.night is not None and other.night > night and not other.recap


def _same_thing(one: Draft, other: Draft) -> bool:
    """The same object on its way from the same side to the same target."""
    return (one.object, one.attacker, one.target) == (other.object, other.attacker, other.target)


def _told_apart(draft: Draft, arms: Sequence[Draft]) -> bool:
    """True for an evening over before midnight where what came after midnight is counted by itself."""
    if draft.period != "night" or draft.time is None or not _ends_before_midnight(draft.time):
        return False
    return any(_same_thing(draft, o) and o.measure == draft.measure and _goes_on(o, draft) for o in arms)


def _ends_before_midnight(mention: TimeMention) -> bool:
    hours = [hour for hour, _ in mention.clocks]
    if hours:
        return len(hours) > 1 and hours[0] >= DUSK.hour and hours[-1] > hours[0]
    return mention.kind == "evening" and not mention.since


def _goes_on(other: Draft, draft: Draft) -> bool:
    """True for a further count of the hours after midnight of the same night."""
    if other is draft or other.night != draft.night or other.time is None or other.reading is draft.reading:
        return False
    if other.time is draft.time or not _after_midnight(other.time):
        return False
    return other.additional or not _APART.isdisjoint(other.reading.tok.words[:_FIRST_WORDS])


def _after_midnight(mention: TimeMention) -> bool:
    hours = [hour for hour, _ in mention.clocks]
    return max(hours) <= _DAWN if hours else "early" in mention.parts
