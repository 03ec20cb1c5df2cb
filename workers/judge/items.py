"""Items: the flat view that rules have of an incident, one item per figure, for the whole and for each place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final, Literal

from schemas.alert import Evidence
from schemas.base import Instant, Mode, Model
from schemas.event import ArticleRef, Event, Period, Place, Qualifier
from schemas.incident import Claim, Figure, Incident
from schemas.rule import Stream
from workers.recall import Recall
from workers.union import Union

Scalar = str | None | bool | int | float
FieldValue = Scalar | tuple[str, ...]

MAX_EVIDENCE: Final = 8
"""Sentences that a notice shows at most."""


class Item(Model):
    """One thing that a rule can count: its fields by the names that rules use, and what a notice needs of it."""

    id: str
    fields: dict[str, FieldValue]
    qualifier: Qualifier = "exact"
    time: Instant | None = None
    time_end: Instant | None = None
    night_of: date | None = None
    period: Period = "unknown"
    time_basis: Literal["stated", "publication"] = "stated"
    published: Instant | None = None
    ingested: Instant
    independent: int = 1
    confidence: float = 0.5
    sources: tuple[str, ...] = ()
    incident: str | None = None
    doubts: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def number(self, name: str) -> float | int | None:
        """A field as a number, or None."""
        value = self.fields.get(name)
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def text(self, name: str) -> str | None:
        """A field as text, or None where it has no value."""
        value = self.fields.get(name)
        return None if value is None else str(value)


class Report(Model):
    """One revision of what a source of items says: all its items, or none after a retraction."""

    stream: Stream
    id: str
    revision: int
    items: tuple[Item, ...] = ()
    retracted: bool = False
    merged: bool = False
    """True when the retraction only makes room for another incident that takes the claims over."""
    mode: Mode = "live"


Wanted = Callable[[str, str], bool]
"""Whether any rule can count this object and measure."""


def report_of(incident: Incident, wanted: Wanted = lambda _object, _measure: True) -> Report:
    """An incident as rules see it; figures that no rule can count are left out."""
    retracted = incident.status == "retracted"
    return Report(
        stream="incidents",
        id=incident.id,
        revision=incident.revision,
        items=() if retracted else tuple(_items(incident, wanted)),
        retracted=retracted,
        merged=retracted and (incident.reason or "").startswith("merged-into"),
        mode=incident.mode,
    )


def _items(incident: Incident, wanted: Wanted) -> Iterator[Item]:
    sentences = Recall(evidence)  # figures share claims
    whole: tuple[Place | None, dict[str, Figure]] = (None, incident.figures)
    for place, figures in (whole, *((part.place, part.figures) for part in incident.parts)):
        for measure, figure in figures.items():
            if wanted(incident.object, measure):
                yield _item(incident, measure, figure, place, sentences)


def _item(
    incident: Incident, measure: str, figure: Figure, place: Place | None, sentences: Callable[[Claim], Evidence]
) -> Item:
    claims = sorted(figure.claims, key=lambda claim: claim.value != figure.value)
    sources = tuple(dict.fromkeys(claim.source for claim in claims if claim.source)) or incident.sources
    independent = min(incident.independent, voices(claims)) if claims else incident.independent
    item_id = f"{incident.id}/{measure}" + (f"/{place.country or ''}/{place.name}" if place else "")
    return Item(
        id=item_id,
        fields=_fields(incident, measure, figure, place, claims, len(sources), independent),
        qualifier=figure.qualifier,
        time=incident.start,
        time_end=incident.end,
        night_of=incident.night_of,
        period=incident.period,
        time_basis=incident.time_basis,
        published=min((claim.time for claim in claims), default=incident.first_seen),
        ingested=incident.first_seen,
        independent=independent,
        confidence=incident.confidence,
        sources=sources,
        incident=incident.id,
        doubts=tuple(_doubts(incident, figure, independent)),
        evidence=tuple(sentences(claim) for claim in claims[:MAX_EVIDENCE]),
    )


def _fields(
    incident: Incident,
    measure: str,
    figure: Figure,
    place: Place | None,
    claims: list[Claim],
    n_sources: int,
    independent: int,
) -> dict[str, FieldValue]:
    return {
        "id": incident.id,
        "revision": incident.revision,
        "status": incident.status,
        "object": incident.object,
        "measure": measure,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "qualifier": figure.qualifier,
        "derived": figure.derived,
        "conflict": figure.conflict,
        "is_total": place is None,
        "place.name": place.name if place else None,
        "place.admin1": place.region if place else None,
        "place.country": place.country if place else None,
        "attacker": incident.attacker,
        "target_country": incident.target_country,
        "claimed_by": next((claim.claimed_by for claim in claims if claim.claimed_by), None),
        "confidence": incident.confidence,
        "n_sources": n_sources,
        "n_independent": independent,
        "period": incident.period,
        "night_of": incident.night_of.isoformat() if incident.night_of else None,
        "time": incident.start.isoformat() if incident.start else None,
        "time_end": incident.end.isoformat() if incident.end else None,
        "time_basis": incident.time_basis,
    }


def _doubts(incident: Incident, figure: Figure, independent: int) -> Iterator[str]:
    if independent < 2:
        yield "one source"
    if incident.time_basis == "publication":
        yield "time taken from publication"
    if figure.conflict:
        yield "the sides contradict each other"
    if figure.derived:
        yield "added up, not stated"
    if figure.qualifier in ("about", "up_to"):
        yield "no exact figure"


def voices(claims: Iterable[Claim]) -> int:
    """How many independent voices stand behind claims: one owner, or copies of one text, count once."""
    heard = Union[tuple[str, str]]()
    for owner, story in {(claim.owner or claim.source or claim.article, claim.story) for claim in claims}:
        heard.join([("owner", owner), ("story", story)] if story else [("owner", owner)])
    return heard.groups()


def evidence(claim: Claim) -> Evidence:
    """A claim as a notice shows it."""
    return sentence(claim.article, claim, claim)


def sentence(article: str, told: Claim | ArticleRef, said: Claim | Event) -> Evidence:
    """What was said in an article as a notice shows it; `told` knows of the article who told it, where and when."""
    return Evidence(
        article=article,
        revision=told.revision,
        source=told.source,
        owner=told.owner,
        url=told.url,
        published=told.published,
        claimed_by=said.claimed_by,
        measure=said.measure,
        value=said.value,
        qualifier=said.qualifier,
        place=said.place.name if said.place else None,
        quote=said.quote,
        sentence=said.sentence,
        field=said.field,
        span=said.span,
    )
