"""An article that nobody dated has no night from the clock of the machine that reads it."""

from __future__ import annotations

from datetime import date

import pytest

from workers.resolve.book import resolve_article
from workers.resolve.undated import without_guess


def honest(extraction):
    """The only incident of an article, without what was guessed."""
    (incident,) = resolve_article(extraction)
    return without_guess(incident)


class TestWithoutGuess:
    @pytest.mark.parametrize("period", ["night", "unknown"])
    def test_nobody_dated_it(self, article, claim, period):
        incident = honest(article("a", claim(64, period=period, night_of=None), published=None))
        assert (incident.night_of, incident.start, incident.end) == (None, None, None)
        assert incident.figures["intercepted"].value == 64

    def test_the_text_dates_it(self, article, claim):
        assert honest(article("a", claim(64), published=None)).night_of == date(2024, 9, 10)

    def test_the_publication_dates_it(self, article, claim):
        assert honest(article("a", claim(64, period="unknown"))).night_of == date(2024, 9, 10)

    def test_a_part_alone_is_asked_too(self, article, claim):
        part = claim(12, scope="part", place="Tula", period="unknown")
        assert honest(article("a", part)).night_of == date(2024, 9, 10)
        assert honest(article("a", part, published=None)).night_of is None
