"""From claims to events: spans, ids, confidence."""

from __future__ import annotations

from typing import Final

from schemas.article import Article
from schemas.base import digest
from schemas.event import Abstention, Event
from workers.extract.lexicon import Lexicon
from workers.extract.nights_model import Timespan
from workers.extract.slavic.claims import Claim, Sentence
from workers.extract.slavic.counts import Count

_SURE: Final = {"object": 0.88, "elided": 0.8, "listed": 0.88, "toll": 0.8, "single": 0.6}
_PLAIN: Final = Timespan("unknown", None, None, None, "publication")
_SENTENCE: Final = 600
_UNNAMED: Final = 0.15
"""What it costs that a side is not told."""
_WEAK: Final = {"around": 0.05, "language": 0.1}


def event(article: Article, claim: Claim, index: dict[int, int]) -> Event:
    """The event of a claim; `index` maps claims to their place in the article's list."""
    start, end = claim.bounds
    said, what, span = claim.said, claim.what, claim.span or _PLAIN
    spec = Lexicon.default().measures[claim.measure]
    text = getattr(article, said.field)
    place = claim.place.place if claim.place is not None else None
    air = claim.object != "person" or spec.type == "other"
    return Event(
        id=digest(
            article.id, article.revision, said.field, start, end, claim.object, claim.measure, what.value,
            place.name if place else None,
        ),
        type=spec.type,
        subtype=spec.subtype if air else None,
        object=claim.object,
        model=what.model,
        measure=claim.measure,
        value=what.value,
        high=what.high,
        qualifier=what.qualifier,
        attacker=claim.attacker,
        target_country=claim.target,
        place=place,
        scope="part" if _is_part(claim) else "total",
        part_of=_index(claim.part_of, index),
        same_as=_index(claim.same_as, index),
        revises=_index(claim.revises, index),
        additional=claim.more and claim.part_of is None,
        period=span.period,
        start=span.start,
        end=span.end,
        night_of=span.night_of,
        recap=claim.recap,
        status=what.status,
        claimed_by=claim.voice.name if claim.voice else None,
        uncounted="told-again" if claim.same_as is not None else claim.uncounted,
        confidence=_confidence(claim),
        quote=text[start:end],
        sentence=text[said.start : said.end].strip()[:_SENTENCE],
        field=said.field,
        span=(start, end),
    )  # fmt: skip


def _is_part(claim: Claim) -> bool:
    return claim.local or claim.split or claim.more or claim.part_of is not None or claim.what.pointing


def _index(claim: Claim | None, index: dict[int, int]) -> int | None:
    return index.get(id(claim)) if claim is not None else None


def _confidence(claim: Claim) -> float:
    """A share between 0 and 1: of claims told with it, about so many are right."""
    sure = _SURE.get(claim.what.way, 0.7) - sum(cost for note, cost in _WEAK.items() if note in claim.notes)
    if claim.object != "person":
        sure -= _UNNAMED * ((claim.attacker is None) + (claim.target is None))
    if claim.recap or claim.what.status != "asserted":
        sure -= 0.05
    return round(max(0.05, sure), 2)


def abstention(article: Article, said: Sentence, count: Count) -> Abstention:
    """A number whose noun is known and of which nothing is claimed."""
    start, end = said.words[count.i].start, said.words[count.j - 1].end
    return Abstention(
        quote=getattr(article, said.field)[start:end], reason="no-predicate", field=said.field, span=(start, end)
    )
