"""Which figure counts: the written order of docs/incidents.md, rule by rule."""

from __future__ import annotations

import pytest

from workers.resolve.book import resolve_article, resolve_articles

MOD = "Russian Ministry of Defense"


def figure(*articles, measure="intercepted"):
    """One figure of the only incident."""
    (incident,) = resolve_articles(articles)
    return incident.figures[measure]


def told(*articles, measure="intercepted"):
    found = figure(*articles, measure=measure)
    return (found.value, found.qualifier)


class TestTotals:
    def test_a_stated_total_beats_the_sum_of_parts(self, article, claim):
        parts = (claim(50, place="Kursk", scope="part"), claim(40, place="Tula", scope="part"))
        assert told(article("a", claim(64), *parts)) == (64, "exact")

    def test_the_later_statement_of_one_claimant_replaces_the_earlier(self, article, claim):
        early = article("a", claim(30, by=MOD), at="2024-09-10T05:00")
        late = article("b", claim(52, by=MOD), at="2024-09-10T08:00")
        found = figure(late, early)
        assert (found.value, found.low, found.high, found.conflict) == (52, 52, 52, False)

    def test_a_correction_downwards_counts(self, article, claim):
        early = article("a", claim(64, by=MOD), at="2024-09-10T05:00")
        assert told(early, article("b", claim(46, by=MOD), at="2024-09-10T08:00")) == (46, "exact")

    def test_who_repeats_an_old_figure_says_nothing_new(self, article, claim):
        early = article("a", claim(30, by=MOD), at="2024-09-10T05:00")
        late = article("b", claim(52, by=MOD), at="2024-09-10T08:00")
        copy = article("c", claim(30, by=MOD), at="2024-09-10T11:00")
        assert told(early, late, copy) == (52, "exact")

    def test_a_stated_revision_may_go_back_to_an_old_figure(self, article, claim):
        early = article("a", claim(30, by=MOD), at="2024-09-10T05:00")
        late = article("b", claim(52, by=MOD), at="2024-09-10T08:00")
        back = article("c", claim(52, by=MOD), claim(30, by=MOD, revises=0), at="2024-09-10T11:00")
        assert told(early, late, back) == (30, "exact")

    def test_the_more_authoritative_beats_the_later(self, article, claim):
        official = article("a", claim(64, by=MOD), at="2024-09-10T05:00")
        channels = article("b", claim(120, by="Telegram channels"), at="2024-09-10T09:00")
        found = figure(official, channels)
        assert (found.value, found.low, found.high) == (64, 64, 120)

    def test_in_one_article_the_first_stands_unless_it_is_revised(self, article, claim):
        assert told(article("a", claim(59, by=MOD), claim(54, by=MOD))) == (59, "exact")
        assert told(article("a", claim(59, by=MOD), claim(54, by=MOD, revises=0))) == (54, "exact")

    def test_equal_times_are_decided_by_how_many_say_it_then_by_the_article_id(self, article, claim):
        two = article("a", claim(64, by=MOD)), article("b", claim(66, by=MOD))
        assert told(*two) == (66, "exact")
        assert told(*two, article("aa", claim(64, by=MOD))) == (64, "exact")

    def test_in_one_article_the_first_stands_however_often_the_other_is_repeated_there(self, article, claim):
        rows = claim(59, by=MOD), claim(54, by=MOD), claim(54, by=MOD, same_as=1), claim(54, by=MOD)
        assert told(article("a", *rows)) == (59, "exact")

    def test_a_report_without_time_words_does_not_replace_one_that_tells_the_night(self, article, claim):
        night = article("a", claim(64, by=MOD), at="2024-09-10T05:00")
        unknown = article("b", claim(12, by=MOD, period="unknown"), at="2024-09-10T11:00")
        assert told(night, unknown) == (64, "exact")


