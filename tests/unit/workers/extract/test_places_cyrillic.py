"""Ukrainian and Russian names in their cases, for the packs of those languages."""

from __future__ import annotations

import pytest

from workers.extract.places import Gazetteer
from workers.extract.places_cyrillic import nominatives

GAZETTEER = Gazetteer.default()


def names(text: str) -> list[str]:
    return [m.place.name for m in GAZETTEER.find(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("над Сумською областю", "Sumy region"),
        ("у Сумській області", "Sumy region"),
        ("на Одещині", "Odesa region"),
        ("над Харківщиною", "Kharkiv region"),
        ("у Києві", "Kyiv"),
        ("з Харкова", "Kharkiv"),
        ("у Сумах", "Sumy"),
        ("до Криму", "Crimea"),
        ("у Кривому Розі чи біля Кривого Рогу", "Kryvyi Rih"),
        ("у Слов’янську", "Sloviansk"),
        ("над Чорним морем", "Black Sea"),
        ("Росії", "Russia"),
        ("в Рязанской области", "Ryazan region"),
        ("над Рязанью", "Ryazan"),
        ("в Крыму", "Crimea"),
        ("над акваторией Азовского моря", "Sea of Azov"),
        ("в Краснодарском крае", "Krasnodar Krai"),
        ("над Кубанью", "Krasnodar Krai"),
        ("в Ростове-на-Дону", "Rostov-on-Don"),
        ("над Московским регионом", "Moscow region"),
        ("в Подмосковье", "Moscow region"),
        ("Республики Татарстан, в Татарстане", "Tatarstan"),
        ("войска РФ", "Russia"),
    ],
)
def test_a_name_is_found_in_its_case(text: str, name: str) -> None:
    assert name in names(text)


def test_a_region_word_in_the_plural_holds_for_the_list() -> None:
    expected = ["Bryansk region", "Kursk region", "Belgorod region"]
    assert names("над Брянской, Курской и Белгородской областями") == expected
    assert names("над Брянською, Курською та Бєлгородською областями") == expected


def test_a_first_name_before_a_surname_is_a_person() -> None:
    assert names("сказав Володимир Зеленський") == []
    assert names("сказал Владимир Путин") == []


def test_an_adjective_alone_is_no_region() -> None:
    assert "Ryazan region" not in names("Рязанская команда")


def test_a_word_is_its_own_first_guess() -> None:
    assert nominatives("киів")[0] == "киів"
    assert "рязань" in nominatives("рязани")
