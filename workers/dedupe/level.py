"""One way to write one thing: numbers, units, hours, calendar words and long names of a text made even.

Two houses that print one report write `38 percent` and `38%`, `2:30 p.m.` and `14:30`, `European Union` and `EU`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

from workers.dedupe.lexicons import (
    CALENDAR,
    CURRENCIES,
    DAYTIMES,
    DOTTED_HOUR_AFTER,
    DROPPED,
    HOUR_AFTER,
    HOURS,
    PHRASES,
    UNITS,
)
from workers.dedupe.numbers import WORDS, figures, is_figure
from workers.dedupe.tokens import Tokens

NOON: Final = 12

_SCALE: Final = r"(?:\s?(?:thousand|million|billion|trillion|mln|bn|млн|млрд|тыс|тис)\b\.?)?"
_SIGNS: Final = "|".join(re.escape(sign) for sign in CURRENCIES)
_CURRENCY: Final = re.compile(rf"(?<!\w)({_SIGNS})\s?(\d[\d.,]*(?<=\d){_SCALE})")
_PERCENT: Final = re.compile(r"(?<=\d)\s?%|(?<=\d)\s?per cent\b")
_HALF_DAY: Final = re.compile(r"([0-9](?<![\d.,:][0-9])[0-9]?)(?:[.:]([0-9]{2}))?\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
_BEHIND: Final = "|".join(rf"(?<=\b{word}\s[0-9])" for word in DOTTED_HOUR_AFTER)
_DOTTED_HOUR: Final = re.compile(rf"([0-9](?:{_BEHIND})[0-9]?)\.([0-9]{{2}})(?!\d|[.,]\d|\s?(?:%|м))")
_EARLY: Final = re.compile(r"0(?<![\d.,:]0)(\d:\d\d)(?!\d)")
_UNIT: Final = (
    r"(?:k?m|miles?|mi|feet|ft|kg|lbs?|pounds|acres?|hectares|tons?|tonnes|[FC]|GMT|UTC|E[SD]?T|CET|BST|мск|МСК)"
)
_CONVERTED: Final = re.compile(
    rf"(?<=\w)\s?\((?:about |around |some |or )?(?:US)?[$€£]?\d[\d.,:]*\s?(?:-\s?|square |sq\.? )?"
    rf"(?:{_UNIT}|(?:million|billion|bn)(?: (?:dollars|euros))?|hours? (?:GMT|UTC))?\W?\)"
)
_ABBREVIATED: Final = re.compile(r"(?<=\w)\s?\((?:[^\W\d_a-zа-яіїєґ]{2,8}|[A-Z]{2,8}: ?[A-Z.]+)\)")


class Rewriting(NamedTuple):
    """What is written otherwise: `sign` stands in every text that has any of it, and costs little to look for."""

    sign: str
    pattern: re.Pattern[str]
    put: str | Callable[[re.Match[str]], str]


def _phrase(phrase: str, name: str) -> Rewriting:
    pattern = re.escape(phrase).replace(r"\*", r"\w*")
    flags = re.IGNORECASE if phrase == phrase.casefold() else re.NOFLAG
    return Rewriting(max(phrase.split("*"), key=len), re.compile(rf"(?<![\w-]){pattern}(?![\w-])", flags), name)


REWRITINGS: Final = (
    *(_phrase(phrase, name) for phrase, name in PHRASES),
    *(Rewriting(sign, _CURRENCY, lambda match: f"{match[2]} {CURRENCIES[match[1]]}") for sign in CURRENCIES),
    Rewriting("%", _PERCENT, " percent"),
    Rewriting("per cent", _PERCENT, " percent"),
    Rewriting("(", _CONVERTED, ""),
    Rewriting("(", _ABBREVIATED, ""),
    Rewriting("m", _HALF_DAY, lambda match: _hour_of_day(match)),
    Rewriting(".", _DOTTED_HOUR, r"\1:\2"),
    Rewriting(":", _EARLY, r"\1"),
)
"""All of them in their order. Patterns of figures begin with a digit, which a search finds quickly."""


def level(text: str) -> str:
    """The text with one form for what is written with signs or several words."""
    written = f"{text}\n{text.casefold()}"
    for sign, pattern, put in REWRITINGS:
        if sign in written:
            text = pattern.sub(put, text)
    return text


def _hour_of_day(match: re.Match[str]) -> str:
    if int(match[1]) > NOON:
        return match[0]
    hour = int(match[1]) % NOON + (NOON if match[3] in "pP" else 0)
    return f"{hour}:{match[2] or '00'}"


def level_tokens(tokens: Tokens) -> Tokens:
    """The tokens with numbers in digits, units and calendar words by their names, without what is dropped."""
    if LEVELLED.isdisjoint(tokens.forms) and not _FIGURE_OR_GENITIVE.search(" ".join(tokens.forms)):
        return tokens
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


LEVELLED: Final = frozenset().union(CALENDAR, DAYTIMES, DROPPED, HOURS, UNITS.names, WORDS)
"""Words that may be written otherwise, or after which another one is."""
_FIGURE_OR_GENITIVE: Final = re.compile(r"[\d']")


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
