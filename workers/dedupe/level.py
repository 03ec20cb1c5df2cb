"""One way to write one thing: numbers, units, hours, calendar words and long names of a text made even.

Two houses that print one report write `38 percent` and `38%`, `2:30 p.m.` and `14:30`, `European Union` and `EU`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from workers.dedupe.lexicons import CALENDAR, CURRENCIES, DAYTIMES, DROPPED, HOUR_AFTER, HOURS, PHRASES, UNITS
from workers.dedupe.numbers import figures, is_figure
from workers.dedupe.tokens import Tokens

NOON: Final = 12

_PHRASES: Final = [
    (re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", 0 if pattern.isupper() else re.IGNORECASE), name)
    for name, pattern in PHRASES.items()
]
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_OF_OTHER_LETTERS: Final = [row for row in _PHRASES if row[1].isascii()]
"""The phrases that a text without Cyrillic letters can hold."""
_SCALE: Final = r"(?:\s?(?:thousand|million|billion|trillion|mln|bn|млн|млрд|тыс|тис)\b\.?)?"
_CURRENCIES: Final = [
    (re.compile(rf"(?<!\w)(?:{sign})\s?(\d[\d.,]*(?<=\d){_SCALE})"), rf"\1 {name}") for name, sign in CURRENCIES.items()
]
_PERCENT: Final = re.compile(r"(?<=\d)\s?%|(?<=\d)\s?per cent\b")
_HALF_DAY: Final = re.compile(r"(?<![\d.,:])(\d{1,2})(?:[.:](\d\d))?\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
_DOTTED_HOUR: Final = re.compile(r"(?<![\w.,:])(о|об|в|at)\s(\d{1,2})\.(\d\d)(?!\d|[.,]\d|\s?(?:%|м))")
_EARLY: Final = re.compile(r"(?<![\d.,:])0(\d:\d\d)(?!\d)")
_UNIT: Final = (
    r"(?:k?m|miles?|mi|feet|ft|kg|lbs?|pounds|acres?|hectares|tons?|tonnes|[FC]|GMT|UTC|E[SD]?T|CET|BST|мск|МСК)"
)
_CONVERTED: Final = re.compile(
    rf"(?<=\w)\s?\((?:about |around |some |or )?(?:US)?[$€£]?\d[\d.,:]*\s?(?:-\s?|square |sq\.? )?"
    rf"(?:{_UNIT}|(?:million|billion|bn)(?: (?:dollars|euros))?|hours? (?:GMT|UTC))?\W?\)"
)
_ABBREVIATED: Final = re.compile(r"(?<=\w)\s?\((?:[^\W\d_a-zа-яіїєґ]{2,8}|[A-Z]{2,8}: ?[A-Z.]+)\)")


def level(text: str) -> str:
    """The text with one form for what is written with signs or several words."""
    for pattern, name in _PHRASES if _CYRILLIC.search(text) else _OF_OTHER_LETTERS:
        text = pattern.sub(name, text)
    for pattern, name in _CURRENCIES:
        text = pattern.sub(name, text)
    text = _PERCENT.sub(" percent", text)
    text = _ABBREVIATED.sub("", _CONVERTED.sub("", text))
    return _EARLY.sub(r"\1", _DOTTED_HOUR.sub(r"\1 \2:\3", _HALF_DAY.sub(_hour_of_day, text)))


def _hour_of_day(match: re.Match[str]) -> str:
    if int(match[1]) > NOON:
        return match[0]
    hour = int(match[1]) % NOON + (NOON if match[3] in "pP" else 0)
    return f"{hour}:{match[2] or '00'}"


def level_tokens(tokens: Tokens) -> Tokens:
    """The tokens with numbers in digits, units and calendar words by their names, without what is dropped."""
    even, begins = Tokens([], [], []), False
    for form, written, first in _numerals(tokens):
        begins = begins or first
        if form in DAYTIMES and _is_hour(even):
            _add_half_day(even, DAYTIMES[form])
        elif form not in DROPPED:
            even.forms.append(_name(form.removesuffix("'s"), even))
            even.written.append(written)
            even.firsts.append(begins)
            begins = False
    return even


def _numerals(tokens: Tokens) -> Iterator[tuple[str, str, bool]]:
    """Tokens, those of one number as one."""
    forms = [_hour(form, after) for form, after in zip(tokens.forms, [*tokens.forms, ""][1:], strict=True)]
    columns = zip(forms, tokens.written, tokens.firsts, strict=True)
    if not any(map(is_figure, forms)):
        yield from columns
        return
    for is_number, group in groupby(columns, lambda column: is_figure(column[0])):
        run = list(group)
        found = list(figures([form for form, _, _ in run]).elements()) if is_number else []
        if len(found) == 1 and found[0][0].isdecimal():
            yield found[0], run[0][1], run[0][2]
        else:
            yield from run


def _hour(form: str, after: str) -> str:
    """The figure of an hour that is told by its order: the seventh of the morning."""
    return HOURS.get(form, form) if after in DAYTIMES else form


def _name(form: str, before: Tokens) -> str:
    if form in CALENDAR:
        return CALENDAR_NAMES[CALENDAR[form]]
    behind_figure = bool(before) and (before.forms[-1][0].isdecimal() or before.forms[-1] in UNITS.names)
    return (UNITS.get(form) or form) if behind_figure else form


def _is_hour(before: Tokens) -> bool:
    if len(before) < 2 or before.forms[-2] not in HOUR_AFTER:
        return False
    return before.forms[-1].partition(":")[0].isdecimal() and len(before.forms[-1]) <= len("12:00")


def _add_half_day(even: Tokens, hours: int) -> None:
    hour, colon, minutes = even.forms[-1].partition(":")
    if int(hour) < NOON:
        even.forms[-1] = f"{int(hour) + hours}{colon}{minutes}"


CALENDAR_NAMES: Final = {name: form for form, name in reversed(CALENDAR.items())}
"""To each day and month the first of its forms."""
