"""The facts guard: looks at what differs between a text and its near copy and names the fact that changed.

Two reports on two nights may differ in three numbers of two hundred words; no measure of likeness tells them
from a copy with small edits, the facts do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

from workers.dedupe.compare import Change, Pair
from workers.dedupe.guard_names import added_name, changed_name
from workers.dedupe.guard_words import added_event, changed_wording, other_headline
from workers.dedupe.lexicons import CALENDAR, MISTAKEN, UNITS
from workers.dedupe.numbers import WEAK, figures, is_figure
from workers.reasons import Reason

OTHER_DAY_SHARE: Final = 0.5
"""Share of changed figures from which a report with another date is another report and no update."""

NEW_LEAD, OTHER_LEAD = 0.5, 0.6
"""Share of the new text's lead that must be known, and of either lead in the other text, or it tells something first
that the old text did not."""


def changed_facts(pair: Pair) -> Iterator[Reason]:
    """Every kind of fact that differs, the weightiest first; none for a copy."""
    return (reason for reason, check in CHECKS if check(pair))


def is_other_day(pair: Pair, reasons: list[Reason]) -> bool:
    """Whether the new text is a report of the same form about another day, and no update of this one."""
    if Reason.CHANGED_DATE not in reasons:
        return False
    old, new = pair.old.figures, pair.new.figures
    return bool(new) and (new - old).total() >= OTHER_DAY_SHARE * new.total()


def _changed_number(pair: Pair) -> bool:
    """A figure stands where another one stood; in a rewritten sentence only if one of them is new or gone."""
    return any(
        change.small
        or (change.fresh.keys() - WEAK) - pair.old.figures.keys()
        or (change.gone.keys() - WEAK) - pair.new.figures.keys()
        for change in pair.changes
        if change.fresh and change.gone
    ) or any(_changed_unit(change, pair) for change in pair.changes)


def _changed_unit(change: Change, pair: Pair) -> bool:
    """Whether a figure is measured in something else, or in what the other text measures nothing in."""
    if not change.at or not is_figure(change.text.forms[change.at - 1]):
        return False
    before, after = (UNITS.get(part.forms[0]) if part else None for part in (change.before, change.after))
    if before and after:
        return before != after
    known = pair.old.known if after else pair.new.known
    unit = before or after
    return bool(unit) and all(UNITS.get(form) != unit for form in known)


def _added_number(pair: Pair) -> bool:
    """A figure that the old text has nowhere."""
    fresh = {figure for change in pair.changes if change.fresh for figure in _news(change, pair)}
    if not pair.titles_alike:
        fresh |= set(figures(pair.new.title.forms))
    return any(figure not in WEAK and figure not in pair.old.figures for figure in fresh)


def _news(change: Change, pair: Pair) -> Iterable[str]:
    """New figures of a stretch; a date that is spelt out where the old text has none at all is no news."""
    around = [*change.text.forms[max(0, change.at - 2) : change.at], *change.after.forms]
    spelt = not change.before and any(CALENDAR.get(form, "").startswith("months") for form in around)
    if not spelt or "months" in _calendar([*pair.old.body.forms, *pair.old.dateline.forms]):
        return change.fresh
    return [figure for figure in change.fresh if not _is_part_of_date(figure)]


def _is_part_of_date(figure: str) -> bool:
    return figure.isdecimal() and (1 <= int(figure) <= 31 or 1900 <= int(figure) <= 2099)


def _changed_date(pair: Pair) -> bool:
    """Another weekday, month or part of the day stands where one stood, or the datelines name other days."""
    if _dateline_moved(pair):
        return True
    for change in pair.changes:
        before, after = _calendar(change.before.forms), _calendar(change.after.forms)
        if any(after[kind] - before[kind] and before[kind] - after[kind] for kind in after.keys() & before.keys()):
            return True
    return False


def _added_date(pair: Pair) -> bool:
    """A weekday came in beside others that the old text has."""
    fresh = {day for change in pair.changes for day in _calendar(change.after.forms).get("weekdays", set())}
    if not fresh:
        return False
    known = _calendar(pair.old.body.forms).get("weekdays", set())
    return bool(known and fresh - known)


def _dateline_moved(pair: Pair) -> bool:
    old, new = pair.old.dateline, pair.new.dateline
    months_old, months_new = _calendar(old.forms).get("months"), _calendar(new.forms).get("months")
    if not months_old or not months_new:
        return False
    return months_old != months_new or figures(old.forms) != figures(new.forms)


def _calendar(forms: Iterable[str]) -> dict[str, set[str]]:
    """The calendar words of a stretch by kind."""
    found: dict[str, set[str]] = {}
    for form in forms:
        if form in CALENDAR:
            kind, _, name = CALENDAR[form].partition(":")
            found.setdefault(kind, set()).add(name)
    return found


def _correction(pair: Pair) -> bool:
    """The new text says so at its start, or that something was told by mistake."""
    if pair.new.replaces and not pair.old.replaces:
        return True
    came_in = chain.from_iterable(change.after.forms for change in pair.changes)
    return any(form in MISTAKEN and form not in pair.old.known for form in came_in)


def _new_lead(pair: Pair) -> bool:
    return pair.new_lead_known < NEW_LEAD or max(pair.new_lead_known, pair.old_lead_known) < OTHER_LEAD


CHECKS: Final[tuple[tuple[Reason, Callable[[Pair], bool]], ...]] = (
    (Reason.CORRECTION, _correction),
    (Reason.CHANGED_NUMBER, _changed_number),
    (Reason.CHANGED_DATE, _changed_date),
    (Reason.CHANGED_NAME, changed_name),
    (Reason.ADDED_NUMBER, _added_number),
    (Reason.ADDED_DATE, _added_date),
    (Reason.ADDED_NAME, added_name),
    (Reason.CHANGED_WORDING, changed_wording),
    (Reason.ADDED_EVENT, added_event),
    (Reason.OTHER_HEADLINE, other_headline),
    (Reason.NEW_LEAD, _new_lead),
)
"""Every check with the reason that it gives."""
