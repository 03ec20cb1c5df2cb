"""The table of expressions of time in English: what each is called, how it begins and what it looks like.

Texts are matched in small letters. Repeats are bounded, so that no text can make a pattern slow.
"""

from __future__ import annotations

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
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
VAGUE = {"a": 1, "an": 1, "couple": 2, "few": 3, "several": 3}

_MONTH = (
    r"(?:jan(?:uary|\b\.?)|feb(?:ruary|\b\.?)|mar(?:ch|\b\.?)|apr(?:il|\b\.?)|may|june?\b\.?|july?\b\.?"
    r"|aug(?:ust|\b\.?)|sep(?:t(?:ember|\b\.?)|\b\.?)|oct(?:ober|\b\.?)|nov(?:ember|\b\.?)|dec(?:ember|\b\.?))(?![a-z])"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(WORDS)}|few|several|couple of)"
_UNITS = "hour day night week weekend month year season summer winter spring autumn fall"
UNIT = rf"(?:{_UNITS.replace(' ', '|')})"
_SEASONS = ("summer", "winter", "spring", "autumn", "fall")
JOIN = r"(?:\s?[-–—/]\s?|\s(?:to|and|into|until)\s)"
_NOT_ON_AIR = (
    r"(?!\s(?:television|tv|news|newscasts?|bulletins?|shows?|programmes?|programs?|broadcasts?|papers?|shifts?|schools?"
    r"|clubs?|trains?|markets?|watch(?:es|man|men)?|vision|address(?:es)?|prayers?)\b)"
)
"""Behind a part of the day that only names a broadcast, a paper or a shift."""
_OF_A_DAY = (
    r"\s(?:this\s(?:morning|afternoon|evening)|yesterday|today|tonight|in\sthe\s(?:morning|afternoon|evening)|at\snight"
    rf"|(?:on\s)?(?:{'|'.join(WEEKDAYS)})|local\stime|kyiv\stime|moscow\stime|ee?s?t\b|gmt|utc|bst|ce?s?t\b|msk)"
)
"""Behind hours and minutes that are parted by a full stop: without it "7.30" is any number."""
_WAR = (
    r"(?:war|invasion|conflict|fighting|hostilities|offensive|campaign|attack|siege|uprising|year|month|week"
    r"|ceasefire|truce|armistice)"
)
_COUNTS = (*WORDS, "few", "several", "couple", "#unit")
_MONTHS_LONG = ("january", "february", "march", "april", "june", "july", "august", "september", "october", "november")
_MONTH_HEADS = (*_MONTHS_LONG, "december", *MONTHS, "sept")


class Pattern(NamedTuple):
    """A row of the table: `heads` are the words it may begin with, `before` is what must precede it.

    A head such as "#year" is a number that looks like a year or is followed by a sign and a digit ("#sign"), by a.m.
    or p.m. ("#half"), by a month ("#month") or by a unit of time or a time zone ("#unit").
    """

    name: str
    heads: tuple[str, ...]
    body: str
    before: str | None = None


_BEFORE_IN = (
    r"\b(?:in|during|of|last|this|late in|early in|back in|throughout|by|until|for)\s(?:(?:early|late|mid)[\s-])?$"
)
_BEFORE_SPAN = r"\b(?:in|within|over|for|during|after)\s(?:(?:just|only|about|the|these|an?|space|of)\s){0,3}$"

