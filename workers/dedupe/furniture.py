"""What belongs to the page and not to the story, told by its form: stamps, captions, lists, author boxes, requests.

Asked only about sentences of which the known text has no counterpart; none that tells of a casualty, a turn or a
counted thing belongs to the page.
"""

from __future__ import annotations

import re
from typing import Final

from workers.dedupe.lexicons import (
    AUTHORS,
    CALENDAR,
    COMMENT,
    CONTACTS,
    CREDITS,
    DECLINES,
    DEEDS,
    NEGATIONS,
    PAGE,
    READER,
    STAMPS,
)
from workers.dedupe.numbers import is_figure
from workers.dedupe.sheet import Sentence

HEADING: Final = 6
"""Words up to which a line without a stop may be the heading of a list."""

LONGEST: Final = 45
"""Words of the longest caption."""

SILENT: Final = 14
"""Words up to which a sentence says no more than that there was no comment."""

_STATION: Final = r"[^\W\d]+(?:[ &'-]+[^\W\d]+){0,3}"
_CRUMBS: Final = re.compile(rf"\W*{_STATION}(?:\s+[|>›»/•·→]\s+{_STATION})+\W*")
_CREDITS: Final = re.compile("|".join(f"(?:{pattern})" for pattern in CREDITS), re.IGNORECASE)
_CONTACTS: Final = re.compile("|".join(f"(?:{pattern})" for pattern in CONTACTS), re.IGNORECASE)


def is_crumbs(sentence: Sentence) -> bool:
    """Whether a line is a row of the page's sections or stations."""
    return not sentence.ended and bool(_CRUMBS.fullmatch(sentence.line))


def is_no_comment(sentence: Sentence) -> bool:
    """Whether a short sentence says that somebody says nothing."""
    forms = sentence.tokens.forms
    if len(forms) > SILENT or not any(form in COMMENT for form in forms):
        return False
    return any(form in NEGATIONS or form in DECLINES or form.endswith("n't") for form in forms)


def is_stamp(sentence: Sentence) -> bool:
    """Whether a line tells nothing but when the page was made, or how long it takes to read."""
    forms = sentence.tokens.forms
    if sentence.ended and len(forms) > HEADING:
        return False
    stamped = any(form in STAMPS or ":" in form for form in forms)
    return stamped and all(form in STAMPS or form in CALENDAR or form[0].isdecimal() for form in forms)


def is_caption(sentence: Sentence) -> bool:
    """Whether the line of a sentence credits a picture."""
    return len(sentence.line.split()) <= LONGEST and bool(_CREDITS.search(sentence.line))


def is_contact(sentence: Sentence) -> bool:
    """Whether a sentence tells how to reach the house, or whose the words are."""
    return bool(_CONTACTS.search(sentence.text))


def is_request(sentence: Sentence) -> bool:
    """Whether a sentence speaks to the reader, or of the page."""
    forms = sentence.tokens.forms
    if any(form in PAGE for form in forms):
        return True
    deeds = sum(form in DEEDS for form in forms)
    return bool(deeds) and (deeds == len(forms) or deeds > 1 or any(form in READER for form in forms))


def is_heading(sentence: Sentence) -> bool:
    """Whether a line heads a list of links: short, without a stop, of words that only pages use."""
    forms = sentence.tokens.forms
    if sentence.ended or len(forms) > HEADING or any(is_figure(form) for form in forms):
        return False
    return any(form in DEEDS or form in READER or form in AUTHORS or form in PAGE for form in forms)


def heads_links(heading: Sentence) -> bool:
    """Whether a heading offers more to read, so that what follows line by line is that."""
    forms = heading.tokens.forms
    return any(form in READER for form in forms) and any(form in DEEDS for form in forms)


def is_about_author(sentence: Sentence) -> bool:
    """Whether a sentence says who writes for the house."""
    tokens = sentence.tokens
    return any(form in AUTHORS for form in tokens.forms) and sentence.names > 0
