"""The pack of Ukrainian and Russian: what was launched, shot down and hit, and who was killed and hurt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from schemas.article import Article
from schemas.event import Abstention, Extraction, Field
from workers.extract.pack import FIELDS, LONGEST_SENTENCE, Prose, reference
from workers.extract.slavic.binding import bind
from workers.extract.slavic.build import abstention, event
from workers.extract.slavic.claims import Claim, Sentence
from workers.extract.slavic.counts import counts_of, singles
from workers.extract.slavic.grounds import places_of
from workers.extract.slavic.links import link
from workers.extract.slavic.predicates import predicates_of
from workers.extract.slavic.roles import draw, frame_of, settle, take_dated
from workers.extract.slavic.ties import Clause, Memory
from workers.extract.slavic.times import find_times
from workers.extract.slavic.tokens import folded, sentences, tokens
from workers.extract.slavic.voices import Voice, around, named, speaker
from workers.extract.slavic.words import known
from workers.extract.tokens import plain
from workers.extract.world import Gazetteer, PlaceMention

_WORD: Final = re.compile(r"[^\W\d_]+(?:-\d+)?")
_ASIDE: Final = 50
MOST: Final = 60
"""Numbers of one sentence that are read; a table has more."""
CLAIMS: Final = 300
"""Claims of one article that are kept."""


class Slavic:
    """Reads one of the two languages; the tables serve both."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._gazetteer = Gazetteer.default()

    def silent(self, article: Prose) -> bool:
        """Whether no word of what is counted stands in the article."""
        words = (folded(word) for field in FIELDS for word in _WORD.findall(plain(getattr(article, field))))
        return not any(known("objects", word) for word in words)

    def read(self, article: Article, story: str | None = None) -> Extraction:
        """All claims of an article; never raises."""
        told, aside, heard = self._read(article)
        settle(article, self.code, told, frame_of(heard))
        kept, again = link(told[:CLAIMS])
        claims = [*kept, *again]
        index = {id(claim): n for n, claim in enumerate(claims)}
        events = tuple(event(article, claim, index) for claim in claims)
        return Extraction(article=reference(article, story), events=events, abstained=tuple(aside[:_ASIDE]))

    def _read(self, article: Article) -> tuple[list[Claim], list[Abstention], list[Sentence]]:
        """The claims of all fields, the numbers left aside, and all sentences."""
        told: list[Claim] = []
        heard: list[Sentence] = []
        aside: list[Abstention] = []
        for field in FIELDS:
            memory = Memory()
            before: list[Sentence] = []
            for said in self._sentences(field, plain(getattr(article, field))):
                bind(Clause(said.words, said.predicates, said.counts), memory)
                take_dated(said)
                for count in said.counts:
                    if count.object is not None and count.measure is not None:
                        told.extend(draw(said, count, before))
                    elif count.way != "single" and count.object is not None:
                        aside.append(abstention(article, said, count))
                before.append(said)
            heard.extend(before)
        return told, aside, heard

    def _sentences(self, field: Field, text: str) -> Iterator[Sentence]:
        """The sentences of a field with what is known of their words."""
        for start, end in sentences(text):
            end = min(end, start + LONGEST_SENTENCE)
            words = tokens(text, start, end)
            counts = counts_of(words)[:MOST]
            if field == "text":
                counts = sorted([*counts, *singles(words, counts)], key=lambda count: count.i)[:MOST]
            said = text[start:end]
            low = said.lower().replace("ё", "е")
            names = named(low)
            found = places_of(self._gazetteer, said)
            places = [m for m in found if m.kind != "city" or not _in_a_name(m, names)]
            yield Sentence(
                field, start, end, said, words, predicates_of(words) if counts else {}, counts, places,
                find_times(said), speaker(low, names), around(low, names),
            )  # fmt: skip


def _in_a_name(place: PlaceMention, names: list[tuple[int, int, Voice]]) -> bool:
    """True for "Гусев" and "Володимир" of a speaker's name, which are towns too."""
    return any(start <= place.start < end or place.end + 1 == start for start, end, _ in names)
