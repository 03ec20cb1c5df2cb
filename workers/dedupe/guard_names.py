"""The guard's eye for names: a place or person that stands where another stood, or that is new."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final

from workers.dedupe.agencies import is_agency_word
from workers.dedupe.compare import Change, Pair
from workers.dedupe.lexicons import WIDE_NAMES
from workers.dedupe.names import in_title_case, is_capital, is_known, is_place, may_begin_with_name, same_name
from workers.dedupe.tokens import Token

REPLACED: Final = 2
"""New names that stand in the place of others from which the text tells of others."""

ADDED_IN_LEAD, ADDED = 2, 4
"""New names in the lead, and in all, from which the text tells more."""


def changed_name(pair: Pair) -> bool:
    """Whether a name was replaced: word for word, in the lead, a place anywhere, several elsewhere."""
    if _dateline_place_changed(pair):
        return True
    if _traded_places(pair):
        return True
    replaced = 0
    for change in pair.changes:
        names = _names(change, pair)
        old_names = _old_names(change, pair)
        if not names or not old_names:
            continue
        fresh = [(index, form) for index, form in names if not is_known(form, pair.old.known)]
        gone = [form for form in old_names if not is_known(form, pair.new.known)]
        if change.small and (_swapped(change, names, old_names) or (fresh and _only_names(change))):
            return True
        if fresh and gone:
            replaced += len(fresh)
            if change.small or change.lead or any(is_place(change.text, index) for index, _ in fresh):
                return True
    return replaced >= REPLACED


def _traded_places(pair: Pair) -> bool:
    """Whether two names stand each where the other stood: who did it to whom."""
    swaps = {
        (old, new)
        for change in pair.changes
        if change.small
        for old, new in product(_old_names(change, pair), [form for _, form in _names(change, pair)])
    }
    return any((new, old) in swaps for old, new in swaps if old != new)


def added_name(pair: Pair) -> bool:
    """Whether new names came in: several, or a place in the lead."""
    lead: set[str] = set()
    anywhere: set[str] = set()
    for change in pair.changes:
        for index, form in _names(change, pair):
            if is_known(form, pair.old.known):
                continue
            anywhere.add(form)
            if change.lead and is_place(change.text, index):
                return True
            if change.lead:
                lead.add(form)
    return len(lead) >= ADDED_IN_LEAD or len(anywhere) >= ADDED or _headline_names_stranger(pair)


def _names(change: Change, pair: Pair) -> list[tuple[int, str]]:
    """The names of a stretch with their places in the text."""
    return [
        (change.at + offset, token.form)
        for offset, token in enumerate(change.after)
        if _is_name(token, change, pair) and (not change.loud or is_place(change.text, change.at + offset))
    ]


def _old_names(change: Change, pair: Pair) -> list[str]:
    return [token.form for token in change.before if _is_name(token, change, pair)]


def _is_name(token: Token, change: Change, pair: Pair) -> bool:
    """A capital inside a sentence; at its start only a trusted name, or the text's first word."""
    if not is_capital(token) or is_agency_word(token.form):
        return False
    if not token.first:
        return True
    alone = change.at == 0 and all(is_capital(other) for other in (*change.before, *change.after))
    return token.form in pair.names or (alone and may_begin_with_name(token))


def _swapped(change: Change, names: list[tuple[int, str]], old_names: list[str]) -> bool:
    """Whether one place gave way to another, even to one that the text has elsewhere."""
    return any(
        is_place(change.text, index) and not any(same_name(form, old) for old in old_names) for index, form in names
    )


def _only_names(change: Change) -> bool:
    return all(is_capital(token) for token in (*change.before, *change.after))


def _dateline_place_changed(pair: Pair) -> bool:
    old, new = (_dateline_names(story.dateline) for story in (pair.old, pair.new))
    if not old or not new:
        return False
    strangers = [form for form in new if not is_known(form, pair.old.known)]
    return len(strangers) == len(new) and not any(same_name(one, other) for one in old for other in new)


def _dateline_names(dateline: Sequence[Token]) -> list[str]:
    return [token.form for token in dateline if is_capital(token) and not is_agency_word(token.form)]


def _headline_names_stranger(pair: Pair) -> bool:
    """Whether a rewritten headline names a place, or two names, that the old text does not know."""
    if pair.titles_alike or in_title_case(pair.new.title):
        return False
    strangers = [
        index
        for index, token in enumerate(pair.new.title)
        if not token.first and is_capital(token) and not is_agency_word(token.form)
        if token.form not in WIDE_NAMES and not is_known(token.form, pair.old.known)
    ]
    return len(strangers) > 1 or any(is_place(pair.new.title, index) for index in strangers)
