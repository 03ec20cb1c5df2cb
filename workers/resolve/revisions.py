"""The next revision of an incident: made only when something changed, with the reason why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from schemas.base import Mode
from schemas.incident import Claim, Incident
from workers.resolve.builder import build, claims_of
from workers.resolve.cells import IncidentKey
from workers.resolve.moves import Move
from workers.resolve.policy import Policy

SAYS: Final = frozenset(Incident.model_fields) - {"revision", "updated", "first_seen", "reason", "mode"}
"""The fields that say something of the world: a change in the others alone is no revision."""

NEW_CLAIM: Final = "new-claim"
REVISED: Final = "revised"
RETRACTED: Final = "retracted"
MERGED: Final = "merged-into:{}"


def next_revision(
    key: IncidentKey, known: Incident | None, move: Move, policy: Policy, mode: Mode, now: datetime
) -> Incident | None:
    """The incident after a move, or None when nothing about it changed."""
    old = claims_of(known)
    claims = {event: claim for event, claim in old.items() if event not in move.leave} | move.join
    if not claims:
        return _retracted(known, move, now)
    made = build(key, claims.values(), policy, mode)
    if known is None:
        return made.model_copy(update={"updated": now, "reason": NEW_CLAIM})
    if _same(known, made):
        return None
    fresh = {
        "revision": known.revision + 1,
        "updated": now,
        "reason": _reason(old, claims),
        "first_seen": known.first_seen,
    }
    return made.model_copy(update=fresh)


def _retracted(known: Incident | None, move: Move, now: datetime) -> Incident | None:
    """The last figures stay to be read; the status says that they no longer hold."""
    if known is None or known.status == "retracted":
        return None
    reason = MERGED.format(min(move.to)) if move.to else RETRACTED
    update = {"status": "retracted", "reason": reason, "revision": known.revision + 1, "updated": now}
    return known.model_copy(update=update)


def _same(known: Incident, made: Incident) -> bool:
    return all(getattr(known, name) == getattr(made, name) for name in SAYS)


def _reason(old: Mapping[str, Claim], new: Mapping[str, Claim]) -> str:
    return NEW_CLAIM if old and all(new.get(event) == claim for event, claim in old.items()) else REVISED
