"""The gazetteer's rows and its index, read from the data files beside this module (see gazetteer/SOURCE.md)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["country", "region", "city", "district", "water", "facility", "bloc"]
Form = Literal["noun", "adjective", "people", "government"]

DATA = Path(__file__).parent / "gazetteer"
PARTICLES = frozenset({"al", "el", "ad", "an", "ar", "as", "at", "az", "ash"})
"""Arabic articles that a name may begin with, in small letters."""

_GOVERNMENTS = frozenset({"Kremlin", "White House", "Pentagon", "Downing Street"})
_WEIGHT = {"country": 1e9, "bloc": 8e8, "water": 7e8, "region": 5e6, "district": 3e6, "facility": 1e6, "city": 2e6}
"""How strongly a hand-written row is preferred; a generated city weighs its population."""


class Entry(NamedTuple):
    """One reading of one name; `region` is an ISO 3166-2 code or a name, `stem` needs a region word beside it."""

    name: str
    kind: Kind
    country: str | None
    region: str
    latitude: float | None
    longitude: float | None
    weight: float
    form: Form = "noun"
    held_by: str | None = None
    capital_of: str | None = None
    stem: bool = False


class Index(NamedTuple):
    """Folded names to their readings; first words to the most words a name can have and what may come second."""

    names: dict[str, tuple[Entry, ...]]
    firsts: dict[str, tuple[int, frozenset[str]]]


@lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """The form under which a name is looked up: small letters, no diacritics, dots, hyphens or odd apostrophes."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name.translate(_APOSTROPHES))
        name = "".join(c for c in name if not unicodedata.combining(c)).replace("ł", "l").replace("Ł", "L")
    return " ".join(name.replace("-", " ").replace(".", "").lower().split())


_APOSTROPHES = {ord(c): "'" for c in "’ʼ`ʹ‘"}


def key_of(name: str) -> str:
    """The index key: capitals stay for short acronyms, so that "us" and "car" are no countries."""
    bare = name.replace(".", "")
    return bare if len(bare) <= 4 and bare.isupper() and bare.isascii() else fold(name)


def rows(name: str) -> Iterator[list[str]]:
    """The columns of a data file, without its comment lines."""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line and line[0] != "#":
            yield line.split("|")


@cache
def words(name: str) -> frozenset[str]:
    """A data file that is a list of words, as written."""
    return frozenset(word for row in rows(name) for word in " ".join(row).split())


class Capital(NamedTuple):
    """A country's seat, IANA time zone, middle, and its names in Ukrainian and Russian."""

    name: str
    zone: str
    latitude: float
    longitude: float
    local: tuple[str, ...]


@cache
def capitals() -> dict[str, Capital]:
    """ISO 3166 alpha-2 codes to what the generated file says of the country."""
    return {
        row[0]: Capital(row[1], row[2], float(row[3]), float(row[4]), tuple(filter(None, row[5:])))
        for row in rows("capitals.txt")
    }


@cache
def region_names() -> dict[str, str]:
    """ISO 3166-2 codes of Ukraine and Russia to the names that events carry."""
    return {row[0]: row[2] for row in rows("regions.txt")}


def _number(text: str) -> float | None:
    return float(text) if text else None


def _countries() -> Iterator[tuple[str, Entry]]:
    for iso, name, aliases, adjectives, people in rows("countries.txt"):
        seat = capitals().get(iso)
        entry = Entry(name, "country", iso, "", seat and seat.latitude, seat and seat.longitude, _WEIGHT["country"])
        yield from ((each, entry) for each in [name, *_split(aliases)])
        yield from ((each, entry._replace(form="adjective")) for each in _split(adjectives))
        yield from ((each, entry._replace(form="people")) for each in _split(people))


def _split(text: str) -> list[str]:
    return text.split(",") if text else []


def _regions() -> Iterator[tuple[str, Entry]]:
    for code, _, name, lat, lon, stems, bare, *_ in rows("regions.txt"):
        held = "RU" if code in ("UA-43", "UA-40") else None
        entry = Entry(name, "region", code[:2], code, float(lat), float(lon), _WEIGHT["region"], held_by=held)
        yield from ((each, entry._replace(stem=True)) for each in _split(stems))
        yield from (_alias(each, entry) for each in _split(bare))


def _alias(name: str, entry: Entry) -> tuple[str, Entry]:
    """Another name of a place; one that ends in a tilde is its adjective."""
    return name.rstrip("~"), entry._replace(form="adjective") if name.endswith("~") else entry


def _places() -> Iterator[tuple[str, Entry]]:
    for kind, country, region, name, lat, lon, aliases, _, _, held in rows("places.txt"):
        form: Form = "government" if name in _GOVERNMENTS else "noun"
        entry = Entry(
            name, kind, country or None, region, _number(lat), _number(lon), _WEIGHT[kind], form,  # type: ignore[arg-type]
            held or None, _capital_of(name, country),
        )  # fmt: skip
        yield name, entry
        yield from (_alias(alias, entry) for alias in _split(aliases))


def _capital_of(name: str, country: str) -> str | None:
    seat = capitals().get(country)
    return country if name in _GOVERNMENTS or (seat and seat.name == name) else None


def _cities() -> Iterator[tuple[str, Entry]]:
    for name, aliases, country, region, lat, lon, thousands, _, seat in rows("cities.txt"):
        entry = Entry(
            name, "city", country, region, float(lat), float(lon), int(thousands) * 1000.0 + (1e6 if seat else 0.0),
            capital_of=seat or None,
        )  # fmt: skip
        yield name, entry
        for alias in aliases.split(",") if aliases else ():
            yield alias, entry


def _world() -> Iterator[tuple[str, Entry]]:
    for country, names, stems in rows("world.txt"):
        for spellings in _split(names):
            name, *others = spellings.split("=")
            entry = Entry(name, "region", country, name, None, None, _WEIGHT["region"])
            yield from ((each, entry) for each in (name, *others))
        for name in _split(stems):
            yield name, Entry(name, "region", country, name, None, None, _WEIGHT["region"], stem=True)


def build(pairs: Iterable[tuple[str, Entry]]) -> Index:
    """An index of (name, reading) pairs, readings sorted by weight, the heaviest first."""
    names: dict[str, tuple[Entry, ...]] = {}
    following: dict[str, tuple[int, set[str]]] = {}
    for name, entry in pairs:
        key = key_of(name)
        held = names.get(key)
        names[key] = (entry,) if held is None else tuple(sorted((*held, entry), key=lambda e: -e.weight))
        if held is None and " " in key:
            _follow(following, key)
    return Index(names, {first: (count, frozenset(seconds)) for first, (count, seconds) in following.items()})


def _follow(following: dict[str, tuple[int, set[str]]], key: str) -> None:
    """Enter a name of several words under its first word, and under article and noun for "al-Fasher"."""
    parts = key.split(" ")
    heads = [parts[:1], parts[:2]] if parts[0] in PARTICLES else [parts[:1]]
    for head in heads:
        count, seconds = following.get(" ".join(head), (0, set()))
        if len(parts) > len(head):
            seconds.add(parts[len(head)])
            following[" ".join(head)] = (max(count, len(parts)), seconds)


@cache
def latin() -> Index:
    """The index of all names in Latin letters."""
    return build(pair for source in (_countries, _regions, _places, _world, _cities) for pair in source())
