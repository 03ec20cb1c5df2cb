"""When: the mention of time that a claim is about, from its clause, its list, or the sentences around it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Final

from workers.extract import chronicle
from workers.extract.drafts import Draft
from workers.extract.items import Reading
from workers.extract.looks_back import of_a_career, recalled
from workers.extract.nearest import by_daylight, is_beside, lasts, own_time, windows
from workers.extract.nights_desk import desk_of
from workers.extract.nights_model import PartialDate
from workers.extract.nights_table import DAY_HEADS, NIGHT_HEADS
from workers.extract.world import TimeMention, Timespan, day_of_writing, find_times, resolve
from workers.lazy import lazy

_LEAD: Final = 240
"""Characters of the title and the text in which an article says what stretch it reports."""
_NOON: Final = 12
"""In the morning "yesterday" reaches into the night that has just ended."""
_RECENTLY: Final = 400
"""Characters in front of a sentence in which the day of its "that night" is told."""
_APART: Final = 2
"""Days between two dates that cannot be one night and the day of its report."""
_TOLL: Final = 100
"""Victims from which on a war that is the subject of the sentence counts them all."""
_SUBJECT: Final = 12
"""Words in front of a number in which its subject stands."""
_WHOLE_WAR: Final = Timespan("cumulative", None, None, None, "relative")


def _ordinal(day: PartialDate) -> int:
    """Days from the start of the calendar, a month taken as 31 days: only for telling which date is later."""
    return ((day.year or 0) * 12 + day.month) * 31 + day.day


def _of_the_war(draft: Draft) -> bool:
    """True for "the conflict has cost thousands of lives": the subject is the war, not an attack."""
    if draft.object != "person" or draft.value < _TOLL:
        return False
    marks, first = draft.reading.marks, max(0, draft.q.i - _SUBJECT)
    return any("war" in marks.cues.get(i, ()) for i in range(first, draft.q.i))


def _of_a_bulletin(mention: TimeMention) -> bool:
    """True for "yesterday" and "over the day", which in a report of the last 24 hours mean these."""
    if mention.dates or mention.weekdays:
        return False
    yesterday = mention.kind == "date" and mention.shift == -1 and not mention.parts
    return yesterday or (mention.kind == "day" and mention.parts == ("daytime",))


def _is_day(mention: TimeMention) -> bool:
    """True for the time of what happened in daylight, before which "the night before" is that of the same date."""
    return mention.kind == "day" or by_daylight(mention)


def _on_the_day_of(mention: TimeMention, other: TimeMention) -> TimeMention:
    """The same on the day that the other one names last."""
    return mention._replace(dates=other.dates[-1:], weekdays=other.weekdays[-1:], shift=other.shift)


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
        self._sentences: Sequence[Reading] = ()

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
        topic = self._topic = self._first(readings, context)
        self._sentences = sentences
        for draft in drafts:
            while context and context[0].index < draft.reading.index:
                passed.append(context.popleft())
                if self._published is None:
                    self._read(passed[-1])  # the days it names say what is a chronicle
            mention = own = self._own(draft, topic)
            draft.timed = mention is not None
            if mention is None and draft.head is not None and draft.head.time is not None:
                mention = draft.head.time
            elif mention is None:
                mention = topic = next(filter(None, map(self._context, reversed(passed))), topic)
                passed.clear()
            elif lasts(mention) and not recalled(draft):
                topic = mention
                passed.clear()
            if mention is not None and "tonight" in mention.parts and draft.status == "asserted":
                mention = mention._replace(parts=("night",))  # told as done, it is the night that has passed
            draft.time = mention
            span = resolve(mention, self._published, draft.target or country, today)
            ever = _of_the_war(draft) if own is None else False
            ever = ever or draft.q.changed or "tally" in draft.notes or (mention is None and of_a_career(draft))
            span = _WHOLE_WAR if ever else self._settled(span, mention)
            self.spans[id(draft)] = span
            draft.period = span.period
            draft.night = span.night_of if mention is not None else None
            dated = mention is not None and (bool(mention.dates) or "its-night" in draft.notes)
            draft.recap = span.recap or (recalled(draft) and not dated) or self._before_the_last(mention)
        chronicle.settle(drafts, self.spans)

    @lazy
    def _leads(self) -> list[TimeMention]:
        """The times with which the title, the summary and the text begin, also in sentences that tell no claim."""
        return [m for words in self._text.values() for m in find_times(words[:_LEAD])]

    def _headings(self) -> Iterator[TimeMention]:
        """The parts of a day and the windows that the title and the summary tell; a bare date there is the news's."""
        told = (m for field, words in self._text.items() if field != "text" for m in find_times(words[:_LEAD]))
        return (m for m in told if lasts(m) and m.kind != "date" and not (m.reporting or m.background))

    @lazy
    def _bulletin(self) -> TimeMention | None:
        """The last 24 hours, where the article begins with them: the daily report of a staff or a governor."""
        return next((m for m in self._leads if m.kind == "24h" and not m.background), None)

    def of_sentence(self, reading: Reading, country: str | None) -> Timespan:
        """The time of a sentence without a figure, or of the article."""
        mentions = windows(self._read(reading))
        best = next((m for m in mentions if m.kind == "night"), None) or next(iter(mentions), None) or self._topic
        return resolve(best, self._published, country or self._country, self._today)

    def _read(self, reading: Reading) -> list[TimeMention]:
        key = id(reading)
        if key not in self._mentions:
            sentence = self._text[reading.field][reading.start : reading.end]
            self._mentions[key] = find_times(sentence)
        return self._mentions[key]

    def _first(self, readings: Sequence[Reading], context: Iterable[Reading]) -> TimeMention | None:
        """The time that the article is about: the first night, else the first day, of a sentence with a claim.

        What lies well before the article is its background, and dates nothing that is told before it: then the
        sentences without a claim and the lead are asked first.
        """
        mentions = (m for r in readings for m in self._mentions[id(r)])
        found = [m for m in mentions if lasts(m) and not m.reporting]
        found.sort(key=lambda m: m.kind not in ("night", "evening"))
        if found and not self._is_old(found[0]):
            return found[0]
        fresh = (m for m in found if not self._is_old(m))
        told = (self._context(reading) or self._daytime(reading) for reading in context)
        leads = (m for m in self._leads if m.kind in ("night", "evening") and not (m.reporting or m.background))
        return next(chain(fresh, filter(None, told), leads, self._headings(), found), None)

    def _is_old(self, mention: TimeMention) -> bool:
        return resolve(mention, self._published, self._country, self._today).recap

    def _own(self, draft: Draft, topic: TimeMention | None) -> TimeMention | None:
        """The time that the draft's own sentence tells of it; None for an item of a list whose head tells it."""
        reading = draft.reading
        sentence = self._text[reading.field][reading.start : reading.end]
        mention = own_time(draft, self._mentions.get(id(reading), ()), sentence)
        if mention is None:
            return None
        head = draft.head.time if draft.way == "listed" and draft.head is not None else None
        if head is not None and not is_beside(draft, mention, sentence):
            return None
        if mention.same and mention.parts:
            return self._night_before(reading, mention)
        if mention.same:
            return self._day_before(reading, mention)
        if mention.recalls and "previousnight" in mention.parts and topic is not None and _is_day(topic):
            draft.notes.add("its-night")
            return _on_the_day_of(mention, topic)._replace(parts=("night",), recalls=False)
        return mention

    def _day_before(self, reading: Reading, mention: TimeMention) -> TimeMention:
        """The same with the day told last before it: "on that day"."""
        for other in reversed(self._sentences[: reading.index + 1]):
            days = [m for m in self._read(other) if m.dates or m.weekdays or (m.shift is not None and not m.same)]
            told = [m for m in days if other is not reading or m.end <= mention.start]
            if told:
                return _on_the_day_of(mention, told[-1])
        return mention

    def _night_before(self, reading: Reading, mention: TimeMention) -> TimeMention:
        """The same with a day told shortly before that is long over: "On 9 May 2023 ... That night 70 drones came"."""
        words, first = self._text[reading.field], max(0, reading.start - _RECENTLY)
        told = [m for m in find_times(words[first : reading.start + mention.start]) if m.dates and not m.reporting]
        then = _on_the_day_of(mention, told[-1]) if told else mention
        return then if self._is_old(then) else mention

    def _settled(self, span: Timespan, mention: TimeMention | None) -> Timespan:
        """The same where the hour says more: "at 7 am" is day on whatever date; a "yesterday" may mean its night."""
        if mention is None:
            return span
        if mention.kind == "clock" and span.period == "unknown":
            return span._replace(period="day", night_of=None)
        if _of_a_bulletin(mention) and self._bulletin is not None:
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

    def _daytime(self, reading: Reading) -> TimeMention | None:
        """The afternoon or daylight told by a sentence without a figure, where no other time is told at all."""
        if DAY_HEADS.isdisjoint(reading.tok.words):
            return None
        return next((m for m in self._read(reading) if m.kind == "day" and not (m.reporting or m.background)), None)
