"""The guard's eye for words: what is counted, what became of it, yes and no, and headlines that do not belong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from workers.dedupe.compare import Change, Pair
from workers.dedupe.lexicons import (
    AUXILIARIES,
    EXCLUDED,
    MANAGED,
    NEGATIONS,
    ONCE_MORE,
    STATES_OF,
    STATUS,
    STATUS_PHRASES,
    THINGS,
    TURNS,
)
from workers.dedupe.names import is_capital
from workers.dedupe.numbers import WEAK, figures, is_figure
from workers.dedupe.tokens import STEM, Token

SHORT: Final = 30
"""Tokens up to which every replaced word of substance counts: a headline alone has none to spare."""

FOREIGN: Final = 0.34
"""Share of known words below which a headline belongs to another text."""

STATEMENT, FRESH = 4, 2
"""Words, and words of substance among them that the old text does not know, that make a statement of its own."""

TELLING: Final = frozenset({"drone", "missile", "bomb", "aircraft", "killed", "injured"})
"""Things whose mention makes an added statement an event."""

NEAR: Final = 4
"""Words around a nobody in which the casualty stands that there was none of."""

TOLL: Final = 8
"""Words in which a toll is told."""

PHRASES_BEGIN: Final = frozenset(phrase.partition(" ")[0] for phrase in STATUS_PHRASES)

APART: Final = 2
"""Equal words between two changes that belong to one rewording."""

LEAST_WORDS: Final = 3
"""Words of substance that a headline needs to be judged."""


def changed_wording(pair: Pair) -> bool:
    """Whether another thing is counted, something became of a matter, or a no came in or went."""
    return (
        any(_negated(group) or _turned(group) for group in _neighbours(pair.changes))
        or any(_other_thing(change) or _none_to_some(change) for change in pair.changes if change.small)
        or any(_once_more(change, pair) or _loses_figure(change, pair) for change in pair.changes)
        or _new_status(pair)
        or takes_back_toll(pair)
        or (len(pair.new.body) <= SHORT and any(_other_word(change) for change in pair.changes if change.small))
    )


def added_event(pair: Pair) -> bool:
    """Whether a whole statement came in that tells of a figure, a casualty or a turn, be the figure known or not."""
    return any(_is_event(change, pair.old.stems) for change in pair.changes if len(change.after) >= STATEMENT)


def _is_event(change: Change, stems: frozenset[str]) -> bool:
    fresh = {token.form for token in change.after if has_substance(token) and token.form[:STEM] not in stems}
    if any(form in STATUS or THINGS.get(form) in TELLING for form in fresh):
        return True
    return len(fresh) >= FRESH and any(_tells(token) for token in change.after)


def _tells(token: Token) -> bool:
    return THINGS.get(token.form) in TELLING or (is_figure(token.form) and bool(figures([token.form]).keys() - WEAK))


def other_headline(pair: Pair) -> bool:
    """Whether the new headline has next to nothing to do with the old text."""
    if pair.titles_alike:
        return False
    words = {token.form for token in pair.new.title if has_substance(token)}
    known = sum(word[:STEM] in pair.old.stems for word in words)
    return len(words) >= LEAST_WORDS and known < FOREIGN * len(words)


def _things(tokens: Sequence[Token]) -> set[str]:
    return {thing for token in tokens if (thing := THINGS.get(token.form))}


def _other_thing(change: Change) -> bool:
    before, after = _things(change.before), _things(change.after)
    return bool(before) and bool(after) and not before & after


def _none_to_some(change: Change) -> bool:
    """Whether a nobody became a somebody, or the other way, beside a casualty."""
    if bool(_negations(change.before)) == bool(_negations(change.after)):
        return False
    around = change.text.forms[max(0, change.at - NEAR) : change.at + len(change.after) + NEAR]
    return any(THINGS.get(form) in TELLING for form in around)


def _once_more(change: Change, pair: Pair) -> bool:
    return any(form in ONCE_MORE and form not in pair.old.known for form in change.after.forms)


def takes_back_toll(pair: Pair) -> bool:
    """Whether the dead of the old text are gone from inside a sentence of which the rest is told."""
    return "killed" not in pair.new.things and any(map(_loses_dead, pair.changes))


def _loses_dead(change: Change) -> bool:
    if not 0 < len(change.before) <= TOLL or (change.before.firsts[0] and not change.after):
        return False
    return "killed" in _things(change.before) and any(map(is_figure, change.before.forms))


def _loses_figure(change: Change, pair: Pair) -> bool:
    """Whether another statement stands where a figure stood."""
    if not change.gone or change.fresh:
        return False
    fresh = [token for token in change.after if has_substance(token) and token.form[:STEM] not in pair.old.stems]
    return len(fresh) >= FRESH


def _negated(changes: Sequence[Change]) -> bool:
    """Whether a no came in or went, by itself or with what it denied still said; a rewording has other words too."""
    before = [token for change in changes for token in change.before]
    after = [token for change in changes for token in change.after]
    if bool(_negations(before)) == bool(_negations(after)):
        return False
    denied, said = (_gist(before), _gist(after)) if _negations(before) else (_gist(after), _gist(before))
    return denied == said or (bool(denied) and denied < said) or any(map(_is_bare_no, changes))


def _is_bare_no(change: Change) -> bool:
    """Whether a no stands where nothing stood, or nothing where a no stood."""
    tokens = (*change.before, *change.after)
    return not (change.before and change.after) and bool(_negations(tokens)) and _gist(tokens) <= MANAGED


def _gist(tokens: Sequence[Token]) -> set[str]:
    """The stems of the words that are neither a no nor a small word."""
    forms = [token.form for token in tokens if len(token.form) > 2 and not _negations([token])]
    return {form[:STEM] for form in forms if form not in AUXILIARIES}


def _neighbours(changes: Sequence[Change]) -> list[list[Change]]:
    """Changes in groups, those that are a word or two apart together."""
    groups: list[list[Change]] = []
    for change in changes:
        last = groups[-1][-1] if groups else None
        if last and last.text is change.text and change.at - last.at - len(last.after) <= APART:
            groups[-1].append(change)
        else:
            groups.append([change])
    return groups


def _negations(tokens: Sequence[Token]) -> int:
    return sum(token.form in NEGATIONS or token.form.endswith("n't") for token in tokens)


def _new_status(pair: Pair) -> bool:
    """A word for what became of a matter is new: in the lead any, elsewhere one of which the old text has no other."""
    fresh = [
        (change.lead, form)
        for change in pair.changes
        for form in change.after.forms
        if form in STATUS and form[:STEM] not in pair.old.stems
    ]
    return any(lead or not _has_turn(form, pair) for lead, form in fresh) or any(
        _in_phrase(change, pair) for change in pair.changes
    )


def _has_turn(form: str, pair: Pair) -> bool:
    turn = TURNS.get(form)
    return bool(turn) and any(TURNS.get(other) == turn for other in pair.old.known)


def _in_phrase(change: Change, pair: Pair) -> bool:
    """Whether several words that say what became of a matter came in."""
    around = change.text.forms[max(0, change.at - 1) : change.at + len(change.after) + 1]
    if not change.after or PHRASES_BEGIN.isdisjoint(around):
        return False
    said, known = (f" {' '.join(forms)}" for forms in (around, pair.old.body_forms))
    return any(f" {phrase}" in said and f" {phrase}" not in known for phrase in STATUS_PHRASES)


def _turned(changes: Sequence[Change]) -> bool:
    """Whether one state stands where one stood that excludes it."""
    gone = {EXCLUDED.get(STATES_OF.get(form) or "") for change in changes for form in change.before.forms} - {None}
    return bool(gone) and any(STATES_OF.get(form) in gone for change in changes for form in change.after.forms)


def _other_word(change: Change) -> bool:
    before = {token.form[:STEM] for token in change.before if has_substance(token)}
    after = {token.form[:STEM] for token in change.after if has_substance(token)}
    return bool(before) and bool(after) and not before & after


def has_substance(token: Token) -> bool:
    """Whether a word is long enough to say something."""
    return len(token.form) > 3 and not is_figure(token.form) and (len(token.form) > 4 or is_capital(token))
