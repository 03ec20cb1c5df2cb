"""Which mention of time in its own sentence a claim is about: the nearest that no clause parts from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from workers.extract.drafts import Draft
from workers.extract.world import TimeMention

_WINDOWS: Final = frozenset({"night", "evening", "morning", "day", "date", "24h", "multi_day", "cumulative", "past"})
_LASTING: Final = frozenset({"night", "evening", "morning", "day", "date", "24h"})
"""Times that the following sentences go on with; a look back does not."""
_DAYLIGHT: Final = range(6, 16)
"""Hours of a clock time that is day in every season and zone that a report may mean."""
_COMPARED: Final = 48
"""Characters in front of a time in which a superlative makes it a comparison."""
_BESIDE: Final = 12
"""Characters between an item of a list and a time that is its own."""
_BEHIND: Final = 40
"""The same where nothing but a clause of its own stands between: "the 212 it sent on the night of March 9"."""
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
_ORDINAL: Final = re.compile(
    r"(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|[1-9]\d*(?:st|nd|rd|th))$"
)
_CROSSINGS: Final = (";", " while ", " after ", " but ", ", and ", " that ", " since ", " compared ")
"""Signs and words between a time and a figure that begin another clause."""
_CROSSED: Final = 60
"""Characters that each of them counts for."""
_FOLLOWED: Final = re.compile(r"\b(?:after|following|before|ahead of|despite)\b[^,;.]*$", re.IGNORECASE)
_FOLLOWED_REACH: Final = 40
_WHEN: Final = re.compile(r",? \(?(?:when|in which|on which|during which)\b[^;,]*$", re.IGNORECASE)
"""Between a time and a figure: the figure is told of that time, whatever the time is held against."""
_STILL: Final = re.compile(
    r"\b(?:still|remain(?:ed|s|ing)?|stayed|continu(?:ed|es|ing)|in the (?:air|sky|skies)|airborne|airspace)\b[^,;.]*$",
    re.IGNORECASE,
)
"""In front of an hour: what was so at that hour, and dates nothing that was counted before."""
_STILL_REACH: Final = 60
_HELD_AGAINST: Final = frozenset({"than", "since"})
_SOME_NIGHT: Final = ("one", "single")


def lasts(mention: TimeMention) -> bool:
    """True for a time with which the following sentences go on."""
    return mention.kind in _LASTING or by_daylight(mention) or _window(mention)


def windows(mentions: Sequence[TimeMention]) -> list[TimeMention]:
    """The mentions that may date what happened: no days of speaking, no stamps."""
    return [m for m in mentions if m.kind in _WINDOWS and not m.reporting]


def by_daylight(mention: TimeMention) -> bool:
    """True for "at 7 am", and not for "as of 7 am" or a window that begins or ends in the dark."""
    hours = [hour for hour, _ in mention.clocks]
    return mention.kind == "clock" and bool(hours) and not mention.background and all(h in _DAYLIGHT for h in hours)


def _window(mention: TimeMention) -> bool:
    """True for "between 8 pm and 6 am", which says more than a single hour does."""
    return mention.kind == "clock" and len(mention.clocks) > 1 and not mention.background


def own_time(draft: Draft, found: Sequence[TimeMention], sentence: str) -> TimeMention | None:
    """The nearest mention of the draft's sentence, or None; `found` are all of that sentence."""
    start, end = _place(draft)
    told = [m for m in found if not m.reporting]
    for mention in told:
        if mention.end <= start and _WHEN.match(sentence, mention.end, start):
            return _as_told(mention)
    mentions = [
        m
        for m in told
        if (m.kind in _WINDOWS or (by_daylight(m) and not _goes_on(sentence, m)) or _window(m))
        and not (m.background and m.kind in ("morning", "past"))
        and not _compares(sentence, m)
    ]
    if not mentions:
        return None
    if draft.way == "total":
        mentions = [m for m in mentions if m.since and m.start > start] or mentions  # "taking to 84 ... since May 7"
    said = _saying(draft)
    nearest = min(mentions, key=lambda m: _distance(sentence, m, (start, end)) + _CROSSED * _says(m, said, start))
    return _some_night_of(nearest, told, sentence)


