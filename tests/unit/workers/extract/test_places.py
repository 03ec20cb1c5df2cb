"""Places: what is found, which reading is meant, and what is no place."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from workers.extract.places import Gazetteer, PlaceMention

GAZETTEER = Gazetteer.default()


def found(text: str, *context: str) -> list[tuple[str, str, str | None]]:
    return [(text[m.start : m.end], m.place.name, m.place.country) for m in GAZETTEER.find(text, context)]


def only(text: str, *context: str) -> PlaceMention:
    (mention,) = GAZETTEER.find(text, context)
    return mention


@pytest.mark.parametrize(
    ("text", "surface", "country"),
    [
        ("Ukraine’s radar saw it", "Ukraine", "UA"),
        ("the Ukrainian side", "Ukrainian", "UA"),
        ("two Ukrainians were hurt", "Ukrainians", "UA"),
        ("Houthi fighters claimed it", "Houthi", "YE"),
        ("U.S. forces answered", "U.S.", "US"),
        ("the UK sent jets", "UK", "GB"),
        ("a Saudi tanker", "Saudi", "SA"),
        ("North Korean shells", "North Korean", "KP"),
        ("pro-Iranian groups", "Iranian", "IR"),
        ("KHARKIV HIT AGAIN", "KHARKIV", "UA"),
    ],
)
def test_a_country_is_found_in_all_its_forms(text: str, surface: str, country: str) -> None:
    mention = only(text)
    assert (text[mention.start : mention.end], mention.place.country) == (surface, country)


def test_the_form_tells_nouns_from_adjectives_and_peoples() -> None:
    forms = [m.form for m in GAZETTEER.find("Poland, Polish crews, the Poles and the Kremlin")]
    assert forms == ["noun", "adjective", "people", "government"]


@pytest.mark.parametrize("text", ["let us go", "a car bomb", "the un-named man", "an eu-phoric crowd", "kyiv in small"])
def test_small_letters_and_common_words_are_no_place(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("over the Ryazan region", "Ryazan region", "RU"),
        ("over Ryazan Oblast", "Ryazan region", "RU"),
        ("in the region of Ryazan", "Ryazan region", "RU"),
        ("Leningrad Region", "Leningrad region", "RU"),
        ("Primorsky Krai", "Primorsky Krai", "RU"),
        ("the Republic of Tatarstan", "Tatarstan", "RU"),
        ("Dnepropetrovsk oblast", "Dnipropetrovsk region", "UA"),
        ("Zaporozhye Region", "Zaporizhzhia region", "UA"),
        ("the Odessa region", "Odesa region", "UA"),
        ("Zakarpattia", "Zakarpattia region", "UA"),
        ("the Moscow region", "Moscow region", "RU"),
        ("Khanty-Mansi Autonomous Okrug", "Khanty-Mansi Autonomous Okrug", "RU"),
    ],
)
def test_a_region_is_one_name_in_all_its_spellings(text: str, name: str, code: str) -> None:
    mention = only(text)
    assert (mention.kind, mention.place.name, mention.place.country) == ("region", name, code)
    assert mention.place.latitude is not None


def test_a_region_word_holds_for_the_whole_list() -> None:
    names = [name for _, name, _ in found("over the Bryansk, Kursk and Belgorod regions")]
    assert names == ["Bryansk region", "Kursk region", "Belgorod region"]
    names = [name for _, name, _ in found("in the oblasts of Sumy, Poltava and Odesa")]
    assert names == ["Sumy region", "Poltava region", "Odesa region"]


def test_a_town_without_a_region_word_stays_a_town() -> None:
    mention = only("a depot in Ryazan burned")
    assert (mention.kind, mention.place.region) == ("city", "Ryazan region")


def test_a_region_word_does_not_reach_over_other_words() -> None:
    kinds = [m.kind for m in GAZETTEER.find("Kursk was quiet, unlike the Belgorod region")]
    assert kinds == ["city", "region"]


@pytest.mark.parametrize(
    ("text", "name", "region"),
    [
        ("the Ruza district of the Moscow region", "Ruza district", "Moscow region"),
        ("in Zvyagino district of the Tver region", "Zvyagino district", "Tver region"),
        ("the Shebekino district", "Shebekino district", "Belgorod region"),
    ],
)
def test_a_district_takes_the_region_it_is_of(text: str, name: str, region: str) -> None:
    mention = only(text)
    assert (mention.kind, mention.place.name, mention.place.region) == ("district", name, region)


@pytest.mark.parametrize(
    "text",
    [
        "President Volodymyr Zelensky spoke",
        "Vladimir Medinsky flew in",
        "Mayor Austin resigned",
        "Jordan Ellis wrote this",
        "Paris Hilton was there",
        "Reading the report took an hour",
        "March was cold",
        "Allen said so",
    ],
)
def test_persons_and_common_words_are_no_towns(text: str) -> None:
    assert found(text) == []


def test_a_common_word_is_a_town_after_a_preposition_of_place() -> None:
    assert found("three people died in Nice") == [("Nice", "Nice", "FR")]


def test_the_next_name_decides_between_towns_of_one_name() -> None:
    assert found("Odessa, Texas")[0] == ("Odessa", "Odessa", "US")
    assert found("Odessa, Ukraine")[0] == ("Odessa", "Odesa", "UA")


def test_the_callers_countries_decide_between_readings() -> None:
    assert only("a storm over Georgia", "US").kind == "region"
    assert only("a storm over Georgia").place.country == "GE"
    assert only("a blast in Hyderabad", "PK").place.country == "PK"
    assert only("a blast in Hyderabad", "IN").place.country == "IN"


def test_a_capital_says_whose_it_is() -> None:
    assert only("Moscow rejected it").capital_of == "RU"
    assert only("Kyiv’s answer").capital_of == "UA"
    assert only("the White House").capital_of == "US"
    assert only("a street in Ryazan").capital_of is None


@pytest.mark.parametrize("name", ["Crimea", "Sevastopol", "Donetsk", "Luhansk", "Belbek", "Mariupol", "Saky"])
def test_occupied_places_keep_their_country_and_say_who_holds_them(name: str) -> None:
    mention = only(f"a fire in {name}")
    assert (mention.place.country, mention.occupied_by) == ("UA", "RU")


def test_waters_have_no_country() -> None:
    mention = only("over the Black Sea")
    assert (mention.kind, mention.place.country) == ("water", None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("near al-Fasher", "El Fasher"),
        ("near El Fasher", "El Fasher"),
        ("Rostov-on-Don", "Rostov-on-Don"),
        ("Tel-Aviv", "Tel Aviv"),
        ("São Paulo", "Sao Paulo"),
        ("St. Petersburg", "Saint Petersburg"),
        ("Tuapse oil refinery", "Tuapse refinery"),
        ("Primorsko-Akhtarsk", "Primorsko-Akhtarsk"),
    ],
)
def test_spellings_with_hyphens_articles_and_accents(text: str, name: str) -> None:
    assert only(text).place.name == name


def test_a_compound_names_its_place() -> None:
    assert found("the Kyiv-based agency") == [("Kyiv", "Kyiv", "UA")]


def test_lookup_takes_a_whole_name() -> None:
    mention = GAZETTEER.lookup("Bakhmut")
    assert mention is not None
    assert (mention.place.country, mention.place.region) == ("UA", "Donetsk region")
    assert GAZETTEER.lookup("Nowhere at all") is None


def test_mentions_are_ordered_and_do_not_overlap() -> None:
    text = "Moscow, the Moscow region, New York State, North Korea and Korea; Red Sea, Sea of Azov. " * 3
    mentions = GAZETTEER.find(text)
    assert len(mentions) >= 18
    assert all(left.end <= right.start for left, right in pairwise(mentions))


def test_many_capitals_take_linear_time(takes_linear_time: Callable[..., bool]) -> None:
    assert takes_linear_time(GAZETTEER.find, "Al-Sea of Region New ", 10_000)


@pytest.mark.parametrize("text", ["the Donetsk People's Republic", "the Donetsk People’s Republic", "the DPR"])
def test_a_self_styled_republic_is_the_occupied_part_of_its_region(text: str) -> None:
    mention = only(text)
    assert (mention.place.country, mention.place.region, mention.occupied_by) == ("UA", "Donetsk region", "RU")
    assert only("over the Donetsk region").occupied_by is None


def test_the_adjective_of_a_region_is_told_from_its_noun() -> None:
    assert [(m.place.name, m.form) for m in GAZETTEER.find("the Crimean coast, the Crimean Bridge")] == [
        ("Crimea", "adjective"),
        ("Crimean Bridge", "noun"),
    ]
