"""The pack of Ukrainian or Russian: reads what was shot down and launched, and leaves every other number aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from schemas.article import Article
from schemas.base import digest
from schemas.event import Abstention, Event, Extraction, Field, Place
from workers.extract.lexicon import Lexicon
from workers.extract.nights import Timespan, resolve
from workers.extract.pack import FIELDS, LONGEST_SENTENCE, reference
from workers.extract.slavic.claims import Count, counts_of
from workers.extract.slavic.sides import attacker_of, place_of, target_of, time_of
from workers.extract.slavic.words import Token, kind_of, tokens
from workers.extract.tokens import plain
from workers.extract.world import Gazetteer, PlaceMention

_SENTENCE: Final = re.compile(r"[^\n]+?(?:[.!?\u2026](?=\s+[\"'(]?[A-ZА-ЯІЇЄҐ\d])|(?=\n)|\Z)")
_SURE: Final = {"object": 0.85, "elided": 0.75, "listed": 0.85}
_WORD: Final = re.compile(r"[^\W\d_]+")
_ITEM_END: Final = re.compile(r"[,;.]")
_ASIDE: Final = 50
MOST: Final = 60
"""Numbers of one sentence that are read; a table has more."""
CLAIMS: Final = 300
"""Claims of one article that are kept."""


class _Sentence(NamedTuple):
    """A sentence at `[start, end)` of its field, its words, and the places that it names, from its own start."""

    field: Field
    start: int
    end: int
    text: str
    words: list[Token]
    places: list[PlaceMention]
    recap: bool


class _Told(NamedTuple):
    """A claim in the making."""

    said: _Sentence
    what: Count
    target: str | None
    span: Timespan | None


def _keyed(told: Iterable[_Told]) -> Iterator[tuple[tuple[object, ...], _Told]]:
    """Claims by what makes two of them the same figure told again."""
    for t in told:
        yield (t.what.object, t.what.measure, t.what.value, t.target), t


class Slavic:
    """Reads one of the two languages; the table of words serves both."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._gazetteer = Gazetteer.default()
        self._measures = Lexicon.default().measures

    def silent(self, article: Article) -> bool:
        """Whether no word of what flies stands in the article."""
        words = (word for field in FIELDS for word in _WORD.findall(plain(getattr(article, field)).lower()))
        return not any(kind_of("objects", word) for word in words)

    def read(self, article: Article, story: str | None = None) -> Extraction:
        """What was shot down, launched and lost; never raises."""
        told, aside = self._read(article)
        told = self._settled(article, told)
        kept = {(*key, id(t.what) if t.what.head else 0): t for key, t in _keyed(reversed(told))}
        claims = list(reversed(kept.values()))
        index = {id(t.what): n for n, t in enumerate(claims)}
        events = tuple(self._event(article, t, index.get(id(t.what.head))) for t in claims)
        return Extraction(article=reference(article, story), events=events, abstained=tuple(aside[:_ASIDE]))

    def _read(self, article: Article) -> tuple[list[_Told], list[Abstention]]:
        told: list[_Told] = []
        aside: list[Abstention] = []
        for field in FIELDS:
            last: str | None = None
            for said in self._sentences(field, plain(getattr(article, field))):
                for count in counts_of(said.words, last)[:MOST]:
                    last = count.object
                    if count.measure is None:
                        aside.append(_abstention(article, said, count))
                    else:
                        target = target_of(said.words, count, said.places)
                        told.append(_Told(said, count, target, time_of(said.text.lower(), article, target)))
        return told[:CLAIMS], aside

    def _sentences(self, field: Field, text: str) -> Iterator[_Sentence]:
        """The sentences that count something, without those of plans and prices."""
        for match in _SENTENCE.finditer(text):
            start, end = match.start(), min(match.end(), match.start() + LONGEST_SENTENCE)
            words = tokens(text, start, end)
            if any(token.value is not None for token in words) and not any(kind_of("idle", t.word) for t in words):
                recap = any(kind_of("recap", token.word) for token in words)
                yield _Sentence(field, start, end, text[start:end], words, self._gazetteer.find(text[start:end]), recap)

    def _settled(self, article: Article, told: list[_Told]) -> list[_Told]:
        """Sides and times that a sentence leaves out are those of the claims around it."""
        sides = [t.target for t in told if t.target is not None]
        whole = sides[0] if len(set(sides)) == 1 else None
        nights = [t.span for t in told if t.span is not None]
        settled = []
        for t in told:
            target = t.target or whole
            span = t.span or (nights[0] if nights else resolve(None, article.published, target))
            settled.append(t._replace(target=target, span=span))
        return settled

    def _event(self, article: Article, t: _Told, part_of: int | None) -> Event:
        count, said, spec = t.what, t.said, self._measures[str(t.what.measure)]
        start, end = _bounds(said, count)
        text = getattr(article, said.field)
        place = _place(t)
        span = t.span or resolve(None, article.published, t.target)
        return Event(
            id=digest(article.id, article.revision, said.field, start, end, count.object, count.measure, count.value),
            type=spec.type,
            subtype=spec.subtype,
            object=count.object,
            measure=count.measure,
            value=count.value,
            qualifier=count.qualifier,
            attacker=attacker_of(t.target),
            target_country=t.target,
            place=place,
            scope="part" if place is not None or count.head is not None else "total",
            part_of=part_of,
            period=span.period,
            start=span.start,
            end=span.end,
            night_of=span.night_of,
            recap=said.recap or span.recap,
            confidence=_SURE[count.way],
            quote=text[start:end],
            sentence=text[said.start : said.end][:600],
            field=said.field,
            span=(start, end),
        )


def _bounds(said: _Sentence, count: Count) -> tuple[int, int]:
    return said.words[count.i].start, said.words[count.j - 1].end


def _place(t: _Told) -> Place | None:
    """The place right behind the item of a list, else the one place of the sentence."""
    if t.what.head is None:
        return place_of(t.said.places)
    start = _bounds(t.said, t.what)[1] - t.said.start
    stop = _ITEM_END.search(t.said.text, start)
    end = stop.start() if stop else len(t.said.text)
    return place_of([place for place in t.said.places if start <= place.start < end])


def _abstention(article: Article, said: _Sentence, count: Count) -> Abstention:
    start, end = _bounds(said, count)
    quote = getattr(article, said.field)[start:end]
    return Abstention(quote=quote, reason="no-predicate", field=said.field, span=(start, end))