def is_beside(draft: Draft, mention: TimeMention | None, sentence: str) -> bool:
    """True for "29 on Thursday and 48 overnight": the item of a list has a time of its own."""
    if mention is None:
        return False
    end = _place(draft)[1]
    if not 0 <= mention.start - end <= _BEHIND:
        return False
    between = sentence[end : mention.start]
    return len(between) <= _BESIDE or not (set(",;:") & set(between) or any(map(str.isdigit, between)))


def _goes_on(sentence: str, mention: TimeMention) -> bool:
    """True for the hour of "two were still in the air at 9:30"."""
    return _STILL.search(sentence, max(0, mention.start - _STILL_REACH), mention.start) is not None


def _place(draft: Draft) -> tuple[int, int]:
    """Where the figure stands in its sentence."""
    tok, first = draft.reading.tok, draft.reading.start
    return tok.starts[draft.q.i] - first, tok.ends[min(draft.q.j, len(tok)) - 1] - first


def _saying(draft: Draft) -> list[int]:
    """Where somebody says in a clause of its own what follows: "the ministry said 52", not "the ministry said, 52"."""
    tok, first = draft.reading.tok, draft.reading.start
    told = (item for item in draft.reading.items if item.kind == "claims" and item.j <= draft.q.i)
    return [tok.starts[item.i] - first for item in told if tok.word(item.j) != ","]


def _says(mention: TimeMention, said: Sequence[int], start: int) -> bool:
    """True for the time in front of such a clause: "in the morning the ministry said 52 had come overnight"."""
    return any(mention.end <= at < start for at in said)


def _as_told(mention: TimeMention) -> TimeMention:
    """The time of a clause that begins with "when": also one that is itself only held against."""
    if not (mention.since or mention.background):
        return mention
    named = mention.dates or mention.weekdays
    return mention._replace(kind="date" if named else "past", since=False, background=False)


def _some_night_of(nearest: TimeMention, told: Sequence[TimeMention], sentence: str) -> TimeMention:
    """The same, marked as background where "in one night", "the worst night" stands beside a past month or year."""
    plain = nearest.kind == "night" and not (nearest.dates or nearest.weekdays or nearest.unit)
    one = sentence[nearest.start : nearest.end].lower().startswith(_SOME_NIGHT)
    if plain and (one or _ends_with(sentence, nearest.start, _SUPERLATIVES)):
        past = next((m for m in told if m.kind == "past" and not _ends_with(sentence, m.start, _HELD_AGAINST)), None)
        return nearest._replace(unit=past.unit or "month") if past is not None else nearest
    return nearest


def _ends_with(sentence: str, end: int, words: frozenset[str]) -> bool:
    """Whether one of the two words in front of a time is one of these."""
    return not words.isdisjoint(sentence[max(0, end - _COMPARED) : end].lower().split()[-2:])


def _compares(sentence: str, mention: TimeMention) -> bool:
    """True for "the heaviest attack since the start of the war": the time is only held against."""
    if mention.kind not in ("cumulative", "multi_day", "past"):
        return False
    words = sentence[max(0, mention.start - _COMPARED) : mention.start].lower().split()
    last = next((word for word in reversed(words) if word not in _BEHIND_THAN), "")
    rate = not _RATES.isdisjoint(words) or "percent" in sentence[mention.end : mention.end + _AFTER].replace(
        "per cent", "percent"
    )
    return last == "than" or rate or _ranks(words) or any(word in _SUPERLATIVES for word in words)


def _ranks(words: Sequence[str]) -> bool:
    """True for "the third time", "the fourth" and "a 12th strike", and not for the day of a month: "on the 12th"."""
    if words and words[-1].isalpha() and _ORDINAL.match(words[-1]):
        return True
    return any(_ORDINAL.match(word) and words[n + 1].isalpha() for n, word in enumerate(words[:-1]))


def _distance(sentence: str, mention: TimeMention, at: tuple[int, int]) -> int:
    far = max(mention.start - at[1], at[0] - mention.end, 0)
    ahead = mention.start >= at[1]
    between = sentence[at[1] : mention.start] if ahead else sentence[mention.end : at[0]]
    crossings = sum(between.count(sign) for sign in _CROSSINGS)
    if (
        not ahead
        and "," in between
        and _FOLLOWED.search(sentence, max(0, mention.start - _FOLLOWED_REACH), mention.start)
    ):
        crossings += 1  # "after a night of attacks, 15 drones came at noon"
    return far + _CROSSED * crossings + (25 if mention.kind == "date" else 0)
