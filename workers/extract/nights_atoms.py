"""The smallest expressions of time in English text, found by one table of patterns.

A pattern is tried only where one of its head words stands, and the words before it are looked at afterwards, so
that plain prose costs one pass of a word search. Repeats are bounded: the whole scan is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DATES = frozenset({"iso", "dots", "mdy", "dmy"})
"""Names of the patterns that are days of the calendar."""
PARTS = frozenset(
    {
        "night", "lastnight", "tonight", "previousnight", "early", "late", "evening", "morning", "afternoon", "daytime",
    }
)  # fmt: skip
"""Names of the patterns that are parts of a day."""
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_VAGUE = {"a": 1, "an": 1, "couple": 2, "few": 3, "several": 3}

_MONTH = (
    r"(?:jan(?:uary|\b\.?)|feb(?:ruary|\b\.?)|mar(?:ch|\b\.?)|apr(?:il|\b\.?)|may|june?\b\.?|july?\b\.?"
    r"|aug(?:ust|\b\.?)|sep(?:t(?:ember|\b\.?)|\b\.?)|oct(?:ober|\b\.?)|nov(?:ember|\b\.?)|dec(?:ember|\b\.?))(?![a-z])"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(_WORDS)}|few|several|couple of)"
_UNITS = "hour day night week weekend month year season summer winter spring autumn fall"
_UNIT = rf"(?:{_UNITS.replace(' ', '|')})"
_SEASONS = ("summer", "winter", "spring", "autumn", "fall")
_JOIN = r"(?:\s?[-–—/]\s?|\s(?:to|and|into|until)\s)"
_WAR = r"(?:war|invasion|conflict|fighting|hostilities|offensive|campaign|attack|siege|uprising|year|month|week)"
_COUNTS = (*_WORDS, "few", "several", "couple", "#")
_MONTHS_LONG = ("january", "february", "march", "april", "june", "july", "august", "september", "october", "november")
_MONTH_HEADS = (*_MONTHS_LONG, "december", *MONTHS, "sept")


class _Pattern(NamedTuple):
    """A row of the table: `heads` are the words it may begin with ("#" is any digit), `before` what must precede."""

    name: str
    heads: tuple[str, ...]
    body: str
    before: str | None = None


_BEFORE_IN = (
    r"\b(?:in|during|of|last|this|late in|early in|back in|throughout|by|until|for)\s(?:(?:early|late|mid)[\s-])?$"
)
_BEFORE_SPAN = r"\b(?:in|within|over|for|during|after)\s(?:(?:just|only|about|the|these|an?|space|of)\s){0,3}$"

_TABLE: tuple[_Pattern, ...] = (
    # Days of the calendar
    _Pattern("iso", ("#",), rf"(?P<iy>{_YEAR})-(?P<im>0[1-9]|1[0-2])-(?P<id>0[1-9]|[12]\d|3[01])(?!\d)"),
    _Pattern("dots", ("#",), rf"(?P<pd>0?[1-9]|[12]\d|3[01])\.(?P<pm>0?[1-9]|1[0-2])\.(?P<py>{_YEAR})"),
    _Pattern(
        "mdy",
        _MONTH_HEADS,
        rf"(?P<mm>{_MONTH})\s(?:the\s)?(?P<md>{_DAY})(?![:%])"
        rf"(?:{_JOIN}(?P<me>{_DAY})(?![:%]|,\d|\s?[ap]\.?m\b|\s[a-z-]{{2,20}}s\b))?(?:,?\s(?P<my>{_YEAR}))?",
    ),
    _Pattern(
        "dmy",
        ("#",),
        rf"(?P<dd>{_DAY})(?:{_JOIN}(?P<de>{_DAY}))?\s(?:of\s)?(?P<dm>{_MONTH})(?:,?\s(?P<dy>{_YEAR}))?",
    ),
    # Nights and days told from here that longer patterns would swallow
    _Pattern("previousnight", ("previous", "preceding"), r"(?:previous|preceding)\snight\b"),
    _Pattern("previousnight", ("night",), r"night\s(?:before(?!\slast)|earlier)\b"),
    _Pattern("daybefore", ("previous", "preceding"), r"(?:previous|preceding)\sday\b"),
    _Pattern("daybefore", ("day",), r"day\s(?:before(?!\syesterday)|earlier)\b"),
    _Pattern("lastnight", ("last", "past"), r"(?:last|past)\snight\b"),
    _Pattern("dayafter", ("next", "following"), r"(?:next|following)\s(?:day|morning)\b"),
    # Longer than a night
    _Pattern(
        "rate",
        ("night", "day", "week", "month", "year"),
        r"(?:night|day|week|month|year)\b(?!\s(?:earlier|before|ago|after|later|of|in))",
        r"\b(?:per|each|every|an?)\s$",
    ),
    _Pattern("rate", ("nightly", "daily", "weekly", "monthly"), r"(?:night|dai|week|month)ly\b"),
    _Pattern(
        "hours24",
        ("#", "twenty", "past", "last", "previous", "preceding"),
        r"(?:(?:past|last|previous|preceding)\s)?(?:24|twenty-four)[\s-]?(?:hours?|h)\b(?:\speriod)?"
        r"|(?:past|last)\sday\b",
    ),
    _Pattern(
        "since",
        ("since",),
        r"since\s(?:then\b"
        r"|(?:the\s)?(?:very\s)?(?:start|beginning|outbreak|onset|outset|launch)\sof(?:\s[\w'’-]{1,20}){1,4}"
        rf"|(?:[\w'’-]{{1,20}}\s){{0,7}}?(?:(?:{_WAR}|invaded|invading|began|begun|started|broke\sout|erupted)\b)"
        rf"(?:\s(?:broke\sout|began|begun|started|erupted))?(?:\s(?:in|on)\s(?:{_MONTH}\s)?(?:{_DAY},?\s)?{_YEAR})?"
        rf"|(?:[\w'’-]{{1,20}}\s){{1,8}}?in\s(?:the\s\w{{4,6}}\sof\s|{_MONTH}\s)?{_YEAR}"
        rf"|(?:early\s|late\s|mid-|last\s)?(?:{_MONTH},?\s)?{_YEAR}|(?:early\s|late\s|mid-|last\s)?{_MONTH}(?!\s?\d))",
    ),
    _Pattern("since", ("so",), rf"so\sfar(?:\s(?:this|in)\s(?:{_UNIT}|{_MONTH}|{_YEAR}))?\b"),
    _Pattern("since", ("now",), r"now\b", r"\bby\s$"),
    _Pattern("since", ("date",), r"date\b", r"\bto\s$"),
    _Pattern(
        "since", ("start", "beginning"),
        rf"(?:start|beginning)\sof\s(?:the\s|this\s)?(?:full-scale\s|special\s)?(?:{_WAR}|military\soperation)\b",
        r"\b(?:from|at)\sthe\s$",
    ),
    _Pattern("since", ("this", "current"), r"(?:this|current)\s(?:month|year)\b(?!['’])"),
    _Pattern(
        "since",
        ("war", "conflict", "invasion", "entire", "whole"),
        r"(?:entire\s|whole\s)?(?:war|conflict|invasion)\b",
        r"\b(?:during|throughout|over|in|across)\s(?:the\scourse\sof\s)?the\s$",
    ),
    _Pattern(
        "since", ("year", "years", "months"),
        r"(?:years?|months)\sof\s(?:full-scale\s)?(?:war|fighting|conflict)\b",
    ),
    _Pattern("sincebare", ("since",), r"since\b"),
    _Pattern("future", ("tomorrow",), r"tomorrow\b"),
    _Pattern("future", ("coming", "next"), rf"(?:coming|next)\s(?:{_COUNT}\s)?{_UNIT}s?\b"),
    _Pattern("future", ("later",), rf"later\sthis\s{_UNIT}"),
    _Pattern("future", ("end",), rf"end\sof(?:\sthe|\sthis)?\s(?:{_UNIT}|{_MONTH}|{_YEAR})", r"\bby\s(?:the\s)?$"),
    _Pattern("future", ("#",), _YEAR, r"\bby\s$"),
    _Pattern("future", ("#", "days", "weeks"), r"(?:(?:48|72)\shours|days|weeks)\b", r"\bwithin\s(?:the\snext\s)?$"),
    _Pattern("ago", _COUNTS, rf"(?P<agon>{_COUNT})\s(?P<agou>{_UNIT})s?\s(?:ago|earlier|before|prior|previously)\b"),
    _Pattern("ago", ("days", "weeks", "months", "years"), r"(?P<agop>day|week|month|year)s\s(?:ago|earlier|before)\b"),
    _Pattern("ago", tuple(_UNITS.split(" ")), rf"(?P<agoo>{_UNIT})\s(?:ago|earlier|before|prior|previously)\b"),
    _Pattern("past", ("earlier",), rf"earlier\s(?:this|in\sthe)\s(?:week|month|year|war|{'|'.join(_SEASONS)})\b"),
    _Pattern(
        "past", ("last", "previous"),
        rf"(?:last|previous)\s(?:{_MONTH}(?!\s?\d)|year|month|{'|'.join(_SEASONS)})\b",
    ),
    _Pattern("past", _MONTH_HEADS, rf"{_MONTH}(?:\sof)?,?\s{_YEAR}"),
    _Pattern("past", _MONTH_HEADS, rf"{_MONTH}(?!\s?\d)", _BEFORE_IN),
    _Pattern("past", ("#",), rf"{_YEAR}(?!-|\s[a-z-]{{2,20}}s\b)", _BEFORE_IN),
    _Pattern("past", ("previous",), r"previous\s(?:record|high|peak)\b"),
    _Pattern(
        "span",
        ("past", "last", "previous", "preceding", "recent", "this", "these"),
        rf"(?:past|last|previous|preceding|recent|this|these)\s(?P<spn>{_COUNT}\s|48\s|72\s)?"
        r"(?P<spu>hour|day|night|week|weekend|month|year)s?\b(?!\sago)",
    ),
    _Pattern(
        "span",
        _COUNTS,
        rf"(?P<inn>{_COUNT})\s(?:(?:straight|consecutive)\s)?(?P<inu>hour|day|night|week|month|year)s?\b"
        r"(?!\s(?:ago|old|of\swar))", _BEFORE_SPAN,
    ),
    _Pattern(
        "span", ("weekend", "week", "day"),
        r"(?P<wu>weekend|week)\b", r"\b(?:over|during|at|on|for|through)\s(?:the\s)?$",
    ),
    _Pattern("span", ("week", "month"), r"(?P<wo>week|month)\b", r"\b(?:in|within)\s(?:just\s)?(?:a|one)\s$"),
    _Pattern("span", ("#",), r"(?P<hrs>48|72)[\s-]hours?\b"),
    _Pattern("span", _COUNTS, rf"(?P<cons>{_COUNT})\s(?:consecutive\s|straight\s)?nights\b"),
    _Pattern("span", ("consecutive", "straight"), r"(?:consecutive|straight)\s(?P<cono>night)s?\b"),
    # Parts of the day
    _Pattern("tonight", ("tonight",), r"tonight\b"),
    _Pattern("night", ("overnight", "night", "nighttime"), r"overnight\b|night(?:[-\s]?time)?\b"),
    _Pattern(
        "early", ("early", "small", "wee", "pre"),
        r"(?:early|small|wee|pre-?dawn)\s(?:morning\s)?hours\b|pre-?dawn\b",
    ),
    _Pattern(
        "early",
        ("early",),
        r"early\s(?:in\sthe\smorning|morning)\b"
        rf"|early(?=\s(?:on\s)?(?:the\s)?(?:{'|'.join(WEEKDAYS)}|yesterday|today|{_DAY}\s{_MONTH}|{_MONTH}\s{_DAY}))",
    ),
    _Pattern("early", ("dawn",), r"dawn\b"),
    _Pattern("early", ("midnight",), r"midnight\b", r"\b(?:after|past)\s$"),
    _Pattern("late", ("late",), r"late\s(?:evening\s)?hours\b|late\sin\sthe\s(?:evening|night)\b|late\sat\snight\b"),
    _Pattern(
        "late",
        ("late",),
        rf"late(?=\s(?:on\s)?(?:the\s)?(?:{'|'.join(WEEKDAYS)}|yesterday|{_DAY}\s{_MONTH}|{_MONTH}\s{_DAY}))",
    ),
    _Pattern("late", ("midnight",), r"midnight\b", r"\bbefore\s$"),
    _Pattern("evening", ("evening", "evenings", "nightfall"), r"evenings?\b|nightfall\b"),
    _Pattern("evening", ("dusk", "dark", "sunset"), r"(?:dusk|dark|sunset)\b", r"\bafter\s$"),
    _Pattern("morning", ("morning",), r"morning\b"),
    _Pattern("afternoon", ("afternoon",), r"afternoon\b"),
    _Pattern("daytime", ("daytime", "daylight"), r"day(?:time|light)\b"),
    _Pattern("daytime", ("day",), r"day\b", r"\b(?:(?:during|throughout|over|in)\s(?:the\scourse\sof\s)?the|by)\s$"),
    # Days told from here
    _Pattern("weekday", WEEKDAYS, rf"(?P<wd>{'|'.join(WEEKDAYS)})\b"),
    _Pattern("today", ("today", "earlier"), r"today\b|earlier\sin\sthe\sday\b"),
    _Pattern("today", ("day",), r"day\b", r"\b(?:that|(?:the|on the)\ssame)\s$"),
    _Pattern("yesterday", ("yesterday",), r"yesterday\b"),
    # Clock times
    _Pattern("clock", ("#",), r"(?P<ch>2[0-4]|1\d|0?\d)(?:[:.](?P<cm>[0-5]\d))?\s?(?P<ap>[ap]\.?\s?m\b\.?)"),
    _Pattern("clock", ("#",), r"(?P<h24>2[0-4]|[01]?\d):(?P<m24>[0-5]\d)(?::[0-5]\d)?(?!\d)"),
    _Pattern("clock", ("#",), r"(?P<hm>(?:2[0-3]|[01]\d)[0-5]\d)(?=\s?(?:gmt|utc|hours|local|cet|msk|bst)\b)"),
    _Pattern("clock", ("midnight", "noon", "midday"), r"midnight\b|noon\b|midday\b"),
)  # fmt: skip


class Atom(NamedTuple):
    """One matched pattern: its name in the table and its named parts."""

    start: int
    end: int
    name: str
    parts: dict[str, str]


_Row = tuple[str, re.Pattern[str], re.Pattern[str] | None]


def _by_head() -> dict[str, tuple[_Row, ...]]:
    """Head words to the compiled patterns they may begin, in the table's order."""
    found: dict[str, list[_Row]] = {}
    for name, heads, body, before in _TABLE:
        row = (name, re.compile(body), re.compile(before) if before else None)
        for head in heads:
            found.setdefault(head, []).append(row)
    return {head: tuple(rows) for head, rows in found.items()}


