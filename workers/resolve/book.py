"""The book of incidents in one go: all extractions in, all incidents out; the same decisions as the room makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from schemas.event import ArticleRef, Extraction
from schemas.incident import Claim, Incident
from workers.resolve.builder import build
from workers.resolve.cells import Group, IncidentKey, Slot
from workers.resolve.claims import read
from workers.resolve.policy import Policy, default_policy
from workers.resolve.slots import REACH, around, changed, home_of


def resolve_article(extraction: Extraction, policy: Policy | None = None) -> list[Incident]:
    """The incidents that one article tells of, as if it were the only one."""
    return resolve_articles([extraction], policy)


def resolve_articles(extractions: Iterable[Extraction], policy: Policy | None = None) -> list[Incident]:
    """The incidents that articles tell of, in order of id; of each article only its newest revision counts."""
    policy = policy or default_policy()
    newest: dict[str, Extraction] = {}
    for extraction in extractions:
        known = newest.setdefault(extraction.article.id, extraction)
        if version(extraction.article) > version(known.article):
            newest[extraction.article.id] = extraction
    groups = [group for extraction in newest.values() for group in read(extraction, policy).groups]
    incidents = [build(key, claims, policy) for key, claims in _by_incident(groups).items()]
    return sorted(incidents, key=lambda incident: incident.id)


def version(article: ArticleRef) -> tuple[object, ...]:
    """Which revision of an article is newer: the one that was fetched later."""
    return (article.fetched, article.revision)


def _by_incident(groups: list[Group]) -> dict[IncidentKey, list[Claim]]:
    here: dict[tuple[str, date], list[Group]] = defaultdict(list)
    for group in groups:
        here[group.object, group.date].append(group)
    slots = {at: changed(Slot(), (), come) for at, come in here.items()}
    claims: dict[IncidentKey, list[Claim]] = defaultdict(list)
    for group in groups:
        days = around(group.date, REACH)
        near = {day: slots.get((group.object, day), Slot()) for day in days}
        claims[home_of(group, near)].extend(group.claims)
    return claims