class TestPrecision:
    def test_an_exact_figure_is_not_replaced_by_a_bound_that_it_fulfils(self, article, claim):
        exact = article("a", claim(102, by=MOD), at="2024-09-10T05:00")
        bound = article("b", claim(100, by=MOD, qualifier="over"), at="2024-09-10T09:00")
        assert told(exact, bound) == (102, "exact")

    def test_a_bound_that_excludes_the_exact_figure_replaces_it(self, article, claim):
        exact = article("a", claim(30, by=MOD), at="2024-09-10T05:00")
        bound = article("b", claim(50, by=MOD, qualifier="over"), at="2024-09-10T09:00")
        assert told(exact, bound) == (50, "over")

    @pytest.mark.parametrize(
        ("qualifier", "value", "sharp", "expected"),
        [
            ("about", 100, 94, 94),
            ("about", 100, 80, 100),
            ("up_to", 100, 90, 90),
            ("up_to", 100, 110, 100),
            ("at_least", 24, 24, 24),
        ],
    )
    def test_what_an_imprecise_figure_may_mean(self, article, claim, qualifier, value, sharp, expected):
        late = article("b", claim(value, by=MOD, qualifier=qualifier), at="2024-09-10T09:00")
        early = article("a", claim(sharp, by=MOD), at="2024-09-10T05:00")
        assert told(early, late)[0] == expected

    def test_a_range_takes_its_lower_end_and_an_exact_figure_within_it_sharpens_it(self, article, claim):
        wide = article("b", claim(300, high=400, by=MOD, qualifier="about"), at="2024-09-10T09:00")
        found = figure(wide)
        assert (found.value, found.low, found.high, found.qualifier) == (300, 300, 400, "about")
        assert told(wide, article("a", claim(355, by=MOD))) == (355, "exact")

    def test_hundreds_in_the_headline_yield_to_the_bound_below_it(self, article, claim):
        vague, exact = claim(200, by=MOD, qualifier="at_least"), claim(300, by=MOD, qualifier="over")
        assert told(article("a", vague, exact)) == (300, "over")

    def test_most_articles_decide_how_a_figure_is_qualified(self, article, claim):
        over = [article(n, claim(158, by=MOD, qualifier="over")) for n in "ab"]
        exact = [article(n, claim(158, by=MOD)) for n in "cd"]
        assert told(*over, *exact) == (158, "exact")
        assert told(*over, exact[0]) == (158, "over")

    def test_only_as_good_a_word_or_the_same_country_sharpens(self, article, claim):
        bound = article("a", claim(100, by=MOD, qualifier="over"), at="2024-09-10T09:00")
        assert told(bound, article("b", claim(150, by="Telegram channels")))[0] == 100
        assert told(bound, article("b", claim(102, by="the Kremlin")))[0] == 102

    def test_a_higher_bound_of_an_earlier_article_does_not_stand(self, article, claim):
        early = article("a", claim(200, by=MOD, qualifier="over"), at="2024-09-10T05:00")
        assert told(early, article("b", claim(100, by=MOD, qualifier="over"), at="2024-09-10T09:00")) == (100, "over")

    def test_parts_on_a_lesser_word_do_not_refine_a_total(self, article, claim):
        rows = [claim(n, place=p, scope="part", by="Telegram channels") for n, p in ((80, "Kursk"), (70, "Tula"))]
        assert told(article("a", claim(100, by=MOD, qualifier="over"), *rows)) == (100, "over")


