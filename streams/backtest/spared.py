"""The articles that the rooms of a backtest are spared, most of the news: there is nothing in them to read.

An article of which no sentence is worth reading makes no claim, so no incident and no alert can rest on it. It can
still matter to dedupe: as the earlier revision of an article that does make claims, or as the text that such an
article goes on with. So it is kept as long as dedupe would remember it, and taken through the rooms after all, ahead
of the first article that bears its name or shares the beginning of a sentence with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from streams.articles import Draft
from workers.dedupe.stage import HORIZON
from workers.extract.stage import Extract

BEGINNING: Final = 48
"""Characters by which a sentence is known again. At 32, turns of phrase chain the news of a week together: of the
fifth day of a month half of the articles came to matter to some other."""

LEAST: Final = 20
"""Shorter beginnings are headings and names."""

KEPT: Final = 8
"""Beginnings of one article that it is found by: the first in order of the alphabet, the same for a copy."""

COMMON: Final = 8
"""Articles that share a beginning, above which it is a turn of phrase or a footer and leads nowhere."""


class Waiting(NamedTuple):
    """A spared article, and the beginnings that it is found by."""

    article: Draft
    behind: list[str]


class Spared:
    """Tells which articles the rooms can be spared, and hands over those that come to matter."""

    def __init__(self, gates: Sequence[Extract]) -> None:
        self._gates = gates
        self._read: set[str] = set()
        self._articles: dict[str, Waiting] = {}
        self._behind: dict[str, list[str]] = defaultdict(list)

    def spares(self, article: Draft) -> bool:
        """Whether the rooms can be spared an article: nothing in it, and nothing that it revises, is worth reading."""
        if article.id in self._read or not any(gate.silent(article) for gate in self._gates):
            return False
        self._forget(article)
        self._drop(article.id)
        behind = sorted(beginnings(article))[:KEPT]
        self._articles[article.id] = Waiting(article, behind)
        for beginning in behind:
            self._behind[beginning].append(article.id)
        return True

    def due(self, article: Draft) -> Iterator[Draft]:
        """What the rooms are to have now that an article is not spared: those that matter to it, and the article."""
        found = sorted(self._related(article), key=lambda each: (each.fetched, each.id))
        for each in (*found, article):
            self._read.add(each.id)
            self._drop(each.id)
            yield each

    def _related(self, article: Draft) -> Iterable[Draft]:
        """The spared articles that share a name or a beginning with an article, and what shares one with these."""
        found: dict[str, Draft] = {}
        ahead = [article]
        while ahead:
            each = ahead.pop()
            names = [each.id, *(name for beginning in beginnings(each) for name in self._sharing(beginning))]
            more = [name for name in dict.fromkeys(names) if name in self._articles and name not in found]
            found.update((name, self._articles[name].article) for name in more)
            ahead += [found[name] for name in more]
        return found.values()

    def _sharing(self, beginning: str) -> list[str]:
        names = self._behind.get(beginning, [])
        return names if len(names) <= COMMON else []

    def _forget(self, article: Draft) -> None:
        """Let go of what dedupe would have forgotten by now."""
        while self._articles:
            oldest = next(iter(self._articles.values()))
            if oldest.article.fetched >= article.fetched - HORIZON:
                return
            self._drop(oldest.article.id)

    def _drop(self, name: str) -> None:
        kept = self._articles.pop(name, None)
        for beginning in kept.behind if kept else ():
            names = self._behind[beginning]
            names.remove(name)
            if not names:
                del self._behind[beginning]


def beginnings(article: Draft) -> set[str]:
    """How the sentences of an article begin, roughly: a beginning too many or too few costs time, or a rare copy."""
    parts = article.text.replace("\n", ". ").split(". ")
    return {part[:BEGINNING] for part in (article.title, *parts) if len(part) >= LEAST}
