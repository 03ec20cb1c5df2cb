"""The smallest expressions of time in English text, found by one table of patterns.

Every pattern has bounded repeats and begins at a word, so that the scan is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS = {
    word: i
    for i, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
} | {"a": 1, "an": 1, "couple of": 2, "few": 3, "several": 3, "couple": 2}

_MONTH = (
    r"(?:Jan(?:uary|\b\.?)|Feb(?:ruary|\b\.?)|Mar(?:ch|\b\.?)|Apr(?:il|\b\.?)|May|June?\b\.?|July?\b\.?|Aug(?:ust|\b\.?)"
    r"|Sep(?:t(?:ember|\b\.?)|\b\.?)|Oct(?:ober|\b\.?)|Nov(?:ember|\b\.?)|Dec(?:ember|\b\.?))"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_COUNT = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:a )?few|several|(?:a )?couple of)"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_UNIT = r"(?:hour|day|night|week|weekend|month|year|season|summer|winter|spring|autumn|fall)"
_JOIN = r"(?:\s?(?:-|–|—|/)\s?|\s(?:to|and|into|until)\s)"
_RECENT = r"(?:past|last|previous|preceding|recent)"
_WAR = r"(?:war|invasion|conflict|fighting|hostilities|offensive|campaign|full-scale|year|month|week|attack|siege)"

_PATTERNS: tuple[tuple[str, str], ...] = (
    # Days of the calendar
    ("iso", rf"(?P<iy>{_YEAR})-(?P<im>0[1-9]|1[0-2])-(?P<id>0[1-9]|[12]\d|3[01])(?!\d)"),
    ("dots", rf"(?P<pd>0?[1-9]|[12]\d|3[01])\.(?P<pm>0?[1-9]|1[0-2])\.(?P<py>{_YEAR})"),
    (
        "mdy",
        rf"(?P<mm>{_MONTH})\s(?:the\s)?(?P<md>{_DAY})(?![\d:%])(?:{_JOIN}(?P<me>{_DAY})(?![\d:%,]\d|\d|\s[A-Za-z-]{{2,20}}s\b))?"
        rf"(?:,?\s(?P<my>{_YEAR})(?!\d))?",
    ),
    (
        "dmy",
        rf"(?P<dd>{_DAY})(?:{_JOIN}(?P<de>{_DAY}))?\s(?:of\s)?(?P<dm>{_MONTH})(?![a-z])(?:,?\s(?P<dy>{_YEAR})(?!\d))?",
    ),
    # Days and nights told from here that longer patterns would swallow
    ("previousnight", r"the\s(?:previous|preceding)\snight|the\snight\sbefore(?!\slast)|a\snight\searlier"),
    ("daybefore", r"the\s(?:previous|preceding)\sday|(?:the|a|one)\sday\s(?:before|earlier)(?!\syesterday)"),
    ("lastnight", r"(?:(?:over|during|in|through|throughout|for)\s)?(?:the\s)?(?:past|last)\snight\b"),
    # Longer than a night
    (
        "rate",
        r"(?:per|each|every|an?)\s(?:single\s)?(?:night|day|week|month|year)\b(?!\s(?:earlier|before|ago|after|later|of))"
        r"|nightly|daily|weekly|monthly",
    ),
    (
        "hours24",
        rf"(?:the\s)?(?:{_RECENT}\s)?(?:24|twenty-four)[\s-]hours?(?:\speriod)?|the\s{_RECENT}\sday|the\s{_RECENT}\s24h",
    ),
    (
        "since",
        r"since\sthen|(?:ever\s)?since\s(?:the\s)?(?:very\s)?(?:start|beginning|outbreak|onset|outset|launch)\sof"
        rf"(?:\s(?:the|this|its|Russia['’]s|full-scale|{_YEAR})){{0,3}}(?:\s{_WAR})?"
        rf"|since\s(?:[\w'’-]+\s){{0,7}}?(?:{_WAR}\b|invaded|began|begun|started|broke\sout|erupted)"
        rf"|since\s(?:early\s|late\s|mid-|last\s)?(?:{_MONTH}\s)?{_YEAR}(?!\d)"
        rf"|(?:from|at)\sthe\s(?:start|beginning)\sof\sthe\s{_WAR}"
        rf"|since\s(?:early\s|late\s|mid-|last\s)?{_MONTH}(?!\s?\d)"
        rf"|so\sfar(?:\s(?:this|in)\s(?:{_UNIT}|{_MONTH}|{_YEAR}))?|to\sdate\b|year\sto\sdate"
        rf"|(?:in\stotal|altogether),?\ssince|(?:during|throughout|over\sthe\scourse\sof|in\sthe\scourse\sof)\sthe\s(?:entire\s|whole\s)?(?:war|conflict|invasion)"
        rf"|(?:this|in\sthe\scurrent)\s(?:month|year)\b|in\s(?:the\s)?(?:more\sthan\s|nearly\s|almost\s|over\s)?{_COUNT}\syears?\sof\s(?:war|fighting)",
    ),
    ("sincebare", r"(?:ever\s)?since\b"),
    (
        "future",
        rf"tomorrow|(?:the\s)?(?:coming|next)\s(?:{_COUNT}\s)?{_UNIT}s?|later\sthis\s{_UNIT}|by\sthe\send\sof(?:\sthe)?(?:\s(?:this|{_UNIT}|{_MONTH}|{_YEAR}))?"
        rf"|by\s{_YEAR}|within\s(?:the\snext\s)?(?:48|72)\shours|in\sthe\snear\sfuture|within\s(?:days|weeks|months)",
    ),
    (
        "ago",
        rf"(?:(?:more\sthan|about|nearly|almost|over|just\sover|some)\s)?(?P<agon>{_COUNT})\s(?P<agou>{_UNIT})s?\s(?P<agow>ago|earlier|before|prior|previously)",
    ),
    (
        "past",
        rf"earlier\s(?:this|in\sthe)\s(?:week|month|year|war|summer|winter|spring|autumn|fall)|(?:last|the\sprevious)\s(?:{_MONTH}|year|month|summer|winter|spring|autumn|fall)"
        rf"|(?:back\s)?(?:in|during)\s(?:early\s|late\s|mid-)?(?:{_MONTH}(?:\sof)?,?\s)?{_YEAR}(?!\d|-|\s[a-z-]{{2,20}}s\b)"
        rf"|(?:in|late\sin|early\sin|last|during)\s(?:early\s|late\s|mid-)?{_MONTH}(?![\w.]?\s?\d)|(?:early|late|mid-?)\s?{_MONTH}(?!\s?\d)"
        rf"|{_MONTH}\s{_YEAR}(?!\d)|the\s(?:{_RECENT}\s)?record\sof|the\sprevious\srecord",
    ),
    (
        "span",
        rf"(?:the\s|these\s|this\s)?{_RECENT}\s(?P<spn>{_COUNT}\s|48\s|72\s)?(?P<spu>hour|day|night|week|weekend|month|year)s?(?!\s(?:ago|night))\b"
        rf"|(?:in|within|over|for|during)\s(?:just\s|only\s|about\s)?(?:the\sspace\sof\s)?(?P<inn>{_COUNT}|48|72)\s(?P<inu>hour|day|night|week|month|year)s?\b(?!\s(?:ago|old))"
        rf"|(?:over|this|during|at|on|for|through)\s(?:the\s)?(?P<wu>weekend|week)\b|(?P<hrs>48|72)[\s-]hours?"
        rf"|(?P<cons>{_COUNT})\s(?:consecutive\s|straight\s)?nights\b(?:\sin\sa\srow)?",
    ),
    # Parts of the day
    ("tonight", r"tonight"),
    (
        "night",
        r"overnight|(?:(?:over|during|in|through|throughout|within|across)\s)?(?:the\scourse\sof\s)?(?:the\s|a\s|one\s|this\s)?"
        r"(?:single\s|whole\s|entire\s|same\s|intervening\s)?night(?:[-\s]?time)?(?!s)\b|by\snight|nighttime",
    ),
    (
        "early",
        r"(?:in\s)?the\s(?:very\s)?(?:early|small|wee|pre-?dawn)\s(?:morning\s)?hours|(?:before|at|around|pre-?)\s?dawn|early\sin\sthe\smorning"
        r"|early\smorning|early(?=\s(?:on\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|yesterday|today|\d|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
        r"|after\smidnight",
    ),
    (
        "late",
        r"(?:in\s)?the\slate\s(?:evening\s)?hours|late\sin\sthe\s(?:evening|night)|late(?=\s(?:on\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|yesterday|\d|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[\w]*)"
        r"|before\smidnight",
    ),
    (
        "evening",
        r"(?:(?:in|during)\sthe\s|this\s|yesterday\s)?(?:late\s|early\s)?evenings?\b"
        r"|after\s(?:dusk|dark|nightfall|sunset)",
    ),
    ("morning", r"(?:(?:in|during)\sthe\s|this\s)?(?:late\s)?morning\b"),
    ("afternoon", r"(?:(?:in|during)\sthe\s|this\s)?(?:late\s|early\s)?afternoon\b"),
    (
        "daytime",
        r"(?:during|throughout|over|in)\sthe\s(?:course\sof\sthe\s)?day(?:time)?\b|by\sday\b"
        r"|in\sbroad\sdaylight|day-?time",
    ),
    # Days told from here
    ("weekday", rf"(?:last\s|this\s)?(?P<wd>{_WEEKDAY})"),
    ("today", r"today|earlier\sin\sthe\sday|the\ssame\sday|that\sday"),
    ("yesterday", r"yesterday"),
    ("dayafter", r"the\s(?:next|following)\s(?:day|morning)"),
    # Clock times
    (
        "clock",
        r"(?P<ch>2[0-4]|1\d|0?\d)(?:[:.](?P<cm>[0-5]\d))?\s?(?P<ap>[ap]\.?\s?m\b\.?)|(?P<h24>2[0-4]|[01]?\d):(?P<m24>[0-5]\d)(?::[0-5]\d)?"
        r"|(?P<hm>(?:2[0-3]|[01]\d)[0-5]\d)(?=\s(?:GMT|UTC|hours|local|CET|MSK|BST))|midnight|noon|midday",
    ),
)  # fmt: skip

_TRIGGER = re.compile(
    r"\b(?:" + "|".join(f"(?P<{name}>{body})" for name, body in _PATTERNS) + r")",
    re.IGNORECASE,
)
_SMALL_WORDS = re.compile(r"(?:may|march|sun)\b")


class Atom(NamedTuple):
    """One matched pattern: its name in the table and its named parts."""

    start: int
    end: int
    name: str
    parts: dict[str, str]


def atoms(text: str) -> Iterator[Atom]:
    """All atoms of a text from left to right, none overlapping another."""
    for match in _TRIGGER.finditer(text):
        parts = {key: value for key, value in match.groupdict().items() if value is not None}
        if not _SMALL_WORDS.search(match.group()):
            yield Atom(match.start(), match.end(), match.lastgroup or "", parts)


def month_number(word: str) -> int:
    """1 to 12 from a month's name or abbreviation."""
    return MONTHS.index(word[:3].lower()) + 1


def count_of(word: str) -> int:
    """The number that a count word means; vague words mean the least they can."""
    bare = word.strip().lower().removeprefix("a ") if word.strip().lower() != "a" else "a"
    return int(bare) if bare.isdigit() else NUMBERS.get(bare, 3)