class TestParts:
    def test_disjoint_parts_are_added(self, article, claim):
        places = ("Kursk", "Tula", "Oryol")
        found = figure(
            article("a", *(claim(n, place=p, scope="part") for n, p in zip((51, 44, 6), places, strict=True)))
        )
        assert (found.value, found.qualifier, found.derived) == (101, "exact", True)

    @pytest.mark.parametrize(
        ("qualifier", "expected"),
        [("at_least", "at_least"), ("over", "at_least"), ("about", "about"), ("up_to", "about")],
    )
    def test_a_sum_is_as_sure_as_its_least_sure_part(self, article, claim, qualifier, expected):
        parts = claim(20, place="Tula", scope="part", qualifier=qualifier), claim(5, place="Kursk", scope="part")
        assert told(article("a", *parts)) == (25, expected)

    def test_two_figures_for_one_place_are_not_added_unless_told_as_additional(self, article, claim):
        nine, more = claim(9, place="Kursk", scope="part"), claim(33, place="Kursk", scope="part")
        assert told(article("a", nine, more))[0] == 9
        more = claim(33, place="Kursk", scope="part", additional=True)
        assert told(article("a", nine, more))[0] == 42

    def test_a_town_is_not_added_to_its_region(self, article, claim):
        region = claim(44, place="Krasnodar Krai", scope="part")
        town = claim(10, scope="part")
        within = town.model_copy(update={"place": region.place.model_copy(update={"name": "Novorossiysk"})})
        assert told(article("a", region, within))[0] == 44

    def test_a_city_is_not_added_to_the_region_that_bears_its_name(self, article, claim):
        city, region = claim(70, place="Kyiv", scope="part"), claim(75, place="Kyiv region", scope="part")
        assert told(article("a", city, region))[0] == 75

    def test_a_part_of_a_part_is_not_added(self, article, claim):
        parts = claim(7, place="Tula", scope="part"), claim(5, scope="part", part_of=0, additional=True)
        assert told(article("a", *parts))[0] == 7

    def test_parts_without_a_place_are_added_when_they_are_of_different_models(self, article, claim):
        kinds = [claim(n, scope="part", model=m) for n, m in ((30, "cruise"), (120, "ballistic"))]
        assert told(article("a", *kinds))[0] == 150
        assert told(article("a", claim(30, scope="part"), claim(120, scope="part")))[0] == 120

    def test_one_part_alone_is_at_least_what_the_whole_is(self, article, claim):
        assert told(article("a", claim(15, place="Atbara", scope="part"))) == (15, "at_least")

    def test_places_told_by_different_articles_are_added_as_a_lower_bound(self, article, claim):
        kursk = article("a", claim(5, place="Kursk", scope="part"))
        tula = article("b", claim(7, place="Tula", scope="part"))
        assert told(kursk, tula) == (12, "at_least")

    def test_a_place_is_brought_up_to_date_by_a_later_statement(self, article, claim):
        both = claim(5, place="Kursk", scope="part", by=MOD), claim(7, place="Tula", scope="part", by=MOD)
        late = article("b", claim(9, place="Kursk", scope="part", by=MOD), at="2024-09-10T10:00")
        assert told(article("a", *both), late)[0] == 16

    def test_nothing_from_elsewhere_is_added_to_other_regions_without_names(self, article, claim):
        named = claim(20, place="Moscow", scope="part", qualifier="at_least")
        others = claim(124, scope="part", additional=True)
        elsewhere = article("b", claim(14, place="Bryansk", scope="part"))
        assert told(article("a", named, others), elsewhere) == (144, "at_least")

    def test_parts_that_exceed_an_imprecise_total_refine_it(self, article, claim):
        total = claim(100, qualifier="over", by=MOD)
        regions = [
            claim(n, place=p, scope="part", part_of=0, by=MOD) for n, p in ((51, "Crimea"), (44, "Kuban"), (7, "Kursk"))
        ]
        found = figure(article("a", total, *regions))
        assert (found.value, found.qualifier, found.derived) == (102, "exact", True)

    def test_the_total_of_one_place_yields_to_the_total_of_the_country(self, article, claim):
        local = article("b", claim(42, place="Crimea", by=MOD), at="2024-09-10T11:00")
        assert told(article("a", claim(73, by=MOD)), local)[0] == 73
        assert told(local) == (42, "exact")

    def test_a_country_is_the_whole(self, article, claim):
        assert told(article("a", claim(73, place="Russia"), claim(42, place="Crimea")))[0] == 73

    def test_every_place_has_its_own_figure(self, article, claim):
        rows = (
            claim(64),
            claim(25, place="Ryazan", scope="part", part_of=0),
            claim(9, place="Tula", scope="part", part_of=0),
        )
        (incident,) = resolve_article(article("a", *rows))
        assert {p.place.name: p.figures["intercepted"].value for p in incident.parts} == {"Ryazan": 25, "Tula": 9}


class TestBetweenMeasures:
    def test_more_cannot_be_shot_down_than_was_launched(self, article, claim):
        local = claim(9, "launched", place="Moscow", scope="part", qualifier="at_least")
        (incident,) = resolve_article(article("a", local, claim(158)))
        assert set(incident.figures) == {"intercepted", "involved"}
        assert [c.measure for c in incident.aside] == ["launched"]

    def test_of_two_launched_figures_the_possible_one_counts(self, article, claim):
        rows = claim(54, "launched"), claim(59, "launched"), claim(58)
        assert told(article("a", *rows), measure="launched")[0] == 59

    def test_a_single_impossible_figure_is_still_what_was_said(self, article, claim):
        assert told(article("a", claim(17, "launched"), claim(23)), measure="launched")[0] == 17


