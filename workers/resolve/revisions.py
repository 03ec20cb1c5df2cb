"""The next revision of an incident: made only when something changed, with the reason why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from schemas.base import Mode
from schemas.incident import Claim, Incident
from workers.resolve.builder import incident_of
from workers.resolve.cells import Dossier, IncidentKey
from workers.resolve.moves import Move
from workers.resolve.policy import Policy
from workers.resolve.statements import scale_of

NEW_CLAIM: Final = "new-claim"
REVISED: Final = "revised"
RETRACTED: Final = "retracted"
MERGED: Final = "merged-into:{}"


class Revision(NamedTuple):
    """What is told of an incident, and what is kept of it."""

    incident: Incident
    dossier: Dossier


def next_revision(
    key: IncidentKey, known: Dossier | None, move: Move, policy: Policy, mode: Mode, now: datetime
) -> Revision | None:
    """The incident after a move, or None when nothing about it changed: an incident is its claims."""
    old = {claim.event: claim for claim in known.claims} if known else {}
    claims = {event: claim for event, claim in old.items() if event not in move.leave} | move.join
    if claims == old:
        return None
    scale = scale_of(policy, key.attacker, key.target)
    heard = scale.hear((claims or old).values())
    made = incident_of(key, scale, heard, mode)
    change = {
        "revision": known.revision + 1 if known else 1,
        "first_seen": known.first_seen if known else made.first_seen,
        "updated": now,
        "reason": _reason(known, old, claims) if claims else _farewell(move),
    }
    if not claims:
        change["status"] = "retracted"
    incident = made.model_copy(update=change)
    kept = tuple([each.claim for each in heard]) if claims else ()
    return Revision(incident, Dossier(revision=incident.revision, first_seen=incident.first_seen, claims=kept))


def _farewell(move: Move) -> str:
    """Why an incident ends; its last figures stay to be read, and the status says that they no longer hold."""
    return MERGED.format(min(move.to)) if move.to else RETRACTED


def _reason(known: Dossier | None, old: Mapping[str, Claim], new: Mapping[str, Claim]) -> str:
    """A first claim and further ones are new; after a retraction, or when one left or changed, it is a revision."""
    stands = bool(old) and old.items() <= new.items()
    return NEW_CLAIM if known is None or stands else REVISED
