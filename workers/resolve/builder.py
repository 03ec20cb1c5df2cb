"""One incident of its claims: figures, places, voices, confidence and time; a pure function of the set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Final

from schemas.base import Mode
from schemas.incident import Claim, Incident
from workers.extract.nights_zone import DAY, at, night, zone_of
from workers.resolve.cells import IncidentKey
from workers.resolve.figures import Figures, figures_of
from workers.resolve.involved import involved
from workers.resolve.policy import Policy
from workers.resolve.statements import Heard, Scale, scale_of
from workers.resolve.voices import voices

SECOND_VOICE: Final = 0.5
"""What a further independent voice weighs beside the first: it may lean on the same official."""

UNDATED: Final = 0.8
"""What is left of the confidence when the time was taken from the publication."""

DISPUTED: Final = 0.9
"""What is left of the confidence when two sides contradict each other."""

SURE: Final = 0.99
"""News is never certain."""


def build(key: IncidentKey, claims: Iterable[Claim], policy: Policy, mode: Mode = "live") -> Incident:
    """The incident that a set of at least one claim makes; revision 1, first seen when the first was fetched."""
    scale = scale_of(policy, key.attacker, key.target)
    return incident_of(key, scale, scale.hear(claims), mode)


def incident_of(key: IncidentKey, scale: Scale, heard: Sequence[Heard], mode: Mode) -> Incident:
    """The same of claims that were heard on the scale of its sides."""
    rows = [each.claim for each in heard]
    told = figures_of(scale, heard)
    start, end = _times(key, rows)
    spoken = voices((each.claim, each.marks) for each in heard)
    return Incident(
        id=key.id,
        object=key.object,
        attacker=key.attacker,
        target_country=key.target,
        period=_period(key, rows),
        night_of=key.date if key.part == "night" else None,
        start=start,
        end=end,
        figures=_with_involved(key, told, scale),
        parts=told.parts,
        aside=told.aside,
        sources=tuple(sorted({claim.source for claim in rows if claim.source})),
        independent=len(spoken),
        confidence=_confidence(spoken, rows, told),
        status="asserted" if told.whole or told.parts else "denied",
        first_seen=min([claim.fetched for claim in rows]),
        updated=max([claim.fetched for claim in rows]),
        time_basis="stated" if any(claim.dated for claim in rows) else "publication",
        mode=mode,
    )


def _period(key: IncidentKey, claims: Sequence[Claim]) -> str:
    return "unknown" if key.part == "night" and all(claim.period == "unknown" for claim in claims) else key.part


def _with_involved(key: IncidentKey, told: Figures, scale: Scale) -> dict[str, object]:
    figures: dict[str, object] = dict(told.whole)
    measures = scale.policy.measures
    took_part = None if key.object in measures.not_for else involved(measures, told.whole)
    return figures | ({measures.involved: took_part} if took_part else {})


def _times(key: IncidentKey, claims: Sequence[Claim]) -> tuple[datetime, datetime]:
    """The widest stretch that reports give; the whole night or day in local time where none gives one."""
    stretches = {(claim.start, claim.end) for claim in claims if claim.period != "unknown"}
    starts = [start for start, _ in stretches if start]
    ends = [end for _, end in stretches if end]
    zone = zone_of(key.target)
    whole_day = at(key.date, time(), zone), at(key.date + DAY, time(), zone)
    first, last = night(key.date, zone) if key.part == "night" else whole_day
    return min(starts, default=first), max(ends, default=last)


def _confidence(spoken: Sequence[Sequence[Claim]], claims: Sequence[Claim], told: Figures) -> float:
    """How sure the figures are: each further voice removes part of the doubt that the others leave."""
    best = sorted((max([claim.confidence for claim in voice]) for voice in spoken), reverse=True)
    doubt = 1.0
    for place, confidence in enumerate(best):
        doubt *= 1.0 - confidence * (1.0 if place == 0 else SECOND_VOICE)
    sure = min(1.0 - doubt, SURE)
    sure *= 1.0 if any(claim.dated for claim in claims) else UNDATED
    sure *= DISPUTED if any(figure.conflict for figure in told.whole.values()) else 1.0
    return round(sure, 3)
