"""One way to write one thing: numbers, units, hours, calendar words and long names of a text made even.

Two houses that print one report write `38 percent` and `38%`, `2:30 p.m.` and `14:30`, `European Union` and `EU`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from workers.dedupe.lexicons import (
    CALENDAR,
    COUNTED,
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
_CURRENCY: Final = re.compile(rf"(?<!\w)({_SIGNS})\s?(\d[\d.,]*(?<=\d)(?:[mk]\b|{_SCALE}))")
_CURRENCY_SCALES: Final = {"m": " million", "k": " thousand"}
"""What is written small behind a sum of money."""
_RANGE: Final = re.compile(
    r"(\d[\d.,]*)(\s?[-–—]\s?| to | до )(\d[\d.,]*)\s?(тыс|тис|млн|млрд|thousand|million|billion)(\w*)\b"
)
"""A range of which only the upper end has the scale: from 3 to 5 million."""
_PERCENT: Final = re.compile(r"(?<=\d)\s?%|(?<=\d)\s?per cent\b")
_HALF_DAY: Final = re.compile(r"([0-9](?<![\d.,:][0-9])[0-9]?)(?:[.:]([0-9]{2}))?\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
_BEHIND: Final = "|".join(rf"(?<=\b{word}\s[0-9])" for word in DOTTED_HOUR_AFTER)
_DOTTED_HOUR: Final = re.compile(rf"([0-9](?:{_BEHIND})[0-9]?)\.([0-9]{{2}})(?!\d|[.,]\d|\s?(?:percent|м))")
_EARLY: Final = re.compile(r"0(?<![\d.,:]0)(\d:\d\d)(?!\d)")
_UNIT: Final = (
    r"(?:k?m|miles?|mi|feet|ft|kg|lbs?|pounds|acres?|hectares|tons?|tonnes|[FC]|GMT|UTC|E[SD]?T|CET|BST|мск|МСК)"
)
_CONVERTED: Final = re.compile(
    rf"(?<=\w)\s?\((?:about |around |some |or )?(?:US)?[$€£]?\d[\d.,:]*\s?(?:-\s?|square |sq\.? )?"
    rf"(?:{_UNIT}|(?:million|billion|bn)?(?: ?(?:dollars|euros|usd|eur|gbp))?|hours? (?:GMT|UTC))?\W?\)"
)
_MILLIONS: Final = re.compile(rf"(\d[\d.,]*)m(?= (?:{'|'.join(COUNTED)})\b)")
"""Millions with a single letter, of what is no length."""
_METRIC: Final = re.compile(
    r"\d[\d.,]*(?:\s|-)?(?:miles?|mi|feet|foot|ft|yards?|acres?|pounds?|lbs?|inch(?:es)?)\s"
    r"\((?:about |around |some |nearly )?(\d[\d.,]*(?:\s|-)?"
    r"(?:k?m|(?:kilo|centi)?met(?:er|re)s?|cm|hectares?|ha|kg|kilograms?|kilos))\)"
)
"""A measure that is converted to metric in brackets, which are kept."""
_ABBREVIATED: Final = re.compile(r"(?<=\w)\s?\((?:[^\W\d_a-zа-яіїєґ]{2,8}|[A-Z]{2,8}: ?[A-Z.]+)\)")


class Rewriting(NamedTuple):
    """What is written otherwise: `sign` stands in every text that has any of it, and is found quickly."""

    sign: str
    pattern: re.Pattern[str]
    put: str | Callable[[re.Match[str]], str]


def _phrase(phrase: str, name: str) -> Rewriting:
    pattern = re.escape(phrase).replace(r"\*", r"\w*")
    flags = re.NOFLAG if _has_capitals(phrase) else re.IGNORECASE
    return Rewriting(max(phrase.split("*"), key=len), re.compile(rf"(?<![\w-]){pattern}(?![\w-])", flags), name)


def _has_capitals(phrase: str) -> bool:
    return phrase != phrase.casefold()


OF_ANY_CASE: Final = [_phrase(phrase, name) for phrase, name in PHRASES if not _has_capitals(phrase)]
"""The phrases whose signs are looked for in small letters."""
LATIN_OF_ANY_CASE: Final = [phrase for phrase in OF_ANY_CASE if phrase.sign.isascii()]
"""Those of a text without Cyrillic letters."""
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
AS_WRITTEN: Final = (
    *(_phrase(phrase, name) for phrase, name in PHRASES if _has_capitals(phrase)),
    *(Rewriting(sign, _CURRENCY, lambda match: _sum_of_money(match)) for sign in CURRENCIES),
    *(Rewriting(sign, _RANGE, r"\1 \4\5\2\3 \4\5") for sign in ("тыс", "тис", "млн", "млрд", "illion", "thousand")),
    Rewriting("%", _PERCENT, " percent"),
    Rewriting("per cent", _PERCENT, " percent"),
    Rewriting("m ", _MILLIONS, r"\1 million"),
    Rewriting("(", _METRIC, r"\1"),
    Rewriting("(", _CONVERTED, ""),
    Rewriting("(", _ABBREVIATED, ""),
    Rewriting("m", _HALF_DAY, lambda match: _hour_of_day(match)),
    Rewriting(".", _DOTTED_HOUR, r"\1:\2"),
    Rewriting(":", _EARLY, r"\1"),
)
"""What is looked for as it is written, in its order. Patterns of figures begin with a digit, which is found quickly."""


def level(text: str) -> str:
    """The text with one form for what is written with signs or several words."""
    folded = text.casefold()
    for sign, pattern, put in LATIN_OF_ANY_CASE if folded.isascii() or not _CYRILLIC.search(folded) else OF_ANY_CASE:
        if sign in folded:
            text = pattern.sub(put, text)
    for sign, pattern, put in AS_WRITTEN:
        if sign in text:
            text = pattern.sub(put, text)
    return text


def _sum_of_money(match: re.Match[str]) -> str:
    figure, scale = match[2], _CURRENCY_SCALES.get(match[2][-1], "")
    return f"{figure[:-1] if scale else figure}{scale} {CURRENCIES[match[1]]}"


def _hour_of_day(match: re.Match[str]) -> str:
    if int(match[1]) > NOON:
        return match[0]
    hour = int(match[1]) % NOON + (NOON if match[3] in "pP" else 0)
    return f"{hour}:{match[2] or '00'}"


def level_tokens(tokens: Tokens) -> Tokens:
    """The tokens with numbers in digits, units and calendar words by their names, without what is dropped."""
    if LEVELLED.isdisjoint(tokens.forms) and not _FIGURE_OR_APOSTROPHE.search(" ".join(tokens.forms)):
        return tokens
    even, begins, counted = Tokens([], [], []), False, False
    for told, written, first in _numerals(tokens):
        form, begins = told.removesuffix("'s"), begins or first
        if form in DROPPED:
            continue
        if form in DAYTIMES and _is_hour(even):
            _add_half_day(even, DAYTIMES[form])
            continue
        if form in CALENDAR:
            form = CALENDAR_NAMES[CALENDAR[form]]
        elif counted:
            form = UNITS.get(form) or form
        counted = form[0].isdecimal() or form in UNITS.names
        even.forms.append(form)
        even.written.append(written)
        even.firsts.append(begins)
        begins = False
    return even


LEVELLED: Final = frozenset().union(CALENDAR, DAYTIMES, DROPPED, HOURS, UNITS.names, WORDS)
"""Words that may be written otherwise, or after which another one is."""
_FIGURE_OR_APOSTROPHE: Final = re.compile(r"[\d']")

Column = tuple[str, str, bool]
"""A token: its form, how it is written, whether it begins a sentence."""


def _numerals(tokens: Tokens) -> Iterator[Column]:
    """Tokens, those of one number as one."""
    forms = tokens.forms
    if not HOURS.keys().isdisjoint(forms):
        forms = [_hour(form, after) for form, after in pairwise([*forms, ""])]
    run: list[Column] = []
    for column in zip(forms, tokens.written, tokens.firsts, strict=True):
        if is_figure(column[0]):
            run.append(column)
            continue
        if run:
            yield from _as_one(run)
            run = []
        yield column
    yield from _as_one(run)


def _as_one(run: list[Column]) -> list[Column]:
    """The tokens of a number as one; what tells several numbers, or one as it is compared, stays as it is."""
    if len(run) == 1 and run[0][0].isdecimal() and run[0][0][0] != "0":
        return run
    found = [*figures([form for form, _, _ in run]).elements()]
    return [(found[0], *run[0][1:])] if len(found) == 1 and found[0][0].isdecimal() else run


def _hour(form: str, after: str) -> str:
    """The figure of an hour that is told by its order: the seventh of the morning."""
    return HOURS.get(form, form) if after in DAYTIMES else form


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
