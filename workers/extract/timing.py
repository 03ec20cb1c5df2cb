"""When: the mention of time that a claim is about, from its clause, its list, or the sentences around it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Final

from workers.extract import chronicle
from workers.extract.drafts import Draft
from workers.extract.items import Reading
from workers.extract.nights_desk import desk_of
from workers.extract.nights_model import PartialDate
from workers.extract.nights_table import NIGHT_HEADS
from workers.extract.world import TimeMention, Timespan, day_of_writing, find_times, resolve

_WINDOWS: Final = frozenset({"night", "evening", "morning", "day", "date", "24h", "multi_day", "cumulative", "past"})
_LASTING: Final = frozenset({"night", "evening", "morning", "day", "date", "24h"})
"""Times that the following sentences go on with; a look back does not."""
_COMPARED: Final = 48
"""Characters in front of a time in which a superlative makes it a comparison."""
_BESIDE: Final = 12
"""Characters between an item of a list and a time that is its own."""
_BEHIND_THAN: Final = frozenset(
    {"in", "on", "at", "during", "over", "for", "the", "a", "an", "any", "all", "those", "that"}
)
"""Words between "than" and a time that is held against: "300 more than in the week before"."""
_RATES: Final = frozenset({"rate", "share", "percentage"})
"""Words in front of a time over which a rate is told, and no count."""
_AFTER: Final = 24
"""Characters behind a time in which "per cent" tells such a rate."""
_SUPERLATIVES: Final = frozenset(
    {
        "largest",
        "biggest",
        "heaviest",
        "worst",
        "deadliest",
        "most",
        "highest",
        "first",
        "record",
        "fiercest",
        "longest",
    }
    | {"strongest", "greatest", "massive", "boldest"}
)
_DAYLIGHT: Final = range(6, 16)
"""Hours of a clock time that is day in every season and zone that a report may mean."""
_LEAD: Final = 240
"""Characters of the title and the text in which an article says what stretch it reports."""
_NOON: Final = 12
"""In the morning "yesterday" reaches into the night that has just ended."""
_APART: Final = 2
"""Days between two dates that cannot be one night and the day of its report."""
_TOLL: Final = 100
"""Victims from which on a war that is the subject of the sentence counts them all."""
_SUBJECT: Final = 12
"""Words in front of a number in which its subject stands."""
_WHOLE_WAR: Final = Timespan("cumulative", None, None, None, "relative")
_UNKNOWN: Final = Timespan("unknown", None, None, None, "publication")


def _ordinal(day: PartialDate) -> int:
    """Days from the start of the calendar, a month taken as 31 days: only for telling which date is later."""
    return ((day.year or 0) * 12 + day.month) * 31 + day.day


def _of_the_war(draft: Draft) -> bool:
    """True for "the conflict has cost thousands of lives": the subject is the war, not an attack."""
    if draft.object != "person" or draft.value < _TOLL:
        return False
    marks, first = draft.reading.marks, max(0, draft.q.i - _SUBJECT)
    return any("war" in marks.cues.get(i, ()) for i in range(first, draft.q.i))


def _by_daylight(mention: TimeMention) -> bool:
    """True for "at 7 am", and not for "as of 7 am" or a window that begins or ends in the dark."""
    hours = [hour for hour, _ in mention.clocks]
    return mention.kind == "clock" and bool(hours) and not mention.background and all(h in _DAYLIGHT for h in hours)


def _window(mention: TimeMention) -> bool:
    """True for "between 8 pm and 6 am", which says more than a single hour does."""
    return mention.kind == "clock" and len(mention.clocks) > 1 and not mention.background


def _lasts(mention: TimeMention) -> bool:
    """True for a time with which the following sentences go on."""
    return mention.kind in _LASTING or _by_daylight(mention) or _window(mention)


def _of_a_bulletin(mention: TimeMention) -> bool:
    """True for "yesterday" and "over the day", which in a report of the last 24 hours mean these."""
    if mention.dates or mention.weekdays:
        return False
    yesterday = mention.kind == "date" and mention.shift == -1 and not mention.parts
    return yesterday or (mention.kind == "day" and mention.parts == ("daytime",))


class Timing:
    """Gives every draft its period, start, end and night."""

    def __init__(self, text: dict[str, str], published: datetime | None) -> None:
        self._text = text
        self._published = published
        self._mentions: dict[int, list[TimeMention]] = {}
        self.spans: dict[int, Timespan] = {}
        self._country: str | None = None
        self._today: date | None = None
        self._topic: TimeMention | None = None

    def fill(self, drafts: list[Draft], sentences: Sequence[Reading] = ()) -> None:
        """Fill all drafts of an article in order; `sentences` are all that were read, also those without a claim."""
        readings = list({id(d.reading): d.reading for d in drafts}.values())
        for reading in readings:
            self._read(reading)
        told = {id(reading) for reading in readings}
        context = deque(reading for reading in sentences if id(reading) not in told)
        passed: list[Reading] = []
        everything = [m for found in self._mentions.values() for m in found]
        country = self._country = next((d.target for d in drafts if d.target), None)
        today = self._today = day_of_writing(everything, self._published, country)
        topic = self._topic = self._first(readings) or next(filter(None, map(self._context, context)), None)
        for draft in drafts:
            while context and context[0].index < draft.reading.index:
                passed.append(context.popleft())
                if self._published is None:
                    self._read(passed[-1])  # the days it names say what is a chronicle
            mention = own = self._own(draft)
            if (
                draft.way == "listed"
                and draft.head is not None
                and draft.head.time
                and not self._beside(draft, mention)
            ):
                mention = None
            draft.timed = mention is not None
            if mention is None and draft.head is not None and draft.head.time is not None:
                mention = draft.head.time
            elif mention is None:
                mention = topic = next(filter(None, map(self._context, reversed(passed))), topic)
                passed.clear()
            elif _lasts(mention) and not self._cued(draft):
                topic = mention
                passed.clear()
            if mention is not None and "tonight" in mention.parts and draft.status == "asserted":
                mention = mention._replace(parts=("night",))  # told as done, it is the night that has passed
            draft.time = mention
            span = resolve(mention, self._published, draft.target or country, today)
            span = _WHOLE_WAR if own is None and _of_the_war(draft) else self._settled(span, mention)
            self.spans[id(draft)] = span
            draft.period = span.period
            draft.night = span.night_of if mention is not None else None
            dated = mention is not None and bool(mention.dates)
            draft.recap = span.recap or (self._cued(draft) and not dated) or self._before_the_last(mention)
        chronicle.settle(drafts, self.spans)

    @cached_property
    def _bulletin(self) -> TimeMention | None:
        """The last 24 hours, where the article begins with them: the daily report of a staff or a governor."""
        leads = (words[:_LEAD] for words in self._text.values())
        return next((m for lead in leads for m in find_times(lead) if m.kind == "24h" and not m.background), None)

    def of_sentence(self, reading: Reading, country: str | None) -> Timespan:
        """The time of a sentence without a figure, or of the article."""
        mentions = [m for m in self._read(reading) if m.kind in _WINDOWS and not m.reporting]
        best = next((m for m in mentions if m.kind == "night"), None) or next(iter(mentions), None) or self._topic
        return resolve(best, self._published, country or self._country, self._today)

    def _read(self, reading: Reading) -> list[TimeMention]:
        key = id(reading)
        if key not in self._mentions:
            sentence = self._text[reading.field][reading.start : reading.end]
            self._mentions[key] = find_times(sentence)
        return self._mentions[key]

    def _first(self, readings: list[Reading]) -> TimeMention | None:
        """The time that the article is about: the first night, else the first day, of a sentence with a claim."""
        mentions = (m for r in readings for m in self._mentions[id(r)])
        found = [m for m in mentions if _lasts(m) and not m.reporting]
        return next((m for m in found if m.kind in ("night", "evening")), None) or next(iter(found), None)

    def _settled(self, span: Timespan, mention: TimeMention | None) -> Timespan:
        """The same where the hour says more: "at 7 am" is day on whatever date; a "yesterday" may mean its night."""
        if mention is None:
            return span
        if mention.kind == "clock" and span.period == "unknown":
            return span._replace(period="day", night_of=None)
        if self._bulletin is not None and _of_a_bulletin(mention):
            return resolve(self._bulletin, self._published, self._country, self._today)
        desk = desk_of(self._published, self._country, self._today)
        early = desk.hour is None or desk.hour < _NOON
        if mention.kind == "date" and mention.shift == -1 and not mention.parts and desk.day is not None and early:
            return span._replace(period="unknown", night_of=desk.day)
        return span

    def _before_the_last(self, mention: TimeMention | None) -> bool:
        """True in an article without a date, for a day well before the last one that it tells: a chronicle."""
        if self._published is not None or mention is None or not mention.dates:
            return False
        own = mention.dates[-1]
        told = [d for found in self._mentions.values() for m in found for d in m.dates if d.year == own.year]
        return max(map(_ordinal, told), default=0) - _ordinal(own) >= _APART

    def _context(self, reading: Reading) -> TimeMention | None:
        """The night told by a sentence without a figure, with which the next ones go on: "Drones came last night."."""
        if self._published is not None and NIGHT_HEADS.isdisjoint(reading.tok.words):
            return None  # an article without a date is dated by every day it names, so there all are read
        nights = (m for m in self._read(reading) if m.kind in ("night", "evening"))
        return next((m for m in nights if not (m.reporting or m.recalls or m.background)), None)

    def _own(self, draft: Draft) -> TimeMention | None:
        """The nearest mention of the draft's sentence, or the first that it may share."""
        reading = draft.reading
        mentions = [
            m
            for m in self._mentions.get(id(reading), ())
            if (m.kind in _WINDOWS or _by_daylight(m) or _window(m))
            and not m.reporting
            and not (m.background and m.kind == "morning")
            and not self._compares(reading, m)
        ]
        if not mentions:
            return None
        tok = reading.tok
        if draft.way == "total":
            start = tok.starts[draft.q.i] - reading.start
            mentions = [
                m for m in mentions if m.since and m.start > start
            ] or mentions  # "taking to 84 ... since May 7"
        at = tok.starts[draft.q.i] - reading.start, tok.ends[min(draft.q.j, len(tok)) - 1] - reading.start
        return min(mentions, key=lambda m: self._distance(reading, m, at, draft))

    def _beside(self, draft: Draft, mention: TimeMention | None) -> bool:
        """True for "29 on Thursday and 48 overnight": the item of a list has a time of its own."""
        end = draft.reading.tok.ends[draft.q.j - 1] - draft.reading.start
        return mention is not None and 0 <= mention.start - end <= _BESIDE

    def _compares(self, reading: Reading, mention: TimeMention) -> bool:
        """True for "the heaviest attack since the start of the war": the time is only held against."""
        if mention.kind not in ("cumulative", "multi_day", "past"):
            return False
        sentence = self._text[reading.field][reading.start : reading.end]
        words = sentence[max(0, mention.start - _COMPARED) : mention.start].lower().split()
        last = next((word for word in reversed(words) if word not in _BEHIND_THAN), "")
        rate = not _RATES.isdisjoint(words) or "percent" in sentence[mention.end : mention.end + _AFTER].replace(
            "per cent", "percent"
        )
        return last == "than" or rate or any(word in _SUPERLATIVES for word in words)

    def _distance(self, reading: Reading, mention: TimeMention, at: tuple[int, int], draft: Draft) -> int:
        far = max(mention.start - at[1], at[0] - mention.end, 0)
        sentence = self._text[reading.field][reading.start : reading.end]
        between = sentence[at[1] : mention.start] if mention.start >= at[1] else sentence[mention.end : at[0]]
        crossings = sum(
            between.count(sign) for sign in (";", " while ", " after ", " but ", ", and ", " that ", " since ")
        )
        return far + 60 * crossings + (25 if mention.kind == "date" else 0)

    def _cued(self, draft: Draft) -> bool:
        """True in a sentence that begins as a look back: "Earlier this month", "Recall"."""
        reading = draft.reading
        return any("recap" in cues and i < 4 for i, cues in reading.marks.cues.items() if i <= draft.q.i)
