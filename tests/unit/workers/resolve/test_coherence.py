"""What the figures of one article say of each other."""

from __future__ import annotations

from datetime import date

import pytest

from workers.resolve.coherence import coherent

NEXT = date(2024, 9, 11)


def shape(*events):
    """(value, scope, part_of) of each figure after the article was held against itself."""
    return [(e.value, e.scope, e.part_of) for e in coherent(events)]


class TestParents:
    def test_the_next_item_of_a_list_is_no_part_of_the_last(self, claim):
        items = [claim(9, place=p, scope="part", part_of=n) for n, p in enumerate(("Kursk", "Tula", "Oryol"))]
        assert shape(claim(64), *items) == [(64, "total", None), *[(9, "part", 0)] * 3]

    def test_a_town_stays_a_part_of_its_region(self, claim):
        region = claim(44, place="Krasnodar Krai", scope="part", part_of=0)
        town = region.place.model_copy(update={"name": "Novorossiysk"})
        within = claim(10, scope="part", part_of=1).model_copy(update={"place": town})
        assert shape(claim(64), region, within)[2] == (10, "part", 1)

    def test_a_city_that_is_a_region_of_its_own_lies_in_the_one_around_it(self, claim):
        parts = claim(13, place="Crimea"), claim(7, place="Sevastopol", scope="part", part_of=0)
        assert shape(*parts)[1] == (7, "part", 0)

    def test_what_flew_at_a_city_came_down_over_the_region_around_it(self, claim):
        whole = claim(33, place="Moscow")
        town = whole.place.model_copy(update={"name": "Kolomna", "region": "Moscow region"})
        within = claim(4, scope="part", part_of=0).model_copy(update={"place": town})
        assert shape(whole, within)[1] == (4, "part", 0)

    def test_a_part_that_lies_in_none_of_its_wholes_has_none(self, claim):
        assert shape(claim(51, place="Kursk"), claim(44, place="Tula", part_of=0))[1] == (44, "part", None)

    def test_a_country_holds_all_its_places(self, claim):
        assert shape(claim(64, place="Russia"), claim(25, place="Tula", scope="part", part_of=0))[1][2] == 0

    @pytest.mark.parametrize("index", [0, 7, -1])
    def test_a_circle_or_an_index_that_names_nothing_is_no_parent(self, claim, index):
        assert shape(claim(64, scope="part", part_of=index)) == [(64, "part", None)]

    def test_a_part_has_the_sides_and_the_night_of_its_whole(self, claim):
        wrong = claim(9, sides="RU>UA", scope="part", part_of=0, night_of=NEXT)
        (whole, part) = coherent([claim(64), wrong])
        assert (part.attacker, part.target_country, part.night_of) == ("UA", "RU", whole.night_of)

    def test_a_part_of_a_longer_time_keeps_its_own(self, claim):
        (_, part) = coherent([claim(70, period="cumulative"), claim(6, scope="part", part_of=0)])
        assert part.period == "night"


class TestSums:
    def test_two_figures_that_make_up_a_third_are_its_parts(self, claim):
        rows = claim(42), claim(9), claim(33, additional=True)
        assert shape(*rows) == [(42, "total", None), (9, "part", 0), (33, "part", 0)]

    def test_one_that_is_known_and_one_that_is_not_make_it_up(self, claim):
        rows = claim(42, place="Crimea"), claim(9, scope="part", part_of=0), claim(33)
        assert shape(*rows)[2] == (33, "part", 0)

    def test_a_list_makes_up_a_figure_though_another_stands_beside_it(self, claim):
        regions = [claim(n, place=p) for n, p in ((18, "Bryansk"), (9, "Kursk"), (9, "Belgorod"))]
        rows = shape(claim(36, place="Belgorod", scope="part"), *regions, claim(7))
        assert rows == [(36, "total", None), (18, "part", 0), (9, "part", 0), (9, "part", 0), (7, "total", None)]

    def test_different_nights_measures_and_sides_make_up_nothing(self, claim):
        for other in (claim(33, night_of=NEXT), claim(33, "launched"), claim(33, sides="RU>UA")):
            assert shape(claim(42), claim(9), other)[1:] == [(9, "total", None), (33, "total", None)]

    def test_what_another_is_added_to_is_no_total(self, claim):
        assert shape(claim(3), claim(5, additional=True)) == [(3, "part", None), (5, "part", None)]
        assert shape(claim(5, additional=True), claim(64)) == [(5, "part", None), (64, "total", None)]

    def test_a_total_below_an_exact_part_is_none(self, claim):
        part = claim(42, place="Crimea", scope="part")
        assert shape(part, claim(9))[1] == (9, "part", None)
        assert shape(part, claim(40, qualifier="at_least"))[1] == (40, "total", None)
        vague = claim(200, scope="part", qualifier="at_least")
        assert shape(vague, claim(158))[1] == (158, "total", None)


class TestRunningTotals:
    def periods(self, *events):
        return [e.period for e in coherent(events)]

    def test_a_sum_over_two_times_is_no_figure_of_one(self, claim):
        rows = claim(48), claim(77), claim(29, period="day")
        assert self.periods(*rows) == ["night", "multi_day", "day"]

    def test_a_sum_with_an_earlier_night_is_none_either(self, claim):
        assert self.periods(claim(48), claim(77), claim(29, recap=True))[1] == "multi_day"

    def test_a_time_that_is_not_told_makes_no_running_total(self, claim):
        assert self.periods(claim(48), claim(77), claim(29, period="unknown"))[1] == "night"
