"""Whether a headline belongs to a known text: another house writes its own, of the same facts."""

from __future__ import annotations

from typing import Final

from workers.dedupe.guard_words import LEAST_WORDS, TELLING, has_substance
from workers.dedupe.lexicons import LACK, NEGATIONS, PLACE_AFTER, ROUNDING, STATUS, THINGS, TURNS, WIDE_NAMES
from workers.dedupe.names import in_title_case, is_capital, is_known, is_place
from workers.dedupe.numbers import WEAK, figures
from workers.dedupe.sheet import Sheet, calendar_of
from workers.dedupe.story_text import StoryText
from workers.dedupe.tokens import STEM, Tokens

VAGUE_ROUND: Final = {
    "dozens": (24, 200),
    "scores": (40, 200),
    "hundreds": (200, 2_000),
    "thousands": (2_000, 200_000),
    "millions": (2_000_000, 200_000_000),
}
"""The figures, from and below, for which a headline has one without a value."""

OVER: Final = frozenset({"repaired", "lifted", "extinguished"})
"""Turns after which things are as they were."""

LEAST_ROUND: Final = 100
"""The least figure that is rounded in a headline."""

BODY: Final = 60
"""Words of a copied body from which it says itself what and where, whatever names its headline adds."""


def is_headline_of(title: Tokens, known: Sheet, told: int) -> bool:
    """Whether a headline says nothing that the known text does not; `told` words of which stand below it."""
    counted = figures(title.forms).keys() - WEAK
    strange = counted - known.figures
    if not all(_is_rounded(title, figure, known) or _counts_places(title, figure, known) for figure in strange):
        return False
    if tells_of_casualty(title, known) or any(form in STATUS and not known.has_turn(form) for form in title.forms):
        return False
    if any(form in NEGATIONS - LACK for form in title.forms) and known.words.isdisjoint(NEGATIONS):
        return False
    dated = calendar_of(title)
    if dated and known.calendar and not dated <= known.calendar:
        return False
    return _names_no_stranger(title, known, told) and _has_something_of(title, known.stems)


def tells_of_casualty(title: Tokens, known: Sheet | StoryText) -> bool:
    """Whether a headline tells of a casualty or a weapon that the known text does not have."""
    telling = [form for form in title.forms if THINGS.get(form) in TELLING]
    return any(form[:STEM] not in known.stems and THINGS.get(form) not in known.things for form in telling)


def tells_of_turn(title: Tokens, known: StoryText) -> bool:
    """Whether a headline says that something is over which the known text does not tell to be."""
    fresh = [form for form in title.forms if TURNS.get(form) in OVER and form[:STEM] not in known.stems]
    return any(not known.sheet.has_turn(form) for form in fresh)


def _is_rounded(title: Tokens, figure: str, known: Sheet) -> bool:
    """Whether a figure is one of the text that is told in round numbers: over 7,000 for 7,431."""
    if figure in VAGUE_ROUND:
        low, high = VAGUE_ROUND[figure]
        return any(other.isdecimal() and low <= int(other) < high for other in known.figures)
    place = title.forms.index(figure) if figure in title.forms else 0
    if figure == "1000" and title.forms[place] == figure and not title.written[place][0].isdecimal():
        return _is_rounded(title, "thousands", known)  # told without a figure, in languages that have one word for both
    if not place or title.forms[place - 1] not in ROUNDING or not figure.isdecimal() or int(figure) < LEAST_ROUND:
        return False
    low = int(figure)
    digits = len(figure) - len(figure.rstrip("0"))
    return any(other.isdecimal() and low - 10**digits // 2 <= int(other) < low + 10**digits for other in known.figures)


def _counts_places(title: Tokens, figure: str, known: Sheet) -> bool:
    """Whether a figure counts the regions that the text names: six regions."""
    places = [place for place, form in enumerate(title.forms) if figure in figures([form])]
    return any(
        any(form in PLACE_AFTER for form in title.forms[place + 1 : place + 3]) and figure == str(len(known.regions))
        for place in places
    )


def _names_no_stranger(title: Tokens, known: Sheet, told: int) -> bool:
    if in_title_case(title):
        return True
    strangers = [
        place
        for place, token in enumerate(title)
        if not token.first and is_capital(token)
        if token.form not in WIDE_NAMES and not is_known(token.form, known.words)
        if not _is_part_of_name(title, place, known)
    ]
    if told >= BODY:
        return not any(_in_region(title, place) for place in strangers)
    return len(strangers) <= 1 and not any(is_place(title, place) for place in strangers)


def _in_region(title: Tokens, place: int) -> bool:
    """Whether the word beside a name says that it is a place."""
    beside = (*title.written[max(0, place - 1) : place], *title.written[place + 1 : place + 2])
    return any(word[0].islower() and word in PLACE_AFTER for word in beside)


def _is_part_of_name(title: Tokens, place: int, known: Sheet) -> bool:
    """Whether a name stands beside one that is known: a first name, a club, a title."""
    before = title[place - 1] if place else None
    return bool(before and is_capital(before) and is_known(before.form, known.words))


def _has_something_of(title: Tokens, stems: frozenset[str]) -> bool:
    words = [token.form for token in title if has_substance(token)]
    return len(words) < LEAST_WORDS or any(word[:STEM] in stems for word in words)
