"""The room `resolve`: makes one incident of all claims about one thing, and tells every change as a revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

from schemas.base import Model
from schemas.event import Extraction
from schemas.incident import Incident
from schemas.topic import Topic
from workers.ports import Cell, Emit, Outcome, View
from workers.reasons import Reason
from workers.recall import Recall
from workers.resolve.book import version
from workers.resolve.cells import Dossier, IncidentKey, Slot, Told
from workers.resolve.claims import Read, read
from workers.resolve.moves import At, Move, moves, near
from workers.resolve.policy import Policy, default_policy
from workers.resolve.revisions import Revision, next_revision
from workers.resolve.slots import home_of
from workers.stage import Stage
from workers.tables import RESOLVE_ARTICLE, RESOLVE_INCIDENT, RESOLVE_SLOT


class Resolve(Stage[Extraction]):
    """Reads extractions, emits the incidents that changed; a later revision of an article replaces its claims."""

    name = "resolve"
    reads = Topic.EVENTS
    model = Extraction

    def __init__(self, policy: Policy | None = None) -> None:
        self.policy = policy or default_policy()
        self._read: Recall[Extraction, Read] = Recall(partial(read, policy=self.policy))

    def prefetch(self, record: Extraction) -> Iterable[Cell]:
        """The article's cell, and the slots and incidents that its claims name."""
        yield article_cell(record.article.id)
        groups = self._read(record).groups
        yield from map(slot_cell, near(groups))
        for group in groups:
            yield incident_cell(home_of(group, {group.date: Slot()}))

    def decide(self, record: Extraction, view: View, now: datetime) -> Outcome:
        """One article revision: its old claims leave, its new ones come, and what moves with them moves."""
        article, cell = record.article, article_cell(record.article.id)
        known = view.get(cell, Told)
        if known and version(article) <= (known.fetched, known.revision):
            return Outcome(Reason.ALREADY_SEEN, passed=False)
        (come, aside), gone = self._read(record), known.groups if known else ()
        told = Told(revision=article.revision, fetched=article.fetched, groups=come, aside=aside)
        writes: dict[Cell, Model | None] = {cell: told}
        if not come and not gone:
            return Outcome(Reason.NOTHING_COUNTED, passed=False, writes=writes)
        view.need(slot_cell(at) for at in near([*gone, *come]))
        slots, changes = moves(gone, come, lambda at: view.get(slot_cell(at), Slot) or Slot())
        revised = self._revised(changes, record, view, now)
        writes |= {slot_cell(at): slot for at, slot in slots.items()}
        writes |= {incident_cell(key): row.dossier for key, row in revised.items()}
        if not revised:
            return Outcome(Reason.NO_CHANGE, passed=False, writes=writes)
        return Outcome(Reason.PASSED, emits=_emits(row.incident for row in revised.values()), writes=writes)

    def _revised(
        self, changes: Mapping[IncidentKey, Move], record: Extraction, view: View, now: datetime
    ) -> dict[IncidentKey, Revision]:
        revised = {}
        view.need(map(incident_cell, changes))
        for key, move in changes.items():
            known = view.get(incident_cell(key), Dossier)
            row = next_revision(key, known, move, self.policy, record.article.mode, now)
            if row is not None:
                revised[key] = row
        return revised


def _emits(incidents: Iterable[Incident]) -> tuple[Emit, ...]:
    """What is taken back goes first, so that a count never doubles for a moment."""
    rows = sorted(incidents, key=lambda incident: (incident.status != "retracted", incident.id))
    return tuple(Emit(Topic.INCIDENTS, row.id, row, f"{row.id}-{row.revision}") for row in rows)


def article_cell(article: str) -> Cell:
    """The cell of what an article says at present."""
    return Cell(RESOLVE_ARTICLE, article)


def slot_cell(at: At) -> Cell:
    """The cell of one object on one date."""
    return Cell(RESOLVE_SLOT, f"{at.object}|{at.day.isoformat()}")


def incident_cell(key: IncidentKey) -> Cell:
    """The cell of an incident's dossier."""
    return Cell(RESOLVE_INCIDENT, key.id)
