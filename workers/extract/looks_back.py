"""Whether the words around a figure tell it as background: a sentence that looks back, a record that stands."""

from __future__ import annotations

from typing import Final

from workers.extract.drafts import Draft
from workers.extract.items import Reading

_OPENING: Final = 4
"""Words at the beginning of a sentence in which it says that it looks back."""
_RECORDS: Final = frozenset({"record", "high", "peak", "maximum"})
_KNOWN: Final = frozenset({"the", "its", "their", "that", "this", "russia's", "ukraine's"})
_BYGONE: Final = frozenset({"previous", "earlier", "old", "former", "standing", "existing", "last", "all-time"})
_STANDS: Final = frozenset(
    {"was", "is", "stands", "stood", "remains", "of", ",", "came", "set", "dates", "belongs", "("}
)
_RECORD_REACH: Final = 8
"""Words between "the record" and its figure."""
_REMAINS: Final = frozenset({"remains", "remained", "remain", "stays", "stayed"})
_REMAINS_REACH: Final = 14
_MOST: Final = frozenset({"record", "largest", "biggest", "heaviest", "highest", "most", "deadliest", "worst"})

_TOLD: Final = frozenset({"said", "reported", "wrote", "stated", "announced", "claimed", "added", "told", "according"})
_CLAUSE: Final = 14
"""Words in front of a verb or an attack in which "a day after" may open its clause."""
_PARTING: Final = frozenset({",", ";", ":", "(", ")", "."})
_AFTER: Final = frozenset({"after", "following"})
_LENGTHS: Final = frozenset({"day", "night", "week", "month", "year", "days", "nights", "weeks", "months", "years"})
_COUNTS: Final = frozenset(
    {"a", "one", "two", "three", "four", "five", "six", "seven", "ten", "few", "single", "exactly"}
)
_OPENERS: Final = frozenset({",", "just", "only", "came", "comes", "mere", "barely", "and", "but"})
_WITHIN: Final = frozenset({"the", "in", "over", "within", "for", "during", "first"})
_SUBJECT: Final = 4
"""Words of a subject such as "Russian forces"."""
_EACH: Final = frozenset({"a", "an", "per", "each", "every"})
_UNITS: Final = frozenset({"night", "day", "week", "month", "year", "hour"})
_USUALLY: Final = frozenset({"average", "averaged", "averages", "averaging", "usually", "typically", "normally"})
_EVERY: Final = frozenset({("every", "night"), ("each", "night"), ("every", "day"), ("each", "day")})
_USUALLY_REACH: Final = 12
_WHO_REACH: Final = 2


def recalled(draft: Draft) -> bool:
    """True for a figure that its own sentence tells as background."""
    if _cued(draft) or _before_the_news(draft):
        return True
    return draft.object != "person" and (_of_a_record(draft) or _still_the_most(draft) or _is_a_rate(draft))


def _cued(draft: Draft) -> bool:
    """True in a sentence that begins as a look back: "Earlier this month", "Recall"."""
    if _told_then(draft.reading.tok.words):
        return True
    cues = draft.reading.marks.cues
    return any("recap" in cues[i] for i in range(min(_OPENING, draft.q.i + 1)) if i in cues)


def _told_then(words: list[str]) -> bool:
    """True for "the air force said at the time", and not for "at the time of the raid"."""
    if "time" not in words:
        return False
    end = len(words) - 1 - words[::-1].index("time")  # its last one in the sentence
    said = end > 2 and words[end - 2 : end] == ["at", "the"] and words[end - 3] in _TOLD
    return said and words[end + 1 : end + 2] not in (["of"], ["when"])


def _before_the_news(draft: Draft) -> bool:
    """True for the 479 of "a day after Russia launched 479 drones" and "since Russia launched 479 drones"."""
    tie, reading = draft.attachment, draft.attachment_reading
    if tie is None or tie.item.i == 0:
        return False
    words = reading.tok.words
    for i in range(tie.item.i - 1, max(0, tie.item.i - _CLAUSE), -1):
        if words[i] in _PARTING:
            return False
        if words[i] in _AFTER:
            return _counts_days(words, i - 1)
        if words[i] == "since":
            return tie.item.v is not None and not tie.item.v.perfect and _acts(reading, i + 1, tie.item.i)
    return False


def _counts_days(words: list[str], i: int) -> bool:
    """True for "a day", "two nights" and "weeks" in front of "after"; not for "in the three days after"."""
    if i < 0 or words[i] not in _LENGTHS:
        return False
    counted = words[i - 1] if i else ""
    if words[i].endswith("s") and (not i or counted in _OPENERS):
        return True
    return (counted in _COUNTS or counted.isdecimal()) and (i < 2 or words[i - 2] not in _WITHIN)


def _acts(reading: Reading, start: int, end: int) -> bool:
    """True where a side and nothing but its forces stand between two tokens: the subject of the verb behind them."""
    sides = [geo for geo in reading.marks.geo.values() if start <= geo.i < end and geo.acts]
    first = len(sides) == 1 and reading.tok.words[start : sides[0].i] in ([], ["the"])  # not "since Friday Russia"
    return first and end - start <= _SUBJECT and not any(start <= k < end for k in reading.marks.verbs)


def _of_a_record(draft: Draft) -> bool:
    """True for "the record stands at 810 drones", "the previous high of 500"; not for "a record 810 drones"."""
    words, first = draft.reading.tok.words, max(1, draft.q.i - _RECORD_REACH)
    for i in range(first, draft.q.i):
        if words[i] in _RECORDS:
            known = words[i - 1] in _KNOWN and words[i] == "record"
            return (known or words[i - 1] in _BYGONE) and words[i + 1] in _STANDS
    return False


def _still_the_most(draft: Draft) -> bool:
    """True for "the one with 810 drones in May remains the largest"."""
    words, q = draft.reading.tok.words, draft.q
    for i in range(q.j, min(len(words) - 2, q.j + _REMAINS_REACH)):
        if words[i] in _REMAINS:
            return not _MOST.isdisjoint(words[i + 1 : i + 4])
    return False


def _is_a_rate(draft: Draft) -> bool:
    """True for "150 drones a night" and "on average 150 drones": what is usual, and no one night."""
    words, q = draft.reading.tok.words, draft.q
    if words[q.j : q.j + 1] and words[q.j] in _EACH and q.j + 1 < len(words) and words[q.j + 1] in _UNITS:
        return True
    before = words[max(0, q.i - _USUALLY_REACH) : q.i]
    return not _USUALLY.isdisjoint(before) or _every_day(words, q.i)


def _every_day(words: list[str], end: int) -> bool:
    """True behind "every night" in the same clause, and behind one that opens the sentence: "Every night, ..."."""
    first = max(0, end - _USUALLY_REACH)
    for i in range(end - 2, first - 1, -1):
        if (words[i], words[i + 1]) in _EVERY:
            return i <= 1 or "," not in words[i:end]
    return False


def of_a_career(draft: Draft) -> bool:
    """True for "the gunner, who shot down 70 drones": what somebody did in all his time, where no time is told."""
    if draft.object == "person" or draft.attachment is None:
        return False
    words, verb = draft.attachment_reading.tok.words, draft.attachment.item.i
    return "who" in words[max(0, verb - _WHO_REACH) : verb]