TABLE: tuple[Pattern, ...] = (
    # Days of the calendar
    Pattern("iso", ("#year",), rf"(?P<iy>{_YEAR})-(?P<im>0[1-9]|1[0-2])-(?P<id>0[1-9]|[12]\d|3[01])(?!\d)"),
    Pattern("dots", ("#sign",), rf"(?P<pd>0?[1-9]|[12]\d|3[01])\.(?P<pm>0?[1-9]|1[0-2])\.(?P<py>{_YEAR})"),
    Pattern(
        "mdy",
        _MONTH_HEADS,
        rf"(?P<mm>{_MONTH})\s(?:the\s)?(?P<md>{_DAY})(?![:%]|,\d{{3}})"
        rf"(?:{JOIN}(?P<me>{_DAY})(?![:%]|,\d|\s?[ap]\.?m\b|\s[a-z-]{{2,20}}s\b))?(?:,?\s(?P<my>{_YEAR}))?",
    ),
    Pattern(
        "dmy",
        ("#month", "#sign"),
        rf"(?P<dd>{_DAY})(?:{JOIN}(?P<de>{_DAY}))?\s(?:of\s)?(?P<dm>{_MONTH})(?:,?\s(?P<dy>{_YEAR}))?",
    ),
    # Nights and days told from here that longer patterns would swallow
    Pattern("previousnight", ("previous", "preceding"), r"(?:previous|preceding)\snight\b"),
    Pattern("ago", ("day",), r"(?P<agod>day\sbefore\syesterday)\b"),
    Pattern(
        "night",
        ("one", "single", "consecutive", "straight"),
        r"(?:one|single|consecutive|straight)\snight\b(?!\s(?:earlier|before|ago))",
    ),
    Pattern("previousnight", ("night",), r"night\s(?:before(?!\slast)|earlier)\b"),
    Pattern("daybefore", ("previous", "preceding"), r"(?:previous|preceding)\sday\b"),
    Pattern("daybefore", ("day",), r"day\s(?:before(?!\syesterday)|earlier)\b"),
    Pattern("lastnight", ("last", "past"), r"(?:last|past)\snight\b"),
    Pattern("dayafter", ("next", "following"), r"(?:next|following)\s(?:day|morning)\b"),
    # Longer than a night
    Pattern(
        "rate",
        ("night", "day", "week", "month", "year"),
        r"(?:night|day|week|month|year)\b(?!\s(?:earlier|before|ago|after|later|of|in))",
        r"\b(?:per|each|every|an?)\s$",
    ),
    Pattern("rate", ("nightly", "daily", "weekly", "monthly"), r"(?:night|dai|week|month)ly\b"),
    Pattern(
        "hours24",
        ("#unit", "twenty", "past", "last", "previous", "preceding"),
        r"(?:(?:past|last|previous|preceding)\s)?(?:24|twenty-four)[\s-]?(?:hours?|h)\b(?:\speriod)?"
        r"|(?:past|last)\sday\b",
    ),
    Pattern(
        "since",
        ("since",),
        r"since\s(?:then\b"
        r"|(?:the\s)?(?:very\s)?(?:start|beginning|outbreak|onset|outset|launch)\sof(?:\s[\w'’-]{1,20}){1,4}"
        rf"|the\s(?:middle|end|(?:first|last|opening)(?:\s(?:days?|weeks?))?)\sof\s(?:the\s|this\s|last\s)?"
        rf"(?:{_MONTH}(?!\s?\d)|{_YEAR}|month|year|{'|'.join(_SEASONS)})\b"
        rf"|(?:[\w'’-]{{1,20}}\s){{0,7}}?(?:(?:{_WAR}|invaded|invading|began|begun|started|broke\sout|erupted)\b)"
        rf"(?:\s(?:broke\sout|began|begun|started|erupted))?(?:\sof\s(?!{_MONTH})[a-z]{{3,12}})?"
        rf"(?:\s(?:in|on|of)\s(?:{_MONTH}\s)?(?:{_DAY},?\s)?{_YEAR})?"
        rf"|(?:[\w'’-]{{1,20}}\s){{1,8}}?in\s(?:the\s\w{{4,6}}\sof\s|{_MONTH}\s)?{_YEAR}"
        rf"|(?:early\s|late\s|mid-|last\s)?(?:{_MONTH},?\s)?{_YEAR}|(?:early\s|late\s|mid-|last\s)?{_MONTH}(?!\s?\d)"
        rf"|(?:early\s|late\s|last\s|the\s|this\s){{0,2}}(?:{'|'.join(_SEASONS)})\b)",
    ),
    Pattern("since", ("so",), rf"so\sfar(?:\s(?:this|in)\s(?:{UNIT}|{_MONTH}|{_YEAR}))?\b"),
    Pattern("since", ("years", "months"), r"(?:years|months)\sinto\s(?:the|its|russia['’]s)\b"),
    Pattern(
        "since",
        ("first", "second"),
        rf"(?:first|second)\s(?:half|quarter|{_COUNT}\s(?:months|weeks|days))\sof\s(?:the\s|this\s)?"
        rf"(?:{UNIT}|{_MONTH}|{_YEAR})",
    ),
    Pattern("since", ("now",), r"now\b", r"\bby\s$"),
    Pattern("since", ("date",), r"date\b", r"\bto\s$"),
    Pattern(
        "since", ("start", "beginning"),
        rf"(?:start|beginning)\sof\s(?:the\s|this\s)?(?:full-scale\s|special\s)?(?:{_WAR}|military\soperation)\b",
        r"\b(?:from|at)\sthe\s$",
    ),
    Pattern("since", ("this", "current"), r"(?:this|current)\s(?:month|year)\b(?!['’])"),
    Pattern(
        "since",
        ("war", "conflict", "invasion", "entire", "whole"),
        r"(?:entire\s|whole\s)?(?:war|conflict|invasion)\b",
        r"\b(?:during|throughout|over|in|across)\s(?:the\scourse\sof\s)?the\s$",
    ),
    Pattern(
        "since", ("year", "years", "months"),
        r"(?:years?|months)\sof\s(?:full-scale\s)?(?:war|fighting|conflict)\b",
    ),
    Pattern("since", _SEASONS, rf"(?:{'|'.join(_SEASONS)})\b", r"\b(?:over|during|throughout|this)\s(?:the\s)?$"),
    Pattern("sincebare", ("since",), r"since\b"),
    Pattern("future", ("tomorrow",), r"tomorrow\b"),
    Pattern("future", ("coming", "next"), rf"(?:coming|next)\s(?!night\b)(?:{_COUNT}\s)?{UNIT}s?\b"),
    Pattern("future", ("later",), rf"later\sthis\s{UNIT}"),
    Pattern("future", ("end",), rf"end\sof(?:\sthe|\sthis)?\s(?:{UNIT}|{_MONTH}|{_YEAR})", r"\bby\s(?:the\s)?$"),
    Pattern("future", ("#year",), _YEAR, r"\bby\s$"),
    Pattern("future", ("#unit", "days", "weeks"), r"(?:(?:48|72)\shours|days|weeks)\b", r"\bwithin\s(?:the\snext\s)?$"),
    Pattern("ago", _COUNTS, rf"(?P<agon>{_COUNT})\s(?P<agou>{UNIT})s?\s(?:ago|earlier|before|prior|previously)\b"),
    Pattern("ago", ("days", "weeks", "months", "years"), r"(?P<agop>day|week|month|year)s\s(?:ago|earlier|before)\b"),
    Pattern("ago", tuple(_UNITS.split(" ")), rf"(?P<agoo>{UNIT})\s(?:ago|earlier|before|prior|previously)\b"),
    Pattern("past", ("earlier",), rf"earlier\s(?:this|in\sthe)\s(?:week|month|year|war|{'|'.join(_SEASONS)})\b"),
    Pattern(
        "past", ("last", "previous"),
        rf"(?:last|previous)\s(?:{_MONTH}(?!\s?\d)|year|month|{'|'.join(_SEASONS)})\b",
    ),
    Pattern("past", _MONTH_HEADS, rf"{_MONTH}(?:\sof)?,?\s{_YEAR}"),
    Pattern("past", _MONTH_HEADS, rf"{_MONTH}(?!\s?{_DAY}(?!,\d{{3}}))", _BEFORE_IN),
    Pattern("past", ("#year",), rf"{_YEAR}(?!-|\s[a-z-]{{2,20}}s\b)", _BEFORE_IN),
    Pattern("past", ("previous",), r"previous\s(?:record|high|peak)\b"),
    Pattern(
        "span",
        ("past", "last", "previous", "preceding", "recent", "this", "these"),
        rf"(?:past|last|previous|preceding|recent|this|these)\s(?P<spn>{_COUNT}\s|48\s|72\s)?"
        r"(?P<spu>hour|day|night|week|weekend|month|year)s?\b(?!\sago)",
    ),
    Pattern(
        "span",
        _COUNTS,
        rf"(?P<inn>{_COUNT})\s(?:(?:straight|consecutive)\s)?(?P<inu>hour|day|night|week|month|year)s?\b"
        r"(?!\s(?:ago|old|of\swar))", _BEFORE_SPAN,
    ),
    Pattern(
        "span", ("weekend", "week", "day"),
        r"(?P<wu>weekend|week)\b", r"\b(?:over|during|at|on|for|through)\s(?:the\s)?$",
    ),
    Pattern("span", ("week",), r"(?P<wu>week)\s(?:to|ending|through|until)\b", r"\b(?:in|over|for)\sthe\s$"),
    Pattern(
        "span", ("days", "week", "weeks", "month", "months", "year", "years"),
        r"(?P<wu>day(?=s)|week|month|year)s?\s(?:after|before|since|following)\b",
        rf"\b(?:in|over|during|within)\sthe\s(?:(?:first|last|{_COUNT})\s){{0,2}}$",
    ),
    Pattern("span", ("week", "month"), r"(?P<wo>week|month)\b", r"\b(?:in|within)\s(?:just\s)?(?:a|one)\s$"),
    Pattern(
        "span", (*WORDS, "#unit"),
        rf"(?P<inn>{_COUNT})[\s-](?P<inu>day|week|month)(?=\s(?:total|tally|toll|count|figure|sum)\b)",
    ),
    Pattern("span", ("#unit",), r"(?P<hrs>48|72)[\s-]hours?\b"),
    Pattern("span", _COUNTS, rf"(?P<cons>{_COUNT})\s(?:consecutive\s|straight\s)?nights\b"),
    Pattern("span", ("consecutive", "straight"), r"(?:consecutive|straight)\s(?P<cono>night)s\b"),
    # Parts of the day
    Pattern("tonight", ("tonight",), r"tonight\b"),
    Pattern("night", ("overnight", "night", "nighttime"), rf"overnight\b|night(?:[-\s]?time)?\b{_NOT_ON_AIR}"),
    Pattern(
        "early", ("early", "small", "wee", "pre"),
        r"(?:early|small|wee|pre-?dawn)\s(?:morning\s)?hours\b|pre-?dawn\b",
    ),
    Pattern(
        "early",
        ("early",),
        r"early\s(?:in\sthe\smorning|morning)\b"
        rf"|early(?=\s(?:on\s)?(?:the\s)?(?:{'|'.join(WEEKDAYS)}|yesterday|today|{_DAY}\s{_MONTH}|{_MONTH}\s{_DAY}))",
    ),
    Pattern("early", ("morning",), r"morning\b", r"\bby\s(?:the\s)?$"),
    Pattern("early", ("dawn",), r"dawn\b"),
    Pattern("early", ("midnight",), r"midnight\b", r"\b(?:after|past)\s$"),
    Pattern("late", ("late",), r"late\s(?:evening\s)?hours\b|late\sin\sthe\s(?:evening|night)\b|late\sat\snight\b"),
    Pattern(
        "late",
        ("late",),
        rf"late(?=\s(?:on\s)?(?:the\s)?(?:{'|'.join(WEEKDAYS)}|yesterday|{_DAY}\s{_MONTH}|{_MONTH}\s{_DAY}))",
    ),
    Pattern("late", ("midnight",), r"midnight\b", r"\bbefore\s$"),
    Pattern("evening", ("evening", "evenings", "nightfall"), rf"evenings?\b{_NOT_ON_AIR}|nightfall\b"),
    Pattern("evening", ("dusk", "dark", "sunset"), r"(?:dusk|dark|sunset)\b", r"\bafter\s$"),
    Pattern("morning", ("morning",), rf"morning\b{_NOT_ON_AIR}"),
    Pattern("afternoon", ("afternoon",), r"afternoon\b"),
    Pattern("daytime", ("daytime", "daylight"), r"day(?:time|light)\b"),
    Pattern("daytime", ("working", "business"), r"(?:working|business)\s(?:day|hours)\b", r"\b(?:the|in|during)\s$"),
    Pattern("daytime", ("middle", "height"), r"(?:middle|height)\sof\sthe\s(?:working\s|business\s)?day\b"),
    Pattern("daytime", ("rush", "lunchtime", "lunch"), r"(?:rush\shour|lunch\s?time)\b"),
    Pattern("daytime", ("day",), r"day\b", r"\b(?:(?:during|throughout|over|in)\s(?:the\scourse\sof\s)?the|by)\s$"),
    # Days told from here
    Pattern("weekday", WEEKDAYS, rf"(?P<wd>{'|'.join(WEEKDAYS)})\b"),
    Pattern("today", ("today", "earlier"), r"today\b|earlier\sin\sthe\sday\b"),
    Pattern("sameday", ("day",), r"day\b", r"\b(?:that|the\ssame|that\ssame)\s$"),
    Pattern("yesterday", ("yesterday",), r"yesterday\b"),
    # Clock times
    Pattern(
        "clock", ("#half", "#sign"), r"(?P<ch>2[0-4]|1\d|0?\d)(?:[:.](?P<cm>[0-5]\d))?\s?(?P<ap>[ap]\.?\s?m\b\.?)"
    ),
    Pattern("clock", ("#sign",), r"(?P<h24>2[0-4]|[01]?\d):(?P<m24>[0-5]\d)(?::[0-5]\d)?(?!\d)"),
    Pattern("clock", ("#sign",), rf"(?P<h24>2[0-4]|[01]?\d)\.(?P<m24>[0-5]\d)(?={_OF_A_DAY})"),
    Pattern(
        "clock",
        ("#sign",),
        rf"(?P<h24>2[0-4]|[01]?\d)\.(?P<m24>[0-5]\d)(?=\s(?:and|to|until|till)\s\d{{1,2}}\.[0-5]\d{_OF_A_DAY})",
        r"\b(?:between|from)\s$",
    ),
    Pattern(
        "clock",
        ("#unit", "#year"),
        r"(?P<hm>(?:2[0-3]|[01]\d)[0-5]\d)(?=\s?(?:gmt|utc|hours|local|cet|msk|bst)\b)",
    ),
    Pattern("clock", ("midnight", "noon", "midday"), r"midnight\b|noon\b|midday\b"),
)  # fmt: skip

NIGHT_HEADS = frozenset(
    head
    for pattern in TABLE
    if pattern.name in ("night", "lastnight", "tonight", "previousnight", "early", "evening", "late", "sincebare")
    for head in pattern.heads
)
"""Words without one of which no text tells a night or an evening."""
DAY_HEADS = frozenset(head for pattern in TABLE if pattern.name in ("afternoon", "daytime") for head in pattern.heads)
"""Words without one of which no text tells of daylight."""