class TestInvolved:
    @pytest.mark.parametrize(
        ("claims", "expected"),
        [
            ([(363, "launched", "over"), (200, "intercepted", "exact")], (363, "over")),
            ([(64, "intercepted", "exact")], (64, "exact")),
            ([(64, "intercepted", "exact"), (0, "lost", "exact")], (64, "exact")),
            ([(40, "intercepted", "exact"), (15, "lost", "exact")], (55, "at_least")),
            ([(50, "launched", "exact"), (40, "intercepted", "exact"), (15, "hit", "exact")], (55, "at_least")),
            ([(40, "intercepted", "exact"), (20, "lost", "exact"), (20, "hit", "exact")], (80, "at_least")),
            ([(55, "launched", "exact"), (40, "intercepted", "exact"), (15, "lost", "exact")], (55, "exact")),
            ([(0, "launched", "exact")], (0, "exact")),
        ],
    )
    def test_the_larger_of_launched_and_all_that_was_met(self, article, claim, claims, expected):
        rows = [claim(value, measure, qualifier=qualifier) for value, measure, qualifier in claims]
        assert told(article("a", *rows), measure="involved") == expected

    def test_jammed_drones_within_the_total_are_not_added_again(self, article, claim):
        whole = article("a", claim(42, by=MOD), at="2024-09-10T09:00")
        split = article("b", claim(9, by=MOD), claim(33, "lost", by=MOD), at="2024-09-10T07:00")
        assert told(whole, split, measure="involved")[0] == 42

    def test_people_and_deliveries_are_not_involved(self, article, claim):
        (incident,) = resolve_article(article("a", claim(3, "hit", object="person"), claim(500, "delivered")))
        assert set(incident.figures) == {"hit"}


class TestSides:
    def test_two_countries_that_exclude_each_other_are_a_conflict(self, article, claim):
        ours = article("a", claim(46, by=MOD))
        found = figure(ours, article("b", claim(120, by="Ukraine")))
        assert (found.value, found.conflict, found.low, found.high) == (46, True, 46, 120)

    def test_two_countries_that_may_both_be_right_are_none(self, article, claim):
        bound = article("b", claim(40, by="Ukraine", qualifier="at_least"))
        assert not figure(article("a", claim(46, by=MOD)), bound).conflict
        assert not figure(article("a", claim(46)), article("b", claim(50))).conflict

    def test_two_voices_of_one_country_are_no_conflict(self, article, claim):
        assert not figure(article("a", claim(46, by=MOD)), article("b", claim(50, by="Kremlin"))).conflict

    def test_a_denied_claim_is_kept_and_never_counted(self, article, claim):
        (incident,) = resolve_article(article("a", claim(46), claim(300, status="denied")))
        assert (incident.figures["intercepted"].value, incident.figures["intercepted"].conflict) == (46, True)
        assert [c.value for c in incident.aside] == [300]
        (denied,) = resolve_article(article("a", claim(300, status="denied")))
        assert (denied.status, denied.figures) == ("denied", {})


class TestWhatCannotBe:
    def test_a_total_below_a_place_of_another_article_is_no_total(self, article, claim):
        crimea = article("a", claim(42, place="Crimea", by=MOD))
        nine = article("b", claim(9, by=MOD), at="2024-09-10T10:00")
        assert told(crimea, nine)[0] == 42

    def test_a_local_voice_does_not_overrule_the_ministry(self, article, claim):
        governor = article("a", claim(90, place="Ryazan", by="the governor"))
        assert told(governor, article("b", claim(64, by=MOD)))[0] == 64

    def test_what_names_no_place_is_not_added_to_what_names_one(self, article, claim):
        rows = claim(2, scope="part"), claim(20, place="Kursk", scope="part"), claim(5, place="Tula", scope="part")
        assert told(article("a", *rows))[0] == 25

    def test_a_number_beyond_any_night_is_not_counted(self, article, claim):
        assert resolve_article(article("a", claim(19000, "launched"))) == []
        assert told(article("a", claim(5000, "launched")), measure="launched")[0] == 5000

    def test_an_aircraft_that_was_lost_took_no_part(self, article, claim):
        assert resolve_article(article("a", claim(1, "lost", object="aircraft"))) == []
        assert resolve_article(article("a", claim(4, "destroyed", object="aircraft"))) == []
        assert told(article("a", claim(4, "intercepted", object="aircraft")), measure="intercepted") == (4, "exact")

    def test_thousands_without_time_words_are_no_night(self, article, claim):
        vague = {"qualifier": "at_least", "measure": "launched"}
        assert resolve_article(article("a", claim(2000, period="unknown", **vague))) == []
        assert told(article("a", claim(2000, **vague)), measure="launched") == (2000, "at_least")
        assert told(article("a", claim(1000, period="unknown", **vague)), measure="launched") == (1000, "at_least")

    def test_what_fell_and_what_was_lost_may_make_up_what_was_met(self, article, claim):
        rows = claim(42, place="Crimea"), claim(9, "fell"), claim(33, "lost")
        assert told(article("a", *rows), measure="involved")[0] == 42
