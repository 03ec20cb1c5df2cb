"""The text of a notice for people: what happened, how sure that is, who says so, and in which words.

The order follows what a woken person needs: severity and kind, figure against limit, where, when, who says so.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from schemas.alert import Notice, NoticeKind
from workers.deliver import drill
from workers.deliver.quotes import Sentence, marked, sentences
from workers.extract.countries import country_name
from workers.wording import QUALIFIERS, number, plural, zone

KINDS: Final[dict[NoticeKind, str]] = {
    "open": "ALERT",
    "escalate": "ESCALATED",
    "update": "UPDATED",
    "correct": "CORRECTION",
    "repeat": "STILL OPEN",
    "resolve": "RESOLVED",
    "withdraw": "WITHDRAWN",
    "close": "CLOSED",
}
REASONS: Final = {
    "revised": "the figure was revised",
    "expired": "what was counted is no longer in the window",
    "retracted": "the reports were taken back",
    "left-the-filter": "the reports no longer meet the rule's conditions; they may still be true",
    "moved": "the reports belong to another window",
    "merged": "the reports are counted under another alert now",
    "returned": "it was heard of again",
    "forgotten": "nothing was heard for so long that nothing is expected any more",
    "silent": "nothing was heard for too long",
    "first-seen": "it was never reported before",
    "still-open": "it is open, and nobody has taken it",
    "silence-ended": "a silence has ended, and this still stands",
    "window-over": "the window and its grace are over",
    "rule-changed": "the rule was changed; the alert is no longer watched",
    "rule-removed": "the rule was removed; the alert is no longer watched",
    drill.REASON: "somebody tests whether you are reached; nothing has happened",
}
"""What the named reasons of a notice mean to a person; `level-reached` is what the figure says already."""
EXERCISE: Final = "EXERCISE - REPLAY OF A SIMULATED FEED"
TEST: Final = "TEST - NO NEWS IS BEHIND THIS"
DISCLAIMER: Final = "Extracted by machine from published news; not an official warning."
QUOTES: Final = 6
"""Pieces of evidence in one message; the rest is counted and stands on the alert's page."""
HOSTILE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
"""Control, zero-width and direction characters: a headline must not rearrange the message it stands in."""


def message(notice: Notice, instead_of: str | None = None) -> str:
    """The text of a notice, several lines; `instead_of` is the receiver for which this one steps in."""
    quoted = sentences(notice.evidence)
    lines = [
        EXERCISE if notice.mode == "replay" else None,
        TEST if notice.reason == drill.REASON else None,
        f"{notice.severity.upper()} · {KINDS[notice.notice]}   {clean(notice.title)}",
        _figure(notice),
        _reason(notice),
        _where(notice),
        _window(notice),
        _times(notice),
        _sources(notice),
        *[line for sentence in quoted[:QUOTES] for line in _sentence(sentence, notice.window.tz)],
        f"  and {len(quoted) - QUOTES} more" if len(quoted) > QUOTES else None,
        f"Usual: {number(notice.baseline)}" if notice.baseline is not None else None,
        f"You are told because {clean(instead_of)} could not be reached." if instead_of else None,
        f"Rule {notice.rule} · alert {notice.alert} · notice {notice.id} ({notice.revision}). {DISCLAIMER}",
    ]
    return "\n".join(line for line in lines if line)


def clean(text: str) -> str:
    """Text of others on one line, without characters that act."""
    return " ".join(HOSTILE.sub(" ", text).split())


def _figure(notice: Notice) -> str | None:
    if notice.value is None:
        return None
    claimants = dict.fromkeys(clean(e.claimed_by) for e in notice.evidence if e.claimed_by)
    changes = [
        f"limit {clean(notice.limit)}" if notice.limit else None,
        f"was {number(notice.was)}" if notice.was is not None else None,
        _range(notice),
        f"claimed by {', '.join(claimants)}" if claimants else None,
    ]
    told = "; ".join(change for change in changes if change)
    figure = f"{QUALIFIERS[notice.qualifier]}{number(notice.value)} {_things(notice)}".strip()
    head = ", ".join(part for part in (figure, who(notice)) if part)
    return f"{head} ({told})" if told else head


def _reason(notice: Notice) -> str | None:
    if not notice.reason or notice.reason == "level-reached":
        return None
    return f"Why: {REASONS.get(notice.reason, clean(notice.reason))}"


def _where(notice: Notice) -> str | None:
    """The places of the figure; of one for the whole country those that its sentences name."""
    told = notice.places or tuple(each.place for each in notice.evidence if each.place)
    whole = {country_name(side) for side in notice.group.values() if side}
    places = [place for place in dict.fromkeys(map(clean, told)) if place not in whole]
    others = "" if notice.places else ", among others"
    return f"Where: {', '.join(places)}{others}" if places else None


def who(notice: Notice) -> str:
    """Whom the alert is about: `Russia on Ukraine`, or the fields of its group."""
    group = {name: clean(value) for name, value in notice.group.items() if value}
    attacker, target = group.pop("attacker", None), group.pop("target_country", None)
    sides = [country_name(attacker) if attacker else None, f"on {country_name(target)}" if target else None]
    rest = [f"{name.replace('_', ' ').replace('.', ' ')} {value}" for name, value in sorted(group.items())]
    return ", ".join(part for part in (" ".join(side for side in sides if side), *rest) if part)


def _range(notice: Notice) -> str | None:
    if notice.low is None or notice.high is None or notice.low == notice.high:
        return None
    return f"reports from {number(notice.low)} to {number(notice.high)}"


def _things(notice: Notice) -> str:
    noun = clean((notice.object or "").replace("_", " "))
    if noun and notice.value != 1:
        noun = plural(noun)
    return f"{noun} {clean((notice.measure or '').replace('_', ' '))}".strip()


def _local(moment: datetime, place: str) -> str:
    return f"{moment.astimezone(zone(place)):%d %b %Y %H:%M}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%d %b %H:%MZ}"


def _window(notice: Notice) -> str:
    window = notice.window
    kind, _, name = window.key.partition("/")
    if not window.start:
        return f"When: {kind} {name}"
    if not window.end:
        return f"When: since {_local(window.start, window.tz)} {window.tz} ({_utc(window.start)})"
    named = f"night of {window.end.astimezone(zone(window.tz)):%d %b %Y}" if kind == "night" else kind
    local = f"{_local(window.start, window.tz)} to {_local(window.end, window.tz)} {window.tz}"
    return f"When: {named}, {local} ({_utc(window.start)} to {_utc(window.end)})"


def _times(notice: Notice) -> str:
    tz = notice.window.tz
    return f"First seen {_local(notice.first_seen, tz)}, this notice {_local(notice.at, tz)} ({_utc(notice.at)})"


def _sources(notice: Notice) -> str:
    names = ", ".join(clean(source) for source in notice.sources)
    count = f"{len(notice.sources)} source{'' if len(notice.sources) == 1 else 's'}, {notice.independent} independent"
    doubts = f", but {'; '.join(clean(doubt) for doubt in notice.doubts)}" if notice.doubts else ""
    return f"{count}{f' ({names})' if names else ''} · confidence {notice.confidence:.2f}{doubts}"


def _sentence(sentence: Sentence, tz: str) -> list[str]:
    first = sentence.evidence[0]
    when = f" {_local(first.published, tz)}" if first.published else ""
    text = marked(clean(sentence.text), [each.value for each in sentence.evidence if each.value is not None])
    lines = [f'  > {clean(first.source or "unknown source")}{when}  "{text}"']
    if first.url and first.url.startswith(("https://", "http://")):
        lines.append(f"    {clean(first.url)}")
    return lines
