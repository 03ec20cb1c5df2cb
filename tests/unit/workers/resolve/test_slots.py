"""Where claims belong when their sides or their time are not told, or lean over a boundary."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from workers.resolve.book import resolve_article, resolve_articles

SUNDAY, MONDAY, TUESDAY = (date(2024, 9, day) for day in (9, 10, 11))
UNDATED = {"night_of": None}


def homes(*articles):
    """What came out: (attacker, target, period, date of the night or first day, values of `intercepted`)."""
    return sorted(
        (
            (i.attacker, i.target_country, i.period, i.night_of or i.start.date(), i.figures["intercepted"].value)
            for i in resolve_articles(articles)
        ),
        key=str,
    )


class TestSides:
    def test_both_directions_of_one_article_stay_apart(self, article, claim):
        told = homes(article("a", claim(64), claim(46, sides="RU>UA")))
        assert told == [("RU", "UA", "night", MONDAY, 46), ("UA", "RU", "night", MONDAY, 64)]

    @pytest.mark.parametrize("sides", ["?>RU", "UA>?"])
    def test_a_missing_side_is_taken_from_the_only_incident_that_fits(self, article, claim, sides):
        full, half = article("a", claim(64)), article("b", claim(12, sides=sides), at="2024-09-10T06:00")
        assert homes(full, half) == [("UA", "RU", "night", MONDAY, 64)]

    def test_a_missing_side_stays_missing_between_two_that_fit(self, article, claim):
        two = article("a", claim(64)), article("b", claim(7, sides="BY>RU"))
        assert (None, "RU", "night", MONDAY, 12) in homes(*two, article("c", claim(12, sides="?>RU")))

    def test_a_missing_side_is_not_taken_from_another_night_or_object(self, article, claim):
        other = article("a", claim(64, night_of=SUNDAY)), article("b", claim(2, object="missile"))
        assert (None, "RU", "night", MONDAY, 12) in homes(*other, article("c", claim(12, sides="?>RU")))

    def test_claims_without_any_side_are_one_incident_per_story(self, article, claim):
        rows = [article(n, claim(5, sides="?>?"), story=s) for n, s in (("a", "s"), ("b", "s"), ("c", "t"))]
        assert len(resolve_articles(rows)) == 2

    def test_a_part_takes_sides_and_time_of_its_total(self, article, claim):
        part = claim(25, sides="?>?", scope="part", part_of=0, period="unknown", place="Ryazan")
        assert homes(article("a", claim(64), part)) == [("UA", "RU", "night", MONDAY, 64)]


class TestTime:
    def test_without_time_words_it_is_the_night_before_publication_and_less_sure(self, article, claim):
        (incident,) = resolve_article(article("a", claim(64, period="unknown")))
        (stated,) = resolve_article(article("a", claim(64)))
        assert (incident.period, incident.night_of, incident.time_basis) == ("unknown", MONDAY, "publication")
        assert (stated.period, stated.time_basis) == ("night", "stated")
        assert incident.confidence < stated.confidence
        assert incident.id == stated.id

    def test_an_unknown_time_joins_the_night_of_its_date(self, article, claim):
        told = homes(article("a", claim(64)), article("b", claim(60, period="unknown")))
        assert told == [("UA", "RU", "night", MONDAY, 64)]

    def test_an_unknown_time_that_repeats_the_day_belongs_to_the_day(self, article, claim):
        day = article("a", claim(41, period="day", night_of=MONDAY))
        assert homes(day, article("b", claim(41, period="unknown"))) == [("UA", "RU", "day", SUNDAY, 41)]
        assert len(homes(day, article("b", claim(30, period="unknown")))) == 2

    def test_a_late_report_without_a_date_joins_the_night_that_it_repeats(self, article, claim):
        night = article("a", claim(144))
        late = article("b", claim(144, **UNDATED), at="2024-09-11T10:00")
        assert homes(night, late) == [("UA", "RU", "night", MONDAY, 144)]
        assert len(homes(night, article("b", claim(90, **UNDATED), at="2024-09-11T10:00"))) == 2

    def test_an_early_report_without_a_date_joins_the_night_that_follows(self, article, claim):
        early = article("b", claim(144, **UNDATED), at="2024-09-09T20:30")
        assert homes(article("a", claim(144)), early) == [("UA", "RU", "night", MONDAY, 144)]

    def test_the_day_of_publication_as_a_date_is_no_stated_date(self, article, claim):
        late = article("b", claim(144, period="unknown", night_of=TUESDAY), at="2024-09-11T10:00")
        (alone,) = resolve_article(late)
        assert (alone.night_of, alone.time_basis) == (TUESDAY, "publication")
        assert homes(article("a", claim(144)), late) == [("UA", "RU", "night", MONDAY, 144)]

    def test_small_figures_repeat_by_chance(self, article, claim):
        late = article("b", claim(4, **UNDATED), at="2024-09-11T10:00")
        assert len(homes(article("a", claim(4)), late)) == 2

    def test_a_stated_date_never_moves(self, article, claim):
        late = article("b", claim(144, night_of=TUESDAY), at="2024-09-11T10:00")
        assert len(homes(article("a", claim(144)), late)) == 2

    def test_a_stated_day_without_its_part_stays_on_its_date(self, article, claim):
        told = article("b", claim(144, period="unknown", night_of=SUNDAY), at="2024-09-11T10:00")
        assert {row[3] for row in homes(article("a", claim(144)), told)} == {SUNDAY, MONDAY}

    @pytest.mark.parametrize("period", ["multi_day", "cumulative"])
    def test_longer_stretches_never_count(self, article, claim, period):
        assert resolve_article(article("a", claim(6130, period=period))) == []

    def test_recaps_plans_and_overlong_nights_never_count(self, article, claim):
        start = datetime(2024, 9, 1, tzinfo=UTC)
        rows = (
            claim(127, recap=True),
            claim(800, status="hypothetical"),
            claim(500, status="planned"),
            claim(300, start=start, end=start + timedelta(days=3)),
        )
        assert resolve_article(article("a", *rows)) == []

    def test_a_part_of_a_recap_is_a_recap(self, article, claim):
        part = claim(9, scope="part", part_of=0, period="unknown")
        assert resolve_article(article("a", claim(127, recap=True), part)) == []

    @pytest.mark.parametrize(
        ("start", "expected"), [("2024-09-09T19:00+03:00", MONDAY), ("2024-09-10T03:00+03:00", MONDAY)]
    )
    def test_a_night_is_named_by_its_morning(self, article, claim, start, expected):
        begun = datetime.fromisoformat(start)
        (incident,) = resolve_article(article("a", claim(64, night_of=None, start=begun)))
        assert incident.night_of == expected

    def test_the_whole_night_in_the_zone_of_the_target_where_no_hours_are_told(self, article, claim):
        (incident,) = resolve_article(article("a", claim(64, sides="RU>UA", night_of=date(2026, 10, 25))))
        assert (incident.end - incident.start) == timedelta(hours=16)
        (spring,) = resolve_article(article("a", claim(64, sides="RU>UA", night_of=date(2026, 3, 29))))
        assert (spring.end - spring.start) == timedelta(hours=14)

    def test_told_hours_are_kept(self, article, claim):
        start, end = datetime(2024, 9, 9, 17, tzinfo=UTC), datetime(2024, 9, 10, 4, tzinfo=UTC)
        (incident,) = resolve_article(article("a", claim(64, start=start, end=end)))
        assert (incident.start, incident.end) == (start, end)
