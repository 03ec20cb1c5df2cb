"""Times in English text, and the night, day or longer that a mention means for an article of a given hour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from workers.extract.nights_atoms import WEEKDAYS, Atom, atoms, count_of, month_number
from workers.extract.nights_model import Kind, PartialDate, TimeMention, Timespan
from workers.extract.nights_resolve import day_of_writing, resolve

__all__ = ["Kind", "PartialDate", "TimeMention", "Timespan", "day_of_writing", "find_times", "resolve"]

_GLUE = re.compile(
    r"[ \n,(–—-]{0,3}(?:(?:on|of|in|at|into|to|from|till|until|through|the|by|local time|between|late|early"
    r"|going into|leading into|prior to)[ ,]{1,2}){0,3}[(]?"
)
_AND = re.compile(r",? (?:and|to|into|or|until|through)(?: (?:early|late|on|the|of|into))? |\s?[-–—/]\s?")
_GLUE_REACH = 24
_DATES = frozenset({"iso", "dots", "mdy", "dmy"})
_DAYS = _DATES | {"weekday", "today", "yesterday", "daybefore", "dayafter", "past"}
_PARTS = frozenset(
    {"night", "lastnight", "tonight", "previousnight", "early", "late", "evening", "morning", "afternoon", "daytime"}
)
_ALONE = frozenset({"hours24", "since", "future", "ago", "span", "rate"})
_SAY = (
    r"(?:said|says?|announced?|announcing|reported|reports|told|stated|states|wrote|posted|posting|confirmed|claimed"
    r"|added|statement|according to|briefing|report|update|tweeted|noted)"
)
_FILLER = (
    r"(?:in|on|a|an|its|his|her|their|the|via|at|to|by|of|and|posts?|statement|messages?|briefing|telegram|facebook"
    r"|reporters|journalists|daily|social|media|early|late|also|x|national|television|radio|update|channel|news"
    r"|conference|morning|evening|regular)"
)
_SAID_BEFORE = re.compile(rf"\b{_SAY}(?:[ ,]+{_FILLER}){{0,6}}[ ,]*$", re.IGNORECASE)
_SAID_AFTER = re.compile(
    rf"[ ,]{{1,2}}{_SAY}\b|(?:['’]s)? (?:statement|briefing|report|update|interview)\b",
    re.IGNORECASE,
)
_SAY_REACH = 90


def find_times(text: str) -> list[TimeMention]:
    """All mentions of time from left to right, none overlapping; neighbours as in "overnight on Tuesday" are one."""
    return [_mention(text, group) for group in _groups(text)]


def _groups(text: str) -> Iterator[list[Atom]]:
    """Runs of atoms that make one expression."""
    group: list[Atom] = []
    for atom in atoms(text):
        if group and _joined(text, group, atom):
            group.append(atom)
            continue
        if group:
            yield from _complete(group)
        group = [atom]
    if group:
        yield from _complete(group)


def _complete(group: list[Atom]) -> Iterator[list[Atom]]:
    """The group, unless it is a bare "since" with nothing after it."""
    if not (len(group) == 1 and group[0].name == "sincebare"):
        yield group


def _joined(text: str, group: Sequence[Atom], atom: Atom) -> bool:
    last = group[-1]
    gap = text[last.end : atom.start]
    if len(gap) > _GLUE_REACH or last.name in _ALONE or atom.name in _ALONE:
        return False
    if last.name == "sincebare":
        return atom.name in _DATES | _PARTS | {"weekday", "yesterday", "clock", "today"} and bool(_GLUE.fullmatch(gap))
    if atom.name == "sincebare":
        return False
    if _AND.fullmatch(gap):
        return _shape(last) == _shape(atom) or _is_range(last, atom)
    return bool(_GLUE.fullmatch(gap)) and not _same_twice(group, atom, gap)


def _shape(atom: Atom) -> str:
    """The sort of an atom: only like and like are joined by "and"."""
    return "date" if atom.name in _DATES else "part" if atom.name in _PARTS else atom.name


def _is_range(last: Atom, atom: Atom) -> bool:
    return {_shape(last), _shape(atom)} <= {"date", "part", "weekday", "clock", "yesterday", "today"}


def _same_twice(group: Sequence[Atom], atom: Atom, gap: str) -> bool:
    """Whether a comma alone parts two expressions of one sort, which are then two mentions."""
    return "," in gap and any(_shape(each) == _shape(atom) for each in group)


def _mention(text: str, group: Sequence[Atom]) -> TimeMention:
    start, end = group[0].start, group[-1].end
    names = tuple(atom.name for atom in group)
    dates = tuple(date for atom in group for date in _dates(atom))
    said = _is_said(text, start, end) if any(name in _DAYS for name in names) else False
    return TimeMention(
        start=start,
        end=end,
        kind=_kind(group),
        parts=tuple(name for name in names if name in _PARTS),
        dates=dates,
        weekdays=tuple(WEEKDAYS.index(a.parts["wd"]) for a in group if "wd" in a.parts),
        clocks=tuple(filter(None, (_clock(text, atom) for atom in group))),
        shift=next((_SHIFTS[name] for name in names if name in _SHIFTS), None),
        days=_length(text, group[0]),
        since="sincebare" in names or "since" in names,
        reporting=said,
        names_its_evening=_names_its_evening(text, group),
    )


def _names_its_evening(text: str, group: Sequence[Atom]) -> bool:
    """Whether the night is told by the day on which it begins: "Tuesday night", "yesterday night"."""
    return len([a for a in group if a.name in _DAYS]) == 1 and any(
        day.name in ("weekday", "yesterday") and part.name == "night" and text[part.start : part.end].lower() == "night"
        for day, part in pairwise(group)
    )


_SHIFTS = {"today": 0, "yesterday": -1, "daybefore": -1, "previousnight": -1, "dayafter": 1}


def _is_said(text: str, start: int, end: int) -> bool:
    """Whether a day is the day on which somebody said it, as in "the ministry said on Monday"."""
    before = _SAID_BEFORE.search(text, max(0, start - _SAY_REACH), start)
    return before is not None or _SAID_AFTER.match(text, end) is not None


_KINDS: tuple[tuple[frozenset[str], Kind], ...] = (
    (frozenset({"future"}), "future"),
    (frozenset({"since"}), "cumulative"),
    (frozenset({"hours24"}), "24h"),
    (frozenset({"span", "rate"}), "multi_day"),
    (frozenset({"ago"}), "past"),
    (frozenset({"night", "lastnight", "tonight", "previousnight", "early"}), "night"),
    (frozenset({"evening", "late"}), "evening"),
    (frozenset({"morning"}), "morning"),
    (frozenset({"afternoon", "daytime"}), "day"),
    (frozenset({"past"}), "past"),
    (_DATES | {"weekday"}, "date"),
    (frozenset({"today", "yesterday", "daybefore", "dayafter"}), "date"),
)


def _kind(group: Sequence[Atom]) -> Kind:
    names = {atom.name for atom in group}
    if names >= {"evening", "morning"}:
        return "night"
    if "sincebare" in names:
        return "night" if names & (_PARTS | {"clock"}) else "multi_day" if "weekday" in names else "cumulative"
    if "span" in names and ("hour" in group[0].parts.get("spu", "") + group[0].parts.get("inu", "")):
        return "clock"
    if any("cons" in atom.parts for atom in group):
        return "multi_day"
    return next((kind for sorts, kind in _KINDS if names & sorts), "clock")


def _length(text: str, atom: Atom) -> float | None:
    """How many days a span such as "the past two weeks" is, or an "N days ago" lies back."""
    parts = atom.parts
    if atom.name == "hours24":
        return 1.0
    if "agou" in parts or "agoo" in parts:
        return count_of(parts.get("agon", "a")) * _UNIT_DAYS.get(parts.get("agou") or parts["agoo"], 90.0)
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
        for end in ("d", "e"):
            if key + end in part:
                yield PartialDate(year, month, int(re.sub(r"\D", "", part[key + end])))


def _clock(text: str, atom: Atom) -> tuple[int, int] | None:
    """Hour and minute of a clock atom, by a 24-hour clock."""
    part = atom.parts
    if atom.name != "clock":
        return None
    if "ap" in part:
        hour = int(part["ch"]) % 12 + (12 if part["ap"][0] == "p" else 0)
        return hour, int(part.get("cm", 0))
    if "h24" in part:
        return int(part["h24"]) % 24, int(part["m24"])
    if "hm" in part:
        return int(part["hm"][:2]), int(part["hm"][2:])
    return (0, 0) if text[atom.start : atom.end].lower() == "midnight" else (12, 0)
