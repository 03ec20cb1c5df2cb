"""The phrases that all explanations share: times, figures, claims, windows and rules in one line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from schemas.event import Event
from schemas.incident import Claim, Figure, Incident
from streams.explain.facts import Judged
from workers.deliver.message import clean
from workers.judge.cells import Verdict
from workers.wording import figure, number

LONGEST: Final = 300
"""Characters of a sentence that is shown."""


def at(moment: datetime | None) -> str:
    """A time in UTC to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z" if moment else "an unknown time"


def many(number: int, noun: str) -> str:
    """A number of things: `1 claim`, `2 claims`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def sentence(text: str) -> str:
    """A sentence of an article in quotation marks, on one line and cut."""
    line = clean(text)
    return f'"{line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"}"'


def group(named: dict[str, str | None]) -> str:
    """A group: `attacker RU, target_country UA`."""
    return ", ".join(f"{name} {clean(value) if value else 'unknown'}" for name, value in named.items()) or "all"


def incident_name(incident: Incident) -> str:
    """What an incident is about: `drone, RU on UA, night of 2026-09-04`."""
    sides = f"{incident.attacker or 'unknown side'} on {incident.target_country or 'unknown country'}"
    day = f"night of {incident.night_of}" if incident.night_of else f"{incident.period} from {at(incident.start)}"
    return f"{incident.object}, {sides}, {day}"


def figure_line(measure: str, found: Figure) -> str:
    """One figure of an incident with its range and voices."""
    spread = f", said from {number(found.low)} to {number(found.high)}" if found.low != found.high else ""
    made = ", added up" if found.derived else ""
    fight = ", the sides contradict each other" if found.conflict else ""
    return f"{measure} {figure(found.value, found.qualifier)}{spread}{made}{fight}, {many(len(found.claims), 'claim')}"


def claim_lines(claims: Iterable[Claim]) -> Iterator[str]:
    """Every claim once, with its speaker, its source and its sentence."""
    seen: set[str] = set()
    for claim in claims:
        if claim.event not in seen:
            seen.add(claim.event)
            said = f", says {clean(claim.claimed_by)}" if claim.claimed_by else ""
            where = clean(claim.source or claim.article)
            when = f"{at(claim.published)}" if claim.published else "undated"
            part = f" in {clean(claim.place.name)}" if claim.place and claim.scope == "part" else ""
            denied = " (denied)" if claim.status == "denied" else ""
            yield f"- {claim.measure} {figure(claim.value, claim.qualifier)}{part}{denied}{said}; {where}, {when}"
            yield f"    {sentence(claim.sentence or claim.quote)}"


def event_line(event: Event) -> str:
    """One claim of an article."""
    roles = [event.object, event.measure, figure(event.value, event.qualifier) if event.value is not None else None]
    sides = f"{event.attacker or '?'} on {event.target_country or '?'}"
    day = f"night of {event.night_of}" if event.night_of else event.period
    said = f", says {clean(event.claimed_by)}" if event.claimed_by else ""
    return f"{event.type}: {' '.join(each for each in roles if each)}, {sides}, {day}{said}"


EXCUSES: Final[dict[str, str]] = {
    "no-figure": "it states no number",
    "no-object": "the text does not say what was counted",
    "no-measure": "the text does not say what became of them",
    "planned": "it is about what is to come",
    "hypothetical": "it is about what might be",
    "recap": "background, an earlier event told again",
    "cumulative": "a total over a long time, never one night's figure",
    "several-days": "it is told of several days together",
    "too-long": "it is told of more than 36 hours",
    "running-total": "it adds up figures of different times of the same article",
    "no-attack": "made, handed over or deployed is no attack",
    "beyond-belief": "more than any night or day has seen",
    "no-time-nobody-says": "the article has no date, and nobody and no time is named",
    "about-something-else": "the article is about plans or deliveries, and names no time for it",
    "smuggling": "a find of contraband",
    "civil": "drones of a show, a field or a search, not of an attack",
    "told-again": "the same figure told again in the article",
    "doubtful": "more often wrong than right, as it was read",
}
"""What each named reason of the resolver and the reader means to a person."""


def why_not(reason: str | None) -> str:
    """Why a claim went into no incident: `cumulative, a total over a long time, never one night's figure`."""
    if reason is None:
        return "resolve left no reason for it"
    return f"{reason}, {EXCUSES[reason]}" if reason in EXCUSES else reason


def judged_lines(judged: Judged) -> Iterator[str]:
    """One rule's opinion of one window."""
    where = f" in {judged.window}" if judged.window else ""
    found = judged.judgement
    if found is None:
        yield f"{judged.rule}: counted{where} ({group(judged.group)}), but the window left no judgement"
        return
    yield f"{judged.rule}{where} ({group(judged.group)}): {found.outcome}, {found.why}"
    usual = f", usual value {number(found.baseline)}" if found.baseline is not None else ""
    yield f"    {many(found.items, 'item')}, judged last at {at(found.at)}{usual}"
    if judged.alert is not None and judged.alert_id is not None:
        yield f"    alert {judged.alert_id} is {judged.alert.status}, {many(judged.alert.seq, 'notice')}"
    if judged.held is not None:
        yield f"    silenced: {held_words(len(judged.held.revisions), judged.held.waiting is not None)}"


def held_words(number_held: int, waiting: bool) -> str:
    """How many notices a silence has held, and whether any still waits."""
    rest = "one waits for the end of the silence" if waiting else "none waits any more"
    return f"{many(number_held, 'notice')} held back, {rest}"


def verdict_line(verdict: Verdict) -> str:
    """Why one figure does not count under one rule."""
    return f"{verdict.rule}: {clean(verdict.item.partition('/')[2] or verdict.item)} does not count: {verdict.why}"
