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
from workers.extract.world import Gazetteer

_SENTENCE: Final = re.compile(r"[^\n]+?(?:[.!?\u2026](?=\s+[\"'(]?[A-ZА-ЯІЇЄҐ\d])|(?=\n)|\Z)")
_SURE: Final = {"object": 0.85, "elided": 0.75, "listed": 0.85}
_ASIDE: Final = 50


class _Told(NamedTuple):
    """A claim in the making: the field and sentence that it stands in, and what the sentence says of it."""

    field: Field
    start: int
    end: int
    words: list[Token]
    what: Count
    target: str | None
    span: Timespan | None
    recap: bool


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
        return not any(
            kind_of("objects", token.word)
            for field in FIELDS
            for token in tokens(plain(getattr(article, field)), 0, LONGEST_SENTENCE)
        )

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
            text, last = plain(getattr(article, field)), None
            for match in _SENTENCE.finditer(text):
                words = tokens(text, match.start(), min(match.end(), match.start() + LONGEST_SENTENCE))
                if any(kind_of("idle", token.word) for token in words):
                    continue
                for count in counts_of(words, last):
                    last = count.object
                    if count.measure is None:
                        aside.append(self._abstention(article, field, words, count))
                    else:
                        told.append(self._told(article, field, (match.start(), match.end()), text, words, count))
        return told, aside

    def _told(
        self, article: Article, field: Field, at: tuple[int, int], text: str, words: list[Token], count: Count
    ) -> _Told:
        places = self._gazetteer.find(text[at[0] : at[1]])
        target = target_of(words, count, places)
        span = time_of(text[at[0] : at[1]].lower(), article, target)
        recap = any(kind_of("recap", token.word) for token in words)
        return _Told(field, *at, words, count, target, span, recap)

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
        count, spec = t.what, self._measures[str(t.what.measure)]
        start, end = t.words[count.i].start, t.words[count.j - 1].end
        text = getattr(article, t.field)
        place = self._place(plain(text), t)
        span = t.span or resolve(None, article.published, t.target)
        return Event(
            id=digest(article.id, article.revision, t.field, start, end, count.object, count.measure, count.value),
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
            recap=t.recap or span.recap,
            confidence=_SURE[count.way],
            quote=text[start:end],
            sentence=text[t.start : t.end][:600],
            field=t.field,
            span=(start, end),
        )

    def _place(self, text: str, t: _Told) -> Place | None:
        """The place right behind the item of a list, else the one place of the sentence."""
        if t.what.head is None:
            return place_of(self._gazetteer.find(text[t.start : t.end]))
        start = t.words[t.what.j - 1].end
        stop = re.search(r"[,;.]", text[start : t.end])
        return place_of(self._gazetteer.find(text[start : start + stop.start() if stop else t.end]))

    def _abstention(self, article: Article, field: Field, words: list[Token], count: Count) -> Abstention:
        start, end = words[count.i].start, words[count.j - 1].end
        quote = getattr(article, field)[start:end]
        return Abstention(quote=quote, reason="no-predicate", field=field, span=(start, end))
