"""From drafts to events: spans, ids and the fields of the schema."""

from __future__ import annotations

from typing import Final

from schemas.article import Article
from schemas.base import digest
from schemas.event import Abstention, Event, Place
from workers.extract.confidence import confidence
from workers.extract.drafts import Draft
from workers.extract.items import Reading
from workers.extract.lexicon import Lexicon
from workers.extract.untold import Untold
from workers.extract.world import Timespan

UNTOLD: Final = 0.6
"""Confidence of an event without a number: a verb and a noun in one clause say less than a figure."""
SENTENCE: Final = 600
"""Characters of the sentence that travels with an event."""


def event(article: Article, lexicon: Lexicon, draft: Draft, index: dict[int, int], span: Timespan) -> Event:
    """The event of a draft; `index` maps drafts to their place in the article's list."""
    spec = lexicon.measures[draft.measure]
    start, end = _span(draft)
    field = draft.reading.field
    value = _whole_number(draft.value)
    return Event(
        id=digest(
            article.id, article.revision, field, start, end, draft.object, draft.measure, value, _place_name(draft)
        ),
        type=spec.type,
        subtype=spec.subtype if lexicon.kinds.get(draft.object) == "air" or spec.type == "other" else None,
        object=draft.object,
        model=draft.q.model,
        measure=draft.measure,
        value=value,
        high=_whole_number(draft.high) if draft.high is not None else None,
        qualifier=draft.q.qualifier,
        attacker=draft.attacker,
        target_country=draft.target,
        place=_place(draft),
        scope="part" if draft.scope == "part" else "total",
        part_of=_index(draft.part_of, index),
        same_as=_index(draft.same_as, index),
        revises=_index(draft.revises, index),
        additional=draft.additional and draft.part_of is None,
        period=span.period,
        start=span.start,
        end=span.end,
        night_of=span.night_of,
        recap=draft.recap,
        status=draft.status,
        claimed_by=draft.claimed_by,
        uncounted=draft.uncounted,
        confidence=confidence(draft),
        quote=getattr(article, field)[start:end],
        sentence=_sentence(getattr(article, field), draft.reading),
        field=field,
        span=(start, end),
    )


def _sentence(text: str, reading: Reading) -> str:
    """The sentence as it stands in the article, cut where it is longer than a person reads at a glance."""
    tok = reading.tok
    return text[tok.starts[0] : tok.ends[-1]][:SENTENCE] if len(tok) else ""


def untold_event(article: Article, told: Untold, span: Timespan) -> Event:
    """The event of an attack, a fire, a disruption or a piece of ground without a number."""
    tok, field, rule = told.reading.tok, told.reading.field, told.rule
    start, end = tok.starts[told.i], tok.ends[told.j - 1]
    place = told.place.place if told.place is not None else None
    if told.place is not None and 0 <= told.place.i - told.j < 8:
        end = tok.ends[told.place.j - 1]
    return Event(
        id=digest(article.id, article.revision, field, start, end, rule.name, told.object),
        type=rule.type,
        subtype=rule.subtype,
        object=told.object,
        attacker=told.attacker,
        target_country=told.target,
        place=place,
        scope="part" if place is not None else "total",
        period=span.period,
        start=span.start,
        end=span.end,
        night_of=span.night_of,
        recap=span.recap,
        claimed_by=told.speaker.name if told.speaker else None,
        confidence=UNTOLD,
        quote=getattr(article, field)[start:end],
        sentence=_sentence(getattr(article, field), told.reading),
        field=field,
        span=(start, end),
    )


def _whole_number(value: float | int) -> float | int:
    return int(value) if float(value).is_integer() else value


def _index(draft: Draft | None, index: dict[int, int]) -> int | None:
    return index.get(id(draft)) if draft is not None else None


def _place(draft: Draft) -> Place | None:
    return draft.place.place if draft.place is not None else None


def _place_name(draft: Draft) -> str | None:
    place = _place(draft)
    return place.name if place else None


def _span(draft: Draft) -> tuple[int, int]:
    """From the first to the last token that says it: number, noun, predicate, place."""
    first, last = draft.span
    attached = draft.attachment
    if attached is not None and draft.attachment_reading is draft.reading and draft.head is None:
        first, last = min(first, attached.item.i), max(last, attached.item.j)
    if draft.place is not None and draft.place.place is not None and _near(draft, first, last):
        first, last = min(first, draft.place.i), max(last, draft.place.j)
    tok = draft.reading.tok
    return tok.starts[first], tok.ends[last - 1]


def _near(draft: Draft, first: int, last: int) -> bool:
    marks = draft.reading.marks
    return (
        draft.place is not None
        and marks.geo.get(draft.place.i) is draft.place
        and draft.place.i - last < 30 > first - draft.place.j
    )


def abstention(article: Article, reading: Reading, i: int, j: int, why: str) -> Abstention:
    """A number that was not taken, with its reason."""
    tok = reading.tok
    start, end = tok.starts[i], tok.ends[j - 1]
    return Abstention(
        quote=getattr(article, reading.field)[start:end],
        reason=why,
        field=reading.field,
        span=(start, end),
    )
