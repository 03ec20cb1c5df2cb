"""Times in a Slavic sentence, as the same mentions that the night rules of all packs resolve."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from workers.extract.nights_model import Kind, PartialDate, TimeMention
from workers.extract.slavic.words import kind_of, table

_MONTH: Final = r"[а-яіїє']{3,10}"
_DATE: Final = re.compile(
    rf"(?<![\d.:,])(?:(?P<first>[0-3]?\d)(?:-?го)?(?: ?[-–] ?| на | і | и | та | по | до ))?"
    rf"(?P<day>[0-3]?\d)(?:-?го|-те|-е)? (?P<month>{_MONTH})(?:,? (?P<year>20\d\d))?"
)
_NUMERIC: Final = re.compile(
    r"(?<![\d.:])(?P<day>[0-3]\d)\.(?P<month>0[1-9]|1[0-2])(?:\.(?P<year>20\d\d))?(?![\d:])(?!\.\d)"
)
_CLOCK: Final = re.compile(
    r"\b(?P<side>з|із|с|со|від|от|між|между|до|по|и|та|к|після|после) (?:приблизно |примерно )?(?P<hour>[01]?\d|2[0-4])"
    r"(?:[:.](?P<minute>[0-5]\d)|(?= (?:годин|часов|вечора|вечера|ночі|ночи|утра|ранку|мск|год\.)))"
)
_SINCE: Final = re.compile(r"(?:\A|\W)(?:з|із|с|со|від|от) \Z")
_REACH: Final = 40
_SINGLE_NIGHT: Final = 18
_CLOCK_SIDES: Final = {"до": "to", "по": "to", "и": "to", "та": "to", "к": "to"}


class _Atom(NamedTuple):
    """One piece of an expression of time."""

    start: int
    end: int
    sort: str
    name: str = ""
    dates: tuple[PartialDate, ...] = ()
    clock: tuple[int, int] | None = None
    since: bool = False


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """All words of the table in one pattern per section, each named by its key."""
    found = []
    for section, rows in table("times").items():
        if section not in ("blank", "glue"):
            groups = (f"(?P<k{n}>{'|'.join(words)})" for n, words in enumerate(rows.values()))
            found.append((section, re.compile(r"(?<![\w-])(?:" + "|".join(groups) + ")")))
    return found


@cache
def _keys(section: str) -> list[str]:
    return list(table("times")[section])


@cache
def _glue() -> re.Pattern[str]:
    """What may stand between two pieces of one expression."""
    return re.compile(rf"[ ,(]{{0,3}}(?:(?:{'|'.join(table('times')['glue']['any'])})[ ,.)]{{1,2}}){{0,5}}[ (]?")


@cache
def _blank() -> re.Pattern[str]:
    return re.compile("|".join(table("times")["blank"]["any"]))


def find_times(text: str) -> list[TimeMention]:
    """All mentions of time in a plain text, from left to right."""
    low = _blank().sub(lambda m: "\x00" * len(m[0]), _lower(text))
    found: list[TimeMention] = []
    group: list[_Atom] = []
    for atom in _atoms(low):
        if group and atom.start < group[-1].end:
            continue
        if group and _joined(low, group, atom):
            group.append(atom)
            continue
        found.extend(_read(group))
        group = [atom]
    found.extend(_read(group))
    return found


def _lower(text: str) -> str:
    low = text.lower().replace("ё", "е")
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _atoms(low: str) -> list[_Atom]:
    """The pieces of all sections by where they begin, the longer ones first."""
    found = [*_dates(low), *_clocks(low)]
    for section, pattern in _patterns():
        for match in pattern.finditer(low):
            key = _keys(section)[int(str(match.lastgroup)[1:])]
            found.append(_Atom(match.start(), match.end(), section, key))
    return sorted(found, key=lambda atom: (atom.start, -atom.end, atom.sort))


def _dates(low: str) -> Iterator[_Atom]:
    for match in _DATE.finditer(low):
        month = kind_of("months", match["month"])
        if month is not None and (day := _partial(match["year"], int(month), match["day"])):
            start = match.start() if match["first"] else match.start("day")
            first = _partial(match["year"], int(month), match["first"]) if match["first"] else None
            since = _SINCE.search(low, max(0, start - 5), start) is not None and not match["first"]
            yield _Atom(start, match.end(), "date", "", ((first, day) if first else (day,)), None, since)
    for match in _NUMERIC.finditer(low):
        if (day := _partial(match["year"], int(match["month"]), match["day"])) and not _CLOCK.match(
            low, max(0, match.start() - 3)
        ):
            yield _Atom(match.start(), match.end(), "date", "", (day,))


def _partial(year: str | None, month: int, day: str) -> PartialDate | None:
    return PartialDate(int(year) if year else None, month, int(day)) if 1 <= int(day) <= 31 else None


def _clocks(low: str) -> Iterator[_Atom]:
    for match in _CLOCK.finditer(low):
        hour, minute = int(match["hour"]) % 24, int(match["minute"] or 0)
        yield _Atom(
            match.start("hour"), match.end(), "clock", _CLOCK_SIDES.get(match["side"], "from"), clock=(hour, minute)
        )


def _joined(low: str, group: Sequence[_Atom], atom: _Atom) -> bool:
    """Whether a piece goes on with the expression before it."""
    last = group[-1]
    if atom.sort in ("alone", "recalls") or last.sort in ("alone", "recalls"):
        return False
    if atom.start - last.end > _REACH or _glue().fullmatch(low, last.end, atom.start) is None:
        return False
    sorts = {each.sort for each in group}
    if atom.sort == "parts" and "parts" in sorts:
        return (
            any(each.name == atom.name for each in group if each.sort == "parts")
            and "," not in low[last.end : atom.start]
        )
    return atom.sort in ("clock", "date") or atom.sort not in sorts


def _read(group: Sequence[_Atom]) -> Iterator[TimeMention]:
    """The mention that a run of pieces comes to."""
    if not group:
        return
    start, end, first = group[0].start, group[-1].end, group[0]
    if first.sort == "alone":
        yield _alone(start, end, first.name)
        return
    if first.sort == "recalls":
        yield TimeMention(start, end, first.name, shift=-1, recalls=True)  # type: ignore[arg-type]
        return
    dates = tuple(day for atom in group for day in atom.dates)
    clocks = tuple(atom.clock for atom in group if atom.clock is not None)
    weekdays = tuple(int(atom.name) for atom in group if atom.sort == "weekdays")
    shift = next((int(atom.name) for atom in group if atom.sort == "shifts"), None)
    kind = _kind(group, dates, clocks)
    if kind is not None:
        evening = (
            kind == "night"
            and bool(clocks)
            and len(dates) == 1
            and clocks[0][0] >= _SINGLE_NIGHT
            and group[-1].sort != "date"
        )
        kept = dates if kind == "date" else (_named_first(group) or dates)[-1:]
        yield TimeMention(
            start,
            end,
            kind,
            _parts(group),
            kept,
            weekdays[-1:],
            clocks,
            shift,
            since=kind == "cumulative",
            names_its_evening=evening,
        )


def _named_first(group: Sequence[_Atom]) -> tuple[PartialDate, ...]:
    """The dates of "у ніч на 9 вересня (з 20:00 8 вересня)" that stand before the hours."""
    if not any(atom.sort == "parts" for atom in group):
        return ()
    first = next((n for n, atom in enumerate(group) if atom.sort == "clock"), len(group))
    return tuple(day for atom in group[:first] for day in atom.dates)


def _parts(group: Sequence[_Atom]) -> tuple[str, ...]:
    return tuple(atom.name for atom in group if atom.sort == "parts")


def _alone(start: int, end: int, name: str) -> TimeMention:
    sort, _, unit = name.partition("_")
    if sort == "rate":
        return TimeMention(start, end, "multi_day", unit=unit)
    if sort == "past":
        return TimeMention(start, end, "past", unit=unit)
    return TimeMention(start, end, name)  # type: ignore[arg-type]


def _kind(group: Sequence[_Atom], dates: Sequence[PartialDate], clocks: Sequence[tuple[int, int]]) -> Kind | None:
    """The part of the day that is named, else a window of the clock, else a date or a long time since one."""
    parts = _parts(group)
    if parts:
        return "night" if "night" in parts else parts[0]  # type: ignore[return-value]
    if len(clocks) > 1:
        across = clocks[-1] < clocks[0]
        return "night" if across and dates else "clock"
    if clocks:
        begins = next((atom for atom in group if atom.sort == "clock" and atom.name == "from"), None)
        if begins is not None and clocks[0][0] >= _SINGLE_NIGHT:
            return "evening"
        return "date" if dates else None
    if dates and group[0].since and len(dates) == 1:
        return "cumulative"
    return "date"


_CLAUSE: Final = 20
"""Characters that a comma counts for."""
_RANK: Final[dict[Kind, int]] = {"date": 1, "past": 1, "clock": 1}
"""A part of the day dates a figure before a bare day does."""


def nearest(mentions: Sequence[TimeMention], position: int, text: str) -> TimeMention | None:
    """The mention of a sentence that dates what stands at a position: the nearest part of a day or span, then a day."""
    return min(mentions, key=lambda m: (_RANK.get(m.kind, 0), _distance(m, position, text)), default=None)


def _distance(mention: TimeMention, position: int, text: str) -> int:
    """Characters between; across a comma another clause begins."""
    first, last = (mention.end, position) if mention.end <= position else (position, mention.start)
    return max(last - first, 0) + _CLAUSE * sum(map(text[first:last].count, ",;"))
