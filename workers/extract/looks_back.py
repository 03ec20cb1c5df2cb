"""Whether the words around a figure tell it as background: a sentence that looks back, a record that stands."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from workers.extract.drafts import Draft

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
_EACH: Final = frozenset({"a", "an", "per", "each", "every"})
_UNITS: Final = frozenset({"night", "day", "week", "month", "year", "hour"})
_USUALLY: Final = frozenset({"average", "averaged", "averages", "averaging", "usually", "typically", "normally"})
_EVERY: Final = frozenset({("every", "night"), ("each", "night"), ("every", "day"), ("each", "day")})
_USUALLY_REACH: Final = 12
_WHO_REACH: Final = 2


def recalled(draft: Draft) -> bool:
    """True for a figure that its own sentence tells as background."""
    if _cued(draft):
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
    return not _USUALLY.isdisjoint(before) or any(pair in _EVERY for pair in pairwise(before))


def of_a_career(draft: Draft) -> bool:
    """True for "the gunner, who shot down 70 drones": what somebody did in all his time, where no time is told."""
    if draft.object == "person" or draft.attachment is None:
        return False
    words, verb = draft.attachment_reading.tok.words, draft.attachment.item.i
    return "who" in words[max(0, verb - _WHO_REACH) : verb]
