"""What a run of atoms says: its kind, its days and clock times, and the cues in the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from workers.extract.nights_atoms import Atom, count_of, month_number
from workers.extract.nights_model import Kind, PartialDate, TimeMention
from workers.extract.nights_table import DATES, PARTS, WEEKDAYS
from workers.extract.nights_zone import DUSK

_DAYS = DATES | {"weekday", "today", "sameday", "yesterday", "daybefore", "dayafter", "past"}
_SAYABLE = _DAYS | {"clock", "morning", "evening"}
"""Times at which something may be said: "wrote on Monday", "in a statement at 6.30am", "reported in the morning"."""
_SHIFTS = {"today": 0, "sameday": 0, "yesterday": -1, "daybefore": -1, "previousnight": -1, "dayafter": 1}
_RECALLS = frozenset({"daybefore", "previousnight"})
_DARKENING = frozenset({"evening", "late"})
_FOLLOWING = frozenset({"night", "early"})
_LENGTHS = frozenset({"hours24", "ago", "span"})


def _words(text: str) -> list[str]:
    return text.split(" ")


_SAY = frozenset(
    _words(
        "said say says announce announced announces announcing reported reports told stated states wrote posted posting"
        " confirmed claimed added statement briefing report update tweeted noted"
    )
)
_FILLER = frozenset(
    _words(
        "in on a an its his her their the via at to by of and post posts message messages telegram facebook reporters"
        " journalists daily social media early late also x national television radio channel news conference morning"
        " evening regular shortly soon just after before around about"
    )
)
_SAID_AFTER = re.compile(
    r"(?:['’]s|,)? (?:said|says?|announced|reported|told|stated|wrote|posted|confirmed|claimed|added|statement"
    r"|briefing|report|update|interview)\b"
)
_SAY_REACH = 90
_SUPERLATIVE = re.compile(
    r"\b(?:largest|biggest|heaviest|worst|most|deadliest|highest|longest|deepest|greatest|lowest|fewest|strongest"
    r"|fiercest|boldest|loudest|first|second|third|fourth|fifth|\d{1,3}(?:st|nd|rd|th)|never|not|unprecedented|only"
    r"|rare|years?|weeks?|months?|days?|occupied|occupies|held|holds?|annexed|controls?|controlled|siege|besieged"
    r"|at war|living|intensified|stepped up|targeted|escalated|multiplied|risen|grown|been)\b[^.;!?\n]*$",
    re.IGNORECASE,
)
_SUPERLATIVE_REACH = 110


def read(text: str, group: Sequence[Atom]) -> TimeMention:
    """The mention that a run of atoms makes."""
    first, names = group[0], [atom.name for atom in group]
    start, end, kinds = first.start, group[-1].end, frozenset(names)
    opened = _opens_at_dusk(text, group, names)
    return TimeMention(
        start,
        end,
        "night" if opened or _is_by_morning(text, names, start) else _kind(group, kinds),
        parts=tuple([name for name in names if name in PARTS]),
        dates=() if kinds.isdisjoint(DATES) else tuple(date for atom in group for date in _dates(atom)),
        weekdays=tuple([WEEKDAYS.index(atom.parts["wd"]) for atom in group if atom.name == "weekday"]),
        clocks=tuple([_clock(text, atom) for atom in group if atom.name == "clock"]),
        shift=None if kinds.isdisjoint(_SHIFTS) else _shift(names),
        days=_length(text, first) if first.name in _LENGTHS else None,
        since=opened or "sincebare" in kinds or "since" in kinds,
        reporting=(not kinds.isdisjoint(_SAYABLE) and _is_said(text, start, end)) or _is_stamp(text, kinds, start, end),
        recalls=not kinds.isdisjoint(_RECALLS),
        same="sameday" in kinds or (kinds <= PARTS and _is_that(text, first)),
        background=_is_background(text, first),
        unit=_unit(text, group),
        names_its_evening=len(group) > 1
        and (_names_its_evening(text, group) or _begins_on(names) or _begins_at_dusk(names)),
    )


def _names_its_evening(text: str, group: Sequence[Atom]) -> bool:
    """Whether the night is told by the day on which it begins: "Tuesday night", "yesterday night"."""
    return len([a for a in group if a.name in _DAYS]) == 1 and any(
        day.name in ("weekday", "yesterday") and part.name == "night" and text[part.start : part.end].lower() == "night"
        for day, part in pairwise(group)
    )


def _is_by_morning(text: str, names: Sequence[str], start: int) -> bool:
    """Whether a morning only ends the night: "by Wednesday morning 71 had been shot down"."""
    return names == ["weekday", "morning"] and _BY.search(text, max(0, start - 20), start) is not None


def _shift(names: Sequence[str]) -> int:
    """Days from the day of writing; a window of the clock is told by its end: "from 9 pm yesterday to 6 am today"."""
    shifts = [_SHIFTS[name] for name in names if name in _SHIFTS]
    return shifts[-1] if "clock" in names else shifts[0]


def _begins_on(names: Sequence[str]) -> bool:
    """Whether a window tells the day of its first hour only: "between 8 pm on Tuesday and 6 am"."""
    if names.count("clock") != 2 or len(_DAYS.intersection(names)) != 1:
        return False
    first = names.index("clock")
    return names[first + 1] in _DAYS and names[-1] not in _DAYS


def _begins_at_dusk(names: Sequence[str]) -> bool:
    """Whether the one day told is that of the evening, and the night follows: "late on Friday and overnight"."""
    days = [k for k, name in enumerate(names) if name in _DAYS]
    if len(days) != 1:
        return False
    beside = {name: k for k, name in enumerate(names) if name in _DARKENING and abs(k - days[0]) == 1}
    return any(not _FOLLOWING.isdisjoint(names[max(k, days[0]) + 1 :]) for k in beside.values())


def _opens_at_dusk(text: str, group: Sequence[Atom], names: Sequence[str]) -> bool:
    """Whether an hour of an evening is told as the beginning of its night: "beginning at 20:30 on February 12"."""
    if names[0] != "clock" or names.count("clock") > 1 or len(_DAYS.intersection(names)) != 1 or len(names) != 2:
        return False
    begins = _FROM.search(text, max(0, group[0].start - 20), group[0].start) is not None
    return begins and _clock(text, group[0])[0] >= DUSK.hour


def _is_said(text: str, start: int, end: int) -> bool:
    """Whether a time is that at which somebody said it, as in "the ministry said on Monday"."""
    if _RECALLED.search(text, max(0, start - _SAY_REACH), start):
        return False
    for word in reversed(text[max(0, start - _SAY_REACH) : start].lower().replace(",", " ").split()):
        if word not in _FILLER:
            return word in _SAY or _SAID_AFTER.match(text, end) is not None
    return _SAID_AFTER.match(text, end) is not None


def _is_that(text: str, atom: Atom) -> bool:
    """Whether a part of the day is that of a day told before: "that night", and not "said that overnight"."""
    named = text[atom.start : atom.end].lower() in _PLAIN_PARTS
    return named and _THAT.search(text, max(0, atom.start - 16), atom.start) is not None


def _is_stamp(text: str, names: frozenset[str], start: int, end: int) -> bool:
    """Whether an hour is that of an entry of a live blog: it opens the line and something parts it from the text."""
    if "clock" not in names or not names <= _STAMPED or (start and text[start - 1] != "\n"):
        return False
    return _PARTED.match(text, end) is not None


def _is_background(text: str, atom: Atom) -> bool:
    """Whether a "since ..." measures a superlative or a state rather than what the numbers near it count."""
    if atom.name == "past":
        return _MADE.search(text, max(0, atom.start - 40), atom.start) is not None
    if atom.name in ("morning", "evening"):
        return _BY.search(text, max(0, atom.start - 20), atom.start) is not None
    if atom.name == "clock":
        return _CUT_OFF.search(text, max(0, atom.start - 20), atom.start) is not None
    if atom.name not in ("since", "sincebare", "span"):
        return False
    if atom.name == "span":
        return _FIRST_TIME.search(text, max(0, atom.start - 40), atom.start) is not None
    return _SUPERLATIVE.search(text, max(0, atom.start - _SUPERLATIVE_REACH), atom.start) is not None


_PLAIN_PARTS = frozenset({"night", "morning", "evening", "afternoon"})
_THAT = re.compile(r"\b(?:that|(?:that|the)(?: very)? same) $", re.IGNORECASE)
_ROUND_THE_CLOCK = frozenset({"morning", "early", "evening", "late", "afternoon"})
_STAMPED = frozenset({"clock", "yesterday", "today", "weekday"})
_PARTED = re.compile(r"(?: [A-Z]{2,5})? ?(?:[|–—\n]|- |: |$)")
_MADE = re.compile(
    r"\b(?:built|founded|established|opened|inaugurated|commissioned|completed|constructed|erected|renovated|born|elected"
    r"|appointed|adopted|signed|annexed|occupied|seized|captured|manufactured|introduced|created|discovered|graduated"
    r"|retired|entered service|dates|dating)(?: [\w'’-]+){0,3} (?:in|from|back to)(?: the)? $"
)
_FIRST_TIME = re.compile(
    r"\b(?:first|second|third|[a-z]{3,12}est|most)\b(?: [\w'’-]+){0,3} (?:in|for|over)(?: more than)? $"
)
_CUT_OFF = re.compile(r"\b(?:as of|by|until|till|before|updated|published|posted|sent)(?: at)? $", re.IGNORECASE)
_RECALLED = re.compile(
    r"\bas (?:(?:was|has been|we|it was) )?(?:(?:earlier|previously|already) )?(?:reported|noted|mentioned|written)"
    r"(?: (?:earlier|previously|before))?, (?:(?:on|in|during) )?(?:the )?$",
    re.IGNORECASE,
)
"""What was told before this report; the time that follows is that of what happened."""
_FROM = re.compile(r"\b(?:from|since|(?:beginning|starting)(?: at| from| on)?)(?: about| around)? $", re.IGNORECASE)
_BY = re.compile(r"\bby (?:the |mid-?|early |late )?$", re.IGNORECASE)
_LONG = re.compile(r"\b(?:year|season|summer|winter|spring|autumn|fall|(?:19|20)\d\d)\b")


def _unit(text: str, group: Sequence[Atom]) -> str:
    """The unit of a rate, or the length of a time in the past."""
    if group[0].name != "rate" and "past" not in (group[0].name, group[-1].name):
        return ""
    words = text[group[0].start : group[-1].end].lower()
    if group[0].name == "rate":
        return next((unit for word, unit in _RATES if words.startswith(word)), "day")
    return "year" if _LONG.search(words) else "month"


_RATES = (("night", "night"), ("week", "week"), ("month", "month"), ("year", "year"))


_ORDER: tuple[tuple[str, Kind], ...] = (
    ("future", "future"),
    ("since", "cumulative"),
    ("hours24", "24h"),
    ("span rate", "multi_day"),
    ("ago", "past"),
    ("night lastnight tonight previousnight early", "night"),
    ("evening late", "evening"),
    ("morning", "morning"),
    ("afternoon daytime", "day"),
    ("past", "past"),
    ("iso dots mdy dmy weekday today sameday yesterday daybefore dayafter", "date"),
    ("clock sincebare", "clock"),
)
"""Names of atoms and the kind they make, the stronger before the weaker."""
_KINDS = {name: (rank, kind) for rank, (names, kind) in enumerate(_ORDER) for name in names.split(" ")}


def _kind(group: Sequence[Atom], names: frozenset[str]) -> Kind:
    kind = min([_KINDS[name] for name in names])[1]
    if kind == "multi_day":
        parts = group[0].parts
        return "clock" if "hour" in (parts.get("spu"), parts.get("inu")) and "cons" not in parts else kind
    if [atom.name for atom in group].count("clock") > 1 and names & PARTS <= _ROUND_THE_CLOCK:
        return "night" if "sincebare" in names else "clock"  # the two hours say more than "this morning" does
    if "afternoon" in names and "lastnight" not in names:
        return "day"
    if group[0].name == "early" and "evening" in names and "morning" not in names:
        return "evening"  # "early on Tuesday evening"; "from the evening to the early hours" is a night
    if kind == "date" and "clock" in names and "sincebare" not in names:
        return "clock"
    if "sincebare" in names:
        return "night" if names & (PARTS | {"clock"}) else "multi_day" if "weekday" in names else "cumulative"
    return "night" if kind == "evening" and names & {"morning", "early"} else kind


def _length(text: str, atom: Atom) -> float | None:
    """How many days a span such as "the past two weeks" is, or an "N days ago" lies back."""
    parts = atom.parts
    if atom.name == "hours24":
        return 1.0
    if "agod" in parts:
        return 2.0
    if atom.name == "ago":
        back = count_of(parts.get("agon", "few" if "agop" in parts else "a"))
        return back * _UNIT_DAYS.get(parts.get("agou") or parts.get("agop") or parts["agoo"], 90.0)
    unit = parts.get("spu") or parts.get("inu") or parts.get("wu") or parts.get("wo") or ""
    if parts.get("hrs"):
        return int(parts["hrs"]) / 24
    if not unit:
        return None
    count = parts.get("spn") or parts.get("inn")
    plural = text[atom.start : atom.end].endswith("s")
    return (count_of(count) if count else 3 if plural else 1) * _UNIT_DAYS[unit]


_UNIT_DAYS = {"hour": 1 / 24, "day": 1.0, "night": 1.0, "weekend": 2.0, "week": 7.0, "month": 30.0, "year": 365.0}


def _dates(atom: Atom) -> Iterator[PartialDate]:
    """The days of the calendar that an atom names: one, or the two ends of a range."""
    part = atom.parts
    if atom.name == "iso":
        yield PartialDate(int(part["iy"]), int(part["im"]), int(part["id"]))
    elif atom.name == "dots":
        yield PartialDate(int(part["py"]), int(part["pm"]), int(part["pd"]))
    elif atom.name in ("mdy", "dmy"):
        key = "m" if atom.name == "mdy" else "d"
        year = int(part[key + "y"]) if key + "y" in part else None
        month = month_number(part[key + "m"])
        yield from _days_of(year, month, *(part[key + end] for end in "de" if key + end in part))


def _days_of(year: int | None, month: int, first: str, last: str = "") -> Iterator[PartialDate]:
    """A day, or both ends of "4-5 May" and of "April 30-1"; an end far before its start is no range."""
    start, end = (int(re.sub(r"\D", "", day) or 0) for day in (first, last))
    yield PartialDate(year, month, start)
    if end > start:
        yield PartialDate(year, month, end)
    elif start >= 28 and 0 < end <= 3:
        yield PartialDate(year and year + month // 12, month % 12 + 1, end)


def _clock(text: str, atom: Atom) -> tuple[int, int]:
    """Hour and minute of a clock atom, by a 24-hour clock."""
    part = atom.parts
    if "ap" in part:
        hour = int(part["ch"]) % 12 + (12 if part["ap"][0] == "p" else 0)
        return hour, int(part.get("cm", 0))
    if "h24" in part:
        return int(part["h24"]) % 24, int(part["m24"])
    if "hm" in part:
        return int(part["hm"][:2]), int(part["hm"][2:])
    return (0, 0) if text[atom.start : atom.end].lower() == "midnight" else (12, 0)
