"""The gazetteer's files are complete, well formed and consistent with each other."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from workers.extract.places import Gazetteer
from workers.extract.places_data import DATA, capitals, fold, key_of, latin, region_names, rows

COLUMNS = {
    "countries.txt": 5,
    "capitals.txt": 7,
    "regions.txt": 9,
    "places.txt": 10,
    "cities.txt": 9,
    "world.txt": 3,
}


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_every_row_has_its_columns(name: str) -> None:
    bad = [row for row in rows(name) if len(row) != COLUMNS[name]]
    assert bad == []


def test_ukraine_and_russia_are_complete() -> None:
    codes = set(region_names())
    assert len([code for code in codes if code.startswith("UA-")]) == 24 + 3
    assert len([code for code in codes if code.startswith("RU-")]) == 83


@pytest.mark.parametrize("code", sorted(region_names()))
def test_every_region_is_found_by_its_own_name(code: str) -> None:
    name = region_names()[code]
    mention = Gazetteer.default().lookup(name) or Gazetteer.default().find(f"over the {name}")[0]
    assert mention.place.country == code[:2]


def test_every_town_of_ukraine_and_russia_lies_in_a_known_region() -> None:
    codes = set(region_names())
    lost = [row[0] for row in rows("cities.txt") if row[2] in ("UA", "RU") and row[3] not in codes]
    assert lost == []
    lost = [row[3] for row in rows("places.txt") if row[1] in ("UA", "RU") and row[2] and row[2] not in codes]
    assert lost == []


def test_every_capital_has_a_time_zone_of_the_tz_database() -> None:
    assert all(ZoneInfo(capital.zone) for capital in capitals().values())
    assert capitals()["UA"].zone == "Europe/Kyiv"


def test_coordinates_are_on_the_globe() -> None:
    for entries in latin().names.values():
        for entry in entries:
            assert entry.latitude is None or (-90 <= entry.latitude <= 90 and -180 <= (entry.longitude or 0) <= 180)


def test_every_country_has_a_noun_and_its_zone() -> None:
    isos = [row[0] for row in rows("countries.txt")]
    assert len(isos) == len(set(isos)) >= 195
    assert [iso for iso in isos if iso not in capitals()] == []


def test_the_data_stays_small_and_says_its_source() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 1_000_000
    assert re.search(r"GeoNames.+CC BY 4\.0", (DATA / "SOURCE.md").read_text(encoding="utf-8"), re.DOTALL)


def test_names_are_folded_the_same_way_on_both_sides() -> None:
    assert fold("Będzin-Łódź") == "bedzin lodz"
    assert fold("Slov’yansk") == "slov'yansk"
    assert (key_of("U.S."), key_of("Us")) == ("US", "us")