_HEADS = _by_head()
_SIGNS = "\n\t\r\u00a0\u202f\u2009-–—―/’'ʼ\"“”„«»,.;:!?()[]{}*|…<>#"
"""What may stand right beside a word; each is replaced by one space, so that places stay."""
_DIGITS = re.compile(
    rf"[0-9]++(?:(?<=19\d\d)|(?<=20\d\d)|(?=[:.-]\d|\s?[ap]\.?\s?m\b|(?:st|nd|rd|th)?(?:{_JOIN}\d{{1,2}}(?:st|nd|rd|th)?)?"
    rf"\s(?:of\s)?[jfmasond]|[\s-]?(?:{_UNIT}|consecutive|straight|gmt|utc|local|cet|msk|bst|h\b)))"
)
_CAPITAL = frozenset({"may", "march", "mar"})
_LOOK_BACK = 32


def lower(text: str) -> str:
    """A text in small letters in which every character keeps its place."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def atoms(text: str) -> Iterator[Atom]:
    """All atoms of a text from left to right, none overlapping another."""
    low, done = lower(text), 0
    for start, head in _starts(low):
        if start < done or (head in _CAPITAL and not text[start].isupper()):
            continue
        atom = _atom(low, start, _HEADS[head])
        if atom:
            done = atom.end
            yield atom


def _starts(low: str) -> list[tuple[int, str]]:
    """Where head words and promising digits stand; splitting costs a third of what a search for any of them does."""
    starts = [(match.start(), "#") for match in _DIGITS.finditer(low)]
    spaced = low
    for sign in _SIGNS:
        spaced = spaced.replace(sign, " ")
    spaced, place = f" {spaced} ", 0
    for word in spaced.split():
        if word in _HEADS:
            place = spaced.find(f" {word} ", place)
            if place < 0:
                break
            starts.append((place, word))
            place += len(word)
    starts.sort()
    return starts


def _atom(low: str, start: int, rows: tuple[_Row, ...]) -> Atom | None:
    for name, pattern, before in rows:
        match = pattern.match(low, start)
        if match and (before is None or before.search(low, max(0, start - _LOOK_BACK), start)):
            parts = {key: value for key, value in match.groupdict().items() if value is not None}
            return Atom(start, match.end(), name, parts)
    return None


def month_number(word: str) -> int:
    """1 to 12 from a month's name or abbreviation."""
    return MONTHS.index(word[:3].lower()) + 1


def count_of(word: str) -> int:
    """The number that a count word means; vague words mean the least they can."""
    bare = word.strip().split(" ")[0]
    if bare.isdigit():
        return int(bare)
    return _WORDS.index(bare) + 1 if bare in _WORDS else _VAGUE.get(bare, 3)
